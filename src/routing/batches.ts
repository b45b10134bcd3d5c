// Writes that are made together: what is wanted while one is under way, or within a moment where nobody waits for it.

/** `most`: items of one write. `linger`: milliseconds that an item waits for others at most while nobody waits for it. */
type Limits = { readonly most: number; readonly linger: number };

/** Hands items on to a write in their order, one write at a time. The write has to end, whatever happens. */
export class Batches<T> {
  readonly #write: (items: readonly T[]) => Promise<void>;
  readonly #limits: Limits;
  readonly #items: T[] = [];
  #isUrgent = false;
  #isWriting = false;
  #timer: NodeJS.Timeout | undefined;
  #idle: (() => void)[] = [];

  constructor(write: (items: readonly T[]) => Promise<void>, limits: Limits) {
    this.#write = write;
    this.#limits = limits;
  }

  /** `isUrgent`: somebody waits for it. */
  add(item: T, isUrgent: boolean): void {
    this.#items.push(item);
    if (isUrgent || this.#limits.linger === 0) this.hurry();
    else this.#writeLater();
  }

  /** Somebody waits for what was added now. */
  hurry(): void {
    this.#isUrgent = true;
    this.#writeNext();
  }

  /** Resolves once everything is written. */
  async settled(): Promise<void> {
    if (!this.#isWriting && this.#items.length === 0) return;
    this.hurry();
    await new Promise<void>((done) => this.#idle.push(done));
  }

  /** Takes back what no write has begun with. */
  takeBack(): T[] {
    return this.#items.splice(0);
  }

  #writeNext(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#isWriting) return;
    const some = this.#items.splice(0, this.#limits.most);
    if (this.#items.length === 0) this.#isUrgent = false;
    if (some.length === 0) {
      for (const done of this.#idle.splice(0)) done();
      return;
    }
    this.#isWriting = true;
    void this.#write(some).finally(() => {
      this.#isWriting = false;
      if (this.#isUrgent || this.#items.length === 0) this.#writeNext();
      else this.#writeLater();
    });
  }

  #writeLater(): void {
    if (!this.#isWriting) this.#timer ??= setTimeout(() => this.hurry(), this.#limits.linger);
  }
}
