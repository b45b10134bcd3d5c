import type { Db } from '../database.ts';

const KEPT_MS = 24 * 3_600_000;
/** More than anybody goes back through; a person who goes on loses the oldest. */
const MOST_EACH = 20;

export type SealedPage = {
  readonly id: string;
  readonly personId: number;
  readonly status: number;
  readonly sealed: Buffer;
  /** UTC milliseconds. */
  readonly at: number;
};

/** Keeps a sealed page, and of the person's the newest twenty. */
export async function insertPage(db: Db, { personId, ...page }: SealedPage): Promise<void> {
  await db('rejected_pages').insert({ ...page, person_id: personId });
  const own = () => db('rejected_pages').where({ person_id: personId });
  const newest = own().orderBy('at', 'desc').orderBy('id').limit(MOST_EACH).select('id');
  await own().whereNotIn('id', newest).delete();
}

/** A person's page by its id; undefined: there is none, or it is somebody else's. */
export const findPage = (
  db: Db,
  { id, personId }: Pick<SealedPage, 'id' | 'personId'>,
): Promise<Pick<SealedPage, 'status' | 'sealed'> | undefined> =>
  db('rejected_pages').where({ id, person_id: personId }).first('status', 'sealed');

/** Deletes what is older than a day at the instant `at`. Returns the number of deleted pages. */
export const deleteOldPages = (db: Db, at: number): Promise<number> =>
  db('rejected_pages')
    .where('at', '<', at - KEPT_MS)
    .delete();
