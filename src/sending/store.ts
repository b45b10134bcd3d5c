import type { Db } from '../database.ts';
import { type DayCount, type WeekCount, window } from './counts.ts';

/** Keeps a domain's counts of some days; a day that is there already is replaced. */
export async function upsertCounts(trx: Db, domainId: number, counts: readonly DayCount[], at: number): Promise<void> {
  const rows = counts.map((count) => ({ domain_id: domainId, ...count, recorded_at: at }));
  for (let start = 0; start < rows.length; start += 100) {
    await trx('sending_counts')
      .insert(rows.slice(start, start + 100))
      .onConflict(['domain_id', 'day'])
      .merge();
  }
}

/** The weekly sums of each of these domains, over the weeks that are looked at on the day of `at`. */
export async function listWeekCounts(
  db: Db,
  domainIds: readonly number[],
  at: number,
): Promise<Map<number, WeekCount[]>> {
  if (domainIds.length === 0) return new Map();
  const { since, until, recentSince } = window(at);
  const recent = (column: string) =>
    db.raw(`sum(case when day >= ${recentSince} then ${column} else 0 end) as recent_${column}`);
  const rows = await db('sending_counts')
    .whereIn('domain_id', [...domainIds])
    .where('day', '>=', since)
    .where('day', '<', until)
    // Day 0 was a Thursday: three days later the first week since 1970 begins.
    .groupByRaw('domain_id, (day + 3) / 7')
    .select(
      'domain_id',
      db.raw('(day + 3) / 7 as week'),
      db.raw('sum(sent) as sent'),
      db.raw('max(recorded_at) as recorded_at'),
    )
    .select(recent('sent'), recent('bounced'), recent('complained'));
  const found = new Map<number, WeekCount[]>();
  for (const row of rows) {
    const count = {
      from: Number(row.week) * 7 - 3,
      sent: Number(row.sent),
      recentSent: Number(row.recent_sent),
      recentBounced: Number(row.recent_bounced),
      recentComplained: Number(row.recent_complained),
      recordedAt: Number(row.recorded_at),
    };
    found.set(row.domain_id, [...(found.get(row.domain_id) ?? []), count]);
  }
  return found;
}
