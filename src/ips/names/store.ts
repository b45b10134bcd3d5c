// The host names that are linked to IPs, and what DNS last said of the names of IPs.
import type { Db } from '../../database.ts';
import type { Outcome } from '../../dns/outcome.ts';
import type { Region } from '../../policy/checks/facts.ts';
import type { IpStatus } from '../lifecycle.ts';
import type { LinkStatus } from './lifecycle.ts';
import { isSound, type NameLook, type Side } from './names.ts';

/** A host name that an account links to one of its IPs. Times are UTC milliseconds. */
export type Link = {
  readonly id: number;
  readonly allocationId: number;
  readonly accountId: number;
  readonly account: string;
  readonly domainId: number;
  readonly name: string;
  readonly status: LinkStatus;
  /** When staff were told that its PTR record is theirs to set, and when people were warned last. */
  readonly toldAt: number | null;
  readonly warnedAt: number | null;
};

/** What was last seen of an IP's names. `tries`: how many looks in a row left something to be done. */
export type SeenNames = NameLook & {
  readonly seenAt: number | null;
  readonly triedAt: number;
  readonly tries: number;
};

/** An IP whose names are looked at. `former`: names that were linked to it before. */
export type NamedIp = {
  readonly id: number;
  readonly address: string;
  readonly status: IpStatus;
  readonly link: Link | null;
  readonly former: readonly string[];
  readonly seen: SeenNames | null;
};

/** These IPs, with what is linked to them and what was last seen. */
export async function listNamedIps(db: Db, ids: readonly number[]): Promise<NamedIp[]> {
  const ips = await db('ips as i')
    .leftJoin('ip_names as n', 'n.ip_id', 'i.id')
    .whereIn('i.id', [...ids])
    .orderBy('i.id')
    .select('i.id', 'i.address', 'i.status', 'n.ptr', 'n.forward', 'n.seen_at', 'n.tried_at', 'n.tries', 'n.trouble');
  const links = await db('ip_links as l')
    .join('allocations as a', 'a.id', 'l.allocation_id')
    .join('accounts as c', 'c.id', 'a.account_id')
    .whereIn('l.ip_id', [...ids])
    .orderBy('l.id')
    .select('l.*', 'a.account_id', 'c.name as account');
  return ips.map((row) => {
    const own = links.filter((one) => one.ip_id === row.id);
    const live = own.find((one) => one.status !== 'ended');
    return {
      ...{ id: row.id, address: row.address, status: row.status },
      link: live === undefined ? null : linkFrom(live),
      former: own.filter((one) => one.status === 'ended' && one.name !== live?.name).map((one) => String(one.name)),
      seen: row.tried_at === null ? null : seenFrom(row),
    };
  });
}

export const findNamedIp = async (db: Db, ipId: number): Promise<NamedIp | undefined> =>
  (await listNamedIps(db, [ipId]))[0];

type Row = Record<string, unknown>;

const linkFrom = (row: Row): Link => ({
  id: Number(row.id),
  allocationId: Number(row.allocation_id),
  accountId: Number(row.account_id),
  account: String(row.account),
  domainId: Number(row.domain_id),
  name: String(row.name),
  status: row.status as LinkStatus,
  toldAt: row.told_at as number | null,
  warnedAt: row.warned_at as number | null,
});

const sideFrom = (text: unknown): Side | null => (typeof text === 'string' ? (JSON.parse(text) as Side) : null);

const seenFrom = (row: Row): SeenNames => ({
  ptr: sideFrom(row.ptr),
  forward: sideFrom(row.forward),
  trouble: row.trouble as Outcome | null,
  seenAt: row.seen_at as number | null,
  triedAt: Number(row.tried_at),
  tries: Number(row.tries),
});

/** Keeps what is known of an IP's names, and when they are looked at next. `seen` null: they were not. */
export async function putNames(
  trx: Db,
  id: number,
  { dueAt, seen }: { readonly dueAt: number; readonly seen: SeenNames | null },
): Promise<void> {
  await trx('ips').where({ id }).update({ names_due_at: dueAt });
  if (seen === null) return;
  const row = {
    ...{ ip_id: id, is_sound: isSound(seen), trouble: seen.trouble, tries: seen.tries },
    ptr: seen.ptr && JSON.stringify(seen.ptr),
    forward: seen.forward && JSON.stringify(seen.forward),
    ...{ seen_at: seen.seenAt, tried_at: seen.triedAt },
  };
  await trx('ip_names').insert(row).onConflict('ip_id').merge();
}

/** Forgets what was seen of an IP's names, as another name is looked for now, and has it looked at ahead of others. */
export async function wakeNames(trx: Db, ipId: number, isOther: boolean): Promise<void> {
  if (isOther) await trx('ip_names').where({ ip_id: ipId }).delete();
  else await trx('ip_names').where({ ip_id: ipId }).update({ tries: 0 });
  await trx('ips').where({ id: ipId }).update({ names_due_at: 0 });
}

export async function insertLink(
  trx: Db,
  link: Pick<Link, 'allocationId' | 'domainId' | 'name'> & { readonly ipId: number; readonly at: number },
): Promise<void> {
  const { allocationId, domainId, ipId, name, at } = link;
  const ids = { allocation_id: allocationId, domain_id: domainId, ip_id: ipId };
  await trx('ip_links').insert({ ...ids, name, status: 'waiting', changed_at: at });
}

/** Moves a link on. False where it was not in `from` any more. */
export const moveLink = async (
  trx: Db,
  id: number,
  { from, to, at }: { readonly from: LinkStatus; readonly to: LinkStatus; readonly at: number },
): Promise<boolean> => (await trx('ip_links').where({ id, status: from }).update({ status: to, changed_at: at })) === 1;

/** Keeps when staff were told of a link, or people were warned. */
export const updateTold = (trx: Db, id: number, told: { readonly toldAt?: number; readonly warnedAt?: number }) =>
  trx('ip_links').where({ id }).update({ told_at: told.toldAt, warned_at: told.warnedAt });

/** The links that are not over of an allocation, or whose name belongs to a domain. */
export const listLiveLinks = (
  db: Db,
  of: { readonly allocation_id: number } | { readonly domain_id: number },
): Promise<{ id: number; ipId: number; allocationId: number; name: string; status: LinkStatus; address: string }[]> =>
  db('ip_links as l')
    .join('ips as i', 'i.id', 'l.ip_id')
    .where(of)
    .whereNot('l.status', 'ended')
    .select('l.id', 'l.name', 'l.status', 'i.address', { ipId: 'l.ip_id', allocationId: 'l.allocation_id' });

/** The names that are linked to an account's IPs, by the IP. */
export async function listLinkedNames(
  db: Db,
  accountId: number,
): Promise<ReadonlyMap<number, Pick<Link, 'name' | 'status'>>> {
  const rows = await db('ip_links as l')
    .join('allocations as a', 'a.id', 'l.allocation_id')
    .where('a.account_id', accountId)
    .whereNot('l.status', 'ended')
    .select('l.ip_id', 'l.name', 'l.status');
  return new Map(rows.map(({ ip_id, name, status }) => [ip_id, { name, status }]));
}

/** Of an IP `i`: that its names are known not to agree. */
export const unsoundNames = (db: Db) =>
  db('ip_names as n').whereRaw('n.ip_id = i.id').where({ is_sound: false }).select(db.raw('1'));

/** The ids of the IPs whose names are known not to agree. */
export const unsoundIds = (db: Db) => db('ip_names').whereRaw('not is_sound').select('ip_id');

/** Of these IPs the free ones that their names hold back, with what was seen. */
export async function listUnsound(db: Db, ids: readonly number[]): Promise<ReadonlyMap<number, NameLook>> {
  const rows = await db('ips as i')
    .join('ip_names as n', 'n.ip_id', 'i.id')
    .whereIn('i.id', [...ids])
    .where({ 'i.status': 'free', 'n.is_sound': false })
    .select('i.id', 'n.ptr', 'n.forward', 'n.trouble', 'n.seen_at', 'n.tried_at', 'n.tries');
  return new Map(rows.map((row) => [Number(row.id), seenFrom(row)]));
}

/** How many free IPs are held back by their names, by region. */
export async function countUnsoundFree(db: Db): Promise<ReadonlyMap<Region, number>> {
  const rows = await db('ips as i')
    .where({ status: 'free' })
    .whereExists(unsoundNames(db))
    .groupBy('region')
    .select('region', db.raw('count(*) as unsound'));
  return new Map(rows.map((row) => [row.region, Number(row.unsound)]));
}

/** Whether anything was seen of names. */
export const checkSeen = async (db: Db): Promise<boolean> => (await db('ip_names').first('ip_id')) !== undefined;

/** Forgets what was seen of names, where the policy has no such rule. Returns of how many IPs. */
export const deleteSeenNames = (trx: Db): Promise<number> => trx('ip_names').delete();
