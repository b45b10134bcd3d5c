// Who waits for what.
import type { Db } from '../../database.ts';
import type { Kind } from '../request.ts';
import type { Watched } from './watch.ts';

/** `lookAt`: when it is looked next (UTC milliseconds). */
export type Watch = Watched & { readonly id: number; readonly personId: number; readonly lookAt: number };

const keyOf = (personId: number, { kind, domainId }: Watched) => ({
  person_id: personId,
  kind,
  domain_id: domainId ?? 0,
});

/** Keeps that somebody waits for something; once, however often they say so. */
export async function insertWatch(
  trx: Db,
  personId: number,
  watched: Watched,
  { at, lookAt }: { readonly at: number; readonly lookAt: number },
): Promise<void> {
  await trx('watches')
    .insert({ ...keyOf(personId, watched), made_at: at, look_at: lookAt })
    .onConflict(['person_id', 'kind', 'domain_id'])
    .ignore();
}

/** Ends somebody's wait. */
export async function deleteWatchOf(trx: Db, personId: number, watched: Watched): Promise<void> {
  await trx('watches').where(keyOf(personId, watched)).delete();
}

/** Ends a wait. False where it was ended before. */
export const deleteWatch = async (trx: Db, { id }: Pick<Watch, 'id'>): Promise<boolean> =>
  (await trx('watches').where({ id }).delete()) === 1;

/** What somebody waits for. */
export const listWatches = async (db: Db, personId: number): Promise<Watch[]> =>
  (await db('watches').where({ person_id: personId }).orderBy('id')).map(toWatch);

/** Those that are due at the instant `at`, the one due first on top. */
export const listDueWatches = async (db: Db, at: number, limit: number): Promise<Watch[]> =>
  (await db('watches').where('look_at', '<=', at).orderBy(['look_at', 'id']).limit(limit)).map(toWatch);

/** Claims a look, by setting when the next one is. False where somebody else did first. */
export const claimLook = async (db: Db, { id, lookAt }: Watch, next: number): Promise<boolean> =>
  (await db('watches').where({ id, look_at: lookAt }).update({ look_at: next })) === 1;

type Row = { id: number; person_id: number; kind: Kind; domain_id: number; look_at: number };

const toWatch = (row: Row): Watch => ({
  id: row.id,
  personId: row.person_id,
  kind: row.kind,
  domainId: row.domain_id === 0 ? null : row.domain_id,
  lookAt: row.look_at,
});
