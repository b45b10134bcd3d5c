import type { Db } from '../database.ts';
import { dayOf } from '../day.ts';
import { listKeys, removeFiles } from './folder.ts';
import { findKnownKeys, findNewest } from './store.ts';

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
  const newest = await findNewest(db);
  if (newest === undefined) return 0;
  let removed = 0;
  // An older copy of the database knows nothing of later files: another desk may still need them.
  for await (const keys of listKeys(folder, Math.min(at - YOUNG_MS, newest))) {
    const known = await findKnownKeys(db, keys);
    const unknown = keys.filter((key) => !known.has(key));
    await removeFiles(folder, unknown);
    removed += unknown.length;
  }
  lookedThrough.set(db, dayOf(at));
  return removed;
}
