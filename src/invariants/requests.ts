import type { Invariant } from './invariant.ts';

/** Requests and their statuses; what they cost. */
export const requestInvariants: readonly Invariant[] = [
  {
    no: 'I13',
    of: 'request',
    must: 'a decision has a time, and it is not before the sending',
    wrong: `select id from requests where decided_at < submitted_at
      or (decided_at is null and status in ('fulfilled', 'waitlisted', 'declined'))`,
  },
  {
    no: 'I15',
    of: 'quote',
    must: 'a quote has the price and the currency of its policy version',
    wrong: `select q.id from quotes q join policy_versions v on v.id = q.policy_version_id
      where q.unit_cents <> cast({policy extraIpMonthlyCents value} as integer) or q.currency <> {policy currency}`,
  },
  {
    no: 'I16',
    of: 'quote',
    must: 'a quote comes to (IPs - included ones) x unit price, never less than nothing',
    wrong: `select id from quotes where monthly_cents <> (ip_count - included_count) * unit_cents or monthly_cents < 0
      or included_count > ip_count`,
  },
  {
    no: 'I17',
    of: 'quote',
    must: 'a quote is made under the policy version of its request, which was in force when it was sent',
    wrong: `select q.id from quotes q join requests r on r.id = q.request_id
      join policy_versions v on v.id = q.policy_version_id
      where q.policy_version_id <> r.policy_version_id or v.effective_from > r.submitted_at`,
  },
  {
    no: 'I18',
    of: 'policy version',
    must: 'a later version of a policy begins later',
    wrong: `select b.id from policy_versions a join policy_versions b on a.name = b.name and a.number < b.number
      where a.effective_from > b.effective_from`,
  },
  {
    no: 'I20',
    of: 'request',
    must: 'the IPs of a request cost together what its binding quote says, until a change of plan changes it (R-06)',
    wrong: `select r.id from requests r join quotes q on q.request_id = r.id
      and q.id = (select max(n.id) from quotes n where n.request_id = r.id)
      join allocations a on a.request_id = r.id
      where not exists (select 1 from allocations c join allocation_prices p on p.allocation_id = c.id
        where c.request_id = r.id and p.applied_at is not null)
      group by r.id, q.monthly_cents, q.currency
      having sum(a.monthly_cents) <> q.monthly_cents or min(a.currency) <> q.currency or max(a.currency) <> q.currency`,
  },
  {
    no: 'I44',
    of: 'request',
    must: 'a form makes one request',
    wrong: 'select min(id) as id from requests group by form_token having count(*) > 1',
  },
  {
    no: 'I54',
    of: 'request',
    must: 'a request has a due time exactly while reviewers have it, and an end exactly while the customer has it',
    wrong: `select id from requests where (due_at is not null) <> (status in ('submitted', 'second_review'))
      or (expires_at is not null) <> (status in ('needs_info', 'offered'))`,
  },
  {
    no: 'I55',
    of: 'request',
    must: 'a request for dedicated IPs has a quote, one for the transactional pool has none',
    wrong: `select r.id from requests r
      where (r.kind = 'dedicated_ip') <> exists (select 1 from quotes q where q.request_id = r.id)`,
  },
  {
    no: 'I56',
    of: 'request',
    must: 'a request names its domains; one for the transactional pool names exactly one',
    wrong: `select r.id from requests r left join request_domains rd on rd.request_id = r.id group by r.id, r.kind
      having count(rd.domain_id) = 0 or (r.kind = 'transactional_pool' and count(rd.domain_id) <> 1)`,
  },
  {
    no: 'I57',
    of: 'account',
    must: 'an account has at most one open request of each kind',
    wrong: `select account_id as id from requests
      where status in ('submitted', 'needs_info', 'second_review', 'offered', 'waitlisted')
      group by account_id, kind having count(*) > 1`,
  },
  {
    no: 'I118',
    of: 'request',
    must: 'a claim has a person, a beginning and a later end, and is on a request that reviewers have',
    wrong: `select id from requests where claimed_until <= claimed_at
      or (claimed_by is null) <> (claimed_until is null) or (claimed_by is null) <> (claimed_at is null)
      or (claimed_by is not null and due_at is null)`,
  },
  {
    no: 'I119',
    of: 'request',
    must: 'nobody claims a request of their own or of their own account (R-05)',
    wrong: `select r.id from requests r join people p on p.id = r.claimed_by
      where r.claimed_by = r.requester_id or p.account_id = r.account_id`,
  },
  {
    no: 'I122',
    of: 'request',
    must: 'the clock runs exactly while reviewers have a request, and staff are told of nothing else',
    wrong: `select id from requests where (clock_since is null) <> (due_at is null) or clock_spent < 0
      or (notice is null) <> (notice_at is null) or (notice is not null and due_at is null)`,
  },
  {
    no: 'I123',
    of: 'request',
    must: 'a pending decision is on a request that reviewers have, and keeps IPs only for an approval of that many',
    wrong: `select r.id from pending_decisions pd join requests r on r.id = pd.request_id
      where r.due_at is null or pd.settles_at <= pd.decided_at
      or (pd.ips > 0 and (r.kind <> 'dedicated_ip' or pd.ips <> r.ip_count or pd.decision not in ('approve', 'confirm')))`,
  },
];
