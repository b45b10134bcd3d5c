// What reviewers read about requests. Pure.
import type { Writer } from '../../notifications/letter.ts';
import { counted } from '../../wording.ts';
import { attachedBlocks, requestButton, sentByYou, subject } from './wording.ts';

const DECIDED: Readonly<Record<string, string>> = {
  approve: 'approved',
  confirm: 'confirmed the approval of',
  decline: 'declined',
  offer: 'offered fewer IPs for',
  ask: 'asked a question about',
  'send-back': 'sent back',
};

const REVIEWER = 'You get this mail because you review requests.';

export const staffLetters: {
  readonly 'request-to-review': Writer<'request-to-review'>;
  readonly 'request-assigned': Writer<'request-assigned'>;
  readonly 'request-answered': Writer<'request-answered'>;
  readonly 'request-edited': Writer<'request-edited'>;
  readonly 'request-commented': Writer<'request-commented'>;
  readonly 'request-to-confirm': Writer<'request-to-confirm'>;
  readonly 'request-sent-back': Writer<'request-sent-back'>;
  readonly 'request-passed-on': Writer<'request-passed-on'>;
  readonly 'request-lapsed': Writer<'request-lapsed'>;
  readonly 'request-decided': Writer<'request-decided'>;
} = {
  'request-to-review': (facts, { h }) => ({
    subject: subject(facts.appeal === undefined ? 'To review' : 'Appeal to review', facts),
    preview: `${facts.verdict} Decide by ${h.time(facts.decideBy)}.`,
    reference: facts.reference,
    state: { word: 'To review', tone: 'plain' },
    title: facts.what,
    blocks: [
      ...(facts.appeal === undefined
        ? [{ kind: 'text', text: `${facts.account} sent a request that waits for a decision.` } as const]
        : [
            {
              kind: 'text',
              text: `${facts.account} appealed the decision to decline. Another reviewer has to decide now.`,
            } as const,
            { kind: 'quote', title: 'Their reason', text: facts.appeal } as const,
          ]),
      {
        kind: 'facts',
        rows: [
          ['Recommended', facts.verdict],
          ['Decide by', h.time(facts.decideBy)],
        ],
      },
    ],
    button: requestButton(facts, 'Review the request'),
    why: REVIEWER,
  }),

  'request-assigned': (facts, { h }) => ({
    subject: subject('Yours to review', facts),
    preview: `${facts.verdict} Decide by ${h.time(facts.decideBy)}.`,
    reference: facts.reference,
    state: { word: 'Yours', tone: 'ask' },
    title: facts.what,
    blocks: [
      {
        kind: 'text',
        text: `${facts.account} sent a request, and it is now on your desk. Of the reviewers who take such requests, you had the fewest.`,
      },
      {
        kind: 'facts',
        rows: [
          ['Recommended', facts.verdict],
          ['Decide by', h.time(facts.decideBy)],
          ['Yours until', h.time(facts.until)],
        ],
      },
      {
        kind: 'text',
        text: 'After that, any reviewer can claim it. You can hand it over to a colleague, or give it back to the queue.',
      },
    ],
    button: requestButton(facts, 'Review the request'),
    why: REVIEWER,
  }),

  'request-answered': (facts) =>
    facts.path.startsWith('/review/')
      ? {
          subject: subject('Answered', facts),
          preview: `${facts.by} answered your question. It is back in the queue.`,
          reference: facts.reference,
          state: { word: 'Answered', tone: 'ask' },
          title: 'Your question is answered',
          blocks: [
            { kind: 'quote', title: `${facts.by} answers`, text: facts.answer },
            ...attachedBlocks(facts),
            { kind: 'text', text: 'The request is back in the queue, and its clock is running again.' },
          ],
          button: requestButton(facts, 'Review the request'),
          why: `You get this mail because you asked a question about request ${facts.reference}.`,
        }
      : {
          subject: subject('Your answer is with us', facts),
          preview: 'The reviewers have your answer. There is nothing for you to do now.',
          reference: facts.reference,
          state: { word: 'In review', tone: 'plain' },
          title: 'We have your answer',
          blocks: [
            { kind: 'quote', title: `${facts.by} answers`, text: facts.answer },
            ...attachedBlocks(facts),
            {
              kind: 'text',
              text: 'Your request is back with the reviewers. There is nothing for you to do now; we will write to you when it is decided.',
            },
          ],
          button: requestButton(facts),
          why: sentByYou(facts),
        },

  'request-edited': (facts) => ({
    subject: subject('Changed by the customer', facts),
    preview: facts.changes.join(' · '),
    reference: facts.reference,
    state: { word: 'In review', tone: 'plain' },
    title: `${facts.by} changed the request`,
    blocks: [
      { kind: 'list', title: 'What changed', items: facts.changes },
      {
        kind: 'facts',
        rows: [
          ['Request', facts.what],
          ['Recommended now', facts.verdict],
        ],
      },
    ],
    button: requestButton(facts, 'Review the request'),
    why: `You get this mail because you have request ${facts.reference} on your desk, asked about it, or review requests.`,
  }),

  'request-commented': (facts) => ({
    subject: subject('Comment', facts),
    preview: facts.comment,
    reference: facts.reference,
    state: { word: 'Comment', tone: 'plain' },
    title: `${facts.by} commented on the request`,
    blocks: [{ kind: 'quote', title: `${facts.by} writes`, text: facts.comment }, ...attachedBlocks(facts)],
    button: requestButton(facts, 'Look at the request'),
    why: `You get this mail because you have request ${facts.reference} on your desk, asked about it, or review requests.`,
  }),

  'request-to-confirm': (facts) => ({
    subject: subject('Needs a second reviewer', facts),
    preview: `${facts.proposer} proposes a decision against ${counted(facts.failedChecks.length, 'failed check')}.`,
    reference: facts.reference,
    state: { word: 'Second review', tone: 'ask' },
    title: 'A decision needs a second reviewer',
    blocks: [
      {
        kind: 'text',
        text: `${facts.proposer} proposes a decision against ${counted(facts.failedChecks.length, 'failed check')}: ${facts.what}. It counts only when somebody else confirms it.`,
      },
      { kind: 'list', title: 'Failed checks', items: facts.failedChecks },
      { kind: 'quote', title: `${facts.proposer}’s reason`, text: facts.reason },
    ],
    button: requestButton(facts, 'Look and decide'),
    why: `You get this mail because you review requests and did not propose this decision yourself.`,
  }),

  'request-sent-back': (facts) => ({
    subject: subject('Sent back', facts),
    preview: `${facts.by} did not confirm your decision.`,
    reference: facts.reference,
    state: { word: 'Sent back', tone: 'ask' },
    title: 'Your decision was sent back',
    blocks: [
      {
        kind: 'text',
        text: `${facts.by} did not confirm the decision that you proposed: ${facts.what}. The request is in the queue again, undecided.`,
      },
      { kind: 'quote', title: `${facts.by}’s reason`, text: facts.reason },
    ],
    button: requestButton(facts, 'Review the request'),
    why: `You get this mail because you proposed a decision on request ${facts.reference}.`,
  }),

  'request-passed-on': (facts, { h }) => ({
    subject: subject('Handed over to you', facts),
    preview: `${facts.by} handed this request over to you.`,
    reference: facts.reference,
    state: { word: 'Yours', tone: 'ask' },
    title: `${facts.by} handed a request over to you`,
    blocks: [
      {
        kind: 'facts',
        rows: [
          ['Request', facts.what],
          ['Yours until', h.time(facts.until)],
        ],
      },
      ...(facts.note === '' ? [] : [{ kind: 'quote' as const, title: `${facts.by} writes`, text: facts.note }]),
      { kind: 'text', text: 'After that time any reviewer may claim it again.' },
    ],
    button: requestButton(facts, 'Review the request'),
    why: `You get this mail because ${facts.by} chose you to review request ${facts.reference}.`,
  }),

  'request-lapsed': (facts) => ({
    subject: subject('Your decision did not take effect', facts),
    preview: facts.why.join(' '),
    reference: facts.reference,
    state: { word: 'Not in effect', tone: 'ask' },
    title: 'Your decision did not take effect',
    blocks: [
      {
        kind: 'text',
        text: `You ${DECIDED[facts.decision] ?? 'decided on'} this request: ${facts.what}. Nothing was carried out, and the customer was not told.`,
      },
      { kind: 'list', title: 'Why', items: facts.why },
      ...(facts.reason === '' ? [] : [{ kind: 'quote' as const, title: 'You had written', text: facts.reason }]),
    ],
    button: requestButton(facts, 'Look at the request'),
    why: `You get this mail because you decided on request ${facts.reference}.`,
  }),

  'request-decided': (facts) => ({
    subject: subject('Decided', facts),
    preview: `${facts.by} decided: ${facts.outcome}.`,
    reference: facts.reference,
    state: { word: 'Decided', tone: 'plain' },
    title: `${facts.by} decided on your proposal`,
    blocks: [
      {
        kind: 'facts',
        rows: [
          ['Request', facts.what],
          ['Outcome', facts.outcome],
          ['Decided by', facts.by],
        ],
      },
      { kind: 'text', text: 'There is nothing for you to do: the customer has been notified.' },
    ],
    button: requestButton(facts),
    why: `You get this mail because you were the first reviewer of request ${facts.reference}.`,
  }),
};
