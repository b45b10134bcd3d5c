// Taking a domain out of use: only once nothing that was asked for or given depends on it.
import type { Actor, Person } from '../../accounts/person.ts';
import { act } from '../../act.ts';
import type { Db } from '../../database.ts';
import { removeDomain } from '../../domains/actions.ts';
import { findDomainOf } from '../../domains/store.ts';
import { listIpsOfAccount } from '../../ips/store.ts';
import type { Result } from '../../result.ts';
import { listOpenWithDomain } from './store.ts';

/** What keeps a domain: the IPs that it uses, and the open requests that are about it. */
export type Ties = { readonly ips: readonly string[]; readonly requests: readonly number[] };

export async function findTies(db: Db, { accountId, id }: { accountId: number; id: number }): Promise<Ties> {
  const ips = await listIpsOfAccount(db, accountId);
  return {
    ips: ips.filter((ip) => ip.domains.some((domain) => domain.id === id)).map(({ address }) => address),
    requests: await listOpenWithDomain(db, id),
  };
}

/** Removes a domain of an account. Refused while something depends on it. */
export const takeOut = (
  db: Db,
  actor: Actor & { readonly person: Person },
  { reason, ...of }: { readonly accountId: number; readonly id: number; readonly reason: string },
): Promise<Result<void, 'not-found' | 'tied'>> =>
  act<void, 'not-found' | 'tied'>(db, actor, async (act) => {
    const domain = (await findDomainOf(act.trx, of.accountId, of.id)) ?? act.refuse('not-found');
    await removeDomain(act, domain, reason);
    const { ips, requests } = await findTies(act.trx, of);
    if (ips.length > 0 || requests.length > 0) return act.refuse('tied');
  });
