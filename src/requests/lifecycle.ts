// The lifecycle of a request, as a table: every change of status is one of these steps, and nothing else.
// The pages draw their buttons from it, the actions enforce it, a test walks every cell of it.

import type { Person } from '../accounts/person.ts';
import type { MailName } from '../notifications/mail.ts';
import { type Bar, barOf, type RequestState } from './lifecycle-bar.ts';
import type { Concerned, Transition } from './lifecycle-line.ts';
import type { Kind, Status } from './request.ts';

export type { Bar } from './lifecycle-bar.ts';
export type { Concerned, Transition } from './lifecycle-line.ts';

const OPEN: readonly Status[] = ['submitted', 'needs_info', 'second_review', 'offered', 'waitlisted'];

export const transitions = {
  submit: {
    from: [],
    to: 'submitted',
    by: 'member',
    note: 'none',
    label: 'Send request',
    event: 'request.submitted',
    mails: { requester: 'request-received', reviewers: 'request-to-review' },
  },
  ask: {
    from: ['submitted', 'second_review'],
    to: 'needs_info',
    by: 'reviewer',
    note: 'required',
    label: 'Ask for information',
    event: 'request.asked',
    mails: { requester: 'request-question' },
  },
  answer: {
    from: ['needs_info'],
    to: 'submitted',
    by: 'member',
    note: 'required',
    label: 'Send answer',
    event: 'request.answered',
    mails: { asker: 'request-answered' },
  },
  /** A new version of its answers, as long as nobody has decided on them; an open question counts as answered by it. */
  edit: {
    from: ['submitted', 'needs_info'],
    to: 'submitted',
    by: 'requester or payer',
    note: 'none',
    label: 'Change the request',
    event: 'request.edited',
    mails: { requester: 'request-changed', holder: 'request-edited' },
  },
  propose: {
    from: ['submitted'],
    to: 'second_review',
    by: 'reviewer',
    note: 'required',
    label: 'Approve',
    event: 'request.proposed',
    mails: { requester: 'request-second-review', reviewers: 'request-to-confirm' },
  },
  sendBack: {
    from: ['second_review'],
    to: 'submitted',
    by: 'second reviewer',
    note: 'required',
    label: 'Send back',
    event: 'request.sentBack',
    mails: { requester: 'request-back-in-review', proposer: 'request-sent-back' },
  },
  offer: {
    from: ['submitted'],
    to: 'offered',
    by: 'reviewer',
    note: 'required',
    label: 'Offer fewer',
    event: 'request.offered',
    mails: { requester: 'request-offered', payers: 'request-offered' },
  },
  approve: {
    from: ['submitted'],
    to: 'fulfilled',
    by: 'reviewer',
    note: 'none',
    label: 'Approve',
    event: 'request.fulfilled',
    mails: { requester: 'request-approved', payers: 'request-approved' },
  },
  /** S-12: every check passes on measured facts, and the policy leaves such requests to Warmdesk. */
  approveAutomatically: {
    from: ['submitted'],
    to: 'fulfilled',
    by: 'Warmdesk',
    note: 'none',
    label: 'Approve automatically',
    event: 'request.fulfilled',
    mails: { requester: 'request-approved', payers: 'request-approved' },
  },
  confirm: {
    from: ['second_review'],
    to: 'fulfilled',
    by: 'second reviewer',
    note: 'none',
    label: 'Approve',
    event: 'request.fulfilled',
    mails: { requester: 'request-approved', payers: 'request-approved', proposer: 'request-decided' },
  },
  accept: {
    from: ['offered'],
    to: 'fulfilled',
    by: 'requester or payer',
    note: 'none',
    label: 'Accept the offer',
    event: 'request.fulfilled',
    mails: { requester: 'request-approved', payers: 'request-approved' },
  },
  serve: {
    from: ['waitlisted'],
    to: 'fulfilled',
    by: 'Warmdesk',
    note: 'none',
    label: 'Serve from the waitlist',
    event: 'request.fulfilled',
    mails: { requester: 'request-approved', payers: 'request-approved' },
  },
  /** What fails when it would be served was not decided on: a reviewer looks again, and others are served meanwhile. */
  lookAgain: {
    from: ['waitlisted'],
    to: 'submitted',
    by: 'Warmdesk',
    note: 'none',
    label: 'Have it looked at again',
    event: 'request.lookedAtAgain',
    mails: { requester: 'request-looked-at-again', payers: 'request-looked-at-again', reviewers: 'request-to-review' },
  },
  /** C-06: a domain joined the transactional pool since it was decided; whether it leaves is for its owner to say. */
  askAboutPool: {
    from: ['waitlisted', 'offered'],
    to: 'needs_info',
    by: 'Warmdesk',
    note: 'none',
    label: 'Ask about the pool',
    event: 'request.poolAsked',
    mails: { requester: 'request-pool-question', payers: 'request-pool-question' },
  },
  decidePool: {
    from: ['needs_info'],
    to: 'submitted',
    by: 'requester or payer',
    note: 'none',
    label: 'Decide about the pool',
    event: 'request.poolDecided',
    mails: { requester: 'request-pool-decided', reviewers: 'request-to-review' },
  },
  /** What an approval, a confirmation or an acceptance becomes where no IP is free. */
  waitlist: {
    from: ['submitted', 'second_review', 'offered'],
    to: 'waitlisted',
    by: 'Warmdesk',
    note: 'none',
    label: 'Put on the waitlist',
    event: 'request.waitlisted',
    mails: { requester: 'request-waitlisted', payers: 'request-waitlisted', proposer: 'request-decided' },
  },
  decline: {
    from: ['submitted', 'second_review'],
    to: 'declined',
    by: 'reviewer',
    note: 'required',
    label: 'Decline',
    event: 'request.declined',
    mails: { requester: 'request-declined', proposer: 'request-decided' },
  },
  /** Once, within 30 days; another reviewer decides. */
  appeal: {
    from: ['declined'],
    to: 'submitted',
    by: 'requester or payer',
    note: 'required',
    label: 'Appeal',
    event: 'request.appealed',
    mails: { requester: 'request-appealed', reviewers: 'request-to-review' },
  },
  withdraw: {
    from: OPEN,
    to: 'withdrawn',
    by: 'requester or payer',
    note: 'none',
    label: 'Withdraw',
    event: 'request.withdrawn',
    mails: { requester: 'request-withdrawn', proposer: 'request-withdrawn', asker: 'request-withdrawn' },
  },
  /** What follows from a change of plan that makes it dearer: the reviewers look at the new price. */
  requote: {
    from: ['second_review', 'offered', 'waitlisted'],
    to: 'submitted',
    by: 'Warmdesk',
    note: 'none',
    label: 'Price it again',
    event: 'request.requoted',
    mails: { requester: 'request-requoted', payers: 'request-requoted', reviewers: 'request-to-review' },
  },
  closeAccount: {
    from: OPEN,
    to: 'withdrawn',
    by: 'Warmdesk',
    note: 'none',
    label: 'Withdraw with the account',
    event: 'request.withdrawn',
    mails: { requester: 'request-withdrawn', proposer: 'request-withdrawn', asker: 'request-withdrawn' },
  },
  expire: {
    from: ['needs_info', 'offered'],
    to: 'expired',
    by: 'Warmdesk',
    note: 'none',
    label: 'Close without an answer',
    event: 'request.expired',
    mails: { requester: 'request-expired' },
  },
} satisfies Record<string, Transition>;

/** The template with which a step tells one party; approvals of the two kinds have different things to say. */
export function mailOf(step: TransitionName, concerned: Concerned, kind: Kind): MailName | undefined {
  const template = (transitions[step] as Transition).mails[concerned];
  return template === 'request-approved' && kind === 'transactional_pool' ? 'request-approved-pool' : template;
}

export type TransitionName = keyof typeof transitions;
export const transitionNames = Object.keys(transitions) as TransitionName[];

/** What keeps `person` (null: Warmdesk itself) from taking a step on a request in its current state; null where nothing does. */
export function barTo(step: TransitionName, request: RequestState, person: Person | null): Bar | null {
  const { from, by }: Transition = transitions[step];
  const bar = barOf(by, request, person);
  if (bar !== null) return bar;
  return from.includes(request.status) ? null : 'not-open';
}

/** The steps that `person` may take now. */
export const openTransitions = (request: RequestState, person: Person | null): TransitionName[] =>
  transitionNames.filter((step) => barTo(step, request, person) === null);
