// What customers read while their request is open. Pure.
import type { Writer } from '../../notifications/letter.ts';
import type { MailFacts } from '../../notifications/mail.ts';
import type { ViewHelpers } from '../../web/view-helpers.ts';
import { counted } from '../../wording.ts';
import { attachedBlocks, monthly, requestButton, sentByYou, subject } from './wording.ts';

export const customerLetters: {
  readonly 'request-received': Writer<'request-received'>;
  readonly 'request-appealed': Writer<'request-appealed'>;
  readonly 'request-changed': Writer<'request-changed'>;
  readonly 'request-question': Writer<'request-question'>;
  readonly 'request-second-review': Writer<'request-second-review'>;
  readonly 'request-back-in-review': Writer<'request-back-in-review'>;
  readonly 'request-withdrawn': Writer<'request-withdrawn'>;
  readonly 'request-requoted': Writer<'request-requoted'>;
  readonly 'request-expired': Writer<'request-expired'>;
} = {
  'request-requoted': (facts, { h }) => ({
    subject: subject('A new price', facts),
    preview: `${monthly(facts, h)} instead of ${h.money(facts.beforeCents, facts.currency)}${facts.plan === null ? '' : `, by the plan ${facts.plan}`}.`,
    reference: facts.reference,
    state: { word: 'New price', tone: facts.isBack ? 'ask' : 'plain' },
    title: 'Your request has a new price',
    blocks: [
      {
        kind: 'text',
        text: `${facts.plan === null ? 'An IP was given back' : `Your plan is now ${facts.plan}`}, so we priced your open request again.`,
      },
      {
        kind: 'facts',
        rows: [
          ['Price before', h.money(facts.beforeCents, facts.currency)],
          ['Price now', monthly(facts, h)],
        ],
      },
      {
        kind: 'text',
        text: facts.isBack
          ? 'It costs more than before, so the earlier decision no longer applies: a reviewer decides again. If you do not want it at this price, withdraw it.'
          : 'There is nothing for you to do. If you do not want it at this price, withdraw it.',
      },
    ],
    button: requestButton(facts),
    why: sentByYou(facts),
  }),

  'request-received': (facts, { h }) => ({
    subject: subject('Received', facts),
    preview: `${facts.automaticAt === undefined ? `A reviewer decides by ${h.time(facts.decideBy)}` : 'Every check passes'}. There is nothing for you to do now.`,
    reference: facts.reference,
    state: { word: 'Received', tone: 'plain' },
    title: 'We have your request',
    blocks: [
      {
        kind: 'text',
        text: `${whoDecides(facts, h)} There is nothing for you to do now.`,
      },
      {
        kind: 'facts',
        rows: [
          ['You asked for', facts.what],
          ['Reference', facts.reference],
          ['Decision by', h.time(facts.decideBy)],
          ['Price', monthly(facts, h)],
        ],
      },
      ...(facts.findings.length === 0
        ? []
        : [{ kind: 'checks', title: 'What we checked', items: facts.findings } as const]),
      { kind: 'text', text: received(facts.findings.filter(({ ok }) => !ok).length) },
    ],
    button: requestButton(facts),
    why: sentByYou(facts),
  }),

  'request-changed': (facts, { h }) => ({
    subject: subject('Changed', facts),
    preview: `${facts.automaticAt === undefined ? 'The reviewers see what changed' : 'Every check passes'}. There is nothing for you to do now.`,
    reference: facts.reference,
    state: { word: 'In review', tone: 'plain' },
    title: 'Your request has been changed',
    blocks: [
      {
        kind: 'text',
        text: `${facts.by} changed the request. ${facts.automaticAt === undefined ? 'The reviewers see what changed, and decide on the request as it is now.' : ifStillSo(facts.automaticAt, 'a reviewer will decide on the request as it is now', h)}`,
      },
      { kind: 'list', title: 'What changed', items: facts.changes },
      {
        kind: 'facts',
        rows: [
          ['You ask for', facts.what],
          ['Price', monthly(facts, h)],
        ],
      },
    ],
    button: requestButton(facts),
    why: sentByYou(facts),
  }),

  'request-appealed': (facts, { h }) => ({
    subject: subject('Appeal received', facts),
    preview: `Another reviewer will decide by ${h.time(facts.decideBy)}.`,
    reference: facts.reference,
    state: { word: 'In review', tone: 'plain' },
    title: 'We have your appeal',
    blocks: [
      {
        kind: 'text',
        text: `A reviewer who has not decided on your request before will look at it again, by ${h.time(facts.decideBy)}. There is nothing for you to do now.`,
      },
      { kind: 'quote', title: 'Your reason', text: facts.reason },
    ],
    button: requestButton(facts),
    why: sentByYou(facts),
  }),

  'request-question': (facts, { h }) => ({
    subject: subject('Please answer a question', facts),
    preview: `${facts.asker} asks. Answer by ${h.time(facts.answerBy)}.`,
    reference: facts.reference,
    state: { word: 'Your turn', tone: 'ask' },
    title: 'We have a question',
    blocks: [
      { kind: 'text', text: `${facts.asker} is looking at your request and needs one more thing from you to decide.` },
      { kind: 'quote', title: `${facts.asker} asks`, text: facts.question },
      ...attachedBlocks(facts),
      {
        kind: 'text',
        text: `Please answer by ${h.time(facts.answerBy)}. The decision waits for you; without an answer until then the request is closed, and you can send a new one at any time.`,
      },
    ],
    button: requestButton(facts, 'Answer the question'),
    why: sentByYou(facts),
  }),

  'request-second-review': (facts) => ({
    subject: subject('Second review', facts),
    preview: 'Two people decide on your request. There is nothing for you to do.',
    reference: facts.reference,
    state: { word: 'Second review', tone: 'plain' },
    title: 'A second reviewer looks at your request',
    blocks: [
      {
        kind: 'text',
        text: `Some requests are decided by two people, and yours is one of them: ${facts.what}. The first reviewer has looked at it; now the second one does.`,
      },
      {
        kind: 'text',
        text: 'Nothing is decided yet, and there is nothing for you to do. We will write to you when it is decided.',
      },
    ],
    button: requestButton(facts),
    why: sentByYou(facts),
  }),

  'request-back-in-review': (facts) => ({
    subject: subject('Back with the reviewers', facts),
    preview: 'We look at it again before it is decided. There is nothing for you to do.',
    reference: facts.reference,
    state: { word: 'In review', tone: 'plain' },
    title: 'We are looking at your request again',
    blocks: [
      {
        kind: 'text',
        text: `The second reviewer wants your request to be looked at again before it is decided: ${facts.what}.`,
      },
      {
        kind: 'text',
        text: 'Nothing is decided yet, and there is nothing for you to do. We will write to you when it is decided.',
      },
    ],
    button: requestButton(facts),
    why: sentByYou(facts),
  }),

  'request-withdrawn': (facts) =>
    forStaff(facts.path)
      ? {
          subject: subject('Withdrawn', facts),
          preview: `${facts.by} withdrew it. There is nothing left to decide.`,
          reference: facts.reference,
          state: { word: 'Withdrawn', tone: 'plain' },
          title: 'A request was withdrawn',
          blocks: [
            {
              kind: 'text',
              text: `${facts.by} of ${facts.account} withdrew a request that you had worked on: ${facts.what}.`,
            },
            { kind: 'text', text: 'There is nothing left to decide.' },
          ],
          button: requestButton(facts),
          why: `You get this mail because you had worked on request ${facts.reference}.`,
        }
      : {
          subject: subject('Withdrawn', facts),
          preview: 'Nothing was allocated and nothing is charged.',
          reference: facts.reference,
          state: { word: 'Withdrawn', tone: 'plain' },
          title: 'Your request is withdrawn',
          blocks: [
            {
              kind: 'text',
              text: `${facts.by} withdrew it: ${facts.what}. Nothing was allocated and nothing is charged.`,
            },
            { kind: 'text', text: 'You can send a new request at any time.' },
          ],
          button: requestButton(facts),
          why: sentByYou(facts),
        },

  'request-expired': (facts) => ({
    subject: subject('Expired, no answer', facts),
    preview: `We waited ${counted(facts.waitedForDays, 'day')} for you. You can send a new request at any time.`,
    reference: facts.reference,
    state: { word: 'Expired', tone: 'stop' },
    title: 'Your request has expired',
    blocks: [
      {
        kind: 'text',
        text: `We waited ${counted(facts.waitedForDays, 'day')} for your answer, so we closed the request: ${facts.what}. Nothing was allocated and nothing is charged.`,
      },
      {
        kind: 'text',
        text: 'Do you still need it? Send a new request at any time; everything you wrote is on the page of this one.',
      },
    ],
    button: requestButton(facts),
    why: sentByYou(facts),
  }),
};

const forStaff = (path: string): boolean => path.startsWith('/review/');

const whoDecides = ({ decideBy, automaticAt }: MailFacts['request-received'], h: ViewHelpers): string =>
  automaticAt === undefined
    ? `A reviewer will decide on it by ${h.time(decideBy)}.`
    : ifStillSo(automaticAt, `a reviewer will decide on it by ${h.time(decideBy)}`, h);

/** S-12. */
const ifStillSo = (at: number, otherwise: string, h: ViewHelpers): string =>
  `Every check passes. If that is still so at ${h.time(at)}, it is approved automatically; if not, ${otherwise}.`;

const received = (open: number): string =>
  open === 0
    ? 'It passes every check. We will write to you when it is decided or when we have a question; until then you can withdraw it on its page.'
    : `A reviewer will look closely at what is marked with “!”. We will write to you when it is decided or when we have a question; until then you can withdraw it on its page.`;
