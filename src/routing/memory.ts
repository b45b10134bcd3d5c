// What was answered lately, so that a message that is asked about again keeps its way and is not counted twice. Pure.
import type { Ip } from './sender.ts';

/** Where a message went. `ip` null: it goes the other way for good. */
export type Remembered = {
  ip: Ip['id'] | null;
  /** Messages that were spent for it, one for each recipient. */
  paid: number;
  /** The recipients they were spent for. */
  readonly recipients: Set<string>;
};

/** Keeps the last `most` messages, the oldest forgotten first. */
export class Memory {
  readonly #most: number;
  readonly #messages = new Map<string, Remembered>();

  constructor(most: number) {
    this.#most = most;
  }

  find(message: string): Remembered | undefined {
    return this.#messages.get(message);
  }

  keep(message: string, ip: Ip['id'] | null): Remembered {
    const kept: Remembered = { ip, paid: 0, recipients: new Set() };
    this.#messages.set(message, kept);
    if (this.#messages.size > this.#most) {
      const [oldest] = this.#messages.keys();
      if (oldest !== undefined) this.#messages.delete(oldest);
    }
    return kept;
  }
}
