// What pages and the daily evaluation read of sending: sums of counts.
import type { Db } from '../database.ts';
import type { Day } from '../day.ts';
import { asJsonList, numbersInJson } from '../dialect.ts';
import { type Counts, NOTHING, sumOf } from './counts.ts';
import type { ProviderDay } from './rates.ts';

const NAMES = ['sent', 'delivered', 'deferred', 'bounced', 'complained'] as const;
const sums = (db: Db) => NAMES.map((name) => db.raw('sum(??) as ??', [`c.${name}`, name]));
const countsOf = (row: Record<(typeof NAMES)[number], unknown>): Counts => ({
  sent: Number(row.sent),
  delivered: Number(row.delivered),
  deferred: Number(row.deferred),
  bounced: Number(row.bounced),
  complained: Number(row.complained),
});

/**
 * Counts by day and provider from `since` on: of an account, of an IP, or of both: what this account and its subusers sent over
 * that IP, but not the account that had it before.
 */
export async function listProviderDays(
  db: Db,
  of: { readonly accountId?: number; readonly ipId?: number },
  since: Day,
): Promise<ProviderDay[]> {
  const query = db('sending_counts as c').where('c.day', '>=', since).groupBy('c.day', 'c.provider');
  if (of.ipId !== undefined) query.where('c.ip_id', '>', 0).where('c.ip_id', of.ipId);
  if (of.accountId !== undefined) {
    const accounts = db('accounts').where({ id: of.accountId }).select('id');
    if (of.ipId !== undefined) accounts.orWhere({ parent_id: of.accountId });
    query.whereIn('c.domain_id', db('domains').whereIn('account_id', accounts).select('id'));
  }
  const rows = await query.select('c.day', 'c.provider', ...sums(db));
  return rows.map((row) => ({ day: row.day, provider: row.provider, ...countsOf(row) }));
}

/** Counts by day and provider from `since` on that went over a shared pool, of those domains that sent over it lately. */
export async function listPoolDays(db: Db, pool: string, since: Day): Promise<ProviderDay[]> {
  const query = db('sending_counts as c')
    // Found by domain: an index by pool would be as large as the counts.
    .whereIn('c.domain_id', db('pool_windows').where({ pool }).select('domain_id'))
    .where({ 'c.ip_id': 0, 'c.pool': pool })
    .where('c.day', '>=', since);
  const rows = await query.groupBy('c.day', 'c.provider').select('c.day', 'c.provider', ...sums(db));
  return rows.map((row) => ({ day: row.day, provider: row.provider, ...countsOf(row) }));
}

export type SendingIp = {
  readonly id: number;
  readonly address: string;
  /** Whose it is; null: nobody's. */
  readonly accountId: number | null;
  readonly account: string | null;
};

export async function findSendingIp(db: Db, id: number): Promise<SendingIp | undefined> {
  const row = await db('ips as i')
    .leftJoin('allocations as a', (join) =>
      join.on('a.ip_id', 'i.id').andOn('a.status', '<>', db.raw('?', ['released'])),
    )
    .leftJoin('accounts as c', 'c.id', 'a.account_id')
    .where('i.id', id)
    .first('i.id', 'i.address', 'a.account_id', 'c.name as account');
  return row && { id: row.id, address: row.address, accountId: row.account_id, account: row.account };
}

/** What some domains sent on a day: over one IP, and over everything. */
export type DayShare = { readonly day: Day; readonly over: number; readonly all: number };

/** What some domains sent, day by day from `since` up to and with `until`, oldest first; days on which nothing was counted are left out. */
export async function listDayShares(
  db: Db,
  domainIds: readonly number[],
  ipId: number,
  { since, until }: { readonly since: Day; readonly until: Day },
): Promise<DayShare[]> {
  const rows = await db('sending_counts')
    .whereIn('domain_id', [...domainIds])
    .whereBetween('day', [since, until])
    .groupBy('day')
    .orderBy('day')
    .select(
      'day',
      db.raw('sum(sent) as "all"'),
      db.raw('sum(case when ip_id = ? then sent else 0 end) as "over"', [ipId]),
    );
  return rows.map((row) => ({ day: row.day, over: Number(row.over), all: Number(row.all) }));
}

/** What went over these IPs on the days from `since` up to and with `until`, by IP: for rates of many at once. */
export async function listIpSums(
  db: Db,
  ipIds: readonly number[],
  since: Day,
  until: Day,
): Promise<Map<number, IpSums>> {
  if (ipIds.length === 0) return new Map();
  const rows = await db('sending_counts')
    .where('ip_id', '>', 0)
    .whereRaw(`ip_id in ${numbersInJson(db)}`, [JSON.stringify(ipIds)])
    .whereBetween('day', [since, until])
    .groupBy('ip_id')
    .select('ip_id', ...SUMMED.map((count) => db.raw('sum(??) as ??', [count, count])));
  return new Map(
    rows.map((row) => [
      row.ip_id,
      {
        sent: Number(row.sent),
        delivered: Number(row.delivered),
        bounced: Number(row.bounced),
        complained: Number(row.complained),
      },
    ]),
  );
}

const SUMMED = ['sent', 'delivered', 'bounced', 'complained'] as const;
export type IpSums = Readonly<Record<(typeof SUMMED)[number], number>>;

/** What went over an IP: on a day by mailbox provider, and on the days up to it all together. */
export type DayAndWindow = { readonly counts: Readonly<Record<string, Counts>>; readonly window: Counts };

type Row = { ip_id: number; counts: string | readonly Packed[] | null } & Record<keyof Counts, number>;
type Packed = readonly [provider: string, number, number, number, number, number];

/**
 * The counts of these IPs (a thousand at most) on `day`, and their sums from `since` up to and with it, over all domains
 * and streams. An IP without counts is not in the answer.
 */
export async function listDayAndWindow(
  db: Db,
  ipIds: readonly number[],
  since: Day,
  day: Day,
): Promise<Map<number, DayAndWindow>> {
  const packed = `provider, ${NAMES.join(', ')}`;
  // One row for each IP: reading a row costs more than what is in it.
  const list = asJsonList(db, packed);
  const rows: Row[] = await db('sending_counts')
    // Redundant, so that the partial index is used.
    .where('ip_id', '>', 0)
    .whereIn('ip_id', [...ipIds])
    .whereBetween('day', [since, day])
    .groupBy('ip_id')
    .select('ip_id', db.raw(`${list} filter (where day = ?) as counts`, [day]))
    .select(NAMES.map((count) => db.raw('sum(??) as ??', [count, count])));
  return new Map(rows.map((row) => [row.ip_id, { counts: byProvider(row.counts), window: countsOf(row) }]));
}

function byProvider(given: Row['counts']): Record<string, Counts> {
  const list: readonly Packed[] = typeof given === 'string' ? JSON.parse(given) : (given ?? []);
  const found: Record<string, Counts> = {};
  for (const [provider, sent, delivered, deferred, bounced, complained] of list) {
    found[provider] = sumOf([found[provider] ?? NOTHING, { sent, delivered, deferred, bounced, complained }]);
  }
  return found;
}
