// What staff read of decisions that are due soon, or overdue. Pure.
import type { Writer } from '../../notifications/letter.ts';
import { requestButton, subject } from './wording.ts';

const REVIEWER = 'You get this mail because you review requests.';
const HOLDER = 'You get this mail because you have this request on your desk.';

/** Whose it is: the reader's, or nobody's, as the holder alone is told of what they have. */
const whose = (holder: string | null): string =>
  holder === null ? 'It is on nobody’s desk.' : 'You have it on your desk.';

export const dueLetters: {
  readonly 'request-due-soon': Writer<'request-due-soon'>;
  readonly 'request-overdue': Writer<'request-overdue'>;
  readonly 'request-escalated': Writer<'request-escalated'>;
} = {
  'request-due-soon': (facts, { h }) => ({
    subject: subject('Due soon', facts),
    preview: `A decision is due by ${h.time(facts.dueAt)}. ${whose(facts.holder)}`,
    reference: facts.reference,
    state: { word: 'Due soon', tone: 'ask' },
    title: 'A decision is due soon',
    blocks: [
      { kind: 'text', text: `${facts.what}: the customer was promised a decision. ${whose(facts.holder)}` },
      { kind: 'facts', rows: [['Due by', h.time(facts.dueAt)]] },
    ],
    button: requestButton(facts, 'Review the request'),
    why: facts.holder === null ? REVIEWER : HOLDER,
  }),

  'request-overdue': (facts, { h }) => ({
    subject: subject('Overdue', facts),
    preview: `A decision was due by ${h.time(facts.dueAt)}. ${whose(facts.holder)}`,
    reference: facts.reference,
    state: { word: 'Overdue', tone: 'stop' },
    title: 'A decision is overdue',
    blocks: [
      { kind: 'text', text: `${facts.what}: the customer was promised a decision by now. ${whose(facts.holder)}` },
      { kind: 'facts', rows: [['Was due by', h.time(facts.dueAt)]] },
    ],
    button: requestButton(facts, 'Review the request'),
    why: facts.holder === null ? REVIEWER : HOLDER,
  }),

  'request-escalated': (facts, { h }) => ({
    subject: subject('Still not decided', facts),
    preview: `A decision was due by ${h.time(facts.dueAt)}, and the reviewers were told of it.`,
    reference: facts.reference,
    state: { word: 'Overdue', tone: 'stop' },
    title: 'A request is still not decided',
    blocks: [
      {
        kind: 'text',
        text: `${facts.what}: the customer was promised a decision, and the reviewers were told that it is overdue.`,
      },
      {
        kind: 'facts',
        rows: [
          ['Was due by', h.time(facts.dueAt)],
          ['On the desk of', facts.holder ?? 'nobody'],
        ],
      },
    ],
    button: requestButton(facts, 'Look at the request'),
    why: 'You get this mail because you are an administrator. It comes once for each request that has long been overdue.',
  }),
};
