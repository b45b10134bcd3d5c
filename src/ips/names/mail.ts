// What people are mailed about the host name of an IP (S-19). Pure.
import type { Block, Writer } from '../../notifications/letter.ts';

type About = {
  readonly account: string;
  readonly address: string;
  readonly name: string;
  readonly path: string;
};

declare module '../../notifications/mail.ts' {
  interface MailFacts {
    'ip-linked': About;
    /** `wrong`: what does not agree any more, a sentence each. */
    'ip-link-broken': About & { readonly wrong: readonly string[] };
    /** To staff. */
    'ip-ptr-wanted': About;
  }
}

const text = (words: string): Block => ({ kind: 'text', text: words });
const button = ({ path }: About) => ({ label: 'See the records', path });
const why = ({ account }: About): string => `You get this mail because you look after the domains of ${account}.`;

type Name = 'ip-linked' | 'ip-link-broken' | 'ip-ptr-wanted';

export const nameLetters: { readonly [N in Name]: Writer<N> } = {
  'ip-linked': (facts) => ({
    subject: `${facts.name} is linked to ${facts.address}`,
    preview: 'Both records agree: mail servers greet with this name.',
    reference: null,
    state: { word: 'Linked', tone: 'good' },
    title: `${facts.name} is linked to ${facts.address}`,
    blocks: [
      text(
        `The PTR record of ${facts.address} names ${facts.name}, and ${facts.name} has that address. Mail that leaves over this IP greets receivers with the name.`,
      ),
      text('Leave both records as they are. We check them every day and write to you if one changes.'),
    ],
    button: button(facts),
    why: why(facts),
  }),
  'ip-link-broken': (facts) => ({
    subject: `Please check the records of ${facts.name}`,
    preview: 'Its records no longer agree.',
    reference: null,
    state: { word: 'No longer right', tone: 'stop' },
    title: `${facts.name} and ${facts.address} no longer agree`,
    blocks: [
      text(
        `Mail that leaves over ${facts.address} still greets receivers as ${facts.name}, but DNS no longer confirms it. Receivers may refuse such mail or file it as spam.`,
      ),
      { kind: 'list', title: 'What DNS says now', items: facts.wrong },
      text('Correct the records and have us check them again on the page of the IP, or end the link there.'),
    ],
    button: button(facts),
    why: why(facts),
  }),
  'ip-ptr-wanted': (facts) => ({
    subject: `Please set the PTR record of ${facts.address}`,
    preview: `${facts.account} links ${facts.name} to it.`,
    reference: null,
    state: { word: 'Your turn', tone: 'ask' },
    title: `Please set the PTR record of ${facts.address}`,
    blocks: [
      text(
        `${facts.account} links ${facts.name} to its dedicated IP ${facts.address}, and has published the address. What is missing is the other direction, in the zone of the address, which is yours.`,
      ),
      {
        kind: 'facts',
        rows: [
          ['PTR record of', facts.address],
          ['Must name', facts.name],
        ],
      },
      text('We will notice within a day, and the customer gets a mail.'),
    ],
    button: button(facts),
    why: 'You get this mail because you look after the inventory.',
  }),
};
