import type { Act } from '../act.ts';
import { record } from '../audit/actions.ts';
import type { WarmupPlan } from './plan.ts';
import type { Clock } from './state.ts';
import { insertWarmup } from './store.ts';

/** Starts the warm-up of an allocated IP by its plan (S-20). Gives the warm-up's id. */
export async function startWarmup(
  act: Act,
  allocation: { id: number; accountId: number; address: string },
  plan: WarmupPlan,
  clock: Clock,
): Promise<number> {
  const id = await insertWarmup(act.trx, allocation.id, { plan, clock, at: act.actor.at });
  await record(act, {
    name: 'warmup.started',
    subject: { type: 'allocation', id: allocation.id },
    accountId: allocation.accountId,
    from: 'warming',
    to: 'warming',
    facts: {
      address: allocation.address,
      schedule: plan.schedule,
      days: plan.caps.length,
      targetPerDay: plan.targetPerDay,
    },
  });
  return id;
}
