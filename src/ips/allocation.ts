// An IP given to one account, and to nobody else while it lives (C-07).
import type { Day } from '../day.ts';
import type { Region, Stream } from '../policy/checks/facts.ts';

export const allocationStatuses = ['reserved', 'warming', 'paused', 'active', 'releasing', 'released'] as const;
export type AllocationStatus = (typeof allocationStatuses)[number];

export type Allocation = {
  readonly id: number;
  readonly ipId: number;
  readonly address: string;
  readonly region: Region;
  readonly accountId: number;
  /** null: the account had it before Warmdesk came. */
  readonly requestId: number | null;
  readonly status: AllocationStatus;
  readonly monthlyCents: number;
  readonly currency: string;
  readonly allocatedAt: number;
  /** The first day that is charged of an IP that was moved in; null: from the beginning of its warm-up on. */
  readonly chargedFrom: Day | null;
  /** The first day of a warm-up that has not begun yet; null: it has, or there is none. */
  readonly startsOn: Day | null;
  /** Its warm-up; null: it has none. */
  readonly warmupId: number | null;
  /** The UTC day on which it was given back, the last that is charged; null: it was not. */
  readonly releasedOn: Day | null;
  /** When its drain ends (UTC milliseconds), once it was given back: what is queued for it may leave until then. */
  readonly drainsUntil: number | null;
  /** Since when no domain uses it (UTC milliseconds); null: one does, or it was given back. */
  readonly unusedSince: number | null;
  /** S-05: which of its domains' mail it carries. */
  readonly stream: Stream;
  /** S-17: whether the account that has it sends over it itself; false: only those of its subusers to which it is assigned. */
  readonly ownerSends: boolean;
};

/** What was given back of the IPs that a request brought: `count` of `of`, the last on a UTC day. */
export type GivenBack = { readonly of: number; readonly count: number; readonly lastOn: Day };

/** States in which an IP is its account's to use. Until it is released, one that drains is nobody else's either (C-07). */
export const LIVE: readonly AllocationStatus[] = ['reserved', 'warming', 'paused', 'active'];

export const isLive = ({ status }: Pick<Allocation, 'status'>): boolean => LIVE.includes(status);

/** The first day that an IP is charged, where it is still to come after `day`; null: it is charged by then, or costs nothing. */
export function chargedLater(
  { monthlyCents, chargedFrom, startsOn }: Pick<Allocation, 'monthlyCents' | 'chargedFrom' | 'startsOn'>,
  day: Day,
): Day | null {
  const first = chargedFrom ?? startsOn;
  return monthlyCents > 0 && first !== null && first > day ? first : null;
}

/** What people read about each state (S-13: an IP that warms up says so). */
export const ALLOCATION_WORDS: Readonly<
  Record<AllocationStatus, { label: string; tone: 'good' | 'look' | 'bad' | 'busy' | 'quiet' }>
> = {
  reserved: { label: 'Reserved', tone: 'quiet' },
  warming: { label: 'Warming up', tone: 'busy' },
  paused: { label: 'Paused', tone: 'bad' },
  active: { label: 'Active', tone: 'good' },
  releasing: { label: 'Being released', tone: 'quiet' },
  released: { label: 'Released', tone: 'quiet' },
};
