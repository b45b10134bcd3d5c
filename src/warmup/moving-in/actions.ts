import type { Act } from '../../act.ts';
import { dayOf } from '../../day.ts';
import type { Policy } from '../../policy/document/policy.ts';
import { movedIn, type Warmth } from './plan.ts';
import { insertMovedIn } from './store.ts';

/** Goes on with the warm-up of an IP that an account had before, or keeps what it is warmed to. Its allocation has the record of it. */
export const moveWarmupIn = (
  { trx, actor }: Act,
  allocationId: number,
  warmth: Warmth,
  policy: Policy,
): Promise<void> => insertMovedIn(trx, allocationId, movedIn(policy, warmth, dayOf(actor.at)), actor.at);
