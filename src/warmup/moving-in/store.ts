import type { Db } from '../../database.ts';
import { type Day, dayOf, startOfDay } from '../../day.ts';
import type { PlanState } from '../state.ts';
import { planColumns, type Warmup } from '../store.ts';

/** Adds a plan that is under way, or complete. `at`: UTC milliseconds. */
export async function insertMovedIn(trx: Db, allocationId: number, state: PlanState, at: number): Promise<void> {
  const { plan, status } = state;
  await trx('warmups').insert({
    allocation_id: allocationId,
    ...planColumns(plan),
    status,
    clock: state.clock,
    starts_on: plan.startsOn,
    pattern: JSON.stringify(state.pattern),
    stage: state.stage,
    progress: state.progress,
    carried: state.carried,
    stage_since: state.stageSince,
    limited_on: state.limitedOn,
    next_day: state.nextDay,
    judged_from: state.judgedFrom,
    warmed_to: state.warmedTo,
    completed_at: status === 'complete' ? startOfDay(plan.startsOn) : null,
    changed_at: at,
  });
}

/** When an IP was moved in (UTC day), and what it carried a day then. */
export type MovedIn = { readonly on: Day; readonly perDay: number };

/** null: it came by a request, or its plan began again since. */
export async function findMovedIn(
  db: Db,
  { requestId, allocationId, isAgain }: Pick<Warmup, 'requestId' | 'allocationId' | 'isAgain'>,
): Promise<MovedIn | null> {
  if (requestId !== null || isAgain) return null;
  const of = { subject_type: 'allocation', subject_id: allocationId, name: 'allocation.movedIn' };
  const event = await db('audit_events').where(of).first('at', 'facts');
  return event ? { on: dayOf(event.at), perDay: JSON.parse(event.facts).perDay } : null;
}
