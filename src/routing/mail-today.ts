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
  /** How the mail of the domains that use an IP was spread before a day. */
  readonly mixOf: (allocationId: number, day: Day) => Promise<Mix | null>;
  readonly log: Log;
  readonly now: () => number;
};

/** Counts by IP; a new day begins with nothing. */
export class MailToday {
  readonly #parts: Parts;
  #day: Day = 0;
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
      void this.#learn(ip, tally, today);
    }
    return tally;
  }

  /** Until it is known, and where it cannot be read, no provider has a quota. */
  async #learn({ allocationId }: Ip, tally: Tally, today: Day): Promise<void> {
    const { mixOf, log } = this.#parts;
    try {
      tally.mix = await mixOf(allocationId, today);
    } catch (err) {
      log.warn({ err, allocationId }, 'the usual mix of mailbox providers could not be read; today none has a quota');
    }
  }
}
