// Caps are spent from small blocks that a process holds, so that a lookup never waits for a write and no number of
// processes together grants more than a day's cap. A block belongs to its UTC day, or its hour: what is left at its end is void.
import { act } from '../act.ts';
import type { Db } from '../database.ts';
import { dayOf } from '../day.ts';
import type { Log } from '../log.ts';
import { Batches } from './batches.ts';
import { keepInSpan, type Lease, newLease } from './lease.ts';
import { countedAt, type Load, NOTHING, type Part } from './load.ts';
import type { MailToday } from './mail-today.ts';
import { capOf, hourCapOf, type Ip, limitOf } from './sending-domain.ts';
import { addCarried, returnBlock, type Taken, takeBlocks } from './store-caps.ts';

const SHARE_OF_CAP = 0.01;
const LEAST = 5;
const MOST = 500;
const PAUSE_AFTER_NONE_MS = 1_000;
/** Blocks that are taken together: at midnight, or after a start, those of thousands of IPs are wanted at once. */
const MOST_TOGETHER = 50;
/** A block that is fetched ahead waits so long for those of other IPs: each write takes ten statements, however many there are. */
const LINGER_MS = 20;
/** An answer waits no longer than this for a block: mail servers that ask over HTTP give up after a second. */
const PATIENCE_MS = 800;

/** Messages in one block of an IP that may carry `limit` a day: 1 % of it, at least 5, at most 500. */
export const blockOf = (limit: number): number =>
  Math.min(limit, MOST, Math.max(LEAST, Math.floor(limit * SHARE_OF_CAP)));

type Wanted = { readonly ip: Ip; readonly lease: Lease; readonly want: number; readonly done: () => void };

export class Leases {
  readonly #db: Db;
  readonly #log: Log;
  readonly #now: () => number;
  /** By the IP's id, and those for a slowed provider by both. */
  readonly #leases = new Map<number | string, Lease>();
  readonly #wanted: Batches<Wanted>;
  #isClosed = false;
  #mail: MailToday | null = null;

  /** Milliseconds that an answer waits for blocks at most. */
  readonly patience: number;

  constructor(db: Db, log: Log, now: () => number, { patience = PATIENCE_MS, linger = LINGER_MS } = {}) {
    this.patience = patience;
    this.#wanted = new Batches((some) => this.#write(some), { most: MOST_TOGETHER, linger });
    this.#db = db;
    this.#log = log;
    this.#now = now;
  }

  /** Tells other routers with each block what this one carried by mailbox provider, and hears what they did (C-16). */
  shareWith(mail: MailToday): void {
    this.#mail = mail;
  }

  /** The instant (UTC milliseconds) by which one whole answer goes: read twice, midnight could lie between. */
  now(): number {
    return this.#now();
  }

  /**
   * Messages that may go over a warming IP out of what is leased: as many as the load has or more where all of it may go,
   * else 0. Asks for more ahead of need.
   */
  left(ip: Ip, load: Load, at = this.#now()): number {
    const parts = countedAt(ip, load);
    if (parts === null) return 0;
    let leased = 0;
    let isEnough = true;
    for (const part of parts) {
      const lease = this.#leaseOf(ip, part, at);
      this.#keepFilled(ip, lease, part);
      leased += lease.left;
      isEnough &&= lease.left >= part.count;
    }
    return isEnough ? leased : 0;
  }

  /** Messages of this kind that may still go over a warming IP today, as far as this process knows. */
  leftToday(ip: Ip, load: Load, at = this.#now()): number {
    let most = 0;
    for (const part of countedAt(ip, load) ?? NOTHING) {
      const { left, others } = this.#leaseOf(ip, part, at);
      most = Math.max(most, left + others);
    }
    return most;
  }

  /** Messages that are left of an IP's cap for today; the whole cap while nothing was asked for yet. */
  dayLeft(ip: Ip): number {
    const lease = this.#leaseOf(ip, { provider: '', count: 0 }, this.#now());
    return lease.takenAt < lease.starts ? Number(capOf(ip)) : lease.left + lease.others;
  }

  /**
   * Resolves once a block arrives that the load lacks, or is under way for `most` milliseconds; undefined where none is on
   * its way, or it was so already.
   */
  coming(ip: Ip, load: Load, most: number): Promise<void> | undefined {
    for (const part of countedAt(ip, load) ?? NOTHING) {
      const { coming, askedAt, left } = this.#leaseOf(ip, part, this.#now());
      const patience = most - (performance.now() - askedAt);
      if (coming === null || left >= part.count || patience <= 0) continue;
      this.#wanted.hurry();
      return within(coming, patience);
    }
    return undefined;
  }

  /** Spends what `left` said was there at the same instant. */
  spend(ip: Ip, load: Load, at: number): void {
    for (const part of countedAt(ip, load) ?? NOTHING) {
      const lease = this.#leaseOf(ip, part, at);
      if (lease.left < part.count) throw new Error('more was spent than was leased');
      lease.left -= part.count;
    }
  }

  /** Resolves once no block is under way. */
  settled(): Promise<void> {
    return this.#wanted.settled();
  }

  /** The same for a process that ends: without the database the blocks are lost for today, which is all that happens. */
  async giveBack(): Promise<void> {
    await this.close().catch((err: Error) =>
      this.#log.warn({ err }, 'what was left of the caps could not be given back'),
    );
  }

  /** Takes no more blocks and gives back what is left of them. */
  async close(): Promise<void> {
    this.#isClosed = true;
    for (const { lease, done } of this.#wanted.takeBack()) {
      // Nothing is on its way any more: who waits for it would be woken only to wait for it again.
      lease.coming = null;
      done();
    }
    await this.settled();
    const now = this.#now();
    const left = [...this.#leases.values()]
      .filter((lease) => now < lease.ends && lease.left > 0 && !lease.isLent)
      // In the order in which blocks are taken, so that nobody waits in a circle.
      .sort((a, b) => a.ipId - b.ipId || (a.provider < b.provider ? -1 : 1));
    this.#leases.clear();
    if (left.length === 0) return;
    await act(this.#db, { person: null, at: now }, async ({ trx }) => {
      for (const { ipId, provider, takenAt: at, left: want } of left) {
        await returnBlock(trx, { ipId, provider, want }, at);
        const day = dayOf(at);
        const untold = this.#mail?.untold(ipId, day);
        if (provider === '' && untold) await addCarried(trx, day, [{ ipId, carried: untold }]);
      }
    });
  }

  #leaseOf(ip: Ip, { provider }: Part, at: number): Lease {
    const key = provider === '' ? ip.id : `${ip.id} ${provider}`;
    let lease = this.#leases.get(key);
    if (lease === undefined) {
      lease = newLease(ip, provider, at);
      this.#leases.set(key, lease);
    } else keepInSpan(lease, ip, at);
    return lease;
  }

  /** A block ahead, and what a message with more recipients than that takes. */
  #keepFilled(ip: Ip, lease: Lease, { provider, count }: Part): void {
    const cap = limitOf(ip) ?? 0;
    const limit = Math.min(cap, hourCapOf(ip) ?? cap, ip.warmup?.slowed[provider] ?? cap);
    const block = blockOf(limit);
    const lacks = count <= limit ? Math.max(0, count - lease.left) : 0;
    if (lacks === 0 && lease.left > block / 2) return;
    const want = Math.max(block, lacks + Math.floor(block / 2));
    if (lease.coming !== null || this.#isClosed || want < 1 || this.#now() < lease.notBefore) return;
    const { promise, resolve: done } = Promise.withResolvers<void>();
    Object.assign(lease, { coming: promise, askedAt: performance.now() });
    this.#wanted.add({ ip, lease, want, done }, lacks > 0);
  }

  async #write(wanted: readonly Wanted[]): Promise<void> {
    const at = this.#now();
    const day = dayOf(at);
    const blocks = wanted.map(({ lease: { ipId, provider }, want }) => {
      const told = provider === '' ? this.#mail?.untold(ipId, day) : undefined;
      return { ipId, provider, want, ...(told && { carried: told }) };
    });
    try {
      const all = await act(this.#db, { person: null, at }, ({ trx }) => takeBlocks(trx, blocks, at));
      for (const [index, { ip, lease }] of wanted.entries()) {
        const taken = (all.ok ? all.value[index] : undefined) ?? { granted: 0, left: 0 };
        const told = blocks[index]?.carried;
        if (told && taken.carried) this.#mail?.noteTold(lease.ipId, day, told, taken.carried);
        // Asked for before midnight and taken after it: it is of the day that has begun.
        if (at >= lease.ends) keepInSpan(lease, ip, at);
        this.#add(lease, taken, at);
      }
    } catch (err) {
      for (const { lease } of wanted) this.#doWithout(lease, err);
    } finally {
      for (const { lease, done } of wanted) {
        lease.coming = null;
        done();
      }
    }
  }

  #add(lease: Lease, { granted, left }: Taken, at: number): void {
    // One that arrives after midnight is of yesterday.
    if (at >= lease.starts && at < lease.ends) {
      const lendable = Math.max(0, lease.lendable - granted);
      Object.assign(lease, { left: lease.left + granted, others: left, lendable });
    }
    lease.takenAt = at;
    if (granted === 0) lease.notBefore = this.#now() + PAUSE_AFTER_NONE_MS;
  }

  #doWithout(lease: Lease, err: unknown): void {
    const { ipId } = lease;
    lease.notBefore = this.#now() + PAUSE_AFTER_NONE_MS;
    if (lease.lendable > 0) {
      // A warm IP goes on carrying its mail while the database is away, up to its limit for each process by itself.
      Object.assign(lease, { left: lease.left + lease.lendable, lendable: 0, isLent: true });
      this.#log.warn({ err, ipId }, 'no block could be taken; the warm IP carries what it may for this process');
    } else this.#log.warn({ err, ipId }, 'no block of the cap could be taken; its mail goes over the fallback');
  }
}

/** Resolves with the promise, which never rejects, or after `ms`. */
function within(promise: Promise<void>, ms: number): Promise<void> {
  return new Promise((done) => {
    const timer = setTimeout(done, ms);
    void promise.then(() => {
      clearTimeout(timer);
      done();
    });
  });
}
