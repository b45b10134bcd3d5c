// What a customer does inside a running transaction.
import type { Actor, Person } from '../../accounts/person.ts';
import type { Act } from '../../act.ts';
import { namesOf, type Said } from '../../attachments/attachment.ts';
import { gatherResumedAt } from '../clock/gather.ts';
import { listPoolQuestion } from '../store-decisions.ts';
import { lockFor, type Taken, type TransitionProblem, transition } from '../transition.ts';

/** One of the account who answers. */
type Answering = Actor & { readonly person: Person };

/** Answers the reviewer's question: the request goes back to the reviewers, with at least two hours on its clock. */
export async function answer(
  act: Act<TransitionProblem, Answering>,
  id: number,
  { text, files }: Said,
): Promise<Taken> {
  const { trx, actor } = act;
  const request = await lockFor(act, id, 'answer');
  // That question has a form of its own.
  if ((await listPoolQuestion(trx, id)).length > 0) return act.refuse({ name: 'not-open' });
  return transition(act, 'answer', request, {
    change: { dueAt: await gatherResumedAt(trx, request, actor.at) },
    message: text,
    files,
    facts: {},
    notifications: { 'request-answered': { answer: text, by: actor.person.name, ...namesOf(files) } },
  });
}
