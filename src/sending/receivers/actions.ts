import type { Db } from '../../database.ts';
import type { Receivers } from './memory.ts';
import { insertReceivers } from './store.ts';

/** Hands on the domains that were noted, to be looked up. `at`: UTC milliseconds. */
export async function handOnNoted(db: Db, receivers: Receivers, at: number): Promise<void> {
  const noted = receivers.takeNoted();
  if (noted.length > 0) await insertReceivers(db, noted, at);
}
