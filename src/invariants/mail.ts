import type { Invariant } from './invariant.ts';

/** Mails: one for everybody concerned, none for anybody else. */
export const mailInvariants: readonly Invariant[] = [
  {
    no: 'I28',
    of: 'event',
    must: 'there is one mail for each event and person (R-07)',
    wrong: 'select event_id as id from outbox group by event_id, recipient_id having count(*) > 1',
  },
  {
    no: 'I29',
    of: 'event',
    must: 'every change of a request is mailed to the person who asked for it, unless they chose otherwise or answered (R-07)',
    // Once they are disabled, to those of the account who may commit to cost, of whom there may be nobody.
    wrong: `select e.id from audit_events e join requests r on r.id = e.subject_id
      join people q on q.id = r.requester_id
      where (q.disabled_at is null or q.disabled_at > e.at) and not exists (select 1 from outbox o
        join people p on p.id = o.recipient_id and p.account_id = r.account_id and p.account_role <> 'member'
        where o.event_id = e.id)
      and e.subject_type = 'request' and e.to_status is not null and e.name <> 'request.answered'
      and e.at >= {gone mails}
      and not exists (select 1 from outbox o where o.event_id = e.id and o.recipient_id = r.requester_id)
      and not exists (select 1 from withheld_mails w where w.event_id = e.id and w.recipient_id = r.requester_id)`,
  },
  {
    no: 'I30',
    of: 'mail',
    must: 'a mail has a Message-ID of its own',
    wrong: `select min(id) as id from outbox group by message_id having count(*) > 1
      union select id from outbox where trim(message_id) = ''`,
  },
  {
    no: 'I31',
    of: 'mail',
    must: 'a mail is sent exactly when it has a time and the server’s yes',
    wrong: `select id from outbox where (status = 'sent') <> (sent_at is not null)
      or (status = 'sent' and coalesce(smtp_reply, '') not like '2%')`,
  },
  {
    no: 'I32',
    of: 'mail',
    must: 'nothing waits without a next try, and no claim lasts for ever',
    // Returning a claim whose sender died is the sender loop's work; an hour is long enough for it.
    wrong: `select id from outbox where (status = 'waiting' and next_at is null)
      or (status = 'sending' and (claimed_until is null or claimed_until < cast(:now as bigint) - 3600000))`,
  },
  {
    no: 'I33',
    of: 'mail',
    must: 'a mail about a request or an IP goes only to staff and to people of its account',
    wrong: `select o.id from outbox o join audit_events e on e.id = o.event_id join people p on p.id = o.recipient_id
      where e.subject_type in ('request', 'allocation') and p.staff_role is null
      and coalesce(p.account_id, 0) <> e.account_id`,
  },
  {
    no: 'I34',
    of: 'mail',
    must: 'a mail goes to one plain address',
    wrong: `select id from outbox where to_address like '%,%' or to_address like '%;%' or to_address like '% %'
      or to_address like '%<%' or to_address not like '%_@_%._%'
      or length(to_address) - length(replace(to_address, '@', '')) <> 1`,
  },
  {
    no: 'I37',
    of: 'mail that came in',
    must: 'a mail is filed with its own request, and as what its person wrote',
    wrong: `select i.id from inbound_mails i join audit_events e on e.id = i.event_id
      where e.subject_type <> 'request' or e.subject_id <> i.request_id
      or (i.status = 'filed' and coalesce(e.actor_id, 0) <> i.person_id)`,
  },
  {
    no: 'I38',
    of: 'mail that came in',
    must: 'every mail that came in has an end: filed, refused, or put where somebody looks',
    wrong: `select id from inbound_mails
      where status = 'received' and received_at < cast(:now as bigint) - 86400000`,
  },
  {
    no: 'I63',
    of: 'event',
    // What several IPs of an account did together is one mail, of the first one's event; a plan that is cut and so complete, too.
    must: 'what happens to a warm-up is mailed (C-17)',
    wrong: `select e.id from audit_events e where e.name in ('warmup.began', 'warmup.paused', 'warmup.resumed',
        'warmup.setBack', 'warmup.replanned', 'warmup.followed', 'warmup.cold', 'warmup.completed')
      and e.at >= {gone mails}
      and not exists (select 1 from outbox o where o.event_id = e.id)
      and not exists (select 1 from withheld_mails w where w.event_id = e.id)
      and not exists (select 1 from audit_events f
        where (exists (select 1 from outbox o where o.event_id = f.id)
          or exists (select 1 from withheld_mails w where w.event_id = f.id))
        and f.account_id = e.account_id and f.at = e.at and (f.name = e.name
          or (e.name = 'warmup.followed' and f.name = 'warmup.completed')))`,
  },
];
