// Taking a domain out of use, only once nothing that was asked for or given depends on it; and using it for other mail.
import type { Actor, Person } from '../../accounts/person.ts';
import { act } from '../../act.ts';
import type { Db } from '../../database.ts';
import { changeUsage, removeDomain } from '../../domains/actions.ts';
import type { Domain } from '../../domains/domain.ts';
import { findDomainOf } from '../../domains/store.ts';
import { endLinks } from '../../ips/names/actions.ts';
import { listAddressesUsedBy } from '../../ips/store-use.ts';
import type { Stream } from '../../policy/checks/facts.ts';
import type { Result } from '../../result.ts';
import { listOpenWithDomain, type OpenRequest } from './store.ts';

/** What keeps a domain: the IPs that it uses, and the open requests that are about it. */
export type Ties = { readonly ips: readonly string[]; readonly requests: readonly OpenRequest[] };

export type RemovalProblem = 'not-found' | 'tied' | 'stopped';

export async function findTies(db: Db, { id }: { readonly id: number }): Promise<Ties> {
  return {
    ips: await listAddressesUsedBy(db, id),
    requests: await listOpenWithDomain(db, id),
  };
}

/**
 * C-02: whether a domain is stopped and `person` one of its own account. Once removed, its name is free for anyone who proves
 * it: who is stopped could add it again and send.
 */
export const isBarred = ({ stoppedAt, accountId }: Pick<Domain, 'stoppedAt' | 'accountId'>, person: Person): boolean =>
  stoppedAt !== null && person.accountId === accountId;

/** Removes a domain of an account. Refused while something depends on it, and to its own people while it is stopped. */
export const takeOut = (
  db: Db,
  actor: Actor & { readonly person: Person },
  { reason, ...of }: { readonly accountId: number; readonly id: number; readonly reason: string },
): Promise<Result<void, RemovalProblem>> =>
  act<void, RemovalProblem>(db, actor, async (act) => {
    const domain = (await findDomainOf(act.trx, of.accountId, of.id)) ?? act.refuse('not-found');
    if (isBarred(domain, actor.person)) return act.refuse('stopped');
    await removeDomain(act, domain, reason);
    // Once its row is held, so that nobody links a name below it meanwhile.
    await endLinks(act, domain.accountId, { domain_id: domain.id });
    const { ips, requests } = await findTies(act.trx, of);
    if (ips.length > 0 || requests.length > 0) return act.refuse('tied');
  });

export type UseProblem = 'not-found' | 'changed' | 'same' | 'in-pool';

/**
 * Uses a domain for other mail than `from`. C-04: the transactional pool takes no domain that sends anything else, so one that
 * is in it has to leave it first. Open requests are judged by the new use from then on.
 */
export const useFor = (
  db: Db,
  actor: Actor & { readonly person: Person },
  { from, to, ...of }: { readonly accountId: number; readonly id: number; readonly from: string; readonly to: Stream },
): Promise<Result<void, UseProblem>> =>
  act<void, UseProblem>(db, actor, async (act) => {
    const domain = (await findDomainOf(act.trx, of.accountId, of.id)) ?? act.refuse('not-found');
    if (domain.usage !== from) return act.refuse('changed');
    if (domain.usage === to) return act.refuse('same');
    if (domain.route === 'transactional' && to !== 'transactional') return act.refuse('in-pool');
    await changeUsage(act, domain, to);
  });
