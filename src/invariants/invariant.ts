/** Something that must hold between the rows of the database, no matter who wrote them or when. */
export type Invariant = {
  readonly no: `I${number}`;
  /** What the ids in its lines are ids of. */
  readonly of: string;
  /** What must hold, as a sentence. */
  readonly must: string;
  /** Returns the ids of the rows for which it does not hold, as `id`; empty is right. Runs on either engine; `:now` is UTC milliseconds. */
  readonly wrong: string;
};
