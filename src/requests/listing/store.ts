// A customer's own requests, found by what they are about.
import { asAddress, asDomain, searchKey } from '../../accounts/customers/search-key.ts';
import { keyPattern } from '../../accounts/person.ts';
import type { Db } from '../../database.ts';
import { beginningWith } from '../../dialect.ts';

/**
 * The ids of an account's requests about a domain that has `text` in its name, or which brought an IP whose address begins
 * with it.
 */
export async function listIdsAbout(db: Db, accountId: number, text: string): Promise<number[]> {
  const key = searchKey(text);
  if (key === null) return [];
  const aboutDomain = db('requests as r')
    .join('request_domains as rd', 'rd.request_id', 'r.id')
    .join('domains as d', 'd.id', 'rd.domain_id')
    .where('r.account_id', accountId)
    .whereRaw("d.name like ? escape '\\'", [keyPattern(asDomain(key))])
    .select('rd.request_id as id');
  const broughtIp = db('allocations as al')
    .join('ips as i', 'i.id', 'al.ip_id')
    .where('al.account_id', accountId)
    .whereNotNull('al.request_id')
    .where(beginningWith(db, 'i.address', asAddress(key)))
    .select('al.request_id as id');
  const rows: { id: number }[] = await aboutDomain.union([broughtIp]);
  return rows.map(({ id }) => id);
}
