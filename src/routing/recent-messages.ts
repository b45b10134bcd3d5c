// What was answered lately, so that a message that is asked about again keeps its egress and is not counted twice. Pure.
import type { Load } from './load.ts';
import type { Ip } from './sending-domain.ts';

/** Where a message went. `ip` null: it goes over the fallback for good. */
export type Remembered = {
  ip: Ip['id'] | null;
  /** Messages that were spent for it, one for each recipient. */
  paid: number;
  /** The recipients they were spent for; null: none is kept. */
  recipients: Set<string> | null;
};

/**
 * Values by message: of the last `most`, and of as many before them at most. Two maps, as one that forgets its oldest first gets
 * slow: each time it goes past all that it forgot.
 */
class Recent<T> {
  readonly #most: number;
  #size = 0;
  #recent = new Map<string, T>();
  #before: ReadonlyMap<string, T> = new Map();

  constructor(most: number) {
    this.#most = most;
  }

  find(message: string): T | undefined {
    return this.#recent.get(message) ?? this.#before.get(message);
  }

  set(message: string, value: T): void {
    this.grow();
    this.#recent.set(ownCopyOf(message), value);
  }

  /** Makes room for what counts as one message more. */
  grow(): void {
    if (this.#size === this.#most) {
      [this.#before, this.#recent] = [this.#recent, new Map()];
      this.#size = 0;
    }
    this.#size += 1;
  }
}

/** Keeps the last `most` messages, each recipient after its first counted as one, and as many before them at most. */
export class Memory {
  readonly #messages: Recent<Remembered>;

  constructor(most: number) {
    this.#messages = new Recent(most);
  }

  find(message: string): Remembered | undefined {
    return this.#messages.find(message);
  }

  keep(message: string, ip: Ip['id'] | null): Remembered {
    const kept: Remembered = { ip, paid: 0, recipients: null };
    this.#messages.set(message, kept);
    return kept;
  }

  /** Notes that a message was spent for this recipient. */
  add(kept: Remembered, recipient: string): void {
    kept.recipients ??= new Set();
    if (kept.recipients.has(recipient)) return;
    kept.recipients.add(ownCopyOf(recipient));
    if (kept.recipients.size > 1) this.#messages.grow();
  }
}

/** Which messages were seen: of the last `most`, and of as many before them at most. By a mark of each, without its text. */
export class Seen {
  readonly #most: number;
  #size = 0;
  #recent: Float64Array;
  #before: Float64Array;

  constructor(most: number) {
    this.#most = most;
    // Less than half full, so that a mark is found where it belongs, or right behind.
    const places = 2 ** Math.ceil(Math.log2(2 * most + 1));
    [this.#recent, this.#before] = [new Float64Array(places), new Float64Array(places)];
  }

  /** `mark`: the message's `markOf`. */
  has(mark: number): boolean {
    return this.#recent[placeOf(this.#recent, mark)] === mark || this.#before[placeOf(this.#before, mark)] === mark;
  }

  add(mark: number): void {
    if (this.#size === this.#most) {
      [this.#before, this.#recent] = [this.#recent, this.#before.fill(0)];
      this.#size = 0;
    }
    this.#size += 1;
    this.#recent[placeOf(this.#recent, mark)] = mark;
  }
}

/** Where a mark is, or would be put. There are 2 ** n places, of which some are free. */
function placeOf(marks: Float64Array, mark: number): number {
  const last = marks.length - 1;
  let place = mark & last;
  while (marks[place] !== 0 && marks[place] !== mark) place = (place + 1) & last;
  return place;
}

/** Recipients that were named before their message is asked about, by provider; of the last `most` messages at least. */
export class Noted {
  readonly #messages: Recent<{ readonly provider: string; count: number }[]>;

  constructor(most: number) {
    this.#messages = new Recent(most);
  }

  /** Recipients that were named for a message. */
  find(message: string): Load | undefined {
    return this.#messages.find(message);
  }

  /** Notes one more recipient of a message. */
  add(message: string, provider: string): void {
    const parts = this.#messages.find(message);
    const part = parts?.find((one) => one.provider === provider);
    if (part !== undefined) part.count += 1;
    else if (parts !== undefined) parts.push({ provider, count: 1 });
    else this.#messages.set(message, [{ provider, count: 1 }]);
  }
}

/** The same text in memory of its own: a part of a request would keep all of the request. */
const ownCopyOf = (text: string): string => Buffer.from(text, 'utf16le').toString('utf16le');
