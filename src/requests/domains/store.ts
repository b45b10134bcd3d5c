import type { Db } from '../../database.ts';
import { type Answers, openStatuses } from '../request.ts';

/** The open requests that are about a domain. */
export const listOpenWithDomain = (db: Db, domainId: number): Promise<number[]> =>
  db('request_domains as d')
    .join('requests as r', 'r.id', 'd.request_id')
    .where('d.domain_id', domainId)
    .whereIn('r.status', [...openStatuses])
    .orderBy('r.id')
    .pluck('r.id');

/** The same, with what each asks for. */
export const listKindsWithDomain = async (
  db: Db,
  domainId: number,
): Promise<{ readonly id: number; readonly kind: Answers['kind'] }[]> =>
  db('requests')
    .whereIn('id', await listOpenWithDomain(db, domainId))
    .orderBy('id')
    .select('id', 'kind');

/** Takes domains out of a request. */
export async function deleteDomainsOf(trx: Db, requestId: number, domainIds: readonly number[]): Promise<void> {
  await trx('request_domains')
    .where({ request_id: requestId })
    .whereIn('domain_id', [...domainIds])
    .delete();
}
