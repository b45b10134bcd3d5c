import { createHash } from 'node:crypto';
import type { PutOff, QueueMemory } from './record.ts';
import type { Queued } from './store.ts';

type Entry = { sender: string; readonly tried: Map<string, PutOff | null> };

/**
 * Remembers the messages of a queue, at most so many: the longest known make room. Of recipients only hashes are kept.
 * It knows what changed since it was stored last.
 */
export class BoundedMemory implements QueueMemory {
  readonly #entries = new Map<string, Entry>();
  readonly #stored = new Set<string>();
  readonly #changed = new Set<string>();
  readonly #most: number;

  constructor(stored: readonly Queued[], most = 100_000) {
    this.#most = most;
    for (const { message, sender, tried } of stored) {
      this.#entries.set(message, { sender, tried: new Map(tried) });
      this.#stored.add(message);
    }
  }

  sender(message: string): string | undefined {
    return this.#entries.get(message)?.sender;
  }

  setSender(message: string, domain: string): void {
    const entry = this.#entries.get(message);
    if (entry?.sender === domain) return;
    this.#entries.set(message, { sender: domain, tried: entry?.tried ?? new Map() });
    this.#changed.add(message);
    this.#makeRoom();
  }

  wasTried(message: string, recipient: string): boolean {
    const entry = this.#entries.get(message);
    return entry !== undefined && entry.tried.size > 0 && entry.tried.has(hashOf(recipient));
  }

  setTried(message: string, recipient: string, put: PutOff): void {
    const entry = this.#entries.get(message);
    const hash = hashOf(recipient);
    if (!entry || entry.tried.has(hash)) return;
    entry.tried.set(hash, put);
    this.#changed.add(message);
  }

  settle(message: string, recipient: string): void {
    const entry = this.#entries.get(message);
    if (!entry || entry.tried.size === 0) return;
    const hash = hashOf(recipient);
    if (!entry.tried.get(hash)) return;
    entry.tried.set(hash, null);
    this.#changed.add(message);
  }

  open(message: string): PutOff[] {
    return [...(this.#entries.get(message)?.tried.values() ?? [])].filter((put) => put !== null);
  }

  forget(message: string): void {
    if (this.#entries.delete(message)) this.#changed.add(message);
  }

  /** What has to be stored; it counts as stored from then on. */
  takeChanges(): { changed: Queued[]; gone: string[] } {
    const changed: Queued[] = [];
    const gone: string[] = [];
    for (const message of this.#changed) {
      const entry = this.#entries.get(message);
      if (entry) {
        changed.push({ message, sender: entry.sender, tried: [...entry.tried] });
        this.#stored.add(message);
      } else if (this.#stored.delete(message)) gone.push(message);
    }
    this.#changed.clear();
    return { changed, gone };
  }

  #makeRoom(): void {
    if (this.#entries.size <= this.#most) return;
    const [oldest] = this.#entries.keys();
    if (oldest !== undefined) this.forget(oldest);
  }
}

const hashOf = (recipient: string): string =>
  createHash('sha256').update(recipient.toLowerCase()).digest('base64url').slice(0, 12);
