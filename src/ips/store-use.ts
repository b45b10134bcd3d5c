// Which domains use which IPs.
import type { Db } from '../database.ts';
import { insertListed, numbersInJson } from '../dialect.ts';
import type { Stream } from '../policy/checks/facts.ts';
import { LIVE } from './allocation.ts';

/** Takes a domain off its pools and off all live IPs; those that were given back keep what they carried. */
export async function deleteDomainLinks(trx: Db, domainId: number, at: number): Promise<void> {
  await trx('domain_pools').where({ domain_id: domainId }).delete();
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

/** Marks those live IPs of an account, and of its parent, that no domain uses since `at`, and no others. */
export async function markUnused(trx: Db, accountId: number, at: number): Promise<void> {
  const used = trx('allocation_domains as l').whereRaw('l.allocation_id = allocations.id').select('l.domain_id');
  const parent = trx('accounts').where({ id: accountId }).whereNotNull('parent_id').select('parent_id');
  const live = () =>
    trx('allocations')
      .where((whose) => whose.where({ account_id: accountId }).orWhereIn('account_id', parent.clone()))
      .whereIn('status', LIVE);
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

/** The live IPs that a domain uses, of its account or of that account's parent. */
export const listAddressesUsedBy = (db: Db, domainId: number): Promise<string[]> =>
  db('allocation_domains as l')
    .join('allocations as a', 'a.id', 'l.allocation_id')
    .join('ips as i', 'i.id', 'a.ip_id')
    .where('l.domain_id', domainId)
    .whereIn('a.status', LIVE)
    .orderBy('a.id')
    .pluck('i.address');
