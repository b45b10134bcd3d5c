// What went over many IPs lately, in as few rows as judging them takes.
import { type Db, isPostgres } from '../database.ts';
import type { Day } from '../day.ts';
import type { Counts } from './counts.ts';

/** What went over an IP on one day: by mailbox provider from a day on, to all together (`''`) before it. */
export type WindowCount = Counts & { readonly day: Day; readonly provider: string };

/**
 * The counts of these IPs (a thousand at most) from `since` up to and with `until`, summed over domains and streams;
 * by provider only from `inFull` on. An IP without counts is not in the answer.
 */
export async function listWindowCounts(
  db: Db,
  ipIds: readonly number[],
  { since, inFull, until }: { readonly since: Day; readonly inFull: Day; readonly until: Day },
): Promise<Map<number, WindowCount[]>> {
  if (ipIds.length === 0) return new Map();
  const summed = db('sending_counts')
    .whereIn('ip_id', [...ipIds])
    .whereBetween('day', [since, until])
    .groupByRaw('1, 2, 3')
    .select('ip_id', 'day', db.raw("case when day >= ? then provider else '' end as provider", [inFull]))
    .select(
      ['sent', 'delivered', 'deferred', 'bounced', 'complained'].map((count) =>
        db.raw('sum(??) as ??', [count, count]),
      ),
    )
    .as('s');
  // One row for each IP: reading a row costs more than what is in it.
  const row = 'day, provider, sent, delivered, deferred, bounced, complained';
  const whole = isPostgres(db) ? `json_agg(json_build_array(${row}))` : `json_group_array(json_array(${row}))`;
  const rows: { ip_id: number; counts: string | Packed[] }[] = await db(summed)
    .groupBy('ip_id')
    .select('ip_id', db.raw(`${whole} as counts`));
  return new Map(
    rows.map(({ ip_id, counts }) => [ip_id, (typeof counts === 'string' ? JSON.parse(counts) : counts).map(unpack)]),
  );
}

type Packed = readonly [number, string, number, number, number, number, number];

const unpack = ([day, provider, sent, delivered, deferred, bounced, complained]: Packed): WindowCount => ({
  day,
  provider,
  sent,
  delivered,
  deferred,
  bounced,
  complained,
});
