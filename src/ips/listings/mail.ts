// What staff read of IPs that are on a blocklist. Pure.
import type { Writer } from '../../notifications/letter.ts';
import type { MailFacts } from '../../notifications/mail.ts';
import { counted, listed } from '../../wording.ts';

declare module '../../notifications/mail.ts' {
  interface MailFacts {
    'ip-listed': {
      /** `account`: who has the IP; null: nobody. `isPaused`: its warm-up was paused for it. */
      readonly hits: readonly {
        readonly address: string;
        readonly lists: readonly string[];
        readonly account: string | null;
        readonly isPaused: boolean;
      }[];
      readonly path: string;
    };
  }
}

function whatToDo(hits: MailFacts['ip-listed']['hits']): string {
  const isFree = hits.some(({ account }) => account === null);
  const isHeld = hits.some(({ account }) => account !== null);
  const settle = isHeld ? ', settle it with the customer' : '';
  const sentences = [
    isFree ? 'A listed IP that nobody has is not allocated until it is off the list.' : '',
    `Look up the reason on the list’s own page${settle}, and ask there for the IP to be taken off.`,
    'We ask the lists again every day.',
  ];
  return sentences.filter(Boolean).join(' ');
}

export const listingLetters: { readonly 'ip-listed': Writer<'ip-listed'> } = {
  'ip-listed': ({ hits, path }) => {
    const [first] = hits;
    const isOne = hits.length === 1;
    const what = isOne ? (first?.address ?? '') : counted(hits.length, 'IP');
    return {
      subject: `${what} ${isOne ? 'is' : 'are'} on a blocklist`,
      preview: first ? `${first.address}: ${listed([...first.lists])}` : '',
      reference: null,
      state: { word: 'Listed', tone: 'stop' },
      title: `${what} ${isOne ? 'is' : 'are'} on a blocklist`,
      blocks: [
        {
          kind: 'facts',
          rows: hits.map(({ address, lists, account, isPaused }) => [
            address,
            `${listed([...lists])}; ${account ?? 'nobody has it'}${isPaused ? ', its warm-up is paused' : ''}`,
          ]),
        },
        {
          kind: 'text',
          text: whatToDo(hits),
        },
      ],
      button: { label: isOne ? 'See the IP' : 'See the inventory', path },
      why: 'You get this mail because you look after the inventory.',
    };
  },
};
