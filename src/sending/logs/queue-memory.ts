import { createHash } from 'node:crypto';
import type { Deferred, QueueMemory } from './record.ts';
import type { Queued, Tried } from './store.ts';

type Entry = { sender: string; readonly tried: Map<string, Tried> };

/**
 * Remembers the messages of a queue, up to a limit: the longest known make room. Of recipients only hashes are kept.
 * It knows what changed since it was stored last.
 */
export class BoundedMemory implements QueueMemory {
  readonly #entries = new Map<string, Entry>();
  readonly #stored = new Set<string>();
  readonly #changed = new Set<string>();
  readonly #most: number;
  #isWhole: boolean;

  constructor(stored: readonly Queued[], most = 100_000) {
    this.#most = most;
    for (const { message, sender, tried } of stored) {
      this.#entries.set(message, { sender, tried: new Map(tried) });
      this.#stored.add(message);
    }
    this.#isWhole = stored.length < most;
  }

  get isWhole(): boolean {
    return this.#isWhole;
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
    const tried = this.#of(message, recipient);
    return tried !== undefined && tried !== 'suspended';
  }

  wasSuspended(message: string, recipient: string): boolean {
    return this.#of(message, recipient) === 'suspended';
  }

  #of(message: string, recipient: string): Tried | undefined {
    const entry = this.#entries.get(message);
    return entry === undefined || entry.tried.size === 0 ? undefined : entry.tried.get(hashOf(recipient));
  }

  setTried(message: string, recipient: string, deferred: Deferred): void {
    if (!this.wasTried(message, recipient)) this.#set(message, recipient, deferred);
  }

  setSuspended(message: string, recipient: string): void {
    if (this.#of(message, recipient) === undefined) this.#set(message, recipient, 'suspended');
  }

  #set(message: string, recipient: string, tried: Tried): void {
    const entry = this.#entries.get(message);
    if (!entry) return;
    entry.tried.set(hashOf(recipient), tried);
    this.#changed.add(message);
  }

  settle(message: string, recipient: string): Deferred | undefined {
    const tried = this.#of(message, recipient);
    if (tried === undefined || tried === null) return undefined;
    this.#set(message, recipient, null);
    return isDeferred(tried) ? tried : undefined;
  }

  open(message: string): Deferred[] {
    const all = this.#entries.get(message)?.tried.values() ?? [];
    return [...all].filter(isDeferred);
  }

  setOver(message: string, recipient: string, over: readonly string[]): void {
    this.#set(message, `over ${recipient}`, { over });
  }

  over(message: string, recipient: string): readonly string[] | undefined {
    const tried = this.#of(message, `over ${recipient}`);
    return tried !== null && typeof tried === 'object' && 'over' in tried ? tried.over : undefined;
  }

  rename(message: string, to: string): void {
    const entry = this.#entries.get(message);
    if (!entry || message === to) return;
    this.forget(message);
    this.#entries.set(to, entry);
    this.#changed.add(to);
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
    this.#isWhole = false;
  }
}

const isDeferred = (tried: Tried): tried is Deferred =>
  tried !== null && typeof tried === 'object' && 'arrivedAt' in tried;

const hashOf = (recipient: string): string =>
  createHash('sha256').update(recipient.toLowerCase()).digest('base64url').slice(0, 12);
