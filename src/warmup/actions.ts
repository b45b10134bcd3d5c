import type { Actor } from '../accounts/person.ts';
import { listPeopleOfAccount } from '../accounts/store.ts';
import { record } from '../audit/actions.ts';
import { act, type Db } from '../database.ts';
import { type Day, dayOf } from '../day.ts';
import { activateAllocation } from '../ips/actions.ts';
import { queueMail } from '../notifications/actions.ts';
import type { Mail } from '../notifications/mail.ts';
import { stageOn, type WarmupPlan } from './schedule.ts';
import type { Clock } from './standing.ts';
import { findOriginOf, findWarmup, insertWarmup, listDomainNamesOf, moveWarmup, type Warmup } from './store.ts';

/** Starts the warm-up of an allocated IP by its plan (S-20). Gives the warm-up's id. */
export async function startWarmup(
  trx: Db,
  actor: Actor,
  allocation: { id: number; accountId: number; address: string },
  plan: WarmupPlan,
  clock: Clock,
): Promise<number> {
  const id = await insertWarmup(trx, allocation.id, plan, clock, actor.at);
  await record(trx, actor, {
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

/** Why a warm-up was not marked complete. `finishesOn`: the plan's last day. */
export type CompletionProblem =
  | { readonly name: 'not-found' }
  | { readonly name: 'already-complete' }
  | { readonly name: 'too-early'; readonly finishesOn: Day };

/**
 * Ends a warm-up whose plan is through: the allocation becomes active, all its mail goes over the dedicated IP, and
 * whoever asked for it and the account's admins and billing people are told (C-17). All or nothing.
 */
export function completeWarmup(db: Db, actor: Actor, id: number) {
  return act<void, CompletionProblem>(db, async (trx, refuse) => {
    const warmup = await findWarmup(trx, id);
    if (!warmup) return refuse({ name: 'not-found' });
    if (warmup.status === 'complete') return refuse({ name: 'already-complete' });
    const { plan, allocationId, address, accountId } = warmup;
    if (!stageOn(plan, dayOf(actor.at)).done) return refuse({ name: 'too-early', finishesOn: plan.finishesOn });
    if (!(await moveWarmup(trx, id, warmup.status, 'complete', actor.at))) return refuse({ name: 'already-complete' });
    await activateAllocation(trx, allocationId, actor.at);
    const eventId = await record(trx, actor, {
      name: 'warmup.completed',
      subject: { type: 'allocation', id: allocationId },
      accountId,
      from: 'warming',
      to: 'active',
      facts: { address },
    });
    await queueMail(trx, actor, await completionMails(trx, warmup, eventId));
  });
}

async function completionMails(trx: Db, warmup: Warmup, eventId: number): Promise<Mail[]> {
  const { requesterId, reference } = await findOriginOf(trx, warmup);
  const people = await listPeopleOfAccount(trx, warmup.accountId);
  const facts = {
    reference,
    kind: 'dedicated_ip' as const,
    what: `One dedicated IP for ${warmup.account}`,
    account: warmup.account,
    path: `/warm-ups/${warmup.id}`,
    address: warmup.address,
    domains: await listDomainNamesOf(trx, warmup.allocationId),
  };
  return people
    .filter((person) => person.accountRole !== 'member' || person.id === requesterId)
    .map(({ id, email, name, timeZone }) => ({
      eventId,
      to: { id, email, name, timeZone },
      template: 'warmup-complete',
      facts,
      thread: reference,
    }));
}
