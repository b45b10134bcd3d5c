// What became of a customer's step, for the page that follows it. Pure.
import type { IpRequest } from '../request.ts';
import type { TransitionProblem } from '../transition.ts';

/** What accepting an offer came to: IPs, a place on the waitlist, or a question about the transactional pool. */
export function noteOf(note: string, status: IpRequest['status']): string {
  if (note !== 'accepted' || status === 'fulfilled') return note;
  return status === 'waitlisted' ? 'accepted-waitlisted' : 'accepted-asked';
}

/** Why a step was not taken, to the customer. */
export function sentenceOf(problem: TransitionProblem): string {
  switch (problem.name) {
    case 'not-possible':
      return problem.sentence;
    case 'not-yours':
      return 'Only an admin or a billing contact of your account can do this. Ask one of them.';
    default:
      return 'The request has moved on since you opened this page. This is its current state.';
  }
}
