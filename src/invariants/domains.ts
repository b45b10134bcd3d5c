import type { Invariant } from './invariant.ts';

/** Whose a domain is. */
export const domainInvariants: readonly Invariant[] = [
  {
    no: 'I90',
    of: 'account',
    must: 'no account waits for the proof of a domain that it has',
    wrong: `select p.account_id as id from pending_domains p join domains d on d.name = p.name
      and d.account_id = p.account_id where d.removed_at is null`,
  },
  {
    no: 'I91',
    of: 'domain',
    must: 'a domain that was removed is used by no IP and is in no open request',
    wrong: `select d.id from domains d where d.removed_at is not null and (exists (select 1 from allocation_domains ad
      join allocations a on a.id = ad.allocation_id where ad.domain_id = d.id and a.status not in ('releasing', 'released'))
      or exists (select 1 from request_domains rd join requests r on r.id = rd.request_id where rd.domain_id = d.id
      and r.status in ('submitted', 'needs_info', 'second_review', 'offered', 'waitlisted')))`,
  },
  {
    no: 'I92',
    of: 'domain',
    must: 'only a domain in the transactional pool asks to leave it',
    wrong: "select id from domains where leave_asked_at is not null and route <> 'transactional'",
  },
  {
    no: 'I93',
    of: 'domain',
    must: 'beside dedicated IPs, only a domain for transactional mail alone has the transactional pool (C-04)',
    wrong: `select id from domains where shared_pool = 'transactional' and route <> 'transactional'
      and usage <> 'transactional'`,
  },
];
