// What mailbox providers say they saw, by day, and what we counted of the same mail.
import type { Knex } from 'knex';
import type { Db } from '../../database.ts';
import { asJsonList } from '../../dialect.ts';
import { type PostmasterDay, postmasterMetrics, type SndsDay } from './seen.ts';

const TOGETHER = 100;

/** The providers of `seeds/mailbox-providers.json` whose mail it is about: SNDS knows consumers' mailboxes only. */
const GMAIL = 'gmail';
const CONSUMERS = 'microsoft';
const BUSINESS = 'microsoft-365';

/** Keeps what Google saw. Metrics that are not named stay as they are. */
export async function upsertPostmasterDays(
  trx: Db,
  days: readonly (PostmasterDay & { readonly domainId: number })[],
  at: number,
): Promise<void> {
  const keep = Object.fromEntries(
    postmasterMetrics.map((name) => [name, trx.raw('coalesce(excluded.??, postmaster_days.??)', [name, name])]),
  );
  const rows = days.map(({ domainId, day, rates }) => ({
    ...{ domain_id: domainId, day, recorded_at: at },
    ...Object.fromEntries(postmasterMetrics.map((name) => [name, rates[name] ?? null])),
  }));
  for (let start = 0; start < rows.length; start += TOGETHER)
    await trx('postmaster_days')
      .insert(rows.slice(start, start + TOGETHER))
      .onConflict(['domain_id', 'day'])
      .merge({ ...keep, recorded_at: at });
}

/** Keeps what Outlook.com saw, in place of what it said about the same IP and day before. Each of them once. */
export async function upsertSndsDays(
  trx: Db,
  days: readonly (SndsDay & { readonly ipId: number })[],
  at: number,
): Promise<void> {
  const rows = days.map(({ ipId, day, recipients, filter, complaints, trapHits }) => ({
    ...{ ip_id: ipId, day, recipients, filter, complaints, trap_hits: trapHits, recorded_at: at },
  }));
  for (let start = 0; start < rows.length; start += TOGETHER)
    await trx('snds_days')
      .insert(rows.slice(start, start + TOGETHER))
      .onConflict(['ip_id', 'day'])
      .merge();
}

/** What we counted of a day's mail to one provider. */
export type Own = { readonly sent: number; readonly complained: number };
type Row = Record<string, unknown>;

const ownOf = (row: Row, name: string): Own => ({
  sent: Number(row[`${name}_sent`] ?? 0),
  complained: Number(row[`${name}_complained`] ?? 0),
});
const sumsOf = (provider: string, name: string): string =>
  ['sent', 'complained']
    .map((figure) => `sum(case when c.provider = '${provider}' then c.${figure} else 0 end) as ${name}_${figure}`)
    .join(', ');

/** What both sides know of a domain's day; `recordedAt`: when it was imported (UTC milliseconds). */
export type PostmasterSeen = Pick<PostmasterDay, 'day' | 'rates'> & { readonly recordedAt: number; readonly own: Own };

const SEEN = ['day', 'recorded_at', 'own_sent', 'own_complained', ...postmasterMetrics];

/**
 * A column `seen_by_google`: what Google saw of a domain on its latest days, at most `limit`. Its page asks for it with
 * what else it reads, as it has many statements already.
 */
export function listPostmasterDaysAsColumn(db: Db, domainId: number, limit: number): Knex.Raw {
  const days = db('postmaster_days as p')
    .leftJoin('sending_counts as c', (join) => join.on('c.domain_id', 'p.domain_id').andOn('c.day', 'p.day'))
    .where('p.domain_id', domainId)
    .groupBy('p.domain_id', 'p.day')
    .orderBy('p.day', 'desc')
    .limit(limit)
    .select('p.*', db.raw(sumsOf(GMAIL, 'own')));
  return db.raw(`(select ${asJsonList(db, SEEN.join(', '))} from ? as seen) as seen_by_google`, [days]);
}

/** The days that such a column has, the last one first. */
export function listPostmasterDaysIn(column: unknown): PostmasterSeen[] {
  const rows = (typeof column === 'string' ? JSON.parse(column) : (column ?? [])) as (number | null)[][];
  const days = rows.map((values) => {
    const row: Row = Object.fromEntries(SEEN.map((name, nth) => [name, values[nth]]));
    const told = postmasterMetrics.filter((name) => row[name] !== null);
    return {
      ...{ day: Number(row['day']), recordedAt: Number(row['recorded_at']), own: ownOf(row, 'own') },
      rates: Object.fromEntries(told.map((name) => [name, Number(row[name])])),
    };
  });
  return days.sort((one, other) => other.day - one.day);
}

/** What both sides know of an IP's day; `business`: mail to Microsoft 365, of which SNDS says nothing. */
export type SndsSeen = Omit<SndsDay, 'address'> & {
  readonly recordedAt: number;
  readonly own: Own;
  readonly business: Own;
};

/**
 * What Outlook.com saw of an IP on its latest days, at most `limit`, the last one first. With an account: of the days on
 * which it had the IP.
 */
export async function listSndsDays(
  db: Db,
  { ipId, accountId }: { readonly ipId: number; readonly accountId?: number },
  limit: number,
): Promise<SndsSeen[]> {
  const query = db('snds_days as s')
    .leftJoin('sending_counts as c', (join) =>
      join.on('c.ip_id', 's.ip_id').andOn('c.day', 's.day').andOn('c.ip_id', '>', db.raw('0')),
    )
    .where('s.ip_id', ipId)
    .groupBy('s.ip_id', 's.day')
    .orderBy('s.day', 'desc')
    .limit(limit);
  if (accountId !== undefined)
    query.whereExists((held) =>
      held
        .select('a.id')
        .from('allocations as a')
        .whereRaw('a.ip_id = s.ip_id and a.allocated_at < cast(s.day + 1 as bigint) * 86400000')
        .where('a.account_id', accountId)
        .whereNot('a.status', 'released'),
    );
  const rows: Row[] = await query.select('s.*', db.raw(`${sumsOf(CONSUMERS, 'own')}, ${sumsOf(BUSINESS, 'business')}`));
  return rows.map((row) => ({
    ...{ day: Number(row['day']), recordedAt: Number(row['recorded_at']), recipients: Number(row['recipients']) },
    ...{ filter: row['filter'] as SndsSeen['filter'], complaints: String(row['complaints']) },
    ...{ trapHits: Number(row['trap_hits']), own: ownOf(row, 'own'), business: ownOf(row, 'business') },
  }));
}
