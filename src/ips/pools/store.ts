// The addresses of shared pools. The policy says which pools there are.
import type { Db } from '../../database.ts';

/** The addresses of all pools in their order, by the pool's key. */
export async function listPoolAddresses(db: Db): Promise<Map<string, string[]>> {
  const rows: { pool: string; address: string }[] = await db('pool_addresses').orderBy(['pool', 'place', 'address']);
  const found = new Map<string, string[]>();
  for (const { pool, address } of rows) found.set(pool, [...(found.get(pool) ?? []), address]);
  return found;
}

/** Those of these addresses that another pool has, with the pool's key. */
export async function listTakenByPools(db: Db, addresses: readonly string[], but = ''): Promise<Map<string, string>> {
  const rows: { pool: string; address: string }[] = await db('pool_addresses')
    .whereIn('address', [...addresses])
    .whereNot({ pool: but });
  return new Map(rows.map(({ address, pool }) => [address, pool]));
}

/** Puts these addresses in place of a pool's. */
export async function replacePoolAddresses(
  trx: Db,
  pool: string,
  addresses: readonly string[],
  at: number,
): Promise<void> {
  await trx('pool_addresses').where({ pool }).delete();
  if (addresses.length === 0) return;
  await trx('pool_addresses').insert(addresses.map((address, place) => ({ address, pool, place, added_at: at })));
}
