import type { Invariant } from './invariant.ts';

/** IPs that are given back, rest, and are free again. */
export const releaseInvariants: readonly Invariant[] = [
  {
    no: 'I100',
    of: 'allocation',
    must: 'an IP that is given back has the day that is charged last and an end of its drain, and is released no earlier',
    wrong: `select id from allocations where (status = 'releasing' and (released_on is null or drains_until is null))
      or (status not in ('releasing', 'released') and (released_on is not null or drains_until is not null))
      or released_at < drains_until`,
  },
  {
    no: 'I101',
    of: 'ip',
    must: 'a quarantined IP has an end of its quarantine, and nobody has an IP before it (C-07)',
    wrong: `select id from ips where status = 'quarantined' and quarantined_until is null
      union select i.id from ips i join allocations a on a.ip_id = i.id and a.status <> 'released'
      where a.charged_from is null and a.allocated_at < i.quarantined_until`,
  },
  {
    no: 'I102',
    of: 'event',
    must: 'what staff gave back or took out of stock, or put back, has a reason written down',
    wrong: `select e.id from audit_events e left join messages m on m.event_id = e.id
      left join people p on p.id = e.actor_id where {blank m.body} and (e.name in ('ip.withdrawn', 'ip.putBack')
        or (e.name = 'allocation.releasing' and coalesce(p.account_id, 0) <> e.account_id))`,
  },
  {
    no: 'I103',
    of: 'warm-up',
    must: 'a warm-up ends with the release of its IP, and says why',
    wrong: `select w.id from warmups w join allocations a on a.id = w.allocation_id
      where (a.status = 'releasing' and w.status <> 'ended')
      or (w.status = 'ended' and (a.status not in ('releasing', 'released') or {blank w.why}))`,
  },
  {
    no: 'I120',
    of: 'allocation',
    // An hour for an approval that had begun before the list answered.
    must: 'no approval gives an IP that is known to be on a blocklist',
    wrong: `select a.id from allocations a join ip_listings l on l.ip_id = a.ip_id
      where a.request_id is not null and l.found_at < a.allocated_at - 3600000
      and (l.gone_at is null or l.gone_at > a.allocated_at)`,
  },
];
