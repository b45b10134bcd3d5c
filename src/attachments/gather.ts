// What is known of attached files from the database and the folder together.
import type { Db } from '../database.ts';
import { ACCOUNT_MAX_A_DAY, ACCOUNT_MAX_BYTES, type Room } from './attachment.ts';
import { hashOf } from './folder.ts';
import { countAttached, listStored } from './store.ts';

const DAY = 86_400_000;
const TOGETHER = 500;

/** What an account can still attach at the instant `at` (UTC milliseconds). */
export async function gatherRoom(db: Db, accountId: number, at: number): Promise<Room> {
  const { bytes, files } = await countAttached(db, accountId, at - DAY);
  return { bytes: ACCOUNT_MAX_BYTES - bytes, files: ACCOUNT_MAX_A_DAY - files };
}

/** Compares every file with its row. Returns a line for each that is not in the folder, or not as it was stored. */
export async function gatherFaults(db: Db, folder: string): Promise<string[]> {
  const lines: string[] = [];
  for (let after = 0; ; ) {
    const stored = await listStored(db, after, TOGETHER);
    for (const { id, key, sha256 } of stored) {
      const hash = await hashOf(folder, key);
      if (hash === null) lines.push(`F01 attachment ${id}: its file ${key} is in the folder`);
      else if (hash !== sha256) lines.push(`F02 attachment ${id}: its file ${key} is as it was stored`);
      after = id;
    }
    if (stored.length < TOGETHER) return lines;
  }
}
