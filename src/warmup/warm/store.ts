// What watching completed IPs reads and writes, for many at once.
import { type Db, overtaken } from '../../database.ts';
import type { Day } from '../../day.ts';
import { countChanged, numbersInJson, rowsInJson } from '../../dialect.ts';
import type { Region } from '../../policy/checks/facts.ts';
import type { PlanState } from '../state.ts';

/** A completed IP before and after one of its days. */
export type WatchedRow = { readonly id: number; readonly before: PlanState; readonly after: PlanState };

const COLUMNS = {
  id: 'integer',
  from_day: 'integer',
  status: 'text',
  starts_on: 'integer',
  finishes_on: 'integer',
  target_per_day: 'integer',
  caps: 'text',
  stage: 'integer',
  progress: 'integer',
  carried: 'integer',
  stage_since: 'integer',
  limited_on: 'integer',
  cap_percent: 'integer',
  slowed: 'text',
  idle_days: 'integer',
  next_day: 'integer',
  judged_from: 'integer',
  warmed_to: 'integer',
  moved: 'integer',
} as const;

/** Writes where completed IPs are after a day. Throws where one of them was watched by somebody else. */
export async function writeWatched(trx: Db, watched: readonly WatchedRow[], at: number): Promise<void> {
  const rows = watched.map(({ id, before, after }) => [
    id,
    before.nextDay,
    after.status,
    after.plan.startsOn,
    after.plan.finishesOn,
    after.plan.targetPerDay,
    JSON.stringify(after.plan.caps),
    after.stage,
    after.progress,
    after.carried,
    after.stageSince,
    after.limitedOn,
    after.capPercent,
    JSON.stringify(after.slowed),
    after.idleDays,
    after.nextDay,
    after.judgedFrom,
    after.warmedTo,
    isOther(before, after) ? 1 : 0,
  ]);
  const set = Object.keys(COLUMNS)
    .filter((name) => !['id', 'from_day', 'moved'].includes(name))
    .map((name) => `${name} = x.${name}`);
  const update = `update warmups set ${set.join(', ')},
      completed_at = case when x.status = 'complete' then warmups.completed_at end,
      told_on = case when x.status = 'complete' then warmups.told_on end,
      is_again = (x.status <> 'complete') or warmups.is_again,
      began_on = case when x.starts_on <> warmups.starts_on then coalesce(warmups.began_on, warmups.starts_on)
        else warmups.began_on end,
      changed_at = case when x.moved = 1 then cast(? as bigint) else warmups.changed_at end
    from (${rowsInJson(trx, COLUMNS)}) as x
    where warmups.id = x.id and warmups.next_day = x.from_day and warmups.status = 'complete'`;
  const changed = await countChanged(trx, update, [at, JSON.stringify(rows)]);
  if (changed !== watched.length) throw overtaken('a completed IP was watched while it was claimed');
}

/** Whether those who route have to know. */
const isOther = (before: PlanState, after: PlanState): boolean =>
  before.status !== after.status ||
  before.warmedTo !== after.warmedTo ||
  before.capPercent !== after.capPercent ||
  JSON.stringify(before.slowed) !== JSON.stringify(after.slowed);

/** Messages delivered over each of these IPs on its busiest day from `since` up to and with `until`. */
export async function listBusiest(
  db: Db,
  ipIds: readonly number[],
  since: Day,
  until: Day,
): Promise<Map<number, number>> {
  const days = db('sending_counts')
    .where('ip_id', '>', 0)
    .whereIn('ip_id', [...ipIds])
    .whereBetween('day', [since, until])
    .groupBy('ip_id', 'day')
    .select('ip_id', db.raw('sum(delivered) as delivered'))
    .as('d');
  const rows = await db.from(days).groupBy('ip_id').select('ip_id').max({ most: 'delivered' });
  return new Map(rows.map((row) => [row.ip_id, Number(row.most)]));
}

/**
 * By the allocation's id: where its account's mail has to leave from, and whether the account has another warm IP that
 * carries mail.
 */
export async function listHomes(
  db: Db,
  allocationIds: readonly number[],
): Promise<Map<number, { region: Region | null; hasWarm: boolean }>> {
  const others = db('allocations as b')
    .leftJoin('warmups as w', 'w.allocation_id', 'b.id')
    .whereRaw('b.account_id = a.account_id')
    .whereRaw('b.id <> a.id')
    .where('b.status', 'active')
    // S-15: of an IP without automated warm-up no idle days are counted.
    .where((of) => of.whereNull('w.id').orWhere({ 'w.status': 'complete', 'w.idle_days': 0 }))
    .count('*')
    .as('others');
  const rows = await db('allocations as a')
    .join('accounts as c', 'c.id', 'a.account_id')
    .whereRaw(`a.id in ${numbersInJson(db)}`, [JSON.stringify(allocationIds)])
    .select('a.id', 'c.region', others);
  return new Map(rows.map(({ id, region, others: n }) => [id, { region, hasWarm: Number(n) > 0 }]));
}

/** Keeps the day for which staff were notified of these. */
export async function markNotified(trx: Db, ids: readonly number[], day: Day): Promise<void> {
  await trx('warmups')
    .whereIn('id', [...ids])
    .update({ told_on: day });
}
