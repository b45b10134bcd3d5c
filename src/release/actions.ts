// Giving IPs back: by their customer, by staff, and with an account that is closed.
import { holdAccount } from '../accounts/actions.ts';
import type { Actor, Person } from '../accounts/person.ts';
import { type Act, act } from '../act.ts';
import type { Db } from '../database.ts';
import { moveDomain } from '../domains/actions.ts';
import { beginRelease } from '../ips/actions.ts';
import { barToAllocation } from '../ips/lifecycle.ts';
import { repriceIps } from '../ips/prices/actions.ts';
import { findAllocation } from '../ips/store.ts';
import type { Policy } from '../policy/document/policy.ts';
import { gatherRequotes } from '../requests/account/gather.ts';
import { requote } from '../requests/account/transition.ts';
import type { Result } from '../result.ts';
import { showsNothing } from '../visible.ts';
import { endWarmup } from '../warmup/actions.ts';
import { type ReleaseEffects, type ReleaseProblem, releaseBasis } from './effects.ts';
import { gatherRelease } from './gather.ts';
import { notifyRelease } from './notify.ts';

export type ReleaseForm = {
  readonly accountId: number;
  readonly allocationId: number;
  /** What was on the screen (`releaseBasis`). */
  readonly seen: string;
  readonly reason: string;
};

type Somebody = Actor & { readonly person: Person };

/**
 * Releases an IP, bound to what was on the screen: nothing new goes over it from now on, its warm-up ends, its domains move to
 * what carries them then, and the day of `actor.at` (UTC) is charged last. One mail goes to each person concerned.
 */
export function releaseIp(
  db: Db,
  actor: Somebody,
  document: Policy,
  form: ReleaseForm,
): Promise<Result<ReleaseEffects, ReleaseProblem>> {
  return act<ReleaseEffects, ReleaseProblem, Somebody>(db, actor, async (act) => {
    const { refuse } = act;
    const account = (await holdAccount(act.trx, form.accountId)) ?? refuse('not-found');
    const allocation = await findAllocation(act.trx, form.allocationId);
    if (allocation?.accountId !== account.id) return refuse('not-found');
    const bar = barToAllocation('release', allocation, actor.person);
    if (bar !== null) return refuse(bar);
    const reason = form.reason.trim();
    if (actor.person.accountId !== account.id && showsNothing(reason)) return refuse('reason-missing');
    const effects = await gatherRelease(act.trx, { document, at: actor.at }, account, [allocation.id]);
    if (releaseBasis(effects) !== form.seen) return refuse('changed');
    const [eventId] = await giveBack(act, effects, reason);
    // C-09: where the plan includes the place that is free now, an open request costs less.
    const requotes = await gatherRequotes(act.trx, { account, plan: account.plan, at: actor.at });
    for (const one of requotes) if (one.monthlyCents < one.beforeCents) await requote(act, one, null);
    if (eventId !== undefined) await notifyRelease(act, account, { effects, eventId, reason });
    return effects;
  });
}

/**
 * Releases all these IPs in the running transaction, in which the account is locked. Nobody is mailed: the caller tells what
 * happened. Returns the ids of the records, in order.
 */
export async function giveBack(act: Act, effects: ReleaseEffects, reason: string): Promise<number[]> {
  const events: number[] = [];
  const day = new Date(act.actor.at).toISOString().slice(0, 10);
  for (const { allocation } of effects.given) {
    // Before the allocation: all who move a warm-up take them in this order.
    await endWarmup(act, allocation.id, `${allocation.address} was given back on ${day} (UTC).`);
    events.push(await beginRelease(act, allocation, effects.drainsUntil, reason));
  }
  for (const { domain, to } of effects.moves) await moveDomain(act, domain, to);
  await repriceIps(act, effects.cheaper);
  return events;
}
