// What came today for warming IPs, as far as this process decided it, and what of it each of them carried.
import { type Day, dayOf } from '../day.ts';
import type { Log } from '../log.ts';
import type { Load } from './load.ts';
import type { Ip } from './sending-domain.ts';

/** Each mailbox provider's part of the mail, by its key, from 0 to 1. */
export type Mix = ReadonlyMap<string, number>;

type Tally = {
  seen: number;
  /** What this process carried; what of it it has told the others; and what those carried, as last heard. By provider. */
  readonly carried: Map<string, number>;
  readonly told: Map<string, number>;
  others: ReadonlyMap<string, number>;
  mix: Mix | null;
};

type Parts = {
  /** How the mail of the domains that use IPs was spread before a day, by allocation; one whose spread is not known may be missing. */
  readonly mixesOf: (allocationIds: readonly number[], day: Day) => Promise<ReadonlyMap<number, Mix>>;
  readonly log: Log;
  readonly now: () => number;
};

type Unlearnt = { readonly allocationId: number; readonly tally: Tally; readonly day: Day };

/** IPs whose mix is read together: in the first minutes of a day, or after a start, it is that of thousands. */
const READ_TOGETHER = 100;

/** Counts by IP; a new day begins with nothing. */
export class MailToday {
  readonly #parts: Parts;
  #day: Day = 0;
  readonly #unlearnt: Unlearnt[] = [];
  #isLearning = false;
  #tallies = new Map<Ip['id'], Tally>();

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** The instant it is (UTC milliseconds). */
  get at(): number {
    return this.#parts.now();
  }

  /** Recipients that came for the domains of an IP, whatever carried them. */
  seen(ip: Ip): number {
    return this.#of(ip).seen;
  }

  /** Recipients at a provider whose mail the IP carried, by all routers together as far as they told. */
  carried(ip: Ip, provider: string): number {
    const { carried, others } = this.#of(ip);
    return (carried.get(provider) ?? 0) + (others.get(provider) ?? 0);
  }

  /** What this process carried over an IP on a day by provider and has not told the others. */
  untold(ipId: Ip['id'], day: Day): Map<string, number> {
    const untold = new Map<string, number>();
    const tally = day === this.#day ? this.#tallies.get(ipId) : undefined;
    for (const [provider, count] of tally?.carried ?? []) {
      const more = count - (tally?.told.get(provider) ?? 0);
      if (more > 0) untold.set(provider, more);
    }
    return untold;
  }

  /** Keeps that `told` is known to the others, and what `all` together carried. */
  noteTold(ipId: Ip['id'], day: Day, told: ReadonlyMap<string, number>, all: ReadonlyMap<string, number>): void {
    const tally = day === this.#day ? this.#tallies.get(ipId) : undefined;
    if (tally === undefined) return;
    for (const [provider, count] of told) tally.told.set(provider, (tally.told.get(provider) ?? 0) + count);
    tally.others = new Map(Array.from(all, ([provider, count]) => [provider, count - (tally.told.get(provider) ?? 0)]));
  }

  /** How the mail of the IP's domains is usually spread over providers; null where that is not known (yet). */
  mix(ip: Ip): Mix | null {
    return this.#of(ip).mix;
  }

  noteSeen(ip: Ip, count: number): void {
    this.#of(ip).seen += count;
  }

  noteCarried(ip: Ip, load: Load): void {
    const { carried } = this.#of(ip);
    for (const { provider, count } of load) carried.set(provider, (carried.get(provider) ?? 0) + count);
  }

  #of(ip: Ip): Tally {
    const today = dayOf(this.at);
    if (today !== this.#day) {
      this.#day = today;
      this.#tallies = new Map();
    }
    let tally = this.#tallies.get(ip.id);
    if (tally === undefined) {
      tally = { seen: 0, carried: new Map(), told: new Map(), others: new Map(), mix: null };
      this.#tallies.set(ip.id, tally);
      this.#unlearnt.push({ allocationId: ip.allocationId, tally, day: today });
      void this.#learn();
    }
    return tally;
  }

  /** Until it is known, and where it cannot be read, no provider has a quota. */
  async #learn(): Promise<void> {
    if (this.#isLearning) return;
    this.#isLearning = true;
    while (this.#unlearnt.length > 0) {
      // Those of the day that is over wait for nothing any more.
      const some = this.#unlearnt.splice(0, READ_TOGETHER).filter(({ day }) => day === this.#day);
      const ids = some.map(({ allocationId }) => allocationId);
      try {
        const mixes = ids.length === 0 ? NONE : await this.#parts.mixesOf(ids, this.#day);
        for (const { allocationId, tally } of some) tally.mix = mixes.get(allocationId) ?? null;
      } catch (err) {
        const { log } = this.#parts;
        log.warn({ err, ids }, 'the usual mix of mailbox providers could not be read; today these IPs have no quotas');
      }
    }
    this.#isLearning = false;
  }
}

const NONE: ReadonlyMap<number, Mix> = new Map();
