import type { Db } from '../database.ts';
import { dayOf } from '../day.ts';
import { listKeys, removeFiles } from './folder.ts';
import { findKnownKeys, listStored } from './store.ts';

/** A file belongs to nothing while its form or its mail comes in: minutes at most. */
const YOUNG_MS = 24 * 60 * 60 * 1000;

/** When each database's folder was last looked through by this process, as a day. */
const lookedThrough = new WeakMap<Db, number>();

/**
 * Removes files that belong to no message, as their form was rejected or a process ended while it came in: once in a day
 * (UTC), and where anything was ever attached. Returns the number of removed files.
 */
export async function removeUnattached(db: Db, folder: string, at: number): Promise<number> {
  if (lookedThrough.get(db) === dayOf(at)) return 0;
  // The folder of another database, named by mistake, keeps its files.
  if ((await listStored(db, 0, 1)).length === 0) return 0;
  let removed = 0;
  for await (const keys of listKeys(folder, at - YOUNG_MS)) {
    const known = await findKnownKeys(db, keys);
    const unknown = keys.filter((key) => !known.has(key));
    await removeFiles(folder, unknown);
    removed += unknown.length;
  }
  lookedThrough.set(db, dayOf(at));
  return removed;
}
