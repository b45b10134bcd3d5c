import type { Act } from '../act.ts';
import { record } from '../audit/actions.ts';
import type { Pattern } from '../sending/pattern.ts';
import type { WarmupPlan } from './plan.ts';
import type { Clock } from './state.ts';
import { insertWarmup } from './store.ts';

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
