// Texts that reviewers use again and again: for which form each is, and what its placeholders become. Pure.
import { counted, grouped, listed } from '../../../wording.ts';
import { declineOf } from '../../declining.ts';
import { failed } from '../../evidence/failing.ts';
import type { Evidence } from '../../evidence/gather.ts';
import { type IpRequest, reference } from '../../request.ts';

/** The forms for which there are texts, and who reads what is written there. */
export const PURPOSES = {
  ask: { label: 'Asking for information', field: 'question', reader: 'The customer reads it.' },
  decline: { label: 'Declining', field: 'reason', reader: 'The customer reads it.' },
  offer: { label: 'Offering fewer IPs', field: 'reason', reader: 'The customer reads it.' },
  approve: { label: 'Approving against a failed check', field: 'reason', reader: 'Only staff read it.' },
  'send-back': { label: 'Sending back', field: 'reason', reader: 'Only staff read it.' },
} as const;
export type Purpose = keyof typeof PURPOSES;
export const purposes = Object.keys(PURPOSES) as Purpose[];
export const isPurpose = (text: unknown): text is Purpose => typeof text === 'string' && Object.hasOwn(PURPOSES, text);

export type Canned = {
  readonly id: number;
  readonly purpose: Purpose;
  readonly name: string;
  /** With placeholders. */
  readonly body: string;
  readonly changedBy: string;
  readonly changedAt: number;
};

/** What a text may name of the request, by the name in its braces. */
const PLACEHOLDERS = {
  customer: 'the customer’s name',
  person: 'who sent the request',
  request: 'its number',
  domains: 'its domains',
  IPs: 'how many IPs it asks for',
  stated: 'the weekly volume that was stated',
  measured: 'the weekly volume that was measured',
  needed: 'the weekly volume that its IPs need',
  failed: 'the checks that fail',
  remedies: 'what would get it approved, line by line',
  days: 'how many days there are for an answer',
} as const;
type Placeholder = keyof typeof PLACEHOLDERS;
type Facts = Readonly<Record<Placeholder, string>>;

/** As the page lists them: the name in braces, and what it becomes. */
export const placeholderList = (): readonly (readonly [string, string])[] =>
  Object.entries(PLACEHOLDERS).map(([name, meaning]) => [`{${name}}`, meaning]);

const BRACES = /\{([^{}\n]{1,40})\}/g;

/** Names in braces that nothing is known of. */
export const unknownIn = (body: string): string[] =>
  [...body.matchAll(BRACES)].flatMap(([whole, name = '']) => (Object.hasOwn(PLACEHOLDERS, name) ? [] : [whole]));

/** A text with its placeholders filled in. Braces in a customer's own words are left as they are. */
export const filled = (body: string, facts: Facts): string =>
  body.replace(BRACES, (whole, name) => (Object.hasOwn(facts, name) ? facts[name as Placeholder] : whole));

/** What the placeholders become on one request. */
export function factsOf(request: IpRequest, { facts, findings, domains, policy }: Evidence): Facts {
  const isDedicated = facts.kind === 'dedicated_ip';
  const perIp = policy.document.weeklyVolumePerIp.value;
  const ips = isDedicated ? facts.joined + facts.asked.ipCount : 0;
  const { remedies } = declineOf(findings);
  return {
    customer: request.account.name,
    person: request.requester.name,
    request: reference(request.id),
    domains: listed(domains.map(({ name }) => name)),
    IPs: isDedicated ? counted(facts.asked.ipCount, 'IP') : 'the transactional pool',
    stated: `${grouped(facts.asked.weeklyVolume)} emails a week`,
    measured: facts.measured.weekly === null ? 'nothing yet' : `${grouped(facts.measured.weekly)} emails a week`,
    needed: isDedicated && perIp !== null ? `${grouped(perIp * ips)} emails a week` : 'no minimum volume',
    failed: listed(failed(findings).map(({ title }) => title)) || 'nothing',
    remedies: remedies.map((remedy) => `- ${remedy}`).join('\n'),
    days: counted(policy.document.answerWithinDays.value, 'day'),
  };
}

/** With these a text is shown where there is no request yet. */
export const EXAMPLE: Facts = {
  customer: 'Acme Mailings',
  person: 'Ola Acme',
  request: 'WD-1042',
  domains: 'acme.example and news.acme.example',
  IPs: 'two IPs',
  stated: '120,000 emails a week',
  measured: '86,400 emails a week',
  needed: '100,000 emails a week',
  failed: 'Measured volume',
  remedies: '- Send 13,600 more a week.',
  days: '14 days',
};

/** What was typed with a text added below it; nothing that was typed is lost. */
export const withText = (typed: string, text: string): string =>
  typed.trim() === '' ? text : `${typed.trimEnd()}\n\n${text}`;
