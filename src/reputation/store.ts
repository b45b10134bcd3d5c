// Scores of domains and accounts, with the counts that they are of, and the nights on which they were made.
import type { Db } from '../database.ts';
import type { Day } from '../day.ts';
import { putListed } from '../dialect.ts';
import type { Counts } from '../sending/counts.ts';
import type { DailyLimit } from './limit.ts';

const COUNTED = ['sent', 'delivered', 'deferred', 'bounced', 'complained'] as const;
type Row = Record<string, unknown>;

const countsOf = (row: Row): Counts =>
  Object.fromEntries(COUNTED.map((name) => [name, Number(row[name] ?? 0)])) as unknown as Counts;
const sums = (db: Db, of: string) => COUNTED.map((name) => db.raw('sum(??) as ??', [`${of}.${name}`, name]));

/** What a score is made of. `day`: the first day after those that it is of. */
export type Rated = { readonly day: Day; readonly score: number | null; readonly counts: Counts };
export type AccountRated = Rated & { readonly usual: number; readonly limit: DailyLimit };
export type DomainRated = Rated & { readonly domainId: number; readonly domain: string };

/** A stretch of days: from `since` on, not `before` itself. */
export type Days = { readonly since: Day; readonly before: Day };

/** Accounts that are not closed, by id above `after`: at most `limit`. */
export const listAccountsAfter = (db: Db, after: number, limit: number): Promise<{ id: number; name: string }[]> =>
  db('accounts').whereNot({ status: 'closed' }).where('id', '>', after).orderBy('id').limit(limit).select('id', 'name');

/** What the mail of a domain came to; of one that is removed as well, as it is its account's. */
export type DomainSum = {
  readonly domainId: number;
  readonly accountId: number;
  readonly isRemoved: boolean;
  readonly counts: Counts;
};

/** What the mail of each domain of these accounts came to; those without any have zeros. */
export async function listDomainSums(
  db: Db,
  accountIds: readonly number[],
  { since, before }: Days,
): Promise<DomainSum[]> {
  const rows: Row[] = await db('domains as d')
    .leftJoin('sending_counts as s', (join) =>
      join
        .on('s.domain_id', 'd.id')
        .andOn('s.day', '>=', db.raw('?', [since]))
        .andOn('s.day', '<', db.raw('?', [before])),
    )
    .whereIn('d.account_id', [...accountIds])
    .groupBy('d.id', 'd.account_id', 'd.removed_at')
    .orderBy('d.id')
    .select('d.id', 'd.account_id', 'd.removed_at', ...sums(db, 's'));
  return rows.map((row) => ({
    ...{ domainId: Number(row.id), accountId: Number(row.account_id), isRemoved: row.removed_at !== null },
    counts: countsOf(row),
  }));
}

/** The mail of these accounts over shared pools on the busiest of some days; those without any are left out. */
export async function listUsual(
  db: Db,
  accountIds: readonly number[],
  { since, before }: Days,
): Promise<ReadonlyMap<number, number>> {
  const byDay = db('sending_counts as s')
    .join('domains as d', 'd.id', 's.domain_id')
    .whereIn('d.account_id', [...accountIds])
    .where({ 's.ip_id': 0 })
    .where('s.day', '>=', since)
    .where('s.day', '<', before)
    .groupBy('d.account_id', 's.day')
    .select('d.account_id', db.raw('sum(s.sent) as pooled'))
    .as('b');
  const rows: Row[] = await db(byDay).groupBy('account_id').select('account_id', db.raw('max(pooled) as usual'));
  return new Map(rows.map((row) => [Number(row.account_id), Number(row.usual)]));
}

const FOUND = {
  day: 'integer',
  score: 'integer',
  sent: 'bigint',
  delivered: 'bigint',
  deferred: 'bigint',
  bounced: 'bigint',
  complained: 'bigint',
} as const;
const foundRow = ({ day, score, counts }: Rated) => [day, score, ...COUNTED.map((name) => counts[name])];

export const putDomains = (trx: Db, rated: readonly (Rated & { readonly domainId: number })[]): Promise<void> =>
  putListed(
    trx,
    'domain_reputations',
    { domain_id: 'integer', ...FOUND },
    rated.map((one) => [one.domainId, ...foundRow(one)]),
  );

export const putAccounts = (
  trx: Db,
  rated: readonly (AccountRated & { readonly accountId: number })[],
): Promise<void> =>
  putListed(
    trx,
    'account_reputations',
    { account_id: 'integer', ...FOUND, usual: 'bigint', step: 'integer', daily_limit: 'bigint' },
    rated.map((one) => [one.accountId, ...foundRow(one), one.usual, one.limit.step, one.limit.perDay]),
  );

/** What was last found of these accounts; those that no night has seen are left out. */
export async function listAccountsRated(db: Db, accountIds: readonly number[]): Promise<Map<number, AccountRated>> {
  const rows: Row[] = await db('account_reputations').whereIn('account_id', [...accountIds]);
  return new Map(rows.map((row) => [Number(row.account_id), accountFrom(row)]));
}

/**
 * What was last found of an account; undefined where no night has seen it. `sentToday`: messages that it has sent over
 * shared pools on a UTC day, as far as routers told; 0 where it has no limit.
 */
export async function findAccountRated(
  db: Db,
  accountId: number,
  day: Day,
): Promise<(AccountRated & { readonly sentToday: number }) | undefined> {
  const row: Row | undefined = await db('account_reputations as r')
    .leftJoin('account_mail as m', (join) => join.on('m.account_id', 'r.account_id').andOnVal('m.day', day))
    .where('r.account_id', accountId)
    .first('r.*', { sent_today: 'm.sent' });
  return row && { ...accountFrom(row), sentToday: Number(row.sent_today ?? 0) };
}

const accountFrom = (row: Row): AccountRated => ({
  ...ratedFrom(row),
  usual: Number(row.usual),
  limit: { step: row.step as number | null, perDay: row.daily_limit as number | null },
});

/** What was last found of the domains in use of an account, by name; at most `limit` of them. */
export async function listDomainsRated(db: Db, accountId: number, limit = 1_000): Promise<DomainRated[]> {
  const rows: Row[] = await db('domain_reputations as r')
    .join('domains as d', 'd.id', 'r.domain_id')
    .where({ 'd.account_id': accountId, 'd.removed_at': null })
    .orderBy('d.name')
    .limit(limit)
    .select('r.*', 'd.name');
  return rows.map((row) => ({ ...ratedFrom(row), domainId: Number(row.domain_id), domain: String(row.name) }));
}

/** What was found, as a row has it. */
export const ratedFrom = (row: Row): Rated => ({
  day: Number(row.day),
  score: (row.score ?? null) as number | null,
  counts: countsOf(row),
});

/** Takes the night of a day for one process, until `until` (UTC milliseconds). False where it is over or another has it. */
export async function takeNight(trx: Db, day: Day, { at, until }: { readonly at: number; readonly until: number }) {
  await trx('reputation_runs').insert({ day, claimed_until: 0 }).onConflict('day').ignore();
  const free = trx('reputation_runs').where({ day, finished_at: null }).where('claimed_until', '<=', at);
  return (await free.update({ claimed_until: until })) === 1;
}

/** Keeps that a night's work is done. `domains`: how many it looked at. */
export const endNight = (trx: Db, day: Day, { at, domains }: { readonly at: number; readonly domains: number }) =>
  trx('reputation_runs').where({ day }).update({ finished_at: at, domains });

/** The nights whose work is done, the last first. */
export async function listNights(db: Db, limit: number): Promise<{ day: Day; finishedAt: number; domains: number }[]> {
  return db('reputation_runs')
    .whereNotNull('finished_at')
    .orderBy('day', 'desc')
    .limit(limit)
    .select('day', 'domains', { finishedAt: 'finished_at' });
}

/** Whether the night of a day is over, or somebody works on it at the instant `at`. */
export const checkNight = async (db: Db, day: Day, at: number): Promise<boolean> =>
  (await db('reputation_runs')
    .where({ day })
    .where((either) => either.whereNotNull('finished_at').orWhere('claimed_until', '>', at))
    .first('day')) !== undefined;
