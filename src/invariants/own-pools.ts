import type { Invariant } from './invariant.ts';

const weightFor = (kind: string): string => `max(case when p.kind = '${kind}' then m.weight else 0 end)`;

/** Customers' own pools of IPs, and the domains that point to them (S-07). */
export const ownPoolInvariants: readonly Invariant[] = [
  {
    no: 'I200',
    of: 'domain',
    must: 'a domain that points to IP pools of its account uses exactly their IPs, with their weights (S-07)',
    wrong: `select x.domain_id as id from (select m.allocation_id, p.domain_id, ${weightFor('marketing')} as marketing,
        ${weightFor('transactional')} as transactional from domain_pools p join own_pool_members m on m.pool_id = p.pool_id
        group by m.allocation_id, p.domain_id) x
      left join allocation_domains l on l.allocation_id = x.allocation_id and l.domain_id = x.domain_id
      where l.domain_id is null or l.marketing_weight <> x.marketing or l.transactional_weight <> x.transactional
      union select l.domain_id from allocation_domains l join allocations a on a.id = l.allocation_id
      where a.status not in ('releasing', 'released') and l.domain_id in (select domain_id from domain_pools)
      and not exists (select 1 from domain_pools p join own_pool_members m on m.pool_id = p.pool_id
        where p.domain_id = l.domain_id and m.allocation_id = l.allocation_id)`,
  },
  {
    no: 'I201',
    of: 'IP pool',
    must: 'an IP pool to which a domain points has an IP (S-07)',
    wrong: `select p.pool_id as id from domain_pools p
      where not exists (select 1 from own_pool_members m where m.pool_id = p.pool_id)`,
  },
  {
    no: 'I202',
    of: 'IP pool',
    must: 'the IPs of an IP pool are its account’s, which has not given them back and sends over them itself, and carry all mail (S-07, S-17)',
    wrong: `select o.id from own_pools o join own_pool_members m on m.pool_id = o.id
      left join allocations a on a.id = m.allocation_id where a.id is null or a.account_id <> o.account_id
      or a.ip_id <> m.ip_id or a.status in ('releasing', 'released') or not a.owner_sends or a.stream <> 'both'`,
  },
  {
    no: 'I203',
    of: 'domain',
    must: 'a domain points to IP pools of its own account, with marketing and transactional mail, and is on dedicated IPs (S-07)',
    wrong: `select p.domain_id as id from domain_pools p left join domains d on d.id = p.domain_id
      left join own_pools o on o.id = p.pool_id
      where d.id is null or o.id is null or d.account_id <> o.account_id or d.removed_at is not null
      or d.route <> 'dedicated' or (select count(*) from domain_pools q where q.domain_id = p.domain_id) <> 2`,
  },
  {
    no: 'I204',
    of: 'domain',
    must: 'only a domain that points to IP pools has weights for its IPs (S-07)',
    wrong: `select l.domain_id as id from allocation_domains l join allocations a on a.id = l.allocation_id
      where a.status not in ('releasing', 'released') and (l.marketing_weight <> 1 or l.transactional_weight <> 1)
      and l.domain_id not in (select domain_id from domain_pools)`,
  },
];
