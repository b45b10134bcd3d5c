// What names in reports mean: domains, and IPs with whose they were when.
import type { Db } from '../database.ts';
import type { Holding, KnownDomain, KnownIp } from './reported.ts';

/** Those of these domains (some thousands at most) that a customer has, by name. */
export async function listDomainsByName(db: Db, names: readonly string[]): Promise<Map<string, KnownDomain>> {
  const rows = await db('domains as d')
    .join('accounts as a', 'a.id', 'd.account_id')
    .whereIn('d.name', [...names])
    .whereNull('d.removed_at')
    .select('d.id', 'd.name', 'd.usage', 'd.account_id', 'a.name as account');
  return new Map(
    rows.map((row) => [row.name, { id: row.id, accountId: row.account_id, account: row.account, usage: row.usage }]),
  );
}

/** Those of these addresses (in normal form, some thousands at most) that are in the inventory. */
export async function listIpsByAddress(db: Db, addresses: readonly string[]): Promise<Map<string, KnownIp>> {
  const rows = await db('ips as i')
    .leftJoin('allocations as a', 'a.ip_id', 'i.id')
    .whereIn('i.address', [...addresses])
    .select('i.id', 'i.address', 'a.account_id', 'a.allocated_at', 'a.released_at');
  const found = new Map<string, { id: number; holdings: Holding[] }>();
  for (const row of rows) {
    const ip: { id: number; holdings: Holding[] } = found.get(row.address) ?? { id: row.id, holdings: [] };
    if (row.account_id !== null)
      ip.holdings.push({ accountId: row.account_id, from: row.allocated_at, until: row.released_at });
    found.set(row.address, ip);
  }
  return found;
}
