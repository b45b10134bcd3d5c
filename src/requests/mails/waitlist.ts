// What customers read when their turn on the waitlist comes, and something is different. Pure.
import type { Writer } from '../../notifications/letter.ts';
import { listed } from '../../wording.ts';
import { requestButton, sentByYou, sentByYouOrPaid, subject } from './wording.ts';

export const waitlistLetters: {
  readonly 'request-looked-at-again': Writer<'request-looked-at-again'>;
  readonly 'request-pool-question': Writer<'request-pool-question'>;
  readonly 'request-pool-decided': Writer<'request-pool-decided'>;
} = {
  'request-looked-at-again': (facts, { h }) => ({
    subject: subject('Looked at again', facts),
    preview: `IPs are free, but something changed while you waited. A reviewer decides by ${h.time(facts.decideBy)}.`,
    reference: facts.reference,
    state: { word: 'In review', tone: 'plain' },
    title: 'We are looking at your request again',
    blocks: [
      {
        kind: 'text',
        text: `It was your turn on the waitlist: ${facts.what}. Something has changed since it was approved, so a reviewer will decide again, by ${h.time(facts.decideBy)}. Your place on the waitlist is kept.`,
      },
      { kind: 'list', title: 'What changed', items: facts.differences },
      {
        kind: 'text',
        text: 'There is nothing for you to do. Nothing is charged meanwhile, and you can withdraw at any time.',
      },
    ],
    button: requestButton(facts),
    why: sentByYouOrPaid(facts),
  }),

  'request-pool-decided': (facts, { h }) => {
    const one = facts.domains.length === 1;
    const route = facts.leaves
      ? `${one ? 'leaves' : 'leave'} the transactional pool for the dedicated IPs`
      : `${one ? 'stays' : 'stay'} in the transactional pool; the IPs are for the other domains`;
    return {
      subject: subject('Back with the reviewers', facts),
      preview: `A reviewer confirms it by ${h.time(facts.decideBy)}. There is nothing for you to do now.`,
      reference: facts.reference,
      state: { word: 'In review', tone: 'plain' },
      title: 'Your decision is with us',
      blocks: [
        { kind: 'text', text: `${facts.by} decided: ${listed(facts.domains)} ${route}.` },
        {
          kind: 'text',
          text: `A reviewer confirms it by ${h.time(facts.decideBy)}; until then nothing changes. There is nothing for you to do now${facts.waits === false ? '' : ', and your place on the waitlist is kept'}.`,
        },
      ],
      button: requestButton(facts),
      why: sentByYou(facts),
    };
  },

  'request-pool-question': (facts, { h }) => {
    const [joined, leave] = facts.domains.length === 1 ? ['has', 'it leaves'] : ['have', 'they leave'];
    return {
      subject: subject('Please decide', facts),
      preview: `${listed(facts.domains)} joined the transactional pool in the meantime. Decide by ${h.time(facts.answerBy)}.`,
      reference: facts.reference,
      state: { word: 'Your turn', tone: 'ask' },
      title: 'Which way should your mail go?',
      blocks: [
        {
          kind: 'text',
          text: `${facts.offered ? 'You accepted our offer' : 'It was your turn on the waitlist'}: ${facts.what}. But ${listed(facts.domains)} ${joined} joined the transactional pool since then, and we do not take a domain out of it without your decision. Please say whether ${leave} the pool for the dedicated IPs; a reviewer then confirms it.`,
        },
        {
          kind: 'text',
          text: `Please decide by ${h.time(facts.answerBy)}. Without an answer until then the request is closed, nothing changes, and you can send a new one at any time.`,
        },
      ],
      button: requestButton(facts, 'Decide'),
      why: sentByYouOrPaid(facts),
    };
  },
};
