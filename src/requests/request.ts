// A customer's request: the words for what it is and its status. Pure.
import type { AccountStatus } from '../accounts/person.ts';
import type { Region, Stream } from '../policy/checks/facts.ts';
import { capitalised, counted, inWords } from '../wording.ts';
import type { Clock } from './clock/clock.ts';
import type { Mailing } from './mailing.ts';

export const kinds = ['dedicated_ip', 'transactional_pool'] as const;
export type Kind = (typeof kinds)[number];

export const statuses = [
  'submitted',
  'needs_info',
  'second_review',
  'offered',
  'waitlisted',
  'fulfilled',
  'declined',
  'withdrawn',
  'expired',
] as const;
export type Status = (typeof statuses)[number];

/** Those in which something can still happen; an account has at most one such request of each kind. */
export const openStatuses = [
  'submitted',
  'needs_info',
  'second_review',
  'offered',
  'waitlisted',
] as const satisfies Status[];
export const isOpen = (status: Status): boolean => (openStatuses as readonly Status[]).includes(status);

/** What the customer answered. Volumes are emails a week; `startsOn` is a day. */
export type Answers =
  | {
      readonly kind: 'dedicated_ip';
      readonly ipCount: number;
      readonly region: Region;
      readonly stream: Stream;
      readonly startsOn: number;
      readonly weeklyVolume: number;
      readonly peakWeeklyVolume: number;
      readonly sends: string;
      readonly signup: string;
      /** null: enough was measured, so that they were not asked. */
      readonly mailing: Mailing | null;
      /** S-15: false where they warm the IPs up themselves; true wherever the policy gives no choice. */
      readonly automatedWarmup: boolean;
      readonly domainIds: readonly number[];
    }
  | {
      readonly kind: 'transactional_pool';
      readonly weeklyVolume: number;
      readonly sends: string;
      readonly samples: string;
      readonly domainIds: readonly number[];
    };

export type IpRequest = {
  readonly id: number;
  readonly status: Status;
  /** Counts the status changes, the sending included. */
  readonly version: number;
  readonly policyVersionId: number;
  readonly answers: Answers;
  readonly account: {
    readonly id: number;
    readonly name: string;
    readonly plan: string;
    readonly region: Region | null;
    readonly status: AccountStatus;
    readonly parentId: number | null;
  };
  readonly requester: Party;
  /** Who proposed an approval that waits for a second reviewer. */
  readonly proposerId: number | null;
  /** Whether anybody has claimed it since its last step. The claim may have lapsed. */
  readonly wasClaimed: boolean;
  readonly approvedCount: number | null;
  readonly submittedAt: number;
  /** When a decision is due; null while it is not the reviewers' turn. */
  readonly dueAt: number | null;
  /** What was left of the clock when it was stopped (working time, milliseconds). */
  readonly dueLeft: number | null;
  readonly clock: Clock;
  readonly expiresAt: number | null;
  readonly decidedAt: number | null;
  /** Since when it waits for IPs, or waited before it was looked at again. */
  readonly waitsSince: number | null;
  /** Whether its customer appealed a decline, which is possible once. */
  readonly wasAppealed: boolean;
  /** Who declined it; once it is appealed, somebody else decides. */
  readonly declinedBy: number | null;
  /** Decided, but not in effect yet. */
  readonly pending?: PendingDecision;
  /** When Warmdesk looks whether it approves it by itself (UTC milliseconds); not given: a person decides. */
  readonly automaticAt?: number;
  /** Whether the decision in force was made without a person. */
  readonly isAutomatic?: true;
};

export const decisions = ['approve', 'confirm', 'decline', 'offer', 'ask', 'send-back'] as const;

/** A decision that takes effect at `settlesAt` (UTC milliseconds): until then the one who made it can undo it. */
export type PendingDecision = {
  readonly decision: (typeof decisions)[number];
  readonly personId: number;
  readonly name: string;
  readonly settlesAt: number;
};

/** IPs that are asked for. */
export const ipsOf = (answers: Answers): number => (answers.kind === 'dedicated_ip' ? answers.ipCount : 0);

/** What somebody wrote in their own words. */
export const writtenIn = (answers: Answers): string =>
  (answers.kind === 'dedicated_ip' ? [answers.sends, answers.signup] : [answers.sends, answers.samples]).join('\n');

/** A person with all that a mail to them needs. */
export type Party = {
  readonly id: number;
  readonly name: string;
  readonly email: string;
  readonly timeZone: string;
  readonly role: 'admin' | 'billing' | 'member' | null;
};

/** The reference that people quote. It follows from the id, so it is stored nowhere. */
export const reference = (id: number): string => `WD-${1000 + id}`;

/** The id behind what somebody typed for a reference: `WD-1042`, `wd 1042`, `#1042` or 1042. */
export function idOfTyped(text: string): number | undefined {
  const digits = /^#?(?:WD[\s-]?)?(\d+)$/i.exec(text.trim())?.[1];
  return digits === undefined ? undefined : idOfReference(`WD-${digits}`);
}

/** The id behind a reference, or undefined where the text is none. */
export function idOfReference(text: string): number | undefined {
  const digits = /^WD-([1-9][0-9]{3,9})$/i.exec(text)?.[1];
  const id = Number(digits) - 1000;
  return id > 0 && Number.isSafeInteger(id) && id < 2 ** 31 ? id : undefined;
}

/** 'Two dedicated IPs' or 'The transactional pool'. */
export const askedFor = (answers: Pick<Answers, 'kind'> & { ipCount?: number }): string =>
  answers.kind === 'dedicated_ip'
    ? capitalised(counted(answers.ipCount ?? 1, 'dedicated IP'))
    : 'The transactional pool';

/** What a request is for; where fewer IPs were offered or approved than asked for, how many: `Two dedicated IPs, one approved`. */
export function titleOf({
  answers,
  approvedCount,
  status,
}: Pick<IpRequest, 'approvedCount' | 'status'> & {
  readonly answers: Parameters<typeof askedFor>[0];
}): string {
  const word = FEWER[status];
  const isFewer = approvedCount !== null && approvedCount < (answers.ipCount ?? 1);
  return word !== undefined && isFewer ? `${askedFor(answers)}, ${inWords(approvedCount)} ${word}` : askedFor(answers);
}

const FEWER: { readonly [S in Status]?: string } = {
  offered: 'offered',
  waitlisted: 'approved',
  fulfilled: 'approved',
};

export type Tone = 'good' | 'look' | 'bad' | 'busy' | 'quiet';

type StatusWords = {
  /** On tags, in lists, files and mails: the one word for it on both sides of the desk. */
  readonly label: string;
  readonly tone: Tone;
  /** One sentence to the customer. */
  readonly customer: string;
  /** Whose turn it is, as the customer reads it. */
  readonly turn: string;
};

export const STATUS_WORDS: Readonly<Record<Status, StatusWords>> = {
  submitted: {
    label: 'In review',
    tone: 'busy',
    customer: 'We have your request. A reviewer looks at it next.',
    turn: 'Our reviewers',
  },
  needs_info: {
    label: 'Answer needed',
    tone: 'look',
    customer: 'A reviewer needs an answer from you before deciding.',
    turn: 'You',
  },
  second_review: {
    label: 'Second review',
    tone: 'busy',
    customer: 'A reviewer has looked at your request, and a second one looks at it now.',
    turn: 'Our reviewers',
  },
  offered: {
    label: 'Offered',
    tone: 'look',
    customer: 'We can approve part of what you asked for. Accept the offer, or withdraw your request.',
    turn: 'You',
  },
  waitlisted: {
    label: 'Waitlisted',
    tone: 'busy',
    customer:
      'Your request is approved, but not enough IPs are free in your region. Nothing is charged until you get them.',
    turn: 'Us: we add IPs',
  },
  fulfilled: {
    label: 'Approved',
    tone: 'good',
    customer: 'Your request is approved and set up.',
    turn: 'Done',
  },
  declined: {
    label: 'Declined',
    tone: 'bad',
    customer: 'We did not approve this request, for this reason:',
    turn: 'Nobody: it is closed',
  },
  withdrawn: {
    label: 'Withdrawn',
    tone: 'quiet',
    customer: 'You withdrew this request.',
    turn: 'Nobody: it is closed',
  },
  expired: {
    label: 'Expired',
    tone: 'quiet',
    customer: 'We closed this request because no answer came in time. You can send a new one.',
    turn: 'Nobody: it is closed',
  },
};
