import type { Db } from '../../database.ts';
import { type Answers, openStatuses } from '../request.ts';

/** An open request about a domain. `isParents`: the parent of the domain's account asked, whose request that account does not see. */
export type OpenRequest = { readonly id: number; readonly kind: Answers['kind']; readonly isParents: boolean };

/** The open requests that are about a domain. */
export async function listOpenWithDomain(db: Db, domainId: number): Promise<OpenRequest[]> {
  const rows = await db('request_domains as rd')
    .join('requests as r', 'r.id', 'rd.request_id')
    .join('domains as d', 'd.id', 'rd.domain_id')
    .where('rd.domain_id', domainId)
    .whereIn('r.status', [...openStatuses])
    .orderBy('r.id')
    .select('r.id', 'r.kind', 'r.account_id', { ownerId: 'd.account_id' });
  return rows.map(({ id, kind, account_id: askedBy, ownerId }) => ({ id, kind, isParents: askedBy !== ownerId }));
}

/** Takes domains out of a request. */
export async function deleteDomainsOf(trx: Db, requestId: number, domainIds: readonly number[]): Promise<void> {
  await trx('request_domains')
    .where({ request_id: requestId })
    .whereIn('domain_id', [...domainIds])
    .delete();
}
