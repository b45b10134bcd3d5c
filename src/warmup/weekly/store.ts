// Who gets the weekly mail about warm-ups, and what it says.
import type { Person } from '../../accounts/person.ts';
import { personColumns, toPerson } from '../../accounts/store.ts';
import type { Db } from '../../database.ts';
import { skippingLocked } from '../../database.ts';
import { type Day, startOfDay } from '../../day.ts';
import { fromRow, selectWarmups, type Warmup } from '../store.ts';

/**
 * Customers after `after` who want the weekly mail and were not notified of the week before `monday` yet, by id.
 * `onlyJudged`: leaves out accounts with a plan of which a day of that week is not judged yet.
 */
export async function claimReaders(
  trx: Db,
  monday: Day,
  { after, limit }: { readonly after: number; readonly limit: number },
  onlyJudged: boolean,
): Promise<Person[]> {
  const underWay = () =>
    trx('warmups as w')
      .join('allocations as a', 'a.id', 'w.allocation_id')
      .whereIn('w.status', ['running', 'paused'])
      .select('a.account_id');
  const due = trx('people as p')
    .where('p.id', '>', after)
    .whereNotExists((off) =>
      off
        .select('m.person_id')
        .from('mail_preferences as m')
        .whereRaw('m.person_id = p.id')
        .where({ 'm.event': 'weekly-progress', 'm.choice': 'off' }),
    )
    .where('p.progress_told', '<', monday)
    .where('p.created_at', '<', startOfDay(monday))
    .whereNotNull('p.account_id')
    .whereNull('p.disabled_at')
    .whereIn('p.account_id', underWay().where('w.starts_on', '<', monday))
    .orderBy('p.id')
    .limit(limit)
    .select(...personColumns(trx));
  if (onlyJudged) due.whereNotIn('p.account_id', underWay().where('w.next_day', '<', monday));
  return (await skippingLocked(trx, due)).map(toPerson);
}

/** Keeps that these people were notified of the week before `monday`. */
export async function markNotified(trx: Db, personIds: readonly number[], monday: Day): Promise<void> {
  await trx('people')
    .whereIn('id', [...personIds])
    .update({ progress_told: monday });
}

/** Days after people were notified that a plan stands still in which the weekly mail repeats it: two Mondays. */
const TOLD_DAYS = 14;

/**
 * The plans of these accounts that are under way and were before `monday`, with who asked for each; but not those that
 * stand still and of which two such mails said so.
 */
export async function listUnderWay(
  db: Db,
  accountIds: readonly number[],
  monday: Day,
): Promise<(Warmup & { readonly requesterId: number | null })[]> {
  const rows = await selectWarmups(db)
    .leftJoin('requests as r', 'r.id', 'a.request_id')
    .whereIn('a.account_id', [...accountIds])
    .whereIn('w.status', ['running', 'paused'])
    .where('w.starts_on', '<', monday)
    .where((plan) => plan.whereNull('w.told_on').orWhere('w.told_on', '>=', monday - TOLD_DAYS))
    .orderBy('w.id')
    .select('r.requester_id');
  return rows.map((row) => ({ ...fromRow(row), requesterId: row.requester_id }));
}

/** What went over each IP in a week, and how many stages passed in it, by the warm-up's id. */
export async function listWeeks(
  db: Db,
  warmupIds: readonly number[],
  from: Day,
): Promise<Map<number, { sent: number; passed: number }>> {
  const rows = await db('warmup_days')
    .whereIn('warmup_id', [...warmupIds])
    .whereBetween('day', [from, from + 6])
    .groupBy('warmup_id')
    .select('warmup_id', db.raw('sum(sent) as sent'))
    .select(db.raw("sum(case when verdict = 'advance' then 1 else 0 end) as passed"));
  return new Map(rows.map((row) => [row.warmup_id, { sent: Number(row.sent), passed: Number(row.passed) }]));
}
