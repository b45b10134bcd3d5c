// What domains sent over the shared pools in the last 28 complete days, kept beside the counts that it is worked out from: a
// page that summed those up would read millions of rows.
import type { Db } from '../../database.ts';
import type { Day } from '../../day.ts';
import { numbersInJson, rowsForEach } from '../../dialect.ts';
import type { Counts } from '../counts.ts';
import { type Limits, millionths, RECENT_DAYS } from '../rates.ts';
import type { Piece } from '../store-daily.ts';

const FIGURES = ['sent', 'delivered', 'deferred', 'bounced', 'complained'] as const;

const isPiece = (domains: readonly number[] | Piece): domains is Piece => !Array.isArray(domains);

/**
 * Works out the windows of some domains, by their ids or by the ids that they are between, for the 28 days before a day.
 * `lockJob` comes before it and no count after it, or a window misses what another act counted at the same time.
 */
export async function writeWindows(trx: Db, domains: readonly number[] | Piece, before: Day): Promise<void> {
  const which = isPiece(domains)
    ? `id > ${Number(domains.after)} and id <= ${Number(domains.through)}`
    : `id in ${numbersInJson(trx)}`;
  const of = `c.domain_id = d.id and c.day >= ${before - RECENT_DAYS} and c.day < ${Number(before)} and c.ip_id = 0`;
  const columns = ['before', ...FIGURES];
  await trx.raw(
    `insert into pool_windows (pool, domain_id, ${columns.join(', ')})
      select c.pool, c.domain_id, ${Number(before)}, ${FIGURES.map((name) => `sum(c.${name})`).join(', ')}
      from (select id from domains where ${which}) as d ${rowsForEach(trx, 'sending_counts', 'c', of)}
      group by c.pool, c.domain_id
      on conflict (pool, domain_id) do update set ${columns.map((name) => `${name} = excluded.${name}`).join(', ')}`,
    isPiece(domains) ? [] : [JSON.stringify(domains)],
  );
}

/** Removes windows of earlier days: nothing was counted over that pool since. */
export const dropWindowsBefore = (trx: Db, day: Day): Promise<number> =>
  trx('pool_windows').where('before', '<', day).delete();

/** What went over a shared pool, and over how many domains; `small`: those with fewer messages than are judged. */
export type PoolSum = Counts & { readonly pool: string; readonly domains: number; readonly small: number };

/** C-02: each shared pool's mail of the last 28 complete days. */
export async function listPoolSums(db: Db, minimumSample: number): Promise<PoolSum[]> {
  const rows = await db('pool_windows')
    // A day of nothing is counted, too, without the pool's domains.
    .where('sent', '>', 0)
    .groupBy('pool')
    .select('pool', db.raw('count(*) as domains'))
    .select(FIGURES.map((name) => db.raw('sum(??) as ??', [name, name])))
    .select(db.raw('sum(case when sent < ? then 1 else 0 end) as small', [minimumSample]));
  return rows.map((row) => ({
    pool: row.pool,
    domains: Number(row.domains),
    small: Number(row.small),
    ...countsOf(row),
  }));
}

export type PoolDomain = Counts & {
  readonly id: number;
  readonly domain: string;
  /** When staff stopped it (UTC milliseconds); null: they did not. */
  readonly stoppedAt: number | null;
  /** Whether its customer has it no more, so that it has no page. */
  readonly isRemoved: boolean;
  readonly accountId: number;
  readonly account: string;
};

/** C-02: the domains in a shared pool that are over its limits, the most mail first; a hundred at most. */
export async function listPoolOffenders(db: Db, pool: string, limits: Limits): Promise<PoolDomain[]> {
  const rows = await db('pool_windows as w')
    .join('domains as d', 'd.id', 'w.domain_id')
    .join('accounts as a', 'a.id', 'd.account_id')
    .where('w.pool', pool)
    .where('w.sent', '>', 0)
    .whereRaw('w.sent >= ? and (w.bounced * 1000000 > ? * w.sent or w.complained * 1000000 > ? * w.sent)', [
      limits.minimumSample,
      millionths(limits.bounce),
      millionths(limits.complaint),
    ])
    .orderByRaw('w.sent desc, d.name')
    .limit(100)
    .select(
      'w.*',
      'd.id',
      'd.name as domain',
      'd.stopped_at',
      'd.removed_at',
      'a.id as account_id',
      'a.name as account',
    );
  return rows.map((row) => ({
    id: row.id,
    domain: row.domain,
    stoppedAt: row.stopped_at,
    isRemoved: row.removed_at !== null,
    accountId: row.account_id,
    account: row.account,
    ...countsOf(row),
  }));
}

const countsOf = (row: Record<(typeof FIGURES)[number], unknown>): Counts => ({
  sent: Number(row.sent),
  delivered: Number(row.delivered),
  deferred: Number(row.deferred),
  bounced: Number(row.bounced),
  complained: Number(row.complained),
});
