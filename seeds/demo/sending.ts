// Believable sending counts: weeks that breathe, days that follow what is sent, and means that come out exactly.
import { type Day, weekStart } from '../../src/day.ts';
import type { Stream } from '../../src/policy/checks/facts.ts';
import { type DayCount, plainCount } from '../../src/sending/counts.ts';

export type Sending = {
  readonly usage: Stream;
  /** The mean of the last four complete weeks, exactly. */
  readonly weekly: number;
  /** Complete weeks of counts before the running one. */
  readonly weeks: number;
  /** How much less each week had, the further back: 0.02 means 2 % of `weekly` for each week before the last four. */
  readonly growth: number;
  /** Bounces and complaints, as a share of what was sent. */
  readonly bounces: number;
  readonly complaints: number;
  /** Of a week's mail, Monday to Sunday, where it is not as usual. */
  readonly days?: readonly number[];
};

// Of a week's mail, Monday to Sunday.
const DAYS: Readonly<Record<Stream, readonly number[]>> = {
  marketing: [0.1, 0.23, 0.13, 0.25, 0.16, 0.08, 0.05],
  transactional: [0.15, 0.15, 0.15, 0.15, 0.16, 0.13, 0.11],
  both: [0.13, 0.19, 0.14, 0.2, 0.16, 0.1, 0.08],
};
// How the last four weeks differ from their mean; they add up to nothing.
const LAST_FOUR = [0.03, -0.02, -0.04, 0.03];
const BEFORE = [-0.03, 0.02, 0.05, -0.01, -0.04, 0.03, 0.01];

/** The counts of each day up to yesterday, over a shared pool. `shift` makes domains differ from each other. */
export function countsUpTo(today: Day, sending: Sending, shift: number, pool: string): DayCount[] {
  const totals = weekTotals(sending, shift);
  const first = weekStart(today) - 7 * sending.weeks;
  const sent = totals.flatMap((total) => spread(total, sending.days ?? DAYS[sending.usage]));
  const bounced = shares(sent, sending.bounces);
  const complained = shares(sent, sending.complaints);
  return sent
    .map((count, index) =>
      plainCount({
        day: first + index,
        pool,
        stream: sending.usage === 'transactional' ? 'transactional' : 'marketing',
        sent: count,
        bounced: bounced[index] ?? 0,
        complained: complained[index] ?? 0,
      }),
    )
    .filter(({ day }) => day < today);
}

/** Oldest first; the running week last. */
function weekTotals({ weekly, weeks, growth }: Sending, shift: number): number[] {
  const rotated = LAST_FOUR.map((_, index) => LAST_FOUR[(index + shift) % 4] ?? 0);
  const lastFour = rotated.slice(0, 3).map((change) => Math.round(weekly * (1 + change)));
  lastFour.push(4 * weekly - lastFour.reduce((sum, total) => sum + total, 0));
  const before = Array.from({ length: weeks - 4 }, (_, index) => {
    const less = growth * (weeks - 4 - index);
    return Math.max(0, Math.round(weekly * (1 - less) * (1 + (BEFORE[(index + shift) % 7] ?? 0))));
  });
  return [...before, ...lastFour, weekly];
}

/** Of a domain's mail; they add up to one. */
export const PROVIDERS = ['gmail', 'microsoft', 'yahoo', 'apple', 'other'];
export const SHARES = [0.44, 0.21, 0.13, 0.08, 0.14];

/** As far back as pages look. Older days stay whole: five rows for each would be for nobody to see. */
const DAYS_BY_PROVIDER = 84;
/** Fewer messages are not divided: a bounce could be counted where nothing was sent. */
const FEW = 100;

/** A domain's day over a pool, by mailbox provider. */
export function byProvider(all: DayCount, today: Day): DayCount[] {
  if (all.day < today - DAYS_BY_PROVIDER || all.sent < FEW) return [all];
  const bounced = spread(all.bounced, SHARES);
  const complained = spread(all.complained, SHARES);
  return spread(all.sent, SHARES).map((sent, index) => {
    const count = {
      ...all,
      provider: PROVIDERS[index] ?? 'other',
      sent,
      bounced: bounced[index] ?? 0,
      complained: complained[index] ?? 0,
      delivered: sent - (bounced[index] ?? 0),
      deferred: Math.round(sent * (index === 1 ? 0.02 : 0.01)),
    };
    return all.stream === 'marketing' && all.day >= today - DAYS_OF_ENGAGEMENT ? withEngagement(count) : count;
  });
}

const DAYS_OF_ENGAGEMENT = 40;

/** Who opened and clicked it, and why it bounced: Apple’s proxy opens nearly all of its own mail. */
function withEngagement(count: DayCount): DayCount {
  const of = (share: number): number => Math.floor(count.sent * share);
  const isApple = count.provider === 'apple';
  const invalid = Math.floor(count.bounced * 0.7);
  return {
    ...count,
    opened: of(isApple ? 0.03 : 0.23),
    engagement: {
      ...{ openedByProxy: of(isApple ? 0.9 : 0.01), clicked: of(0.024) },
      ...{
        recency30: of(0.55),
        recency90: of(0.2),
        recency180: of(0.1),
        recencyOlder: of(0.08),
        recencyNever: of(0.05),
      },
      ...{ bouncedInvalid: invalid, bouncedReputation: 0, bouncedContent: 0, bouncedOther: count.bounced - invalid },
    },
  };
}

/** The same rows with nothing in them. */
export const emptied = (counts: readonly DayCount[]): DayCount[] =>
  counts.map(({ engagement: _, ...count }) => ({
    ...count,
    ...{ sent: 0, delivered: 0, deferred: 0, bounced: 0, complained: 0, opened: null },
  }));

/** Splits a total by weights that add up to one, without losing any of it. */
export function spread(total: number, weights: readonly number[]): number[] {
  let weight = 0;
  let given = 0;
  return weights.map((one) => {
    weight += one;
    const upTo = Math.round(total * Math.min(1, weight));
    const part = upTo - given;
    given = upTo;
    return part;
  });
}

/** A share of each count, so that the sums over any stretch have the share too, up to one. */
function shares(counts: readonly number[], rate: number): number[] {
  let seen = 0;
  let given = 0;
  return counts.map((count) => {
    seen += count;
    const part = Math.min(count, Math.round(seen * rate) - given);
    given += part;
    return part;
  });
}
