// Caps are spent from small blocks that a process holds, so that a lookup never waits for a write and no number of
// processes together grants more than a day's cap. A block belongs to its UTC day: what is left at midnight is void.
import { act } from '../act.ts';
import type { Db } from '../database.ts';
import { type Day, dayOf } from '../day.ts';
import type { Log } from '../log.ts';
import { capOf, type Ip } from './sending-domain.ts';
import { type Block, returnBlock, takeBlock } from './store-caps.ts';

const SHARE_OF_CAP = 0.01;
const LEAST = 5;
const MOST = 500;
const PAUSE_AFTER_NONE_MS = 1_000;
const MOST_WRITES = 4;

/** Messages in one block of an IP that may carry `limit` a day: 1 % of it, at least 5, at most 500. */
export const blockOf = (limit: number): number =>
  Math.min(limit, MOST, Math.max(LEAST, Math.floor(limit * SHARE_OF_CAP)));

type Lease = {
  readonly ipId: number;
  readonly provider: string;
  day: Day;
  left: number;
  /** What was left in the database for all processes when the last block was taken. */
  others: number;
  /** When the last block was taken (UTC milliseconds). */
  takenAt: number;
  /** Asked for and not there yet. */
  isComing: boolean;
  /** Nothing was left; not asked for again before this instant. */
  notBefore: number;
};

export class Leases {
  readonly #db: Db;
  readonly #log: Log;
  readonly #now: () => number;
  readonly #held = new Map<string, Lease>();
  readonly #wanted: { readonly lease: Lease; readonly want: number }[] = [];
  #writing = 0;
  #idle: (() => void)[] = [];
  #isClosed = false;

  constructor(db: Db, log: Log, now: () => number) {
    this.#db = db;
    this.#log = log;
    this.#now = now;
  }

  /** How many messages to a provider may go over a warming IP out of what is held; asks for more ahead of need. */
  left(ip: Ip, provider: string): number {
    const lease = this.#leaseOf(ip, provider);
    const block = this.#blockOf(ip, provider);
    if (lease.left <= block / 2) this.#refill(lease, block);
    return lease.left;
  }

  /** Messages to a provider that may still go over a warming IP today, as far as this process knows. */
  leftToday(ip: Ip, provider: string): number {
    const { left, others } = this.#leaseOf(ip, provider);
    return left + others;
  }

  /** Whether a block is on its way. */
  isComing(ip: Ip, provider: string): boolean {
    return this.#leaseOf(ip, provider).isComing;
  }

  /** Spends what `left` said was there. */
  spend(ip: Ip, provider: string, count: number): void {
    const lease = this.#leaseOf(ip, provider);
    if (lease.left < count) throw new Error('more was spent than is held');
    lease.left -= count;
  }

  /** Resolves once no block is under way. */
  async settled(): Promise<void> {
    if (this.#writing === 0) return;
    await new Promise<void>((done) => this.#idle.push(done));
  }

  /** The same for a process that ends: without the database the blocks are lost for today, which is all that happens. */
  async giveBack(): Promise<void> {
    await this.close().catch((err: Error) =>
      this.#log.warn({ err }, 'what was left of the caps could not be given back'),
    );
  }

  /** Takes no more blocks and gives back what is left of those that are held. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#wanted.length = 0;
    await this.settled();
    const today = dayOf(this.#now());
    const left = [...this.#held.values()].filter((lease) => lease.day === today && lease.left > 0);
    this.#held.clear();
    if (left.length === 0) return;
    await act(this.#db, { person: null, at: this.#now() }, async ({ trx }) => {
      for (const { ipId, provider, takenAt: at, left: want } of left) {
        await returnBlock(trx, { ipId, provider, at, want });
      }
    });
  }

  #leaseOf(ip: Ip, provider: string): Lease {
    const slowed = ip.standing?.slowed[provider] === undefined ? '' : provider;
    const key = slowed === '' ? String(ip.id) : `${ip.id} ${slowed}`;
    const today = dayOf(this.#now());
    let lease = this.#held.get(key);
    if (lease === undefined) {
      lease = {
        ipId: ip.id,
        provider: slowed,
        day: today,
        left: 0,
        others: 0,
        takenAt: 0,
        isComing: false,
        notBefore: 0,
      };
      this.#held.set(key, lease);
    } else if (lease.day !== today) {
      Object.assign(lease, { day: today, left: 0, others: 0, notBefore: 0 });
    }
    return lease;
  }

  #blockOf(ip: Ip, provider: string): number {
    const cap = capOf(ip) ?? 0;
    return blockOf(Math.min(cap, ip.standing?.slowed[provider] ?? cap));
  }

  #refill(lease: Lease, want: number): void {
    if (lease.isComing || this.#isClosed || want < 1 || this.#now() < lease.notBefore) return;
    lease.isComing = true;
    this.#wanted.push({ lease, want });
    this.#writeNext();
  }

  #writeNext(): void {
    while (this.#writing < MOST_WRITES) {
      const next = this.#wanted.shift();
      if (next === undefined) break;
      this.#writing += 1;
      void this.#write(next.lease, next.want).finally(() => {
        this.#writing -= 1;
        this.#writeNext();
      });
    }
    if (this.#writing === 0) for (const done of this.#idle.splice(0)) done();
  }

  async #write(lease: Lease, want: number): Promise<void> {
    const { ipId, provider } = lease;
    const block: Block = { ipId, provider, at: this.#now(), want };
    try {
      const taken = await act(this.#db, { person: null, at: block.at }, ({ trx }) => takeBlock(trx, block));
      const { granted, left } = taken.ok ? taken.value : { granted: 0, left: 0 };
      // One that arrives after midnight is of yesterday.
      if (lease.day === dayOf(block.at)) Object.assign(lease, { left: lease.left + granted, others: left });
      lease.takenAt = block.at;
      if (granted === 0) lease.notBefore = this.#now() + PAUSE_AFTER_NONE_MS;
    } catch (error) {
      lease.notBefore = this.#now() + PAUSE_AFTER_NONE_MS;
      this.#log.warn({ err: error, ipId }, 'no block of the cap could be taken; its mail goes the other way');
    } finally {
      lease.isComing = false;
    }
  }
}
