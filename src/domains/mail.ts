// The mails about a customer's domain. Pure.
import type { Block, Writer } from '../notifications/letter.ts';

/** What each of them says. */
export type DomainFacts = {
  /** The account's name. */
  readonly account: string;
  readonly domain: string;
  /** The domain's page; of one that is removed, the account's domains. */
  readonly path: string;
};

/** A record that was there and is not right any more. `at`: its name; `publish`: what it has to be, where we know it. */
export type LostRecord = {
  readonly title: string;
  readonly at: string;
  readonly says: string;
  readonly publish: string | null;
};

declare module '../notifications/mail.ts' {
  interface MailFacts {
    'domain-proven': DomainFacts;
    'domain-records-lost': DomainFacts & { readonly lost: readonly LostRecord[] };
    /** `by`: who changed it; `before`, `after`: the use in words, like "marketing". */
    'domain-use-changed': DomainFacts & { readonly by: string; readonly before: string; readonly after: string };
    /** `isInPool`: it was in the transactional pool; `reason`: staff's, null where the customer removed it without one. */
    'domain-removed': DomainFacts & {
      readonly by: string;
      readonly isInPool: boolean;
      readonly reason: string | null;
    };
  }
}

type Name = 'domain-proven' | 'domain-records-lost' | 'domain-use-changed' | 'domain-removed';

const text = (words: string): Block => ({ kind: 'text', text: words });
const button = ({ path }: DomainFacts) => ({ label: 'See the domain', path });
const why = ({ account }: DomainFacts): string =>
  `You get this mail because you look after the domains of ${account}, or asked for this one.`;

export const domainLetters: { readonly [N in Name]: Writer<N> } = {
  'domain-proven': (facts, { provider }) => ({
    subject: `${facts.domain} is added`,
    preview: `The record in DNS was found: it can send over ${provider} now.`,
    reference: null,
    state: { word: 'Domain proven', tone: 'good' },
    title: `${facts.domain} is yours here`,
    blocks: [
      text(
        `We found the record that proves ${facts.domain}. It can send from now on, over the default shared pool. You can delete that record.`,
      ),
      text(
        'Its SPF, DKIM and DMARC records are looked up next. Its page shows each of them, and what to publish where one is missing.',
      ),
    ],
    button: button(facts),
    why: why(facts),
  }),

  'domain-records-lost': ({ lost, ...facts }) => {
    const titles = [...new Set(lost.map(({ title }) => title))];
    const what = titles.length === 1 ? titles[0] : `${titles.slice(0, -1).join(', ')} and ${titles.at(-1)}`;
    return {
      subject: `${what} of ${facts.domain} ${titles.length === 1 ? 'is' : 'are'} not right any more`,
      preview: lost[0]?.says ?? '',
      reference: null,
      state: { word: 'DNS needs a look', tone: 'ask' },
      title: `${facts.domain} no longer proves its mail`,
      blocks: [
        text(
          `What ${facts.domain} publishes in DNS was right before and is not any more: it was changed there, or another record is asked for. Its mail still goes out, but receivers may reject it or file it as spam, and no request that needs the record can be approved.`,
        ),
        ...lost.flatMap(({ title, at, says, publish }): Block[] => [
          {
            kind: 'facts',
            rows: [
              ['Record', title],
              ['Name', at],
              ['Found', says],
              ...(publish === null ? [] : [['Publish', publish] as const]),
            ],
          },
        ]),
        text(
          'Correct it with the people who run your DNS. We look again by ourselves; on the domain’s page you can have us look at once.',
        ),
      ],
      button: button(facts),
      why: why(facts),
    };
  },

  'domain-use-changed': ({ by, before, after, ...facts }) => ({
    subject: `${facts.domain} is now used for ${after} mail`,
    preview: `${by} changed it.`,
    reference: null,
    state: { word: 'Use changed', tone: 'plain' },
    title: `What ${facts.domain} is used for was changed`,
    blocks: [
      text(
        `${by} set that ${facts.domain} of ${facts.account} is used for ${after} mail. Before it was ${before} mail.`,
      ),
      text('What its mail goes over stays as it is. If this is wrong, change it on the domain’s page.'),
    ],
    button: button(facts),
    why: why(facts),
  }),

  'domain-removed': ({ by, isInPool, reason, ...facts }) => ({
    subject: `${facts.domain} was removed`,
    preview: 'Its mail is refused from now on.',
    reference: null,
    state: { word: 'Domain removed', tone: 'stop' },
    title: `${facts.domain} was removed`,
    blocks: [
      text(`${by} removed ${facts.domain} from the domains of ${facts.account}. Its mail is refused from now on.`),
      ...(reason === null ? [] : [{ kind: 'quote' as const, title: 'Why', text: reason }]),
      text(
        `${isInPool ? 'It has left the transactional pool. ' : ''}Your IPs and open requests stay as they are. What it sent so far stays in your reports and in the history.`,
      ),
      text('If this is wrong, add it again: a new record in DNS proves it.'),
    ],
    button: { label: 'See your domains', path: facts.path },
    why: why(facts),
  }),
};
