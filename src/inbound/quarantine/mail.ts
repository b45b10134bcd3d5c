// What staff read when mail waits in quarantine: how much and about which requests, but nothing of what it says. Pure.
import type { Writer } from '../../notifications/letter.ts';
import { capitalised, counted, inWords, listed } from '../../wording.ts';

declare module '../../notifications/mail.ts' {
  interface MailFacts {
    /** `waiting`: the number of mails; `references`: of some of the requests that they are about; `more`: of the others, how many. */
    'mail-quarantined': {
      readonly waiting: number;
      readonly references: readonly string[];
      readonly more: number;
    };
  }
}

export const quarantineLetters: { readonly 'mail-quarantined': Writer<'mail-quarantined'> } = {
  'mail-quarantined': ({ waiting, references, more }) => {
    const isOne = waiting === 1;
    const replies = isOne ? 'A reply' : `${capitalised(inWords(waiting))} replies`;
    const title = `${replies} by mail ${isOne ? 'is' : 'are'} waiting in quarantine`;
    const them = isOne ? 'it' : 'them';
    const about = [...references, ...(more > 0 ? [counted(more, 'other request')] : [])];
    return {
      subject: title,
      preview: `About ${listed(about)}.`,
      reference: null,
      state: { word: 'Quarantine', tone: 'ask' },
      title,
      blocks: [
        { kind: 'facts', rows: [['About', listed(about)]] },
        {
          kind: 'text',
          text: `It is not certain who wrote ${them}, so nobody reads ${them} on the request until a reviewer adds ${them} there.`,
        },
      ],
      button: { label: 'Open the quarantine', path: '/mail/inbound' },
      why: 'You get this mail because you review requests. It comes at most once a day.',
    };
  },
};
