// What people are mailed about a domain's place among the shared pools (C-02, S-01). Pure.
import type { Day } from '../../day.ts';
import type { DomainFacts } from '../../domains/mail.ts';
import type { Block, Writer } from '../../notifications/letter.ts';
import type { MailFacts } from '../../notifications/mail.ts';
import { counted, percent } from '../../wording.ts';

declare module '../../notifications/mail.ts' {
  interface MailFacts {
    /** `why`: the rates in numbers; `onDay`: when it goes to the lower tier, or is stopped (`isLast`) above the rates `stopAt`; `isPooled`: transactional. */
    'pool-warned': DomainFacts & {
      readonly why: string;
      readonly onDay: Day;
      readonly isLast: boolean;
      readonly isPooled: boolean;
      readonly stopAt: { readonly bounce: number; readonly complaint: number } | null;
    };
    'pool-cleared': DomainFacts & { readonly tier: number };
    'pool-lowered': DomainFacts & {
      readonly why: string;
      readonly tier: number;
      /** The score that brings it back, and after how many days at the earliest. */
      readonly backFrom: number;
      readonly raiseDays: number;
    };
    'pool-raised': DomainFacts & { readonly why: string; readonly tier: number };
    'pool-placed': DomainFacts & { readonly tier: number; readonly until: Day; readonly reason: string };
    /** To staff: a domain that a night stopped, or that stays over the limits of the transactional pool. */
    'pool-to-review': {
      readonly domain: string;
      readonly account: string;
      readonly why: string;
      readonly isStopped: boolean;
      readonly path: string;
    };
  }
}

const text = (words: string): Block => ({ kind: 'text', text: words });
const common = ({ account, path }: DomainFacts) => ({
  reference: null,
  button: { label: 'See the domain', path },
  why: `You get this mail because you look after the domains of ${account}.`,
});

const WHAT_HELPS: Block = {
  kind: 'list',
  title: 'What helps',
  items: [
    'Remove addresses that bounced, and those that have not opened anything for half a year.',
    'Write only to people who asked for your mail, and let them unsubscribe with one click.',
    'Check which addresses you added recently: one bad list is the usual cause.',
  ],
};

/** What happens if the rates stay as they are. */
function threat({ onDay, isLast, isPooled, stopAt }: MailFacts['pool-warned'], day: (day: Day) => string): string {
  const { bounce = 0, complaint = 0 } = stopAt ?? {};
  const worst = `more than ${percent(bounce)} of the mail bounces or more than ${percent(complaint)} is reported as spam`;
  if (isPooled)
    return `If the rates are still over the limits on ${day(onDay)}, our staff will decide whether the domain stays in the transactional pool. If by then ${worst}, it is stopped: its mail is refused.`;
  if (isLast) return `If ${worst} on ${day(onDay)}, the domain is stopped: its mail is refused.`;
  return `If the rates are still over the limits on ${day(onDay)}, the domain moves to a lower tier of the shared IPs, which receivers trust less. In the last tier, a domain is stopped if ${worst}.`;
}

type Name = 'pool-warned' | 'pool-cleared' | 'pool-lowered' | 'pool-raised' | 'pool-placed' | 'pool-to-review';

export const tierLetters: { readonly [N in Name]: Writer<N> } = {
  'pool-warned': (facts, { h }) => ({
    ...common(facts),
    subject: `Please look at ${facts.domain}: its rates are over the limits`,
    preview: facts.why,
    state: { word: 'Warning', tone: 'ask' },
    title: `${facts.domain} harms the shared IPs that it uses`,
    blocks: [
      text(`${facts.why} Other customers send over the same IPs, and receivers judge them all together.`),
      WHAT_HELPS,
      text(
        `${threat(facts, h.day)} If they are back within the limits by then, the warning ends by itself. We check them every night.`,
      ),
    ],
  }),
  'pool-cleared': (facts) => ({
    ...common(facts),
    subject: `${facts.domain} is within the limits again`,
    preview: 'The warning has ended.',
    state: { word: 'Within the limits', tone: 'good' },
    title: `The warning about ${facts.domain} has ended`,
    blocks: [
      text(
        `Its rates are within the limits again.${facts.tier > 1 ? ` It is in tier ${facts.tier} of the shared IPs, and moves up by itself as its reputation score rises.` : ''}`,
      ),
    ],
  }),
  'pool-lowered': (facts) => ({
    ...common(facts),
    subject: `${facts.domain} is now in tier ${facts.tier} of the shared IPs`,
    preview: facts.why,
    state: { word: 'Lower tier', tone: 'stop' },
    title: `${facts.domain} was moved to a lower tier`,
    blocks: [
      text(
        `${facts.why} Its mail now goes over the IPs of tier ${facts.tier}, which receivers trust less than those of a better tier.`,
      ),
      WHAT_HELPS,
      text(
        `It moves back up by itself once its reputation score is ${facts.backFrom} or more, but no sooner than ${counted(facts.raiseDays, 'day')} after its last move. We check it every night.`,
      ),
    ],
  }),
  'pool-raised': (facts) => ({
    ...common(facts),
    subject: `${facts.domain} is now in tier ${facts.tier} of the shared IPs`,
    preview: facts.why,
    state: { word: 'Better tier', tone: 'good' },
    title: `${facts.domain} was moved to a better tier`,
    blocks: [text(`${facts.why} It is now in tier ${facts.tier} of the shared IPs.`)],
  }),
  'pool-placed': (facts, { h }) => ({
    ...common(facts),
    subject: `Our staff put ${facts.domain} in tier ${facts.tier} of the shared IPs`,
    preview: 'This was a decision of our staff. Their reason is in this mail.',
    state: { word: 'Decided by staff', tone: 'plain' },
    title: `${facts.domain} is in tier ${facts.tier} of the shared IPs`,
    blocks: [
      text(
        `It stays there until the end of ${h.day(facts.until)} (UTC). After that, its reputation decides again every night.`,
      ),
      { kind: 'quote', title: 'Why', text: facts.reason },
    ],
  }),
  'pool-to-review': (facts) => ({
    subject: `Please look at ${facts.domain}: it ${facts.isStopped ? 'was stopped' : 'is still over the limits'}`,
    preview: facts.why,
    reference: null,
    state: { word: 'Your turn', tone: 'ask' },
    title: `${facts.domain} of ${facts.account} ${facts.isStopped ? 'was stopped' : 'is still over the limits'}`,
    blocks: [
      text(
        `${facts.why} ${facts.isStopped ? 'It had been warned, and there was no lower tier to move it to, so its mail is now refused.' : 'It was warned, and the transactional pool has no lower tier to move it to.'}`,
      ),
      text(
        `Look at what it sends and where its addresses come from, and talk to the customer. ${facts.isStopped ? 'Let it send again once the cause is fixed.' : 'Take it out of the pool if nothing changes.'}`,
      ),
    ],
    button: { label: 'See the domain', path: facts.path },
    why: 'You get this mail because you look after domains.',
  }),
};
