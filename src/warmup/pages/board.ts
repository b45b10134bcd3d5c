// The staff's board of warm-ups: which are under which tab, and in which order. Pure.
import { type Day, weekStart } from '../../day.ts';
import type { Policy } from '../../policy/document/policy.ts';
import type { Counts } from '../../sending/counts.ts';
import type { Verdict } from '../daily/evaluation.ts';
import { standsStill } from '../daily/stands-still.ts';
import type { PlanState } from '../state.ts';
import { type Forecast, forecastOf } from './forecast.ts';
import { badness } from './rates.ts';
import { type WarmupState, warmupState } from './wording.ts';

export const tabs = ['all', 'behind', 'on-hold', 'paused', 'still', 'finishing', 'worst'] as const;
export type Tab = (typeof tabs)[number];
export const orders = ['finish', 'worst'] as const;
export type Order = (typeof orders)[number];

export const TABS: Readonly<Record<Tab, { readonly label: string; readonly empty: string }>> = {
  all: {
    label: 'All',
    empty:
      'When a request for dedicated IPs is approved, the warm-up of each IP appears here, with its stage of the day.',
  },
  behind: { label: 'Behind plan', empty: 'Every warm-up is expected to end when it was planned.' },
  'on-hold': { label: 'On hold', empty: 'No warm-up is on hold after the last day that was judged.' },
  paused: {
    label: 'Paused',
    empty: 'No warm-up is paused. Warm-ups that paused automatically appear here for review.',
  },
  still: {
    label: 'No progress',
    empty: 'Every warm-up has passed a stage within the last two weeks, or two mailings where those are further apart.',
  },
  finishing: { label: 'Finishing this week', empty: 'No warm-up is expected to end before the week is over.' },
  worst: { label: 'Worst rates', empty: 'No bounce or complaint rate comes near its limit.' },
};

export type BoardFilter = { readonly tab: Tab; readonly order: Order };

/** Reads the filter from the address. What is not known counts as not given. */
export function readBoardFilter(query: Readonly<Record<string, unknown>>): BoardFilter {
  const tab = tabs.find((one) => one === query['tab']) ?? 'all';
  return { tab, order: orders.find((one) => one === query['sort']) ?? (tab === 'worst' ? 'worst' : 'finish') };
}

/** One warm-up as the board weighs it. */
export type Entry = {
  readonly id: number;
  readonly ipId: number;
  readonly state: WarmupState;
  readonly forecast: Forecast;
  /** What would get it going again; null: it does not stand still. */
  readonly help: string | null;
  /** A customer asked to let it go on. */
  readonly isAsked: boolean;
  /** Its worst rate as a share of the limit that holds a plan; -1: too little mail to judge, or not looked at. */
  readonly badness: number;
};

type Open = PlanState & {
  readonly id: number;
  readonly ipId: number;
  readonly verdict: Verdict | null;
  readonly goOnAskedAt?: number | null;
};
type Sums = ReadonlyMap<number, Omit<Counts, 'deferred'>>;

type Rules = Pick<Policy, 'warmup' | 'schedules'>;

export function entryOf(warmup: Open, today: Day, policy: Rules, sums: Sums | null): Entry {
  const { minimumDays, brakes } = policy.warmup;
  return {
    id: warmup.id,
    ipId: warmup.ipId,
    state: warmupState(warmup, minimumDays.value),
    forecast: forecastOf(warmup, today, policy),
    help: standsStill(warmup, warmup.nextDay - 1, '')?.help ?? null,
    isAsked: warmup.goOnAskedAt != null,
    badness: sums === null ? -1 : badness(sums.get(warmup.ipId), brakes),
  };
}

/** Expected to end after the day that was planned; paused: even if it went on today. */
export const isBehind = ({ forecast }: Entry): boolean => forecast.behind > 0;

/** Held by what was counted; days without mail hold nothing up. */
export const isOnHold = ({ state }: Entry): boolean => state.name === 'on-hold' || state.name === 'cut';

export const isPaused = ({ state }: Entry): boolean => state.name === 'paused';

/** At one stage for two periods of its sender. */
export const isStill = ({ help }: Entry): boolean => help !== null;

/** Expected to end before the week (Monday to Sunday, UTC) is over. */
export const isFinishing = ({ forecast }: Entry, today: Day): boolean =>
  forecast.expected !== null && forecast.expected < weekStart(today) + 7;

/** A rate from which the cap is cut, or worse. */
export const isBad = (entry: Entry, { brakes }: Policy['warmup']): boolean => entry.badness > brakes.weakFrom.value;

type Tally = Readonly<Record<Exclude<Tab, 'worst'>, number>>;

/** The entries under a tab, in order, and how many are under each. */
export function boardOf(
  entries: readonly Entry[],
  { tab, order }: BoardFilter,
  today: Day,
  policy: Policy['warmup'],
): { readonly shown: Entry[]; readonly counts: Tally } {
  const under: Readonly<Record<Tab, (entry: Entry) => boolean>> = {
    all: () => true,
    behind: isBehind,
    'on-hold': isOnHold,
    paused: isPaused,
    still: isStill,
    finishing: (entry) => isFinishing(entry, today),
    worst: (entry) => isBad(entry, policy),
  };
  const count = (of: Tab): number => entries.filter(under[of]).length;
  return {
    shown: entries.filter(under[tab]).sort(order === 'worst' ? worstFirst : finishFirst),
    counts: {
      all: entries.length,
      behind: count('behind'),
      'on-hold': count('on-hold'),
      paused: count('paused'),
      still: count('still'),
      finishing: count('finishing'),
    },
  };
}

/** What ends first first; what nobody can say an end of last, those that a customer asked for before the others. */
const finishFirst = (one: Entry, other: Entry): number =>
  (one.forecast.expected ?? Number.MAX_SAFE_INTEGER) - (other.forecast.expected ?? Number.MAX_SAFE_INTEGER) ||
  Number(other.isAsked) - Number(one.isAsked) ||
  one.id - other.id;

const worstFirst = (one: Entry, other: Entry): number => other.badness - one.badness || one.id - other.id;
