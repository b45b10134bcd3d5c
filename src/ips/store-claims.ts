// Free IPs, taken for the running transaction.
import { type Db, lockingRows, skippingLocked } from '../database.ts';
import type { Region } from '../policy/checks/facts.ts';
import { openListings } from './listings/store.ts';
import { unsoundNames } from './names/store.ts';

/** Takes `count` free IPs of a region that nothing holds back (blocklists, S-19: their names) for the running transaction; none where fewer are free. */
export async function claimIps(trx: Db, region: Region, count: number): Promise<{ id: number; address: string }[]> {
  const free = trx('ips as i')
    .where({ region, status: 'free' })
    .whereNotExists(openListings(trx))
    .whereNotExists(unsoundNames(trx))
    .orderBy('id')
    .limit(count)
    .select('id', 'address');
  // Those that another approval is just taking are passed over instead of waited for.
  let found: { id: number; address: string }[] = await skippingLocked(trx, free.clone());
  if (found.length < count) {
    // A look at lists or names may hold them for a moment: waited for, and asked again, as it may have found something.
    await lockingRows(trx, free.clone(), 'i');
    found = await skippingLocked(trx, free.clone());
  }
  if (found.length < count) return [];
  const taken = await trx('ips')
    .whereIn(
      'id',
      found.map((ip) => ip.id),
    )
    .where({ status: 'free' })
    .update({ status: 'allocated' });
  if (taken !== count) throw new Error('a free IP was taken twice');
  return found;
}

/** Takes one free IP for the running transaction. Returns its id; undefined where it is not free. */
export async function claimAddress(trx: Db, address: string): Promise<number | undefined> {
  const [row] = await trx('ips').where({ address, status: 'free' }).update({ status: 'allocated' }).returning('id');
  return row?.id;
}
