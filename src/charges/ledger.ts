// What IPs cost by the day (C-10, S-10), and the months in which it is counted. Pure.
//
// A day's price: of a month of N days at P cents, the first k days cost floor(P × k / N). So each day has a price in
// whole cents that depends on nothing but the month and the price, any stretch of days costs the sum of its days, and all
// days of a month cost exactly P. The ledger's SQL computes the same.
import { type Day, dayLength } from '../day.ts';

/** A calendar month of UTC: years × 12 + months from January on. */
export type Month = number;

/** The month that holds a day. */
export function monthOf(day: Day): Month {
  const date = new Date(day * dayLength);
  return date.getUTCFullYear() * 12 + date.getUTCMonth();
}

/** The first day of a month. */
export const firstDayOf = (month: Month): Day => Date.UTC(Math.floor(month / 12), month % 12, 1) / dayLength;

/** The last day of a month. */
export const lastDayOf = (month: Month): Day => firstDayOf(month + 1) - 1;

/** A month as it is written in addresses and files: `2026-11`. */
export const isoMonth = (month: Month): string =>
  `${String(Math.floor(month / 12)).padStart(4, '0')}-${String((month % 12) + 1).padStart(2, '0')}`;

/** A day as it is written in files: `2026-11-23`. */
export const isoDay = (day: Day): string => new Date(day * dayLength).toISOString().slice(0, 10);

/** The month that a text writes as `2026-11`; undefined for anything else. */
export function readMonth(text: unknown): Month | undefined {
  const [, year, month] = (typeof text === 'string' && /^(20[0-9]{2})-(0[1-9]|1[0-2])$/.exec(text)) || [];
  return year === undefined ? undefined : Number(year) * 12 + Number(month) - 1;
}

/** What the days from `from` to `to`, both counted and of one month, cost at a price a month. Integer cents. */
export function centsOf(monthlyCents: number, from: Day, to: Day): number {
  const month = monthOf(from);
  const first = firstDayOf(month);
  const days = lastDayOf(month) - first + 1;
  const upTo = (count: number): number => Math.floor((monthlyCents * count) / days);
  return upTo(to - first + 1) - upTo(from - first);
}

/** One line of the ledger: an IP's days at one price within one month, or a credit that takes back such a line. */
export type Line = {
  /** null: not written yet, as its month is open. */
  readonly id: number | null;
  readonly accountId: number;
  readonly allocationId: number;
  readonly address: string;
  readonly fromDay: Day;
  /** The last day, which is charged as well. */
  readonly toDay: Day;
  readonly monthlyCents: number;
  /** Below zero: a credit. */
  readonly cents: number;
  readonly currency: string;
  /** The line that a credit takes back. */
  readonly creditsId: number | null;
};

export type Total = { readonly currency: string; readonly cents: number };

/** What lines come to, by currency. */
export function totalsOf(lines: readonly Line[]): Total[] {
  const sums = new Map<string, number>();
  for (const { currency, cents } of lines) sums.set(currency, (sums.get(currency) ?? 0) + cents);
  return [...sums].map(([currency, cents]) => ({ currency, cents }));
}

/** Lines of an open month as far as its days have begun: what is owed up to and with `today`. */
export const upTo = (lines: readonly Line[], today: Day): Line[] =>
  lines.flatMap((line) => {
    if (line.creditsId !== null || line.toDay <= today) return [line];
    if (line.fromDay > today) return [];
    return [{ ...line, toDay: today, cents: centsOf(line.monthlyCents, line.fromDay, today) }];
  });
