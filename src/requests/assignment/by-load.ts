// To whom a new request goes where the policy has requests assigned. Pure.

/** A reviewer, how many requests they have on the desk, and when they got the last one (UTC milliseconds); null: never. */
export type Candidate = { readonly id: number; readonly load: number; readonly lastAt: number | null };

/** Who has least on the desk; of several, who got something longest ago; then who was added first. undefined: nobody is there. */
export const leastLoaded = (candidates: readonly Candidate[]): Candidate | undefined =>
  candidates.toSorted(
    (one, other) => one.load - other.load || (one.lastAt ?? 0) - (other.lastAt ?? 0) || one.id - other.id,
  )[0];
