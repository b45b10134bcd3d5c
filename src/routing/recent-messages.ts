// What was answered lately, so that a message that is asked about again keeps its way and is not counted twice. Pure.
import type { Ip } from './sending-domain.ts';

/** Where a message went. `ip` null: it goes the other way for good. */
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

/** The same text in memory of its own: a part of a request would keep all of the request. */
const ownCopyOf = (text: string): string => Buffer.from(text, 'utf16le').toString('utf16le');
