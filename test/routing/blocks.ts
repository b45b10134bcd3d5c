// Leases over a database that answers when a test tells it to, one block after the other.
import { setImmediate as turn } from 'node:timers/promises';
import type { Db } from '../../src/database.ts';
import type { Log } from '../../src/log.ts';
import { Leases } from '../../src/routing/cap-leases.ts';
import type { Load } from '../../src/routing/load.ts';
import { DAY, HOUR } from '../support/times.ts';

/** Nine o'clock of a day (UTC milliseconds). */
export const NINE = 20_000 * DAY + 9 * HOUR;

/** So many recipients at a provider that nothing slows. */
export const other = (count: number): Load => [{ provider: 'other', count }];

/** Ends a write: with the messages granted to each of its blocks and what is left for others, or with a fault. */
type Write = {
  readonly grant: (granted: number | readonly number[], left?: number) => Promise<void>;
  readonly fail: () => Promise<void>;
};

/** More blocks than are taken together. */
const MANY = 100;

/**
 * `clock.now`: what the leases take for the time. `writes`: those that are under way, oldest first. `linger`: milliseconds that
 * what is fetched ahead waits for others.
 */
export function blocks(linger = 0) {
  const writes: Write[] = [];
  const ended = (work: () => void) => {
    work();
    return turn();
  };
  const db = {
    transaction: () =>
      new Promise((done, fail) =>
        writes.push({
          grant: (granted, left = 0) => ended(() => done(listOf(granted).map((one) => ({ granted: one, left })))),
          fail: () => ended(() => fail(new Error('away'))),
        }),
      ),
  } as unknown as Db;
  const logged: { readonly facts: object; readonly sentence: string }[] = [];
  const log = { warn: (facts: object, sentence: string) => logged.push({ facts, sentence }) } as unknown as Log;
  const clock = { now: NINE };
  const leases = new Leases(db, log, () => clock.now, { linger });
  /** The oldest write that is under way. */
  const next = (): Write => {
    const write = writes.shift();
    if (write === undefined) throw new Error('nothing is asked for');
    return write;
  };
  return { leases, writes, next, clock, logged };
}

const listOf = (granted: number | readonly number[]): readonly number[] =>
  typeof granted === 'number' ? Array<number>(MANY).fill(granted) : granted;

/** Whether a promise has resolved by the next turn. */
export async function isThere(promise: Promise<void> | undefined): Promise<boolean> {
  let is = false;
  void promise?.then(() => {
    is = true;
  });
  await turn();
  return is;
}
