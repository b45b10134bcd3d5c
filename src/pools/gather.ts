// Reads what a customer's own pools depend on.
import type { Account } from '../accounts/store.ts';
import type { Db } from '../database.ts';
import { listDomainsOf } from '../domains/store.ts';
import { isLive } from '../ips/allocation.ts';
import { listLinkedNames } from '../ips/names/store.ts';
import { findChoices, listOwnPools } from '../ips/own-pools/store.ts';
import { listAllocationsOf } from '../ips/store.ts';
import type { Known } from './rules.ts';

/** An account's pools, and all that they are made of, under a policy. */
export async function gatherPools(
  db: Db,
  { id, region }: Pick<Account, 'id' | 'region'>,
  policy: Known['policy'],
): Promise<Known> {
  return {
    ...{ region, policy },
    pools: await listOwnPools(db, id),
    live: (await listAllocationsOf(db, id)).filter(isLive),
    names: policy.reverseDns.value === null ? new Map() : await listLinkedNames(db, id),
    domains: await listDomainsOf(db, id),
    choices: await findChoices(db, id),
  };
}
