// What the acts of two years must cost, kept by somebody who knows the rules of prices and nothing of the ledger: who holds
// which IP from which day on, and which price is in force on each.
import type { Day } from '../../src/day.ts';
import { DAY } from '../support/world.ts';
import { costOf } from './history.ts';

/** The policy of the tests, by hand: included IPs, cents a month of every other one, days of notice. */
const INCLUDED: Readonly<Record<string, number>> = { essentials: 0, premium: 3, enterprise: 3 };
const UNIT_CENTS = 5_000;
const NOTICE_DAYS = 30;

type Price = { readonly from: Day; readonly cents: number };
type Held = {
  readonly id: number;
  readonly account: number;
  first: Day;
  last: Day | null;
  readonly prices: Price[];
  /** Announced, and not in force yet. */
  ahead: Price | null;
};

export class Expected {
  readonly #held: Held[] = [];
  readonly #plans = new Map<number, string>();
  /** The first day of the month in which somebody had the first IP. */
  #ledgerBegins: Day | null = null;

  open(account: number, plan: string): void {
    this.#plans.set(account, plan);
  }

  /** The first day that can be charged of an IP that is moved in today. */
  earliest(today: Day): Day {
    const lastMonth = firstOfMonth(firstOfMonth(today) - 1);
    return Math.max(lastMonth, this.#ledgerBegins ?? firstOfMonth(today));
  }

  /** IPs that an account holds, the oldest first. */
  holds(account: number): Held[] {
    return this.#held.filter((one) => one.account === account && one.last === null).sort((a, b) => a.id - b.id);
  }

  /** C-09, C-10: the first ones cost nothing, as many as the plan includes; each of the others has its price. */
  bought(
    account: number,
    ids: readonly number[],
    { today, first }: { readonly today: Day; readonly first: Day },
  ): void {
    const held = this.holds(account).length;
    for (const [index, id] of ids.entries())
      this.#take(account, id, { today, first, cents: held + index < this.#included(account) ? 0 : UNIT_CENTS });
  }

  movedIn(account: number, id: number, at: { readonly today: Day; readonly first: Day; readonly cents: number }): void {
    this.#take(account, id, at);
  }

  #take(account: number, id: number, { today, first, cents }: { today: Day; first: Day; cents: number }): void {
    const prices = [{ from: Number.NEGATIVE_INFINITY, cents }];
    this.#held.push({ id, account, first, last: null, prices, ahead: null });
    this.#ledgerBegins ??= firstOfMonth(today);
  }

  /** The day is charged; a place that the plan includes goes to the next one. */
  released(account: number, id: number, today: Day): void {
    this.#comeInForce(today);
    for (const one of this.#held) if (one.id === id) one.last = today;
    for (const one of this.holds(account).slice(0, this.#included(account))) include(one, today);
  }

  closed(account: number, today: Day): void {
    this.#comeInForce(today);
    for (const one of this.holds(account)) one.last = today;
  }

  /** What becomes included costs nothing from today on, what no longer is costs something after notice. */
  planChanged(account: number, plan: string, today: Day): void {
    this.#comeInForce(today);
    if (this.#plans.get(account) === plan) return;
    this.#plans.set(account, plan);
    for (const [index, one] of this.holds(account).entries()) {
      if (index < this.#included(account)) include(one, today);
      else if (one.ahead === null && one.prices.at(-1)?.cents === 0)
        one.ahead = { from: today + NOTICE_DAYS, cents: UNIT_CENTS };
    }
  }

  /** What each IP costs up to and with a day, in cents, and how many days of it were held by then. */
  sums(through: Day): Map<number, { readonly cents: number; readonly days: number }> {
    return new Map(
      this.#held.map((one) => {
        const { first } = one;
        const prices = one.ahead === null ? one.prices : [...one.prices, one.ahead];
        const days = Math.max(0, Math.min(one.last ?? through, through) - first + 1);
        return [one.id, { cents: costOf({ ...one, prices }, through), days }];
      }),
    );
  }

  #included(account: number): number {
    return INCLUDED[this.#plans.get(account) ?? ''] ?? 0;
  }

  /** An announced price is in force from its day on, no matter when somebody looks. */
  #comeInForce(today: Day): void {
    for (const one of this.#held) {
      if (one.ahead === null || one.last !== null || one.ahead.from > today) continue;
      one.prices.push(one.ahead);
      one.ahead = null;
    }
  }
}

function include(one: Held, today: Day): void {
  one.ahead = null;
  if (one.prices.at(-1)?.cents !== 0) one.prices.push({ from: today, cents: 0 });
}

function firstOfMonth(day: Day): Day {
  const date = new Date(day * DAY);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), 1) / DAY;
}
