// Which requests need no person: every check passes, and on measured facts alone (S-10, S-11, S-12). Pure.
import { type Day, dayLength, startOfDay } from '../../day.ts';
import type { Facts } from '../../policy/checks/facts.ts';
import type { Policy } from '../../policy/document/policy.ts';
import { counted, grouped, listed } from '../../wording.ts';
import type { Evidence } from '../evidence/gather.ts';

type Known = Pick<Evidence, 'policy' | 'facts' | 'findings' | 'pattern' | 'domains'>;
type Setting = NonNullable<Policy['automaticApproval']['value']>;

/** Counts that are older say too little of today (milliseconds): a sender of one newsletter a week has them younger. Own choice. */
const STALE_MS = 8 * dayLength;

/** What pages and records say where the policy has no automatic approval. */
export const NOT_BY_POLICY = 'The policy leaves every request to a person.';

/**
 * Why a person decides on a request, a sentence each; none where every check passes at the instant `at` (UTC milliseconds) on
 * what was counted and looked up. What its customer only states is never a reason to approve it.
 */
export function whyNotClear(known: Known, at: number): string[] {
  const setting = known.policy.document.automaticApproval.value;
  if (setting === null) return [NOT_BY_POLICY];
  const { facts } = known;
  return [...unclear(known, at), ...(facts.kind === 'dedicated_ip' ? tooMany(facts.asked.ipCount, setting) : [])];
}

/** The same whatever the policy leaves to Warmdesk: what a request itself, its account and its mail have that a person should see. */
export function unclear({ policy, facts, findings, pattern, domains }: Known, at: number): string[] {
  // C-05: what would be sent is in the request's own words, which only a person can read.
  if (facts.kind !== 'dedicated_ip') return ['A person reads what will be sent over the transactional pool.'];
  const { required, dedicated_ip: items } = policy.document.checklist.value;
  if (required && items.length > 0) return ['The policy has reviewers go through a checklist.'];
  const failing = findings.filter(({ verdict }) => verdict !== 'passes');
  return [
    ...failing.map(({ title, fact, limit }) => `${title}: ${fact}; needed: ${limit}.`),
    ...unentitled(facts),
    ...unmeasured(facts, policy.document, at),
    ...(pattern?.basis === 'measured' ? [] : ['Its sending pattern is stated, not measured yet.']),
    ...domains.flatMap(({ name, checkedAt }) => (checkedAt === null ? [`${name} was never looked up in DNS.`] : [])),
    ...domains.flatMap(({ name, stoppedAt }) => (stoppedAt === null ? [] : [`${name} is stopped.`])),
  ];
}

const tooMany = (asked: number, { maxIps }: Setting): string[] =>
  asked <= maxIps
    ? []
    : [`It asks for ${counted(asked, 'IP')}; up to ${counted(maxIps, 'IP')} can be approved automatically.`];

/** S-11: without a person only those are believed who may commit their account to a cost, whatever the policy asks of others. */
const unentitled = ({ requester: { name, role } }: Facts): string[] =>
  role === 'member' ? [`${name} is neither an admin nor a billing contact of the account.`] : [];

function unmeasured({ measured: { weekly, sent, asOf } }: Facts, { minimumSample }: Policy, at: number): string[] {
  if (weekly === null || asOf === null || sent < minimumSample.value)
    return [`Too little mail is measured: ${grouped(sent)} in 28 days; needed: ${grouped(minimumSample.value)}.`];
  return at - asOf > STALE_MS ? [STALE] : [];
}

const STALE = 'What was sent has not been reported for more than eight days.';

/** A late complaint or an old file is counted today, and says nothing of what was sent since. */
export const isStale = (lastSentOn: Day | null, at: number): boolean =>
  lastSentOn === null || at - startOfDay(lastSentOn + 1) > STALE_MS;

/** What is known of a request beside its evidence. */
export type Beside = {
  /** The policy version in force (its id), and that of the request. */
  readonly inForce: number | undefined;
  readonly sentUnder: number;
  /** When it was sent or last changed (UTC milliseconds), and what DNS says since when by domain. */
  readonly sentAt: number;
  readonly lookedUp: readonly { readonly name: string; readonly checkedAt: number | null }[];
  /** What people did with it besides sending and changing it, and whether one has it. */
  readonly touched: boolean;
  readonly isRequesterActive: boolean;
  readonly isStale: boolean;
  /** Automatic approvals of the account in the last 30 days, and how many it may have. */
  readonly approvals: number;
  readonly most: number;
  readonly wasDeclined: boolean;
  readonly warned: readonly string[];
  readonly paused: readonly string[];
};

/** Why a person decides on a request of which every check passes, a sentence each; none where nothing speaks for one. */
export function doubts(known: Beside): string[] {
  const { approvals, most, warned, paused } = known;
  const old = known.lookedUp.filter(({ checkedAt }) => checkedAt === null || checkedAt < known.sentAt);
  const names = (all: readonly string[]): string => listed([...all]);
  return [
    ...(known.inForce === known.sentUnder ? [] : ['The policy changed since it was sent.']),
    ...(known.touched ? ['Somebody wrote about it or took it up.'] : []),
    ...(known.isStale ? [STALE] : []),
    ...(known.isRequesterActive ? [] : ['The person who asked can no longer sign in.']),
    ...(old.length === 0 ? [] : [`DNS has not answered since it was sent: ${names(old.map(({ name }) => name))}.`]),
    // S-12: more than that is a request that a person decides.
    ...(approvals < most ? [] : [`The account had ${counted(approvals, 'automatic approval')} in the last 30 days.`]),
    ...(known.wasDeclined ? ['A request of the account was declined in the last 30 days.'] : []),
    ...(warned.length === 0 ? [] : [`The shared pool warned about ${names(warned)}.`]),
    ...(paused.length === 0 ? [] : [`The warm-up of ${names(paused)} is paused.`]),
  ];
}
