import type { Invariant } from './invariant.ts';

/** The record and the people in it. */
export const recordInvariants: readonly Invariant[] = [
  {
    no: 'I22',
    of: 'request',
    must: 'the last recorded status of a request is its status (R-08)',
    wrong: `select r.id from requests r where r.status <> coalesce((select e.to_status from audit_events e
      where e.subject_type = 'request' and e.subject_id = r.id and e.to_status is not null
      order by e.seq desc limit 1), '')`,
  },
  {
    no: 'I23',
    of: 'event',
    must: 'each recorded change of status begins where the one before it ended (R-08)',
    wrong: `select e.id from audit_events e where e.to_status is not null and coalesce(e.from_status, '')
      <> coalesce((select p.to_status from audit_events p where p.subject_type = e.subject_type
        and p.subject_id = e.subject_id and p.to_status is not null and p.seq < e.seq order by p.seq desc limit 1), '')`,
  },
  {
    no: 'I24',
    of: 'event',
    must: 'the records of one subject are numbered without a gap (R-08)',
    wrong: `select min(id) as id from audit_events group by subject_type, subject_id
      having count(*) <> max(seq) or min(seq) <> 1`,
  },
  {
    no: 'I26',
    of: 'event',
    must: 'the times of one subject’s records never run backwards (R-08)',
    wrong: `select e.id from audit_events e join audit_events p on p.subject_type = e.subject_type
      and p.subject_id = e.subject_id and p.seq = e.seq - 1 where e.at < p.at`,
  },
  {
    no: 'I27',
    of: 'request',
    must: 'the version of a request is the number of its recorded changes of status',
    wrong: `select r.id from requests r where r.version <> (select count(*) from audit_events e
      where e.subject_type = 'request' and e.subject_id = r.id and e.to_status is not null)`,
  },
  {
    no: 'I46',
    of: 'person',
    must: 'nobody who is disabled has a session or an open reset link',
    wrong: `select p.id from people p join sessions s on s.person_id = p.id where p.disabled_at is not null
      union select p.id from people p join password_resets r on r.person_id = p.id and r.used_at is null
      where p.disabled_at is not null and r.created_at > p.disabled_at`,
  },
  {
    no: 'I47',
    of: 'person',
    must: 'nobody has more than one open reset link, and each has an end',
    wrong: `select person_id as id from password_resets where used_at is null group by person_id having count(*) > 1
      union select person_id from password_resets where expires_at <= created_at`,
  },
  {
    no: 'I48',
    of: 'person',
    must: 'a mail address belongs to one person, whatever its letters’ case',
    wrong: 'select min(id) as id from people group by lower(email) having count(*) > 1',
  },
  {
    no: 'I78',
    of: 'person',
    must: 'a person and an account have a name that shows something',
    wrong: 'select id from people where {blank name} union select id from accounts where {blank name}',
  },
  {
    no: 'I49',
    of: 'event',
    must: 'every record is about something that exists',
    wrong: `select e.id from audit_events e where case e.subject_type
      when 'request' then not exists (select 1 from requests x where x.id = e.subject_id)
      when 'allocation' then not exists (select 1 from allocations x where x.id = e.subject_id)
      when 'domain' then not exists (select 1 from domains x where x.id = e.subject_id)
      when 'ip' then not exists (select 1 from ips x where x.id = e.subject_id)
      when 'account' then not exists (select 1 from accounts x where x.id = e.subject_id)
      when 'person' then not exists (select 1 from people x where x.id = e.subject_id)
      when 'policy' then not exists (select 1 from policy_versions x where x.id = e.subject_id)
      when 'mail' then e.at >= {gone mails} and not exists (select 1 from outbox x where x.id = e.subject_id)
      when 'system' then not exists (select 1 from mail_systems x where x.id = e.subject_id)
      when 'import' then not exists (select 1 from imports x where x.id = e.subject_id)
      when 'charges' then not exists (select 1 from charge_months x where x.month = e.subject_id)
      when 'settings' then e.subject_id <> 1
      when 'upload' then not exists (select 1 from sending_batches x where x.id = e.subject_id) else true end`,
  },
  {
    no: 'I61',
    of: 'domain',
    must: 'the last recorded route of a domain is the one in force (C-18)',
    wrong: `select d.id from domains d where d.route <> coalesce((select e.to_status from audit_events e
      where e.subject_type = 'domain' and e.subject_id = d.id and e.to_status is not null
      order by e.seq desc limit 1), '')`,
  },
  {
    no: 'I62',
    of: 'allocation',
    must: 'the last recorded state of an allocation is its state (R-08)',
    wrong: `select a.id from allocations a where a.status <> coalesce((select e.to_status from audit_events e
      where e.subject_type = 'allocation' and e.subject_id = a.id and e.to_status is not null
      order by e.seq desc limit 1), '')`,
  },
  {
    no: 'I180',
    of: 'attachment',
    must: 'a file belongs to what was written about a request of its account',
    wrong: `select f.id from attachments f join audit_events e on e.id = f.event_id
      left join messages m on m.event_id = e.id
      where e.subject_type <> 'request' or coalesce(e.account_id, 0) <> f.account_id or m.event_id is null`,
  },
  {
    no: 'I121',
    of: 'event',
    must: 'what was written about a request is found by its words',
    wrong: `select e.id from audit_events e left join messages m on m.event_id = e.id where e.subject_type = 'request'
      and (m.event_id is not null or e.name = 'request.submitted')
      and not exists (select 1 from event_words w where w.rowid = e.id)`,
  },
];
