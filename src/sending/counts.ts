// What the mail servers counted, and what it comes to: weeks, means and sums. Pure.
import { type Day, dayOf, weekStart } from '../day.ts';
import type { Measured } from '../policy/checks/facts.ts';
import { type Engagement, engagementFault, engagementFigures } from './engagement.ts';

/**
 * What became of some mail. `sent`: messages whose first try was on the day; the others are of the same messages,
 * whenever they became known: `deferred` were deferred at least once, `delivered` and `bounced` ended so.
 */
export type Counts = {
  readonly sent: number;
  readonly delivered: number;
  readonly deferred: number;
  readonly bounced: number;
  readonly complained: number;
};

export const NOTHING: Counts = { sent: 0, delivered: 0, deferred: 0, bounced: 0, complained: 0 };

/** The counts of several added up. */
export const sumOf = (counts: Iterable<Counts>): Counts => {
  const sum = { ...NOTHING };
  for (const one of counts) {
    sum.sent += one.sent;
    sum.delivered += one.delivered;
    sum.deferred += one.deferred;
    sum.bounced += one.bounced;
    sum.complained += one.complained;
  }
  return sum;
};

/** What one kind of message is sent as. */
export type MailStream = 'marketing' | 'transactional';

/** What mail went over: an IP of ours by its id, or (id 0) the shared pool of that name. */
export type Via = { readonly ipId: number; readonly pool: string };

/** One domain's counts of one day, over one IP or pool, to one mailbox provider, of one stream. */
export type DayCount = Counts &
  Via & {
    readonly day: Day;
    readonly provider: string;
    readonly stream: MailStream;
    /** null: not counted. */
    readonly opened: number | null;
    readonly engagement?: Engagement;
  };

/** A day's counts of which nothing else is known: over the shared pool, to whomever, delivered where not bounced. */
export const plainCount = (
  count: Pick<Counts, 'sent' | 'bounced' | 'complained'> & { readonly day: Day } & Partial<DayCount>,
): DayCount => ({
  ipId: 0,
  pool: (count.ipId ?? 0) > 0 ? '' : 'shared-us',
  provider: 'other',
  stream: 'marketing',
  delivered: count.sent - count.bounced,
  deferred: 0,
  opened: null,
  ...count,
});

/** What fits in a count: the database keeps 32 bits. */
export const MOST_COUNT = 2_000_000_000;

/** What is wrong with one field, in a sentence. */
export type FieldProblem = { readonly field: string; readonly sentence: string };

type Told = Counts & { readonly opened?: number | null; readonly engagement?: Engagement };
const TOLD = ['sent', 'delivered', 'deferred', 'bounced', 'complained', 'opened'] as const;

function figureFault(field: string, value: number | null = 0): FieldProblem | undefined {
  if (value === null) return undefined;
  if (!Number.isSafeInteger(value) || value < 0)
    return { field, sentence: 'A count must be a whole number, zero or more.' };
  return value > MOST_COUNT ? { field, sentence: 'A count must be at most 2,000,000,000 for one day.' } : undefined;
}

/** The first thing for which counts cannot be true, with the field that says it; undefined where they can. */
export function faultAt(count: Told): FieldProblem | undefined {
  for (const field of TOLD) {
    const fault = figureFault(field, count[field]);
    if (fault) return fault;
  }
  for (const field of count.engagement ? engagementFigures : []) {
    const fault = figureFault(field, count.engagement?.[field]);
    if (fault) return fault;
  }
  const { sent, delivered, deferred, bounced, complained, opened } = count;
  if (delivered > sent) return { field: 'delivered', sentence: 'More was delivered than was sent.' };
  if (delivered + bounced > sent)
    return { field: 'bounced', sentence: 'More was delivered and bounced than was sent.' };
  if (deferred > sent) return { field: 'deferred', sentence: 'More was deferred than was sent.' };
  if (complained > sent) return { field: 'complained', sentence: 'There are more complaints than messages sent.' };
  if ((opened ?? 0) > sent) return { field: 'opened', sentence: 'More was opened than was sent.' };
  return engagementFault(count);
}

/** The sentence about counts that cannot be true; undefined where they can. */
export const faultOf = (count: Told): string | undefined => faultAt(count)?.sentence;

/** One domain's sums over one week; the `recent` ones are of days within the last 28 complete days. */
export type WeekCount = {
  readonly from: Day;
  readonly sent: number;
  /** Of these, the transactional ones. */
  readonly transactional?: number;
  readonly recentSent: number;
  readonly recentBounced: number;
  readonly recentComplained: number;
  readonly recordedAt: number;
};

/** What domains sent, by weeks: of each its counts, by its id. */
export type Weeks = ReadonlyMap<number, readonly WeekCount[]>;

// What is measured is the same under every policy, so that pages, checks and history speak of the same weeks: a quarter
// to be seen, and four weeks, which have each weekday as often, to be judged by.
const WEEKS = 12;
const COUNTED_WEEKS = 4;
const RECENT_DAYS = 28;

/** The days that are looked at on the day of `at`: twelve complete weeks, and the last 28 complete days. */
export function window(at: number): { since: Day; until: Day; recentSince: Day } {
  const today = dayOf(at);
  return { since: weekStart(today) - 7 * WEEKS, until: today, recentSince: today - RECENT_DAYS };
}

/**
 * Adds up the weeks of all domains in question (C-08: summed over all domains that use the IPs). The mean is of the weeks
 * that there are: mail that began since Monday, or a fortnight ago, is not held to be less than none.
 */
export function measure(counts: readonly WeekCount[], at: number): Measured {
  const thisWeek = weekStart(dayOf(at));
  const sum = (value: (count: WeekCount) => number, of = counts) => of.reduce((total, one) => total + value(one), 0);
  const weeks = Array.from({ length: WEEKS }, (_, index) => {
    const from = thisWeek - 7 * (WEEKS - index);
    return {
      from,
      sent: sum(
        (one) => one.sent,
        counts.filter((one) => one.from === from),
      ),
    };
  });
  const first = weeks.findIndex((week) => week.sent > 0);
  const meanOf = first < 0 ? 0 : Math.min(COUNTED_WEEKS, WEEKS - first);
  const last = weeks.slice(WEEKS - meanOf).reduce((total, week) => total + week.sent, 0);
  return {
    weeks,
    weekly: meanOf === 0 ? null : Math.round(last / meanOf),
    meanOf,
    sent: sum((one) => one.recentSent),
    bounced: sum((one) => one.recentBounced),
    complained: sum((one) => one.recentComplained),
    asOf: counts.length === 0 ? null : Math.max(...counts.map((one) => one.recordedAt)),
  };
}
