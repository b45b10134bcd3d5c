import { existsSync } from 'node:fs';
import { type Db, openDatabase, pendingMigrations, sqliteFile } from './database.ts';

/**
 * Opens a database that Warmdesk was started on, for a command that works beside it. Throws with one sentence where
 * there is none, where it is of an older Warmdesk, or where it cannot be used. `connectMs`: see `openDatabase`.
 */
export async function openStarted(url: string, connectMs?: number): Promise<Db> {
  // Opening a file that is not there would make an empty one.
  const file = sqliteFile(url);
  if (file !== null && !existsSync(file)) throw new Error(`There is no database ${file}.`);
  const db = await openDatabase(url, connectMs);
  try {
    const pending = await pendingMigrations(db);
    if (pending.length > 0) throw new Error(`The database lacks ${pending.join(', ')}: start Warmdesk on it once.`);
    return db;
  } catch (error) {
    await db.destroy();
    throw error;
  }
}
