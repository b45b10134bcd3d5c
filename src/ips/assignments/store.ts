// Which subusers send over which dedicated IPs of their parent (S-18), and whether the parent does so itself (S-17).
import type { AccountStatus } from '../../accounts/person.ts';
import type { Db } from '../../database.ts';
import type { Region } from '../../policy/checks/facts.ts';
import type { Allocation } from '../allocation.ts';

/** A subuser to which IPs can be assigned, with those that are. */
export type Assignee = {
  readonly id: number;
  readonly name: string;
  readonly region: Region;
  readonly status: AccountStatus;
  /** Allocations of its parent. */
  readonly allocationIds: readonly number[];
};

/** The subusers of an account that are not closed, by name, each with the IPs that are assigned to it. */
export async function listAssignees(db: Db, parentId: number): Promise<Assignee[]> {
  const rows = await db('accounts as a')
    .leftJoin('ip_assignments as s', 's.account_id', 'a.id')
    .where('a.parent_id', parentId)
    .whereNot('a.status', 'closed')
    .orderBy(['a.name_key', 'a.id', 's.allocation_id'])
    .select('a.id', 'a.name', 'a.region', 'a.status', 's.allocation_id');
  return [...Map.groupBy(rows, (row) => row.id as number).values()].map((of) => ({
    ...{ id: of[0].id, name: of[0].name, region: of[0].region, status: of[0].status },
    allocationIds: of.flatMap(({ allocation_id: id }) => (id === null ? [] : [Number(id)])),
  }));
}

/** The subusers to which an IP is assigned. */
export const listAssigned = (db: Db, allocationId: number): Promise<{ id: number; name: string }[]> =>
  db('ip_assignments as s')
    .join('accounts as a', 'a.id', 's.account_id')
    .where('s.allocation_id', allocationId)
    .orderBy(['a.name_key', 'a.id'])
    .select('a.id', 'a.name');

/** An IP that is assigned to a subuser, with those of its domains that use it. */
export type AssignedIp = Pick<Allocation, 'id' | 'ipId' | 'address' | 'region' | 'status'> & {
  readonly domains: readonly string[];
};

/** The IPs that are assigned to a subuser, oldest first. */
export async function listIpsAssignedTo(db: Db, subuserId: number): Promise<AssignedIp[]> {
  const rows = await db('ip_assignments as s')
    .join('allocations as a', 'a.id', 's.allocation_id')
    .join('ips as i', 'i.id', 'a.ip_id')
    .leftJoin('allocation_domains as l', 'l.allocation_id', 'a.id')
    .leftJoin('domains as d', (join) => join.on('d.id', 'l.domain_id').andOn('d.account_id', 's.account_id'))
    .where('s.account_id', subuserId)
    .orderBy(['a.id', 'd.name'])
    .select('a.id', 'a.ip_id', 'i.address', 'i.region', 'a.status', 'd.name as domain');
  return [...Map.groupBy(rows, (row) => row.id as number).values()].map((of) => ({
    ...{ id: of[0].id, ipId: of[0].ip_id, address: of[0].address, region: of[0].region, status: of[0].status },
    domains: of.flatMap(({ domain }) => (domain === null ? [] : [String(domain)])),
  }));
}

/** Which of these accounts are parents of subusers that send over their IPs: the ids of those subusers. */
export const listSubusersWithIps = (db: Db, parentIds: readonly number[]): Promise<number[]> =>
  db('ip_assignments')
    .whereIn('parent_id', [...parentIds])
    .distinct('account_id')
    .pluck('account_id');

/** A warm IP of an account, with the ids of those that may send over it: subusers, and the account itself or not. */
export type WarmIp = { readonly accountId: number; readonly region: Region; readonly senders: readonly number[] };

/** The IPs of these accounts that are through their warm-up, or never had one (S-17, S-18). */
export async function listWarmIps(db: Db, accountIds: readonly number[]): Promise<WarmIp[]> {
  const rows = await db('allocations as a')
    .join('ips as i', 'i.id', 'a.ip_id')
    .leftJoin('ip_assignments as s', 's.allocation_id', 'a.id')
    .whereIn('a.account_id', [...accountIds])
    .where('a.status', 'active')
    .select('a.id', 'a.account_id', 'a.owner_sends', 'i.region', { subuser: 's.account_id' });
  return [...Map.groupBy(rows, (row) => Number(row.id)).values()].map((of) => {
    const subusers = of.flatMap(({ subuser }) => (subuser === null ? [] : [Number(subuser)]));
    const { account_id: accountId, owner_sends: ownerSends, region } = of[0];
    return { accountId, region, senders: ownerSends ? [accountId, ...subusers] : subusers };
  });
}

/** Domains that a subuser added after IPs had been assigned to it, and whose mail never went over any but the shared pool. */
export type NewDomains = {
  readonly subuserId: number;
  readonly parentId: number;
  readonly domainIds: readonly number[];
};

/** The domains, up to `limit`, of active subusers that were added after IPs had been assigned to these. */
export async function listNewDomains(db: Db, limit: number): Promise<NewDomains[]> {
  const assigned = db('ip_assignments')
    .groupBy('account_id', 'parent_id')
    .select('account_id', 'parent_id')
    .min('assigned_at as since')
    .as('s');
  const moved = db('audit_events as e')
    .whereRaw('e.subject_id = d.id')
    .where({ 'e.subject_type': 'domain', 'e.name': 'domain.moved' });
  const rows = await db
    .from(assigned)
    .join('accounts as a', 'a.id', 's.account_id')
    .join('domains as d', 'd.account_id', 's.account_id')
    .where({ 'a.status': 'active', 'd.route': 'default' })
    .whereNull('d.removed_at')
    // Of those that it had before, its parent may have named some and not others when it asked for the IP.
    .whereRaw('d.created_at >= s.since')
    .whereNotExists(moved.select('e.id'))
    .orderBy('d.id')
    .limit(limit)
    .select('s.account_id', 's.parent_id', 'd.id');
  return [...Map.groupBy(rows, (row) => Number(row.account_id))].map(([subuserId, of]) => ({
    ...{ subuserId, parentId: Number(of[0].parent_id), domainIds: of.map(({ id }) => Number(id)) },
  }));
}

/** The subusers to which each of these allocations is assigned, from the id `first` up to `last`. */
export async function listSubuserIds(db: Db, first: number, last: number): Promise<ReadonlyMap<number, number[]>> {
  const rows = await db('ip_assignments')
    .whereBetween('allocation_id', [first, last])
    .orderBy(['allocation_id', 'account_id'])
    .select('allocation_id', 'account_id');
  const byIp = Map.groupBy(rows, (row) => Number(row.allocation_id));
  return new Map([...byIp].map(([id, of]) => [id, of.map((row) => Number(row.account_id))]));
}

/** Assigns an IP to subusers. The database refuses one that is not its account's, or is in another region (S-22, S-23). */
export async function insertAssignments(
  trx: Db,
  { id, accountId, ipId, region }: Pick<Allocation, 'id' | 'accountId' | 'ipId' | 'region'>,
  subuserIds: readonly number[],
  at: number,
): Promise<void> {
  const row = { allocation_id: id, parent_id: accountId, ip_id: ipId, region, assigned_at: at };
  for (const subuserId of subuserIds) await trx('ip_assignments').insert({ ...row, account_id: subuserId });
}

export const deleteAssignments = (trx: Db, allocationId: number, subuserIds: readonly number[]): Promise<number> =>
  trx('ip_assignments')
    .where({ allocation_id: allocationId })
    .whereIn('account_id', [...subuserIds])
    .delete();

/** Sets whether the account that has an IP sends over it itself (S-17). */
export const updateOwnerSends = (trx: Db, allocationId: number, ownerSends: boolean, at: number): Promise<number> =>
  trx('allocations').where({ id: allocationId }).update({ owner_sends: ownerSends, changed_at: at });
