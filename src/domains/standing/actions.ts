// C-02: staff stop a domain that harms its pool and let it in again; a domain leaves the transactional pool.
import type { Actor, Person } from '../../accounts/person.ts';
import { type Act, act } from '../../act.ts';
import { record } from '../../audit/actions.ts';
import type { AuditEvent } from '../../audit/event.ts';
import type { Db } from '../../database.ts';
import type { Result } from '../../result.ts';
import { showsNothing } from '../../visible.ts';
import { moveDomain } from '../actions.ts';
import { tellOfDomain, tellStaffOfDomain } from '../notify.ts';
import { findDomainOf, updateStanding } from '../store.ts';
import { barToStanding, type StandingBar, type StandingStep, standingTransitions } from './lifecycle.ts';

export type StandingProblem = 'not-found' | StandingBar | 'reason-missing';
export type StandingForm = { readonly accountId: number; readonly id: number; readonly reason: string };

/** Takes a step, with the reason that the other side reads. */
export const takeStanding = (
  db: Db,
  actor: Actor & { readonly person: Person },
  name: StandingStep,
  { reason: typed, ...of }: StandingForm,
): Promise<Result<void, StandingProblem>> =>
  act<void, StandingProblem>(db, actor, async (act) => {
    const domain = (await findDomainOf(act.trx, of.accountId, of.id)) ?? act.refuse('not-found');
    const bar = barToStanding(name, domain, actor.person);
    if (bar !== null) return act.refuse(bar);
    const reason = typed.trim();
    if (showsNothing(reason)) return act.refuse('reason-missing');
    const { event, mail } = standingTransitions[name];
    const { at } = actor;
    if (name === 'leave') await moveDomain(act, domain, 'default');
    // Moving it out of its pool has answered what was asked.
    const seen = name === 'leave' ? { ...domain, leaveAskedAt: null } : domain;
    const isSet = await updateStanding(act.trx, seen, {
      stoppedAt: name === 'stop' ? at : name === 'letIn' ? null : domain.stoppedAt,
      leaveAskedAt: name === 'askToLeave' ? at : name === 'leave' || name === 'keep' ? null : domain.leaveAskedAt,
      at,
    });
    if (!isSet) return act.refuse('not-open');
    const subject = { type: 'domain', id: domain.id } as const;
    const facts = { domain: domain.name };
    const eventId = await record(
      act,
      { name: event, subject, accountId: domain.accountId, facts } as AuditEvent,
      reason,
    );
    if (mail === 'domain-leave-asked') await tellStaffOfDomain(act, domain, { eventId, by: actor.person.name, reason });
    else await tellOfDomain(act, domain, mail, { eventId, facts: { reason } });
  });

/**
 * C-02: stops a domain that performs poorly, in the caller's transaction. `reason`: in numbers; its people read it. Returns the
 * id of its record; null where it is stopped already or removed.
 */
export async function stopPoor(
  act: Act,
  { accountId, id }: { readonly accountId: number; readonly id: number },
  reason: string,
): Promise<number | null> {
  const { trx, actor } = act;
  const domain = await findDomainOf(trx, accountId, id);
  if (domain === undefined || domain.stoppedAt !== null) return null;
  const to = { stoppedAt: actor.at, leaveAskedAt: domain.leaveAskedAt, at: actor.at };
  if (!(await updateStanding(trx, domain, to))) return null;
  const facts = { domain: domain.name };
  const subject = { type: 'domain', id } as const;
  const eventId = await record(act, { name: standingTransitions.stop.event, subject, accountId, facts }, reason);
  await tellOfDomain(act, domain, standingTransitions.stop.mail, { eventId, facts: { reason } });
  return eventId;
}
