// What a stand-in reads. Pure.
import type { Writer } from '../../notifications/letter.ts';

declare module '../../notifications/mail.ts' {
  interface MailFacts {
    /** `until` (UTC milliseconds): when `by` is back. */
    'stand-in': { readonly by: string; readonly until: number; readonly handedOver: number };
  }
}

export const absenceLetters: { readonly 'stand-in': Writer<'stand-in'> } = {
  'stand-in': ({ by, until, handedOver }, { h }) => ({
    subject: `You are the stand-in of ${by} until ${h.date(until)}`,
    preview: 'Mails about their requests come to you meanwhile.',
    reference: null,
    state: { word: 'Stand-in', tone: 'plain' },
    title: `You are the stand-in of ${by}`,
    blocks: [
      {
        kind: 'text',
        text: `${by} is away and chose you as stand-in. Mails about their requests come to you meanwhile.`,
      },
      {
        kind: 'facts',
        rows: [
          ['Back', h.time(until)],
          ['Requests handed over to you', h.number(handedOver)],
        ],
      },
    ],
    button: { label: 'See your requests', path: '/review?desk=mine' },
    why: `You get this mail because ${by} chose you as stand-in.`,
  }),
};
