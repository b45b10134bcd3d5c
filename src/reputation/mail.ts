// What people are mailed about their reputation and the daily limit that it sets (S-02). Pure.
import type { Block, Writer } from '../notifications/letter.ts';
import { counted, grouped, percent } from '../wording.ts';

type Limited = {
  readonly account: string;
  /** Messages a day over shared pools. */
  readonly perDay: number;
  readonly path: string;
};

declare module '../notifications/mail.ts' {
  interface MailFacts {
    'daily-limit': Limited & {
      readonly score: number;
      /** Shares of what was sent. */
      readonly rates: { readonly complaint: number; readonly bounce: number; readonly deferral: number };
    };
    'daily-limit-near': Limited & { readonly sent: number };
  }
}

const text = (words: string): Block => ({ kind: 'text', text: words });
const why = ({ account }: Limited): string =>
  `You get this mail because you are an admin of ${account}, or look after its costs.`;

export const reputationLetters: {
  readonly 'daily-limit': Writer<'daily-limit'>;
  readonly 'daily-limit-near': Writer<'daily-limit-near'>;
} = {
  'daily-limit': (facts) => ({
    subject: `At most ${grouped(facts.perDay)} messages a day over shared IPs`,
    preview: `Your reputation score is ${facts.score} out of 100.`,
    reference: null,
    state: { word: 'Limited', tone: 'ask' },
    title: `${facts.account} can send ${counted(facts.perDay, 'message')} a day over shared IPs`,
    blocks: [
      text(
        `Your reputation score is ${facts.score} out of 100. It sets how many messages a day you can send over the IPs that you share with other customers. Anything above that is deferred until the next day (UTC); nothing bounces because of it.`,
      ),
      {
        kind: 'facts',
        rows: [
          ['Reported as spam', percent(facts.rates.complaint)],
          ['Bounced', percent(facts.rates.bounce)],
          ['Deferred', percent(facts.rates.deferral)],
        ],
      },
      text(
        'The score is worked out every night from your recent mail, and the limit rises with it. Remove addresses that bounced, and write only to people who asked for your mail. Mail over your dedicated IPs is not limited.',
      ),
    ],
    button: { label: 'See your score', path: facts.path },
    why: why(facts),
  }),
  'daily-limit-near': (facts) => ({
    subject: `You have sent ${grouped(facts.sent)} of today’s ${grouped(facts.perDay)} messages`,
    preview: 'Anything above the limit is deferred until midnight UTC.',
    reference: null,
    state: { word: 'Limit is near', tone: 'ask' },
    title: 'You have nearly reached your daily limit',
    blocks: [
      text(
        `${facts.account} has sent ${grouped(facts.sent)} of the ${counted(facts.perDay, 'message')} that its reputation allows today over shared IPs. Anything above that is deferred until midnight UTC; nothing bounces because of it.`,
      ),
      text('Send mail that can wait tomorrow, so that urgent mail still goes out today.'),
    ],
    button: { label: 'See your limit', path: facts.path },
    why: why(facts),
  }),
};
