// Lines of a file that are rejected: the first of them, and how many there are. Pure.
export type RejectedLine = { readonly line: number | null; readonly sentence: string };

export const MOST_SHOWN = 200;

/** Keeps the first lines by number, whatever the order in which they come. */
export class RejectedLines {
  #kept: RejectedLine[] = [];
  count = 0;

  add(line: number | null, sentence: string): void {
    this.count += 1;
    this.#kept.push({ line, sentence });
    if (this.#kept.length >= 4 * MOST_SHOWN) this.#kept = this.first;
  }

  get first(): RejectedLine[] {
    return this.#kept.toSorted((one, other) => (one.line ?? 0) - (other.line ?? 0)).slice(0, MOST_SHOWN);
  }
}
