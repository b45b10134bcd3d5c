// How KumoMTA chooses a source, limits how often it does, and tries again: its rules (crates/kumod and crates/throttle,
// August 2026) written down again from what they do, for tests of what an export comes to.

export type Entry = { readonly name: string; readonly weight: number };

const SECONDS = { d: 86_400, h: 3_600 } as const;

/** `200/30d,max_burst=192`: that many in as many seconds, and what passes at once. */
function read(spec: string) {
  const [, limit, spans, day, burst] = /^(\d+)\/(\d*)(?:(?:(d)(?:ay)?)|h)(?:,max_burst=(\d+))?$/.exec(spec) ?? [];
  if (limit === undefined) throw new Error(`no rate: ${spec}`);
  const seconds = Number(spans || 1) * SECONDS[day === undefined ? 'h' : 'd'];
  return { limit: Number(limit), seconds, burst: Number(burst ?? limit) };
}

/** The limits of a source in the order in which they are asked: the lowest rate first, in millionths a second. */
export function inOrder(rates: Readonly<Record<string, string>>): [name: string, spec: string][] {
  const rate = (spec: string): number => {
    const { limit, seconds } = read(spec);
    return Math.floor((limit / seconds) * 1_000_000);
  };
  return Object.entries(rates).sort(([, one], [, other]) => rate(one) - rate(other));
}

/** A limit that refills steadily: a bucket of messages, never full beyond `max_burst` + 1, nor beyond the limit. */
export class Throttles {
  /** By name and spec: until when all that was taken would have come in steadily. UTC seconds. */
  readonly #taken = new Map<string, number>();

  /** Whether one more may pass; it is counted then. `spec`: `200/30d,max_burst=192`. */
  take(name: string, spec: string, at: number): boolean {
    const { limit, seconds, burst } = read(spec);
    const interval = seconds / limit;
    const bucket = Math.min(burst, limit - 1) + 1;
    const key = `${name} ${spec}`;
    const next = Math.max(this.#taken.get(key) ?? 0, at) + interval;
    if (next - at > bucket * interval + 1e-6) return false;
    this.#taken.set(key, next);
    return true;
  }
}

/** The turns of one queue (sender and recipient domain): weighted, beginning behind the first entry. */
export class Turns {
  readonly #entries: readonly Entry[];
  #index = 0;
  #weight = 0;

  constructor(entries: readonly Entry[]) {
    this.#entries = entries;
  }

  /** The source that takes a message, or null where it goes back into the queue. `mayTake` counts what it allows. */
  choose(mayTake: (source: string) => boolean): string | null {
    let left = [...this.#entries];
    while (left.length > 0) {
      const name = this.#next(left);
      if (name === null) return null;
      if (mayTake(name)) return name;
      left = left.filter((one) => one.name !== name);
    }
    return null;
  }

  #next(entries: readonly Entry[]): string | null {
    // The only entry is taken whatever its weight.
    if (entries.length === 1) return entries[0]?.name ?? null;
    const weights = entries.map(({ weight }) => weight);
    const heaviest = Math.max(...weights);
    if (heaviest === 0) return null;
    const step = weights.reduce(divisor);
    for (;;) {
      this.#index = (this.#index + 1) % entries.length;
      if (this.#index === 0) {
        this.#weight = Math.max(0, this.#weight - step);
        if (this.#weight === 0) this.#weight = heaviest;
      }
      const entry = entries[this.#index];
      if (entry && entry.weight >= this.#weight) return entry.name;
    }
  }
}

const divisor = (a: number, b: number): number => (b === 0 ? a : divisor(b, a % b));

const DAY = 86_400;

/** When a message that nothing took is tried: seconds since it came in, the first try at 0, until it expires. */
export function tries(settings: {
  readonly retry?: number;
  readonly longest?: number;
  readonly maxAge?: number;
}): number[] {
  const { retry = 1200, longest = Number.POSITIVE_INFINITY, maxAge = 7 * DAY } = settings;
  const all = [0];
  for (let age = 0, attempt = 0; ; attempt += 1) {
    age += Math.min(longest, retry * 2 ** attempt);
    if (age > maxAge) return all;
    all.push(age);
  }
}
