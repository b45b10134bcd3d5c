// What blocklists said of the IPs in the inventory.
import type { Db } from '../../database.ts';
import type { Region } from '../../policy/checks/facts.ts';
import { unsoundNames } from '../names/store.ts';

/** An IP that the lists are to be asked about, with who has it. */
export type AskedIp = {
  readonly id: number;
  readonly address: string;
  readonly accountId: number | null;
  readonly account: string | null;
  readonly allocationId: number | null;
};

/** These IPs, with who has them. */
export async function listAskedIps(db: Db, ids: readonly number[]): Promise<AskedIp[]> {
  const rows = await db('ips as i')
    .leftJoin('allocations as a', (join) =>
      join.on('a.ip_id', 'i.id').andOn('a.status', '<>', db.raw('?', ['released'])),
    )
    .leftJoin('accounts as c', 'c.id', 'a.account_id')
    .whereIn('i.id', [...ids])
    .orderBy('i.id')
    .select('i.id', 'i.address', { accountId: 'a.account_id', account: 'c.name', allocationId: 'a.id' });
  return rows;
}

/** An IP, and when its lists were asked and are next (UTC milliseconds). */
export type InTurn = AskedState & { readonly id: number; readonly dueAt: number };

/** The free IPs that are given next in a region, unless they are listed or held back by their names. */
export const listNextFree = (db: Db, region: Region, count: number): Promise<InTurn[]> =>
  db('ips as i')
    .where({ region, status: 'free' })
    .whereNotExists(openListings(db))
    .whereNotExists(unsoundNames(db))
    .orderBy('id')
    .limit(count)
    .select('id', { askedAt: 'lists_asked_at', trouble: 'lists_trouble', dueAt: 'lists_due_at' });

/** Of an IP `i`: a listing that is not over. */
export const openListings = (db: Db) =>
  db('ip_listings as l').whereRaw('l.ip_id = i.id').whereNull('l.gone_at').select(db.raw('1'));

/** The id of any listing that has not ended; undefined where there is none. */
export const findOpenListing = async (db: Db): Promise<number | undefined> =>
  (await db('ip_listings').whereNull('gone_at').first('id'))?.id;

/** The ids of the IPs that are on a list. */
export const listedIds = (db: Db) => db('ip_listings').whereNull('gone_at').select('ip_id');

/** A list that an IP is or was on (UTC milliseconds). `goneAt`: when it was seen to be off it; null: it is on it. */
export type Listing = {
  readonly id: number;
  readonly ipId: number;
  readonly zone: string;
  readonly name: string;
  readonly codes: string;
  readonly foundAt: number;
  readonly seenAt: number;
  readonly goneAt: number | null;
};

/** The listings of these IPs that are not over, or all of them, the newest first. */
export async function listListings(
  db: Db,
  ipIds: readonly number[],
  which: 'open' | 'all' = 'open',
): Promise<Listing[]> {
  const query = db('ip_listings')
    .whereIn('ip_id', [...ipIds])
    .orderBy('id', 'desc')
    .limit(LISTED_AT_MOST);
  if (which === 'open') query.whereNull('gone_at');
  return query.select('id', 'zone', 'name', 'codes', {
    ipId: 'ip_id',
    foundAt: 'found_at',
    seenAt: 'seen_at',
    goneAt: 'gone_at',
  });
}

const LISTED_AT_MOST = 1_000;

/** How many free IPs are on a list, by region. */
export async function countListedFree(db: Db): Promise<ReadonlyMap<Region, number>> {
  const rows = await db('ips as i')
    .where({ status: 'free' })
    .whereExists(openListings(db))
    .groupBy('region')
    .select('region', db.raw('count(*) as listed'));
  return new Map(rows.map((row) => [row.region, Number(row.listed)]));
}

/** Adds a listing, unless another process has. Returns whether it did. */
export async function insertListing(trx: Db, listing: Omit<Listing, 'id' | 'seenAt' | 'goneAt'>): Promise<boolean> {
  const { ipId, zone, name, codes, foundAt } = listing;
  const row = { ip_id: ipId, zone, name, codes, found_at: foundAt, seen_at: foundAt };
  const [added] = await trx('ip_listings')
    .insert(row)
    .onConflict(trx.raw('(ip_id, zone) where gone_at is null'))
    .ignore()
    .returning('id');
  return added !== undefined;
}

export async function updateListing(
  trx: Db,
  id: number,
  change: { readonly codes: string; readonly seenAt: number } | { readonly goneAt: number },
): Promise<boolean> {
  const columns = 'goneAt' in change ? { gone_at: change.goneAt } : { codes: change.codes, seen_at: change.seenAt };
  return (await trx('ip_listings').where({ id }).whereNull('gone_at').update(columns)) === 1;
}

/** When an IP is asked about next. `trouble`: what kept a list from answering; null: all of them did. */
export async function updateAsked(
  trx: Db,
  id: number,
  { at, dueAt, trouble }: { readonly at: number; readonly dueAt: number; readonly trouble: string | null },
): Promise<void> {
  const asked = trouble === null ? { lists_asked_at: at } : {};
  await trx('ips')
    .where({ id })
    .update({ lists_due_at: dueAt, lists_trouble: trouble, ...asked });
}

/** When all lists last answered about an IP (UTC milliseconds; null: never), and what kept one from it since. */
export type AskedState = { readonly askedAt: number | null; readonly trouble: string | null };

export const findAsked = (db: Db, id: number): Promise<AskedState | undefined> =>
  db('ips').where({ id }).first({ askedAt: 'lists_asked_at', trouble: 'lists_trouble' });
