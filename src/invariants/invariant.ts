/** Something that must hold between the rows of the database, whoever wrote them and whenever. */
export type Invariant = {
  readonly no: `I${number}`;
  /** What the ids in its lines are ids of. */
  readonly of: string;
  /** What must hold, as a sentence. */
  readonly must: string;
  /** Gives the ids of the rows for which it does not hold, as `id`; empty is right. Runs on either engine; `:now` is UTC milliseconds. */
  readonly wrong: string;
};
