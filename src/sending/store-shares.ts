import type { Db } from '../database.ts';
import type { Day } from '../day.ts';

/** What some domains sent on a day: over one IP, and over everything. */
export type DayShare = { readonly day: Day; readonly over: number; readonly all: number };

/** Day by day from `since` up to and with `until`, oldest first; days on which nothing was counted are left out. */
export async function listDayShares(
  db: Db,
  domainIds: readonly number[],
  ipId: number,
  since: Day,
  until: Day,
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

/** What went over IPs since a day, by IP: for rates of many at once. `ipIds`: null for all. */
export async function listIpSums(
  db: Db,
  ipIds: readonly number[] | null,
  since: Day,
  until: Day,
): Promise<Map<number, IpSums>> {
  const query = db('sending_counts').where('ip_id', '>', 0).whereBetween('day', [since, until]).groupBy('ip_id');
  if (ipIds !== null) query.whereIn('ip_id', [...ipIds]);
  const rows = await query.select('ip_id', ...SUMMED.map((count) => db.raw('sum(??) as ??', [count, count])));
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
