// Which domains use which IPs.
import type { Db } from '../database.ts';
import { insertListed, numbersInJson } from '../dialect.ts';
import type { Stream } from '../policy/checks/facts.ts';
import { LIVE } from './allocation.ts';

/** Takes a domain off all live IPs; those that were given back keep what they carried. */
export async function deleteDomainLinks(trx: Db, domainId: number, at: number): Promise<void> {
  const links = trx('allocation_domains').where({ domain_id: domainId }).select('allocation_id');
  await trx('allocations').whereIn('status', LIVE).whereIn('id', links).update({ changed_at: at });
  const live = trx('allocations').whereIn('status', LIVE).select('id');
  await trx('allocation_domains').where({ domain_id: domainId }).whereIn('allocation_id', live).delete();
}

/** Has domains use an allocation that use it not yet, however many they are. */
export const insertLinks = (trx: Db, allocationId: number, domainIds: readonly number[]): Promise<void> =>
  insertListed(
    trx,
    'allocation_domains',
    { allocation_id: 'integer', domain_id: 'integer' },
    domainIds.map((id) => [allocationId, id]),
  );

/** Has these domains use an allocation, and no others, however many they are, for this mail of theirs. The caller has locked the account. */
export async function replaceLinks(
  trx: Db,
  allocationId: number,
  { domainIds, stream, at }: { readonly domainIds: readonly number[]; readonly stream: Stream; readonly at: number },
): Promise<void> {
  const links = () => trx('allocation_domains').where({ allocation_id: allocationId });
  await links()
    .whereRaw(`domain_id not in ${numbersInJson(trx)}`, [JSON.stringify(domainIds)])
    .delete();
  const before = new Set<number>(await links().pluck('domain_id'));
  const added = [...new Set(domainIds)].filter((id) => !before.has(id));
  await insertLinks(trx, allocationId, added);
  await trx('allocations').where({ id: allocationId }).update({ stream, changed_at: at });
}

/** Marks those live IPs of an account that no domain uses since `at`, and no others. */
export async function markUnused(trx: Db, accountId: number, at: number): Promise<void> {
  const used = trx('allocation_domains as l').whereRaw('l.allocation_id = allocations.id').select('l.domain_id');
  const live = () => trx('allocations').where({ account_id: accountId }).whereIn('status', LIVE);
  await live().whereNull('unused_since').whereNotExists(used.clone()).update({ unused_since: at });
  await live().whereNotNull('unused_since').whereExists(used.clone()).update({ unused_since: null });
}

/** Live IPs of an account that no domain uses any more. */
export const listAddressesWithoutDomain = (db: Db, accountId: number): Promise<string[]> =>
  db('allocations as a')
    .join('ips as i', 'i.id', 'a.ip_id')
    .leftJoin('allocation_domains as l', 'l.allocation_id', 'a.id')
    .where({ 'a.account_id': accountId })
    .whereNotIn('a.status', ['releasing', 'released'])
    .whereNull('l.domain_id')
    .orderBy('a.id')
    .pluck('i.address');
