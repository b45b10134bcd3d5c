import { setTimeout } from 'node:timers/promises';

// SQLite asks for a lock that another process has every 100 ms at the longest, for five seconds: after a second of work a
// longer pause lets everybody in who waits.
const WORK_MS = 1_000;
const PAUSE_MS = 120;

/** The pace of work in many short transactions, beside which others write, too. */
export class Pace {
  #since = performance.now();

  /** To be called between two transactions: now and then it takes a while. */
  async rest(): Promise<void> {
    if (performance.now() - this.#since < WORK_MS) return;
    await setTimeout(PAUSE_MS);
    this.#since = performance.now();
  }
}
