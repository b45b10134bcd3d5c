import type { Invariant } from './invariant.ts';

/** IPs, who has them, and the warm-ups and domains that go with them. */
export const ipInvariants: readonly Invariant[] = [
  {
    no: 'I01',
    of: 'ip',
    must: 'an IP has one live owner (C-07)',
    wrong: "select ip_id as id from allocations where status <> 'released' group by ip_id having count(*) > 1",
  },
  {
    no: 'I02',
    of: 'ip',
    must: 'an IP is "allocated" exactly while it has a live allocation',
    wrong: `select i.id from ips i where (i.status = 'allocated')
      <> exists (select 1 from allocations a where a.ip_id = i.id and a.status <> 'released')`,
  },
  {
    no: 'I03',
    of: 'ip',
    must: 'an address is in the inventory once, in lower case',
    wrong: `select min(id) as id from ips group by lower(address) having count(*) > 1
      union select id from ips where address <> lower(address)`,
  },
  {
    no: 'I04',
    of: 'allocation',
    must: 'an allocation has a time of release exactly when it is released, and the next one begins after it',
    wrong: `select id from allocations where (status = 'released') <> (released_at is not null)
      union select b.id from allocations a join allocations b on b.ip_id = a.ip_id and b.id > a.id
      where b.allocated_at < a.released_at`,
  },
  {
    no: 'I05',
    of: 'allocation',
    must: 'an IP is in the region that was asked for and, unless two reviewers agreed otherwise, in the account’s (S-04)',
    wrong: `select a.id from allocations a join ips i on i.id = a.ip_id left join requests r on r.id = a.request_id
      join accounts c on c.id = a.account_id
      where a.status <> 'released' and (i.region <> r.region or (a.owner_sends and i.region <> coalesce(c.region, i.region)
        and not exists (select 1 from decisions d where d.request_id = r.id and d.failed_checks > 0)))`,
  },
  {
    no: 'I06',
    of: 'allocation',
    must: 'an allocation follows from an approved request of the same account, or was moved in and says from when it is charged',
    wrong: `select a.id from allocations a join requests r on r.id = a.request_id
      where r.account_id <> a.account_id or r.kind <> 'dedicated_ip' or r.status <> 'fulfilled'
      union select a.id from allocations a where a.request_id is null and (a.charged_from is null
        or not exists (select 1 from audit_events e where e.subject_type = 'allocation' and e.subject_id = a.id
          and e.seq = 1 and e.name = 'allocation.movedIn'))`,
  },
  {
    no: 'I07',
    of: 'request',
    must: 'no request has more IPs than were approved',
    wrong: `select r.id from requests r join allocations a on a.request_id = r.id
      group by r.id, r.granted_count having count(*) > coalesce(r.granted_count, 0)`,
  },
  {
    no: 'I08',
    of: 'request',
    must: 'an approved request for dedicated IPs has exactly as many as were approved (R-06)',
    wrong: `select r.id from requests r where r.status = 'fulfilled' and r.kind = 'dedicated_ip'
      and (select count(*) from allocations a where a.request_id = r.id) <> coalesce(r.granted_count, -1)`,
  },
  {
    no: 'I84',
    of: 'allocation',
    must: 'a live IP that no domain uses is marked so, which its customer and the staff read, and no other is',
    wrong: `select a.id from allocations a where (a.unused_since is not null) <> (a.status not in ('releasing', 'released')
      and not exists (select 1 from allocation_domains l where l.allocation_id = a.id))`,
  },
  {
    no: 'I130',
    of: 'allocation',
    must: 'an IP carries the mail that it was chosen for last, all where nobody chose (S-05)',
    wrong: `select a.id from allocations a where coalesce((select e.facts from audit_events e where e.subject_type = 'allocation'
        and e.subject_id = a.id and e.name = 'allocation.used' and e.facts like '%"stream":%' order by e.seq desc limit 1),
      '"stream":"both"') not like '%"stream":"' || a.stream || '"%'`,
  },
  {
    no: 'I85',
    of: 'request',
    must: 'nobody is served from the waitlist below the gate (C-08) unless two reviewers agreed to it (R-04)',
    wrong: `select r.id from requests r where r.status = 'fulfilled' and r.served_weekly < r.served_gate
      and not exists (select 1 from decisions d where d.request_id = r.id and d.void_at is null and d.failed_checks > 0)`,
  },
  {
    no: 'I86',
    of: 'domain',
    must: 'a domain leaves the transactional pool by somebody’s decision: a person’s, or one that knew that it would (C-06)',
    wrong: `select e.subject_id as id from audit_events e where e.name = 'domain.moved' and e.actor_id is null
      and e.facts like '%"before":"transactional"%' and not exists (select 1 from request_domains rd
        join decisions d on d.request_id = rd.request_id join audit_events f on f.id = d.event_id
        where rd.domain_id = e.subject_id and f.seq < e.seq and d.seen like '%"leaves-pool"%')`,
  },
  {
    no: 'I42',
    of: 'allocation',
    must: 'a warm-up that is not complete belongs to an allocation that is warming or paused, and such an allocation has one',
    wrong: `select a.id from allocations a left join warmups w on w.allocation_id = a.id and w.status not in ('complete', 'ended')
      where (w.id is not null) <> (a.status in ('warming', 'paused'))`,
  },
  {
    no: 'I43',
    of: 'allocation',
    must: 'an active allocation has a finished warm-up, or none and a request without automated warm-up (S-15)',
    wrong: `select a.id from allocations a left join requests r on r.id = a.request_id where a.status = 'active'
      and (r.id is null or r.automated_warmup) and not exists (select 1 from warmups w where w.allocation_id = a.id and w.status = 'complete')
      union select a.id from allocations a join requests r on r.id = a.request_id
      join warmups w on w.allocation_id = a.id where not r.automated_warmup`,
  },
  {
    no: 'I50',
    of: 'ip',
    must: 'every IP is free, allocated, quarantined or out of stock',
    wrong: "select id from ips where status not in ('free', 'allocated', 'quarantined', 'withdrawn')",
  },
  {
    no: 'I51',
    of: 'domain',
    must: 'a domain is on dedicated IPs exactly while a live allocation carries it (C-18)',
    wrong: `select d.id from domains d where (d.route = 'dedicated') <> exists (select 1 from allocation_domains ad
      join allocations a on a.id = ad.allocation_id where ad.domain_id = d.id and a.status not in ('releasing', 'released'))`,
  },
  {
    no: 'I52',
    of: 'domain',
    must: 'a domain is in the transactional pool only behind an approved request for it (C-05)',
    wrong: `select d.id from domains d where d.route = 'transactional' and not exists (select 1 from request_domains rd
      join requests r on r.id = rd.request_id
      where rd.domain_id = d.id and r.kind = 'transactional_pool' and r.status = 'fulfilled')`,
  },
  {
    no: 'I53',
    of: 'domain',
    must: 'an IP and a request carry only domains of their own account, one for IPs also those of its subusers, an IP those of subusers that may send over it (C-07, S-17, S-18)',
    wrong: `select d.id from domains d join allocation_domains ad on ad.domain_id = d.id
      join allocations a on a.id = ad.allocation_id join accounts c on c.id = d.account_id
      where (a.account_id <> d.account_id and a.account_id <> coalesce(c.parent_id, 0))
      or (a.status not in ('releasing', 'released') and not (a.account_id = d.account_id and a.owner_sends)
        and not exists (select 1 from ip_assignments s where s.allocation_id = a.id and s.account_id = d.account_id))
      union select d.id from domains d join request_domains rd on rd.domain_id = d.id
      join requests r on r.id = rd.request_id join accounts c on c.id = d.account_id where r.account_id <> d.account_id
      and (r.kind <> 'dedicated_ip' or r.account_id <> coalesce(c.parent_id, 0))`,
  },
  {
    no: 'I140',
    of: 'link',
    must: 'a host name that is linked to an IP is at or below a domain in use of the account that has the IP (S-19)',
    wrong: `select l.id from ip_links l join allocations a on a.id = l.allocation_id join domains d on d.id = l.domain_id
      where l.status <> 'ended' and (a.status = 'released' or a.ip_id <> l.ip_id or d.account_id <> a.account_id
      or d.removed_at is not null or (l.name <> d.name and l.name not like '%.' || d.name))`,
  },
];
