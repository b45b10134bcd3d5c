// The mail servers of recipients' domains, as far as they were looked up. Pure: asking DNS is a background job's, so
// nothing that answers for a message waits for it.
import { isDomainName } from '../../domains/name.ts';

/** Names that are noted at most between two times that they are taken. */
const MOST_NOTED = 10_000;

export class Receivers {
  #mx = new Map<string, string | null>();
  #noted = new Set<string>();

  /**
   * The best mail server of a domain (lower case); null where it has none or none is known yet. A domain that was never
   * looked up is noted.
   */
  mxOf(domain: string): string | null {
    const known = this.#mx.get(domain);
    if (known !== undefined) return known;
    if (this.#noted.size < MOST_NOTED && isDomainName(domain)) this.#noted.add(domain);
    return null;
  }

  /** What DNS said lately, besides what is known. */
  learn(found: ReadonlyMap<string, string | null>): void {
    for (const [name, mx] of found) this.#mx.set(name, mx);
  }

  /** All that is known, in place of what was known before. */
  replace(all: Map<string, string | null>): void {
    this.#mx = all;
  }

  /** Names that were noted since they were taken last. */
  takeNoted(): string[] {
    const noted = [...this.#noted];
    this.#noted = new Set();
    return noted;
  }
}
