// What was answered lately, so that a message that is asked about again keeps its egress and is not counted twice. Pure.
import type { Load } from './load.ts';
import type { Ip } from './sending-domain.ts';

/** Where a message went. `ip` null: it goes over the fallback for good. */
export type Remembered = {
  ip: Ip['id'] | null;
  /** Messages that were spent for it, one for each recipient. */
  paid: number;
  /** The recipients they were spent for. */
  readonly recipients: Set<string>;
};

/** Keeps the last messages, the oldest forgotten first: `most` of them, each recipient after its first counted as one. */
export class Memory {
  readonly #most: number;
  readonly #messages = new Map<string, Remembered>();
  #size = 0;

  constructor(most: number) {
    this.#most = most;
  }

  find(message: string): Remembered | undefined {
    return this.#messages.get(message);
  }

  keep(message: string, ip: Ip['id'] | null): Remembered {
    const kept: Remembered = { ip, paid: 0, recipients: new Set() };
    this.#messages.set(ownCopyOf(message), kept);
    this.#grow();
    return kept;
  }

  /** Notes that a message was spent for this recipient. */
  add(kept: Remembered, recipient: string): void {
    if (kept.recipients.has(recipient)) return;
    kept.recipients.add(ownCopyOf(recipient));
    if (kept.recipients.size > 1) this.#grow();
  }

  #grow(): void {
    this.#size += 1;
    for (const [name, { recipients }] of this.#messages) {
      if (this.#size <= this.#most) return;
      this.#messages.delete(name);
      this.#size -= Math.max(1, recipients.size);
    }
  }
}

/** Which of the last `most` messages were seen, and of as many before them. Two sets, as one that forgets its oldest is slow. */
export class Seen {
  readonly #most: number;
  #recent = new Set<string>();
  #before = new Set<string>();

  constructor(most: number) {
    this.#most = most;
  }

  has(message: string): boolean {
    return this.#recent.has(message) || this.#before.has(message);
  }

  add(message: string): void {
    if (this.#recent.size >= this.#most) [this.#before, this.#recent] = [this.#recent, new Set()];
    this.#recent.add(ownCopyOf(message));
  }
}

/** Recipients that were named before their message is asked about, by provider; of the last `most` messages. */
export class Noted {
  readonly #most: number;
  readonly #messages = new Map<string, { readonly provider: string; count: number }[]>();

  constructor(most: number) {
    this.#most = most;
  }

  /** Recipients that were named for a message. */
  find(message: string): Load | undefined {
    return this.#messages.get(message);
  }

  /** Notes one more recipient of a message. */
  add(message: string, provider: string): void {
    const parts = this.#messages.get(message);
    const part = parts?.find((one) => one.provider === provider);
    if (part !== undefined) part.count += 1;
    else if (parts !== undefined) parts.push({ provider, count: 1 });
    else {
      this.#messages.set(ownCopyOf(message), [{ provider, count: 1 }]);
      if (this.#messages.size > this.#most) this.#forgetOldest();
    }
  }

  #forgetOldest(): void {
    for (const oldest of this.#messages.keys()) {
      this.#messages.delete(oldest);
      return;
    }
  }
}

/** The same text in memory of its own: a part of a request would keep all of the request. */
const ownCopyOf = (text: string): string => Buffer.from(text, 'utf16le').toString('utf16le');
