// From where people signed in before.
import type { Db } from '../../database.ts';

/** `mark`: the hash of the cookie that the browser keeps; `next`: of the one that it gets now. */
export type Device = {
  readonly mark: string | null;
  readonly next: string;
  readonly device: string;
  readonly address: string;
};

/** Notes a sign-in from a browser that shows a mark we know. False where it does not. */
export async function renewDevice(trx: Db, personId: number, seen: Device, at: number): Promise<boolean> {
  if (seen.mark === null) return false;
  const query = trx('known_devices').where({ person_id: personId, mark_hash: seen.mark });
  const { device, address, next } = seen;
  return (await query.update({ mark_hash: next, device, address, seen_at: at })) > 0;
}

/** Whether somebody signed in before with this browser and system from this address. */
export async function findLikeDevice(
  db: Db,
  personId: number,
  { device, address }: Pick<Device, 'device' | 'address'>,
): Promise<boolean> {
  const row = await db('known_devices').where({ person_id: personId, device, address }).first('id');
  return row !== undefined;
}

export async function insertDevice(trx: Db, personId: number, seen: Device, at: number): Promise<void> {
  const { device, address, next } = seen;
  await trx('known_devices').insert({ person_id: personId, mark_hash: next, device, address, seen_at: at });
}

/** Whether somebody signed in before at all. */
export async function findHasSignedIn(db: Db, personId: number): Promise<boolean> {
  const row = await db('people').where({ id: personId }).first('signed_in_at');
  return row?.signed_in_at !== null;
}

/** Forgets the devices that nobody signed in with since `at`. Returns how many. */
export async function deleteOldDevices(db: Db, at: number): Promise<number> {
  return await db('known_devices').where('seen_at', '<', at).delete();
}
