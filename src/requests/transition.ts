// Taking one step of the lifecycle inside a running transaction: guard, move, record, tell.
import type { Act } from '../act.ts';
import type { NewFile } from '../attachments/attachment.ts';
import { attach } from '../attachments/transition.ts';
import { record } from '../audit/actions.ts';
import type { AuditEvent, AuditFacts } from '../audit/event.ts';
import { findCalendar } from '../calendar/store.ts';
import { showsNothing } from '../visible.ts';
import { clockAfter } from './clock/clock.ts';
import { type Bar, barTo, type TransitionName, transitions } from './lifecycle.ts';
import { type NotificationFacts, notify } from './notify.ts';
import type { IpRequest } from './request.ts';
import { dropPending } from './review/pending/transition.ts';
import { type Change, lockRequest, moveRequest } from './store.ts';

/** Why a step was not taken. `changed`: what the reviewer saw is not so any more, a sentence for each difference. */
export type TransitionProblem =
  | { readonly name: 'not-found' }
  | { readonly name: Bar }
  | { readonly name: 'changed'; readonly differences: readonly string[] }
  | { readonly name: 'reason-missing' }
  | { readonly name: 'unticked'; readonly items: readonly string[] }
  | { readonly name: 'not-possible'; readonly sentence: string };

/** Locks the request and makes sure that the actor may take the step now. */
export async function lockFor(
  { trx, actor, refuse }: Act<TransitionProblem>,
  id: number,
  step: TransitionName,
): Promise<IpRequest> {
  const request = await lockRequest(trx, id);
  if (!request) return refuse({ name: 'not-found' });
  const bar = barTo(step, request, actor.person);
  return bar === null ? request : refuse({ name: bar });
}

/** A step that was taken: the request as it is now, and the record. */
export type Taken = { readonly request: IpRequest; readonly eventId: number };

/**
 * Moves the request, records the step and queues its mails. A decision on it that had not taken effect lapses.
 * Refuses where somebody moved it first, and where the step needs words and has none.
 */
export async function transition(
  act: Act<TransitionProblem>,
  step: TransitionName,
  request: IpRequest,
  details: {
    readonly change: Change;
    readonly facts: AuditFacts[keyof AuditFacts];
    readonly notifications: NotificationFacts;
    /** What the actor wrote, if anything. */
    readonly message?: string;
    /** The files that came with it. */
    readonly files?: readonly NewFile[];
    /** What they wrote into the request itself, by which the step is found too. */
    readonly written?: string;
  },
): Promise<Taken> {
  const { trx, actor, refuse } = act;
  const { to, event, note } = transitions[step];
  const message = details.message?.trim() ?? '';
  if (note === 'required' && showsNothing(message)) return refuse({ name: 'reason-missing' });
  const { dueAt } = details.change;
  const clock = clockAfter(request, { dueAt, at: actor.at }, await findCalendar(trx));
  if (!(await moveRequest(trx, request, to, { ...details.change, clock }))) return refuse({ name: 'not-open' });
  await dropPending(act, request, to);
  const written = details.written ?? '';
  const eventId = await record(act, transitionEvent(event, request, to, details.facts), { message, written });
  await attach(act, { eventId, accountId: request.account.id }, details.files ?? []);
  await notify(act, step, { request, eventId, notifications: details.notifications });
  const { automaticAt: _, ...moved } = { ...request, status: to, version: request.version + 1, clock };
  const { automaticAt } = details.change;
  return { request: automaticAt === undefined ? moved : { ...moved, automaticAt }, eventId };
}

/** The record of a step. The facts belong to the event's name by the lifecycle table. */
export function transitionEvent(
  name: AuditEvent['name'],
  request: Pick<IpRequest, 'id' | 'account' | 'status'> & { readonly isNew?: boolean },
  to: string | null,
  facts: AuditFacts[keyof AuditFacts],
): AuditEvent {
  return {
    name,
    subject: { type: 'request', id: request.id },
    accountId: request.account.id,
    from: to === null || request.isNew ? null : request.status,
    to,
    facts,
  } as AuditEvent;
}
