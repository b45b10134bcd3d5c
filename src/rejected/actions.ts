import type { Person } from '../accounts/person.ts';
import type { Db } from '../database.ts';
import { idOf, newKey, seal } from './sealed.ts';
import { deleteOldPages, insertPage } from './store.ts';

export type RejectedPage = { readonly person: Person; readonly status: number; readonly html: string };

/** Keeps the page that answers a rejected form. Returns the path at which that person can load it for a day. */
export async function keepRejected(db: Db, { person, status, html }: RejectedPage, at: number): Promise<string> {
  const key = newKey();
  await insertPage(db, { id: idOf(key, person), personId: person.id, status, sealed: seal(key, html), at });
  return `/rejected/${key}`;
}

/** Forgets the pages that are older than a day at the instant `at`. Returns how many. */
export const forgetRejected = (db: Db, at: number): Promise<number> => deleteOldPages(db, at);
