// How long the free IPs of a region last: by what was allocated lately, who waits, and what comes out of quarantine. Pure.
import { type Day, dayOf } from '../../day.ts';
import { capitalised, counted, grouped } from '../../wording.ts';

/** Days of allocations that the demand is taken from. */
export const LOOK_BACK_DAYS = 90;
/** A region that is new is taken to have had at least this many: one allocation of yesterday makes no trend. Own choice. */
const LEAST_DAYS = 28;
/** Nobody plans further. */
const HORIZON_DAYS = 365;

/** IPs that come back into stock, and in how many days. */
export type Returning = { readonly inDays: number; readonly count: number };

export type StockFacts = {
  /** IPs that can be given now. */
  readonly free: number;
  /** IPs that were approved and are waited for. */
  readonly waiting: number;
  /** How many were allocated in the last 90 days, and the day of the first of them; null: none. */
  readonly taken: number;
  readonly firstOn: Day | null;
  readonly returning: readonly Returning[];
};

export type StockForecast = StockFacts & {
  /** IPs a day that are allocated. */
  readonly perDay: number;
  /** The days over which that is counted. */
  readonly over: number;
  /** Whole days for which there is an IP for everybody; null: for more than a year, or nobody asks. */
  readonly lasts: number | null;
  /** How many come back within that time. */
  readonly back: number;
};

/**
 * How long the stock of a region lasts from the instant `at` on (UTC milliseconds), if IPs are allocated as they were in the last
 * 90 days, those who wait are served first, and what rests comes back on its day.
 */
export function forecastStock(facts: StockFacts, at: number): StockForecast {
  const { free, waiting, taken, firstOn, returning } = facts;
  const since = firstOn === null ? LOOK_BACK_DAYS : dayOf(at) - firstOn + 1;
  const over = Math.min(LOOK_BACK_DAYS, Math.max(LEAST_DAYS, since));
  const perDay = taken / over;
  const backBy = (day: number): number =>
    returning.reduce((sum, { inDays, count }) => sum + (inDays <= day ? count : 0), 0);
  const lasts = firstDay((day) => free - waiting + backBy(day) < (taken * day) / over);
  return { ...facts, perDay, over, lasts, back: backBy(lasts ?? HORIZON_DAYS) };
}

/** The whole days before the first on which something is so; null where it is not within a year. */
function firstDay(isOut: (day: number) => boolean): number | null {
  for (let day = 0; day <= HORIZON_DAYS; day += 1) if (isOut(day)) return Math.max(0, day - 1);
  return null;
}

/** The forecast as one clause: `lasts 11 days`. */
export function lastsInWords({ lasts, taken, free, waiting }: StockForecast): string {
  const missing = waiting - free;
  if (missing > 0)
    return `is used up: ${counted(missing, 'IP')} ${missing === 1 ? 'is' : 'are'} missing for those who wait`;
  if (lasts !== null) return lasts === 0 ? 'lasts less than a day' : `lasts ${counted(lasts, 'day')}`;
  return taken === 0 ? 'lasts as long as nobody asks' : 'lasts more than a year';
}

/** What the forecast is made of, as a sentence. */
export function basisInWords({ taken, over, waiting, back, lasts }: StockForecast): string {
  const parts = [
    taken === 0
      ? `no IP was allocated in the last ${grouped(LOOK_BACK_DAYS)} days`
      : `${counted(taken, 'IP')} allocated in ${grouped(over)} days`,
    ...(waiting === 0 ? [] : [`${counted(waiting, 'IP')} waited for`]),
    ...(back === 0 ? [] : [`${counted(back, 'IP')} out of quarantine ${lasts === null ? 'within a year' : 'by then'}`]),
  ];
  return `${capitalised(parts.join(', '))}.`;
}

/** A forecast that staff should act on: the stock ends within this many days. */
const SOON_DAYS = 30;
export const isShort = ({ lasts }: StockForecast): boolean => lasts !== null && lasts <= SOON_DAYS;
