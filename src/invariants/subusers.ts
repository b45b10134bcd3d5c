import type { Invariant } from './invariant.ts';

/** Subusers, and the IPs of their parents over which they send. */
export const subuserInvariants: readonly Invariant[] = [
  {
    no: 'I170',
    of: 'account',
    must: 'a subuser has a parent without a parent, is on its plan, and is in the region in which it was created (S-23)',
    wrong: `select a.id from accounts a join accounts p on p.id = a.parent_id where p.parent_id is not null or a.plan <> p.plan
      or (a.status <> 'closed' and p.status = 'closed')
      or not exists (select 1 from audit_events e where e.subject_type = 'account' and e.subject_id = a.id and e.seq = 1
        and e.name = 'account.opened' and e.facts like '%"region":"' || a.region || '"%')`,
  },
  {
    no: 'I171',
    of: 'allocation',
    must: 'an IP is assigned to subusers of the account that has it, in its region, as long as neither ends (S-18, S-22, S-23)',
    wrong: `select s.allocation_id as id from ip_assignments s left join allocations a on a.id = s.allocation_id
      left join ips i on i.id = a.ip_id left join accounts c on c.id = s.account_id
      where a.id is null or a.status in ('releasing', 'released') or c.id is null or c.status = 'closed'
      or coalesce(c.parent_id, 0) <> a.account_id or coalesce(c.region, '') <> i.region`,
  },
  {
    no: 'I172',
    of: 'allocation',
    must: 'a subuser has no dedicated IP of its own',
    wrong: `select a.id from allocations a join accounts c on c.id = a.account_id
      where c.parent_id is not null and a.status <> 'released'`,
  },
  {
    no: 'I174',
    of: 'allocation',
    must: 'an IP that was approved for the domains of subusers was assigned to each of them in the same act (S-18, S-21)',
    wrong: `select a.id from allocations a join request_domains rd on rd.request_id = a.request_id
      join domains d on d.id = rd.domain_id join ips i on i.id = a.ip_id
      where d.account_id <> a.account_id and not exists (select 1 from audit_events e where e.subject_type = 'account'
        and e.subject_id = d.account_id and e.name = 'account.ipAssigned' and e.at = a.allocated_at
        and e.facts like '%"address":"' || i.address || '"%')`,
  },
  {
    no: 'I173',
    of: 'allocation',
    must: 'somebody may send over each IP: the account that has it, or a subuser (S-17)',
    wrong: `select a.id from allocations a where not a.owner_sends and not exists (select 1 from ip_assignments s
      where s.allocation_id = a.id)`,
  },
];
