// What a month of decisions came to. Types and words; pure.
import type { Kind } from '../request.ts';

/** What somebody decided: decisions each, as the first of two reviewers or alone, and as the second. */
export type ByReviewer = {
  /** null: nobody; what was approved automatically. */
  readonly personId: number | null;
  readonly name: string;
  readonly approved: number;
  readonly offered: number;
  readonly declined: number;
  readonly second: number;
  /** Of what they approved: against a check that failed. */
  readonly overrides: number;
};

/** A check that failed in requests that were approved all the same. */
export type Override = { readonly check: string; readonly title: string; readonly count: number };

/** How long reviewers had requests until they decided, working time in milliseconds: half of them at most `half`, nine of ten at most `ninety`. */
export type TimeToDecision = {
  readonly kind: Kind | 'all';
  readonly count: number;
  readonly half: number;
  readonly ninety: number;
};

/** Who made the decisions that no person made. */
export const AUTOMATICALLY = 'Warmdesk, automatically';

export const outcomes = ['warm', 'warming', 'paused', 'given back'] as const;
export type Outcome = (typeof outcomes)[number];

/** How many IPs were in each state 90 days after they were approved. */
export type Outcomes = Readonly<Record<Outcome, number>>;

export type Report = {
  readonly reviewers: readonly ByReviewer[];
  readonly overrides: readonly Override[];
  readonly times: readonly TimeToDecision[];
  readonly outcomes: Outcomes;
};

export const OUTCOME_WORDS: Readonly<Record<Outcome, string>> = {
  warm: 'Warm',
  warming: 'Still warming up',
  paused: 'Paused',
  'given back': 'Given back',
};

export const KIND_WORDS: Readonly<Record<TimeToDecision['kind'], string>> = {
  all: 'All requests',
  dedicated_ip: 'Dedicated IPs',
  transactional_pool: 'Transactional pool',
};
