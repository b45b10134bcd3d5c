// What went over many IPs on a day and lately, in as few rows as judging them takes.
import { type Db, isPostgres } from '../database.ts';
import type { Day } from '../day.ts';
import { type Counts, NOTHING, sumOf } from './counts.ts';

/** What went over an IP: on a day by mailbox provider, and on the days up to it all together. */
export type DayAndWindow = { readonly counts: Readonly<Record<string, Counts>>; readonly window: Counts };

type Row = { ip_id: number; counts: string | readonly Packed[] | null } & Record<keyof Counts, number>;
type Packed = readonly [provider: string, number, number, number, number, number];

const COUNTS = ['sent', 'delivered', 'deferred', 'bounced', 'complained'] as const;

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
  const packed = `provider, ${COUNTS.join(', ')}`;
  // One row for each IP: reading a row costs more than what is in it.
  const list = isPostgres(db) ? `json_agg(json_build_array(${packed}))` : `json_group_array(json_array(${packed}))`;
  const rows: Row[] = await db('sending_counts')
    // Said so that the index of IPs alone serves.
    .where('ip_id', '>', 0)
    .whereIn('ip_id', [...ipIds])
    .whereBetween('day', [since, day])
    .groupBy('ip_id')
    .select('ip_id', db.raw(`${list} filter (where day = ?) as counts`, [day]))
    .select(COUNTS.map((count) => db.raw('sum(??) as ??', [count, count])));
  return new Map(rows.map((row) => [row.ip_id, { counts: byProvider(row.counts), window: windowOf(row) }]));
}

const windowOf = (row: Row): Counts => ({
  sent: Number(row.sent),
  delivered: Number(row.delivered),
  deferred: Number(row.deferred),
  bounced: Number(row.bounced),
  complained: Number(row.complained),
});

function byProvider(given: Row['counts']): Record<string, Counts> {
  const list: readonly Packed[] = typeof given === 'string' ? JSON.parse(given) : (given ?? []);
  const found: Record<string, Counts> = {};
  for (const [provider, sent, delivered, deferred, bounced, complained] of list) {
    found[provider] = sumOf([found[provider] ?? NOTHING, { sent, delivered, deferred, bounced, complained }]);
  }
  return found;
}
