import type { Act } from '../act.ts';
import { record } from '../audit/actions.ts';
import type { Pattern } from '../sending/pattern.ts';
import { warmupTransitions } from './lifecycle.ts';
import type { WarmupPlan } from './plan.ts';
import type { Clock } from './state.ts';
import { insertWarmup, lockWarmupOf, moveWarmup, type Warmup } from './store.ts';

/** Starts the warm-up of an allocated IP by its plan (S-20), which was made for `pattern`. Returns the warm-up's id. */
export async function startWarmup(
  act: Act,
  allocation: { id: number; accountId: number; address: string },
  plan: WarmupPlan,
  { clock, pattern }: { readonly clock: Clock; readonly pattern: Pattern },
): Promise<number> {
  const id = await insertWarmup(act.trx, allocation.id, { plan, clock, pattern, at: act.actor.at });
  await record(act, {
    name: 'warmup.started',
    subject: { type: 'allocation', id: allocation.id },
    accountId: allocation.accountId,
    from: 'warming',
    to: 'warming',
    facts: {
      address: allocation.address,
      schedule: plan.schedule,
      days: plan.finishesOn - plan.startsOn + 1,
      targetPerDay: plan.targetPerDay,
    },
  });
  return id;
}

/**
 * Ends the warm-up of an IP that is given back, in the transaction of the release and before its allocation moves. `why`: a
 * sentence, for its page. Returns the warm-up as it was; undefined where the IP has none.
 */
export async function endWarmup(act: Act, allocationId: number, why: string): Promise<Warmup | undefined> {
  const { trx, actor } = act;
  const before = await lockWarmupOf(trx, allocationId);
  if (before === undefined || before.status === 'ended') return before;
  const { id, status: from, address, stage, accountId } = before;
  const { to, event: name } = warmupTransitions.end;
  const change = { why, verdict: null, early: null, slowed: {} };
  if (!(await moveWarmup(trx, id, { from, to, at: actor.at }, change)))
    throw new Error(`the warm-up ${id} moved although it was locked`);
  const subject = { type: 'allocation', id: allocationId } as const;
  await record(act, { name, subject, accountId, facts: { address, stage, why } });
  return before;
}
