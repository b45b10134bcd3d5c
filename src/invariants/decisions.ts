import type { Invariant } from './invariant.ts';

/** Who decided what, and on what ground. */
export const decisionInvariants: readonly Invariant[] = [
  {
    no: 'I09',
    of: 'request',
    must: 'what is fulfilled was approved or offered by staff (R-03), or automatically (S-12)',
    wrong: `select r.id from requests r where r.status in ('fulfilled', 'waitlisted')
      and not exists (select 1 from decisions d left join people p on p.id = d.reviewer_id
        where d.request_id = r.id and d.void_at is null and d.verdict in ('approve', 'offer')
        and (p.staff_role is not null or d.reviewer_id is null))`,
  },
  {
    no: 'I10',
    of: 'decision',
    must: 'nobody decides a request of their own or of their own account (R-05)',
    wrong: `select d.id from decisions d join requests r on r.id = d.request_id join people p on p.id = d.reviewer_id
      where d.reviewer_id = r.requester_id or p.account_id = r.account_id`,
  },
  {
    no: 'I11',
    of: 'request',
    must: 'an approval against a failed check has a written reason and two different reviewers (R-04)',
    wrong: `select r.id from requests r join decisions d on d.request_id = r.id
      left join messages m on m.event_id = d.event_id
      where d.verdict = 'approve' and d.rank = 1 and d.failed_checks > 0 and {blank m.body}
      union select r.id from requests r join decisions d on d.request_id = r.id and d.void_at is null
      where r.status in ('fulfilled', 'waitlisted') and d.verdict = 'approve'
      group by r.id having max(d.failed_checks) > 0 and count(distinct d.reviewer_id) < 2`,
  },
  {
    no: 'I12',
    of: 'request',
    must: 'a request has one decision in force of each rank (R-06)',
    wrong: `select request_id as id from decisions where void_at is null group by request_id, rank
      having count(*) > 1`,
  },
  {
    no: 'I14',
    of: 'decision',
    must: 'the last decision in force binds to the newest quote of its request',
    wrong: `select d.id from decisions d where d.void_at is null
      and not exists (select 1 from decisions e where e.request_id = d.request_id and e.void_at is null
        and e.rank > d.rank)
      and coalesce(d.quote_id, 0) <> coalesce((select max(q.id) from quotes q where q.request_id = d.request_id), 0)`,
  },
  {
    no: 'I58',
    of: 'request',
    must: 'the status of a request follows from its decisions in force',
    wrong: `select r.id from requests r left join decisions d on d.request_id = r.id and d.void_at is null and d.rank = 1
      where (r.status in ('submitted', 'needs_info') and d.id is not null)
      or (r.status = 'second_review' and coalesce(d.verdict, '') <> 'approve')
      or (r.status = 'offered' and coalesce(d.verdict, '') <> 'offer')
      or (r.status = 'declined' and coalesce(d.verdict, '') <> 'decline')`,
  },
  {
    no: 'I59',
    of: 'decision',
    must: 'a second decision agrees with a first approval that is in force, by another reviewer (R-04)',
    wrong: `select d.id from decisions d where d.rank = 2 and d.void_at is null and (d.verdict <> 'approve'
      or not exists (select 1 from decisions f where f.request_id = d.request_id and f.rank = 1 and f.void_at is null
        and f.verdict = 'approve' and f.failed_checks > 0 and f.reviewer_id <> d.reviewer_id))`,
  },
  {
    no: 'I141',
    of: 'decision',
    must: 'a decision counts from when it was made, an approval that needs two from the second one on',
    wrong: `select d.id from decisions d join audit_events e on e.id = d.event_id
      where d.decided_at < e.at or d.clock_spent < 0 or (d.decided_at is null and d.clock_spent is not null)
      or (d.decided_at is null and e.to_status <> 'second_review')
      or (d.decided_at is null and d.void_at is null and exists (select 1 from decisions s
        where s.request_id = d.request_id and s.rank = 2 and s.id > d.id and s.void_at is null))
      or (d.decided_at is null and exists (select 1 from decisions s
        where s.request_id = d.request_id and s.rank = 2 and s.id > d.id and s.void_at = d.void_at))`,
  },
  {
    no: 'I152',
    of: 'decision',
    must: 'what was approved automatically is IPs at once, no more than the policy of the request leaves to it (S-12)',
    wrong: `select d.id from decisions d join requests r on r.id = d.request_id
      join policy_versions v on v.id = r.policy_version_id where d.reviewer_id is null and (r.kind <> 'dedicated_ip'
        or (d.void_at is null and r.status <> 'fulfilled')
        or (d.granted_count > coalesce(cast({policy automaticApproval value maxIps} as integer), 0)
          and (d.granted_count > 1 or {policy selfService value ipsPerMonth} is null)))`,
  },
  {
    no: 'I153',
    of: 'request',
    must: 'Warmdesk looks by itself only at new requests for IPs that nobody has (S-12)',
    wrong: `select id from requests where automatic_at is not null
      and (status <> 'submitted' or kind <> 'dedicated_ip' or claimed_by is not null)`,
  },
  {
    no: 'I60',
    of: 'event',
    must: 'a step that needs words has them, and a decision is recorded by its own reviewer (R-03)',
    wrong: `select e.id from audit_events e left join messages m on m.event_id = e.id
      where e.name in ('request.asked', 'request.answered', 'request.noted', 'request.commented', 'request.appealed', 'request.proposed', 'request.sentBack',
        'request.offered', 'request.declined') and {blank m.body}
      union select e.id from audit_events e join decisions d on d.event_id = e.id
      where e.subject_type <> 'request' or e.subject_id <> d.request_id or coalesce(e.actor_id, 0) <> coalesce(d.reviewer_id, 0)`,
  },
];
