// What customers are mailed when their account changes. Pure.
import { startOfDay } from '../../day.ts';
import type { Writer } from '../../notifications/letter.ts';
import { listed } from '../../wording.ts';

type OfAccount = { readonly account: string };
export type AccountChangedFacts = OfAccount & {
  /** Name, plan or region, with what it was and is. */
  readonly changes: readonly { readonly what: string; readonly before: string; readonly after: string }[];
  /** IPs that cost something else: from a day on, or at once (null). */
  readonly prices: readonly {
    readonly address: string;
    readonly monthlyCents: number;
    readonly fromDay: number | null;
  }[];
  readonly currency: string;
};

declare module '../../notifications/mail.ts' {
  interface MailFacts {
    'account-changed': AccountChangedFacts;
    'account-suspended': OfAccount & { readonly reason: string };
    'account-reopened': OfAccount;
    /** `ips`: given back with it, charged up to and including the UTC day `lastDay`. */
    'account-closed': OfAccount & {
      readonly reason: string;
      readonly ips: readonly string[];
      readonly lastDay: number;
    };
  }
}

const why = ({ account }: OfAccount): string =>
  `You get this mail because you are an admin or billing contact of ${account}.`;

type AccountMail = 'account-changed' | 'account-suspended' | 'account-reopened' | 'account-closed';

export const customerAccountLetters: { readonly [Name in AccountMail]: Writer<Name> } = {
  'account-changed': (facts, { h, provider }) => ({
    subject: `Your account ${facts.account} at ${provider} was changed`,
    preview: facts.changes.map(({ what, after }) => `${what}: ${after}`).join(', '),
    reference: null,
    state: { word: 'Account', tone: 'plain' },
    title: 'Your account was changed',
    blocks: [
      {
        kind: 'facts',
        rows: facts.changes.map(({ what, before, after }) => [what, `${after}, before ${before}`] as const),
      },
      ...(facts.prices.length === 0
        ? []
        : [
            {
              kind: 'list',
              title: 'What your dedicated IPs cost',
              items: facts.prices.map(
                ({ address, monthlyCents, fromDay }) =>
                  `${address}: ${h.money(monthlyCents, facts.currency)} a month ${fromDay === null ? 'from now on' : `from ${h.date(startOfDay(fromDay))}`}`,
              ),
            } as const,
            { kind: 'text', text: 'No IP is taken away by this change.' } as const,
          ]),
    ],
    button: { label: 'See your IPs', path: '/ips' },
    why: why(facts),
  }),
  'account-suspended': (facts, { provider }) => ({
    subject: `Your account ${facts.account} at ${provider} is suspended`,
    preview: 'Its mail is stopped until it is reopened.',
    reference: null,
    state: { word: 'Suspended', tone: 'stop' },
    title: 'Your account is suspended',
    blocks: [
      { kind: 'text', text: 'Mail from its domains is refused from now on, and nothing new can be requested.' },
      { kind: 'quote', title: 'Why', text: facts.reason },
      { kind: 'text', text: 'You keep your IPs and domains, and can still sign in.' },
    ],
    button: { label: 'Open the desk', path: '/' },
    why: why(facts),
  }),
  'account-reopened': (facts, { provider }) => ({
    subject: `Your account ${facts.account} at ${provider} is open again`,
    preview: 'Its mail goes out as before.',
    reference: null,
    state: { word: 'Open', tone: 'good' },
    title: 'Your account is open again',
    blocks: [{ kind: 'text', text: 'Mail from its domains goes out again, and you can request what you need.' }],
    button: { label: 'Open the desk', path: '/' },
    why: why(facts),
  }),
  'account-closed': (facts, { h, provider }) => ({
    subject: `Your account ${facts.account} at ${provider} is closed`,
    preview: 'Nobody can sign in to it any more.',
    reference: null,
    state: { word: 'Closed', tone: 'stop' },
    title: 'Your account is closed',
    blocks: [
      {
        kind: 'text',
        text: 'Mail from its domains is refused from now on, open requests are withdrawn, and nobody can sign in to it.',
      },
      { kind: 'quote', title: 'Why', text: facts.reason },
      ...(facts.ips.length === 0
        ? []
        : [
            {
              kind: 'text',
              text: `Its dedicated ${facts.ips.length === 1 ? 'IP' : 'IPs'} ${listed([...facts.ips])} ${facts.ips.length === 1 ? 'is' : 'are'} given back. ${h.day(facts.lastDay)} (UTC) is the last day charged.`,
            } as const,
          ]),
      { kind: 'text', text: 'This is the last mail about it.' },
    ],
    button: { label: 'Open the desk', path: '/sign-in' },
    why: why(facts),
  }),
};
