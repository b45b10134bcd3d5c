import type { Db } from '../database.ts';
import type { Day } from '../day.ts';

/** What was handed out over an IP in each of the 24 hours of a day (UTC), in messages. */
export async function listSpentHours(db: Db, ipId: number, day: Day): Promise<number[]> {
  const rows = await db('route_hours').where({ ip_id: ipId, day }).select('hour', 'spent');
  const hours = new Array<number>(24).fill(0);
  for (const { hour, spent } of rows) hours[hour] = spent;
  return hours;
}
