import type { Db } from '../database.ts';
import type { Day } from '../day.ts';
import { numbersInJson } from '../dialect.ts';
import { type Counts, type DayCount, type WeekCount, window } from './counts.ts';
import { type Engagement, engagementColumns, engagementFigures } from './engagement.ts';

const COUNTED = ['sent', 'delivered', 'deferred', 'bounced', 'complained'];
const KEY = ['domain_id', 'day', 'ip_id', 'pool', 'provider', 'stream'];

/** Keeps a domain's counts of some days; counts of the same day, IP or pool, provider and stream are replaced. */
export async function upsertCounts(trx: Db, domainId: number, counts: readonly DayCount[], at: number): Promise<void> {
  const rows = counts.map(({ ipId, engagement, ...count }) => ({
    ...{ domain_id: domainId, ip_id: ipId, ...count, recorded_at: at },
    ...columnsOf(engagement),
  }));
  for (let start = 0; start < rows.length; start += 100) {
    await trx('sending_counts')
      .insert(rows.slice(start, start + 100))
      .onConflict(KEY)
      .merge();
  }
}

const columnsOf = (told: Engagement | undefined): Record<string, number | null> =>
  Object.fromEntries(engagementFigures.map((figure) => [engagementColumns[figure], told?.[figure] ?? null]));

/** What went over one IP on one day to one mailbox provider, summed over domains and streams. */
export type IpDayCount = Counts & { readonly ipId: number; readonly day: Day; readonly provider: string };

/** The counts of these IPs (a thousand at most) on the days from `since` up to and with `until`. */
export async function listIpDayCounts(db: Db, ipIds: readonly number[], since: Day, until: Day): Promise<IpDayCount[]> {
  const rows = await db('sending_counts')
    .where('ip_id', '>', 0)
    .whereIn('ip_id', [...ipIds])
    .whereBetween('day', [since, until])
    .groupBy('ip_id', 'day', 'provider')
    .select('ip_id', 'day', 'provider', ...COUNTED.map((count) => db.raw('sum(??) as ??', [count, count])));
  return rows.map((row) => ({
    ipId: row.ip_id,
    day: row.day,
    provider: row.provider,
    sent: Number(row.sent),
    delivered: Number(row.delivered),
    deferred: Number(row.deferred),
    bounced: Number(row.bounced),
    complained: Number(row.complained),
  }));
}

/** The last UTC day on which any of these domains sent something; null: it is not known of one. */
export async function findLastSentOn(db: Db, domainIds: readonly number[]): Promise<Day | null> {
  const row = await db('sending_counts')
    .whereIn('domain_id', [...domainIds])
    .where('sent', '>', 0)
    .max({ day: 'day' })
    .first();
  return row?.day ?? null;
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
    .whereRaw(`domain_id in ${numbersInJson(db)}`, [JSON.stringify(domainIds)])
    .where('day', '>=', since)
    .where('day', '<', until)
    // Day 0 was a Thursday: three days later the first week since 1970 begins.
    .groupByRaw('domain_id, (day + 3) / 7')
    .select(
      'domain_id',
      db.raw('(day + 3) / 7 as week'),
      db.raw('sum(sent) as sent'),
      db.raw("sum(case when stream = 'transactional' then sent else 0 end) as transactional"),
      db.raw('max(recorded_at) as recorded_at'),
    )
    .select(recent('sent'), recent('bounced'), recent('complained'));
  const found = new Map<number, WeekCount[]>();
  for (const row of rows) {
    const count = {
      from: Number(row.week) * 7 - 3,
      sent: Number(row.sent),
      transactional: Number(row.transactional),
      recentSent: Number(row.recent_sent),
      recentBounced: Number(row.recent_bounced),
      recentComplained: Number(row.recent_complained),
      recordedAt: Number(row.recorded_at),
    };
    found.set(row.domain_id, [...(found.get(row.domain_id) ?? []), count]);
  }
  return found;
}
