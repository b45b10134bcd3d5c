// Reads what routing has to know: domains, IPs with their warm-up, and which domain uses which IP.
import type { AccountStatus } from '../accounts/person.ts';
import type { Db } from '../database.ts';
import type { Day } from '../day.ts';
import { LIVE } from '../ips/allocation.ts';
import { listSubuserIds, listSubusersWithIps } from '../ips/assignments/store.ts';
import type { Region, SendingRoute, Stream } from '../policy/checks/facts.ts';
import { STATE_COLUMNS, type StateRow, stateFromRow } from '../warmup/state-row.ts';
import type { AllocationFacts } from './json.ts';
import type { Ip } from './sending-domain.ts';

/** One page of what is read: rows of ids above `after`, or those of a few accounts. */
export type Part = { readonly after: number; readonly limit: number } | { readonly accountIds: readonly number[] };

export type DomainRow = {
  readonly id: number;
  readonly name: string;
  readonly accountId: number;
  readonly region: Region | null;
  readonly status: AccountStatus;
  readonly usage: Stream;
  readonly route: SendingRoute;
  readonly sharedPool: 'default' | 'transactional';
  readonly stoppedAt: number | null;
  readonly dailyLimit: number | null;
  readonly tier: number | null;
};

/** `accountId`: the account that has the IP, or a subuser of it (S-18). `maySend`: whether it may send over it (S-17). */
export type IpRow = Ip & { readonly accountId: number; readonly maySend: boolean };

/** `marketing`, `transactional`: the weight of the IP for this kind of the domain's mail (S-07), 0 where it does not carry it. */
export type LinkRow = {
  readonly allocationId: number;
  readonly domainId: number;
  readonly marketing: number;
  readonly transactional: number;
};

/** Sending domains with their account's region, by id. */
export async function listDomainRows(db: Db, part: Part): Promise<DomainRow[]> {
  const query = db('domains as d')
    .join('accounts as c', 'c.id', 'd.account_id')
    .leftJoin('accounts as o', 'o.id', 'c.parent_id')
    .leftJoin('account_reputations as r', 'r.account_id', 'd.account_id')
    .leftJoin('domain_tiers as t', 't.domain_id', 'd.id')
    .whereNull('d.removed_at')
    .orderBy('d.id');
  if ('accountIds' in part) query.whereIn('d.account_id', [...part.accountIds]);
  else query.where('d.id', '>', part.after).limit(part.limit);
  return query.select('d.id', 'd.name', 'd.usage', 'd.route', 'c.region', {
    // What stops an account stops its subusers as well.
    status: db.raw("coalesce(nullif(o.status, 'active'), c.status)"),
    accountId: 'd.account_id',
    sharedPool: 'd.shared_pool',
    stoppedAt: 'd.stopped_at',
    dailyLimit: 'r.daily_limit',
    tier: 't.tier',
  });
}

/**
 * IPs that are not released with their warm-up, by the allocation's id: a row for the account that has it, and one for each
 * subuser to which it is assigned.
 */
export async function listIpRows(db: Db, part: Part): Promise<IpRow[]> {
  if (!('accountIds' in part)) {
    const page = (await selectIps(db).where('a.id', '>', part.after).orderBy('a.id').limit(part.limit)).map(ipFromRow);
    return withSubusers(db, page);
  }
  const ids = [...part.accountIds];
  const own = db('allocations').whereIn('account_id', ids).select('id', 'account_id', 'owner_sends');
  const assigned = db('ip_assignments')
    .whereIn('account_id', ids)
    .select('allocation_id', 'account_id', db.raw('true'));
  const query = selectIps(db, 's').join(own.unionAll(assigned).as('s'), 's.id', 'a.id');
  return (await query.orderBy('a.id')).map(ipFromRow);
}

async function withSubusers(db: Db, page: readonly IpRow[]): Promise<IpRow[]> {
  const assigned = await listSubuserIds(db, page[0]?.allocationId ?? 0, page.at(-1)?.allocationId ?? 0);
  const rowsOf = (ip: IpRow) =>
    (assigned.get(ip.allocationId) ?? []).map((accountId) => ({ ...ip, accountId, maySend: true }));
  return page.flatMap((ip) => [ip, ...rowsOf(ip)]);
}

/** Live IPs with what programs may know of them: those after an allocation's id, or the one with an address. */
export async function listAllocationFacts(
  db: Db,
  of: { readonly after: number; readonly limit: number } | { readonly address: string },
  today: Day,
): Promise<AllocationFacts[]> {
  const query = selectIps(db).join('accounts as c', 'c.id', 'a.account_id').orderBy('a.id');
  query.select('c.name as account', 'w.verdict', 'w.why', { approvals: byNobody(db) });
  if ('address' in of) query.where('i.address', of.address);
  else query.where('a.id', '>', of.after).limit(of.limit);
  const rows = await query;
  const ids = rows.map((row) => row.allocation_id);
  const domains = await db('allocation_domains as l')
    .join('domains as d', 'd.id', 'l.domain_id')
    .whereIn('l.allocation_id', ids)
    .orderBy('d.name')
    .select('l.allocation_id', 'd.name');
  const ips = rows.map(ipFromRow);
  const spent = await listSpent(
    db,
    ips.map((ip) => ip.id),
    today,
  );
  return rows.map(({ account, verdict, why, approvals }, index) => {
    const ip = ips[index] as Ip;
    const names = (LIVE.includes(ip.status) ? domains : [])
      .filter((one) => one.allocation_id === ip.allocationId)
      .map(({ name }) => String(name));
    const automatic = Number(approvals) > 0;
    return { ip, account, verdict, why, automatic, domains: names, spent: spent.get(ip.id) ?? 0 };
  });
}

/** S-12: how many decisions on the request of an allocation (`a`) no person made. */
const byNobody = (db: Db) =>
  db.raw('(select count(*) from decisions n where n.request_id = a.request_id and n.reviewer_id is null)');

/** These IPs as they are now, but for those that no account has. */
export async function findIpsById(db: Db, ipIds: readonly number[]): Promise<IpRow[]> {
  return (await selectIps(db).whereIn('a.ip_id', ipIds)).map(ipFromRow);
}

/** Which domains use allocations: a page of them, by ids from above `from` up to `to`, or those of a few accounts. */
export async function listLinkRows(
  db: Db,
  part: { readonly from: number; readonly to: number } | { readonly accountIds: readonly number[] },
): Promise<LinkRow[]> {
  const query = db('allocation_domains as l').join('allocations as a', 'a.id', 'l.allocation_id');
  // One that drains carries nothing new: no domain uses it any more.
  query.whereIn('a.status', LIVE).orderBy('l.allocation_id').orderBy('l.domain_id');
  if ('accountIds' in part)
    query.join('domains as d', 'd.id', 'l.domain_id').whereIn('d.account_id', [...part.accountIds]);
  else query.where('a.id', '>', part.from).where('a.id', '<=', part.to);
  const weights = { marketing: 'l.marketing_weight', transactional: 'l.transactional_weight' };
  return query.select({ allocationId: 'l.allocation_id', domainId: 'l.domain_id', ...weights });
}

/** Accounts of which a domain, an IP that they may send over, or its warm-up changed since an instant (UTC milliseconds). */
export async function listChangedAccountIds(db: Db, since: number): Promise<number[]> {
  const [domains, allocations, warmups] = await Promise.all([
    db('domains').where('changed_at', '>=', since).distinct('account_id').pluck('account_id'),
    db('allocations').where('changed_at', '>=', since).distinct('account_id').pluck('account_id'),
    db('warmups as w')
      .join('allocations as a', 'a.id', 'w.allocation_id')
      .where('w.changed_at', '>=', since)
      .distinct('a.account_id')
      .pluck('a.account_id'),
  ]);
  const holders = [...new Set<number>([...allocations, ...warmups])];
  const subusers = holders.length === 0 ? [] : await listSubusersWithIps(db, holders);
  return [...new Set<number>([...domains, ...holders, ...subusers])];
}

/** Messages handed out to those who route, in each of the 24 hours (UTC) of a day. */
export async function listSpentHours(db: Db, ipId: number, day: Day): Promise<number[]> {
  const rows = await db('route_hours').where({ ip_id: ipId, day }).select('hour', 'spent');
  const hours = new Array<number>(24).fill(0);
  for (const { hour, spent } of rows) hours[hour] = spent;
  return hours;
}

/** Messages handed out on a day, by IP: all providers together, or those to a slowed one. */
export async function listSpent(
  db: Db,
  ipIds: readonly number[],
  day: Day,
  provider = '',
): Promise<ReadonlyMap<number, number>> {
  const rows = await db('route_spending')
    .whereIn('ip_id', [...ipIds])
    .where({ day, provider })
    .select('ip_id', 'spent');
  return new Map(rows.map((row) => [row.ip_id, row.spent]));
}

const selectIps = (db: Db, whose = 'a') =>
  db('allocations as a')
    .join('ips as i', 'i.id', 'a.ip_id')
    .leftJoin('warmups as w', 'w.allocation_id', 'a.id')
    .leftJoin('ip_links as n', (join) => join.on('n.allocation_id', 'a.id').onIn('n.status', ['linked', 'broken']))
    .whereNot('a.status', 'released')
    .select('a.id as allocation_id', 'a.ip_id', 'a.status', 'a.stream', 'i.address', 'i.region')
    .select(`${whose}.account_id`, `${whose}.owner_sends`)
    .select('n.name as host_name')
    .select('w.status as warmup_status')
    .select(STATE_COLUMNS.filter((column) => column !== 'status').map((column) => `w.${column}`));

type Row = Omit<StateRow, 'status'> & {
  allocation_id: number;
  ip_id: number;
  account_id: number;
  owner_sends: boolean | 0 | 1;
  status: Ip['status'];
  stream: Stream;
  address: string;
  region: Region;
  warmup_status: StateRow['status'] | null;
  host_name: string | null;
};

const ipFromRow = (row: Row): IpRow => ({
  id: row.ip_id,
  address: row.address,
  region: row.region,
  allocationId: row.allocation_id,
  accountId: row.account_id,
  maySend: Boolean(row.owner_sends),
  status: row.status,
  warmup: row.warmup_status === null ? null : stateFromRow({ ...row, status: row.warmup_status }),
  ...(row.stream === 'both' ? {} : { carries: row.stream }),
  ...(row.host_name === null ? {} : { hostName: row.host_name }),
});
