// What customers are mailed when an IP is given back. Pure.
import type { Day } from '../day.ts';
import type { Block, Writer } from '../notifications/letter.ts';
import type { MoveWords } from './wording.ts';

/** What each of these mails says. `reference`: of the request by which the IP came; null: it came without one. */
export type IpFacts = {
  readonly reference: string | null;
  readonly account: string;
  readonly address: string;
  readonly monthlyCents: number;
  readonly currency: string;
  /** Whether it was given back before its first day that would have been charged; left out in older mails. */
  readonly neverCharged?: boolean;
};

export type ReleasingFacts = IpFacts & {
  readonly moves: readonly MoveWords[];
  /** IPs that the plan includes from now on. */
  readonly cheaper: readonly string[];
  readonly lastDay: Day;
  readonly drainsUntil: number;
  readonly endsWarmup: boolean;
  /** Who of the account gave it back; null: our staff did. */
  readonly by: string | null;
  readonly reason: string;
};

declare module '../notifications/mail.ts' {
  interface MailFacts {
    'ip-releasing': ReleasingFacts;
    'ip-released': IpFacts & { readonly lastDay: Day };
  }
}

const text = (words: string): Block => ({ kind: 'text', text: words });
const subject = (state: string, { address, reference }: IpFacts): string =>
  reference === null ? `${state}: ${address}` : `${state}: ${address} (${reference})`;
const why = ({ account }: IpFacts): string =>
  `You get this mail because you asked for this IP for ${account} or decide about its costs.`;

export const releaseLetters: {
  readonly 'ip-releasing': Writer<'ip-releasing'>;
  readonly 'ip-released': Writer<'ip-released'>;
} = {
  'ip-releasing': (facts, { h, provider }) => ({
    subject: subject('Dedicated IP given back', facts),
    preview:
      facts.moves.length === 0
        ? `No new mail goes over ${facts.address} from now on.`
        : facts.moves.map(({ domain, over }) => `${domain} goes over ${over} now.`).join(' '),
    reference: facts.reference,
    state: { word: 'Given back', tone: 'plain' },
    title: `${facts.address} is given back`,
    blocks: [
      text(
        facts.by === null
          ? `Our staff released your dedicated IP ${facts.address}. No new mail goes over it from now on.`
          : `${facts.by} gave your dedicated IP ${facts.address} back. No new mail goes over it from now on.`,
      ),
      ...(facts.reason === '' ? [] : [{ kind: 'quote', title: 'Why', text: facts.reason } as const]),
      {
        kind: 'facts',
        rows: [
          ...facts.moves.map(({ domain, over }) => [domain, `now goes over ${over}`] as const),
          ['Queued mail', `may still leave over it until ${h.date(facts.drainsUntil)}`],
          facts.monthlyCents === 0
            ? ['Cost', 'it was included, so no charge ends']
            : facts.neverCharged
              ? ['Cost', 'it is never charged, as it was given back before its first charge']
              : [
                  'Last day charged',
                  `${h.day(facts.lastDay)} (UTC), at ${h.money(facts.monthlyCents, facts.currency)} a month`,
                ],
        ],
      },
      ...(facts.endsWarmup ? [text('Its warm-up has ended.')] : []),
      ...(facts.cheaper.length === 0
        ? []
        : [text(`Your plan includes ${facts.cheaper.join(' and ')} from now on, which cost extra before.`)]),
      text(
        `There is nothing for you to do: send as usual. It cannot be undone. If you did not expect this, write to ${provider} at once.`,
      ),
    ],
    button: { label: 'See your IPs', path: '/ips' },
    why: why(facts),
  }),
  'ip-released': (facts, { h }) => ({
    subject: subject('Release complete', facts),
    preview: `Your mail no longer leaves over ${facts.address}.`,
    reference: facts.reference,
    state: { word: 'Released', tone: 'plain' },
    title: `The release of ${facts.address} is complete`,
    blocks: [
      text(`Your mail is no longer queued for ${facts.address}, and the IP is no longer yours.`),
      text(
        facts.monthlyCents === 0
          ? 'It was included in your plan.'
          : facts.neverCharged
            ? 'It was never charged.'
            : `It was charged up to and including ${h.day(facts.lastDay)} (UTC).`,
      ),
      text('What you sent over it stays in your reports.'),
    ],
    button: { label: 'See your IPs', path: '/ips' },
    why: why(facts),
  }),
};
