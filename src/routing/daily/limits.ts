// S-02: what accounts with a daily limit have sent today over shared pools, as far as this process knows. Pure.
import { type Day, dayOf } from '../../day.ts';
import { markOf } from '../../hash.ts';
import { Seen } from '../recent-messages.ts';
import type { Account } from '../sending-domain.ts';

/** Messages of which it is remembered that they were counted: one that is asked about again is not counted twice. */
const MESSAGES_KEPT = 50_000;

/** How often the others are told of all accounts (milliseconds); of one that is near its limit, or sends much, with each look. */
const ALL_EVERY_MS = 10_000;
/** Parts of a limit: what is untold at most, and what is left when each message counts. */
const MUCH = 0.01;
const NEAR = 0.2;

type Tally = {
  /** Messages that this process let go, how many of them it has told the others, and what those did, as last heard. */
  own: number;
  told: number;
  others: number;
  perDay: number;
};

/** What is left of an account's day; `isOpen`: whether the message may go. */
export type Room = { readonly perDay: number; readonly left: number; readonly isOpen: boolean };

/** Messages that the others are to be told of. */
export type Untold = { readonly accountId: number; readonly count: number; readonly perDay: number };

/** All accounts of which something is untold, or those that are not to wait. */
export type Which = 'all' | 'urgent';

type Asked = Pick<Account, 'id' | 'dailyLimit'>;

/** Counts by account; a new UTC day begins with nothing. While the database is away no account has a limit. */
export class DailyLimits {
  readonly #now: () => number;
  #day: Day = 0;
  #tallies = new Map<number, Tally>();
  /** Accounts of which the others are to be told something: of all that have sent, few since the last time; and those at once. */
  #untold = new Set<number>();
  #urgent = new Set<number>();
  #allAt = Number.NEGATIVE_INFINITY;
  readonly #counted = new Seen(MESSAGES_KEPT);
  #isLearnt = false;
  isAway = false;

  constructor(now: () => number) {
    this.#now = now;
  }

  /** Counts a message, once however often it is asked about. null: the account has no limit. */
  take(account: Asked, key: string): Room | null {
    const tally = this.#of(account);
    if (tally === null) return null;
    const room = roomIn(tally);
    const mark = markOf(key);
    if (this.#counted.has(mark)) return { ...room, isOpen: true };
    if (!room.isOpen) return room;
    tally.own += 1;
    this.#untold.add(account.id);
    if (isUrgent(tally)) this.#urgent.add(account.id);
    this.#counted.add(mark);
    return { ...room, left: room.left - 1 };
  }

  /** The same without counting. */
  peek(account: Asked): Room | null {
    const tally = this.#of(account);
    return tally === null ? null : roomIn(tally);
  }

  /** Whether what others sent today is still to be learnt. */
  get isNew(): boolean {
    this.#turn();
    return !this.#isLearnt;
  }

  get day(): Day {
    return this.#turn();
  }

  /** Keeps what all together have sent on a day, by account, before this process told anything. */
  learn(day: Day, sent: ReadonlyMap<number, number>): void {
    if (day !== this.#turn()) return;
    this.#isLearnt = true;
    for (const [accountId, count] of sent) {
      const tally = this.#tallies.get(accountId) ?? { own: 0, told: 0, others: 0, perDay: 0 };
      tally.others = count - tally.told;
      this.#tallies.set(accountId, tally);
    }
  }

  /** Whether it is time to tell the others of all accounts. */
  isTimeForAll(): boolean {
    const now = this.#now();
    if (now - this.#allAt < ALL_EVERY_MS && now >= this.#allAt) return false;
    this.#allAt = now;
    return true;
  }

  /** Accounts of which the others have not been told everything; `which`: those that are not to wait, or all. */
  waiting(which: Which): number {
    this.#turn();
    return this.#untoldOf(which).size;
  }

  /** What the others have not been told, of `most` accounts at most. */
  untold(most: number, which: Which): Untold[] {
    this.#turn();
    const some: Untold[] = [];
    for (const accountId of this.#untoldOf(which)) {
      if (some.length === most) break;
      const { own = 0, told = 0, perDay = 0 } = this.#tallies.get(accountId) ?? {};
      some.push({ accountId, count: own - told, perDay });
    }
    return some;
  }

  /** Keeps that the others know of `count` more messages, and what all together have sent. */
  noteTold(day: Day, { accountId, count, sent }: { accountId: number; count: number; sent: number }): void {
    const tally = day === this.#turn() ? this.#tallies.get(accountId) : undefined;
    if (tally === undefined) return;
    tally.told += count;
    tally.others = sent - tally.told;
    // One that has sent meanwhile is told again after all others.
    this.#untold.delete(accountId);
    this.#urgent.delete(accountId);
    if (tally.told < tally.own) this.#untold.add(accountId);
    if (tally.told < tally.own && isUrgent(tally)) this.#urgent.add(accountId);
  }

  #untoldOf(which: Which): ReadonlySet<number> {
    return which === 'all' ? this.#untold : this.#urgent;
  }

  #of({ id, dailyLimit }: Asked): Tally | null {
    if (dailyLimit === undefined || this.isAway) return null;
    this.#turn();
    let tally = this.#tallies.get(id);
    if (tally === undefined) {
      tally = { own: 0, told: 0, others: 0, perDay: dailyLimit };
      this.#tallies.set(id, tally);
    }
    tally.perDay = dailyLimit;
    return tally;
  }

  /** The UTC day it is. */
  #turn(): Day {
    const today = dayOf(this.#now());
    if (today !== this.#day) {
      this.#day = today;
      this.#tallies = new Map();
      this.#untold = new Set();
      this.#urgent = new Set();
      this.#isLearnt = false;
    }
    return today;
  }
}

const isUrgent = ({ own, told, others, perDay }: Tally): boolean =>
  own - told >= perDay * MUCH || perDay - own - others <= perDay * NEAR;

function roomIn({ own, others, perDay }: Tally): Room {
  const left = Math.max(0, perDay - own - others);
  return { perDay, left, isOpen: left > 0 };
}
