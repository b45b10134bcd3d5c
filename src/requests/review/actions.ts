// What reviewers do without deciding: ask the customer, send a proposal back, write a note, take the queue out as a file.
import { act } from '../../act.ts';
import { namesOf, type Said, saidOf } from '../../attachments/attachment.ts';
import { attach } from '../../attachments/transition.ts';
import { record } from '../../audit/actions.ts';
import type { Db } from '../../database.ts';
import { gatherLeft } from '../clock/gather.ts';
import { findRequest } from '../store.ts';
import { voidDecisions } from '../store-decisions.ts';
import { lockFor, type Taken, type TransitionProblem, transition, transitionEvent } from '../transition.ts';
import { evidenceOf, type Reviewer } from './decide.ts';
import { listMentioned, notifyMentioned } from './mentions/notify.ts';

const DAY = 86_400_000;

/** Asks the customer a question; the clock stops until the answer. */
export function askForInformation(db: Db, actor: Reviewer, id: number, said: string | Said) {
  const { text: question, files } = saidOf(said);
  return act<Taken, TransitionProblem>(db, actor, async (act) => {
    const { trx } = act;
    const request = await lockFor(act, id, 'ask');
    const { policy } = await evidenceOf(trx, request, actor.at);
    const answerBy = actor.at + policy.document.answerWithinDays.value * DAY;
    await voidDecisions(trx, id, actor.at);
    return transition(act, 'ask', request, {
      change: { dueAt: null, dueLeft: await gatherLeft(trx, request, actor.at), expiresAt: answerBy },
      message: question,
      files,
      facts: {},
      // Customers deal with the provider: they read what was asked, not the name of who asked it.
      notifications: { 'request-question': { question, answerBy, asker: 'A reviewer', ...namesOf(files) } },
    });
  });
}

/** The second reviewer does not agree: back to the queue, the first decision is out of force. */
export function sendBack(db: Db, actor: Reviewer, id: number, reason: string) {
  return act<Taken, TransitionProblem>(db, actor, async (act) => {
    const request = await lockFor(act, id, 'sendBack');
    await voidDecisions(act.trx, id, actor.at);
    return transition(act, 'sendBack', request, {
      change: { dueAt: request.dueAt },
      message: reason,
      facts: {},
      notifications: { 'request-sent-back': { reason, by: actor.person.name }, 'request-back-in-review': {} },
    });
  });
}

/**
 * Keeps a note that only staff can read, those of the customer's own account aside, and mails those whom it names with an @.
 * It changes no status, so nobody's open page becomes stale.
 */
export function addNote(db: Db, actor: Reviewer, id: number, said: string | Said) {
  const { text, files } = saidOf(said);
  return act<number, TransitionProblem, Reviewer>(db, actor, async (act) => {
    const { trx, refuse } = act;
    const request = await findRequest(trx, id);
    if (!request) return refuse({ name: 'not-found' });
    if (request.account.id === actor.person.accountId) return refuse({ name: 'own-account' });
    const mentions = await listMentioned(act, request, text);
    const facts = mentions.length === 0 ? {} : { mentioned: mentions.map(({ name }) => name) };
    const eventId = await record(act, transitionEvent('request.noted', request, null, facts), text);
    await attach(act, { eventId, accountId: request.account.id }, files);
    await notifyMentioned(act, mentions, { request, eventId, where: 'note', said: text });
    return eventId;
  });
}

/** Records that somebody takes requests out of the desk as a file. `filter`: as the queue's address has it. */
export const recordExport = (
  db: Db,
  actor: Reviewer,
  facts: { readonly requests: number; readonly filter: string },
): Promise<unknown> =>
  act(db, actor, (act) =>
    record(act, {
      name: 'queue.exported',
      subject: { type: 'person', id: actor.person.id },
      accountId: null,
      facts,
    }),
  );
