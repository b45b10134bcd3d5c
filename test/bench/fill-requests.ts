// Eight requests of each account, one after the other; what happened to them, who was mailed, what was decided.
import { eventIds, type Filling, numbers, REVIEWERS, staffAfter } from './filling.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** SQL that adds the requests 1… with their quotes, domains, records, messages, decisions and mails. */
export function requestStatements(filling: Filling): string[] {
  return [requests(filling), ...belongings(filling), ...records(filling), ...mails(filling)];
}

/**
 * Round k of account a is request k * accounts + a. Every fourth is for the transactional pool. In the last round one
 * account in five has an open request; in the sixth and seventh some were approved; all others are closed otherwise.
 */
function requests({ accounts, requests, now, today, policyVersionId }: Filling): string {
  const a = `((i - 1) % ${accounts} + 1)`;
  const k = `((i - 1) / ${accounts})`;
  return `insert into requests (id, account_id, requester_id, kind, status, version, form_token, policy_version_id,
      weekly_volume, peak_weekly_volume, ip_count, region, stream, starts_on, sends, signup, samples, granted_count,
      submitted_at, due_at, clock_since, soon_at, expires_at, decided_at)
    ${numbers(requests)}, placed as (
      select i, ${a} as a, ${k} as k, case when (${a} + ${k}) % 4 = 0 then 'transactional_pool' else 'dedicated_ip' end as kind from n
    ), stated as (
      select p.*, case
        when k = 6 and a % 4 = 0 or k = 5 and a % 4 = 3 then 'fulfilled'
        when k < 7 or a % 5 > 0 then case when (a * 7 + k * 3) % 5 < 3 then 'declined' else 'withdrawn' end
        when kind = 'transactional_pool' or a / 5 % 20 < 14 then 'submitted' when a / 5 % 20 < 16 then 'needs_info'
        when a / 5 % 20 < 18 then 'second_review' when a / 5 % 20 = 18 then 'offered' else 'waitlisted' end as status
      from placed p
    ), timed as (
      select s.*, ${now} - case when k = 7 and a % 5 = 0 then (60 + a * 37 % 1440) * cast(60000 as bigint)
        else cast(${390 * DAY} as bigint) * (${requests} - i) / ${requests} + ${30 * DAY} end as at from stated s
    )
    select i, a, a, kind, status, case when status = 'submitted' then 1 else 2 end, 'filled-' || i, ${policyVersionId},
      60000, case when kind = 'dedicated_ip' then 70000 end,
      case when kind = 'dedicated_ip' then case when status = 'offered' or status <> 'fulfilled' and i % 7 = 0 then 2 else 1 end end,
      case when kind = 'dedicated_ip' then case when status = 'waitlisted' then 'eu' else 'us' end end,
      case when kind = 'dedicated_ip' then 'both' end, case when kind = 'dedicated_ip' then ${today} + 7 end,
      'Order news, a newsletter on Tuesdays and what customers ask for.',
      case when kind = 'dedicated_ip' then 'In the shop, with a confirmed address.' end,
      case when kind = 'transactional_pool' then 'Your receipt for order 1042' end,
      case when kind = 'dedicated_ip' and status in ('fulfilled', 'offered', 'waitlisted') then 1 end,
      at, case when status in ('submitted', 'second_review') then at + ${DAY} end,
      case when status in ('submitted', 'second_review') then at end,
      case when status in ('submitted', 'second_review') then at + ${DAY - 2 * HOUR} end,
      case when status in ('needs_info', 'offered') then ${now + 10 * DAY} end,
      case when status in ('fulfilled', 'declined', 'waitlisted') then at + ${HOUR} end
    from timed`;
}

function belongings({ policyVersionId }: Filling): string[] {
  return [
    `insert into request_domains (request_id, domain_id)
      select id, 2 * account_id - case when kind = 'dedicated_ip' then 1 else 0 end from requests`,
    `insert into quotes (id, request_id, policy_version_id, ip_count, held_count, included_count, unit_cents, monthly_cents,
        currency, made_at, valid_until)
      select id, id, ${policyVersionId}, ips, 0, ips * included, 5000, ips * (1 - included) * 5000, 'USD', submitted_at,
        submitted_at + ${14 * DAY}
      from (select r.id, r.submitted_at, coalesce(r.granted_count, r.ip_count) as ips,
        case when c.plan = 'premium' then 1 else 0 end as included
        from requests r join accounts c on c.id = r.account_id where r.kind = 'dedicated_ip') as q`,
  ];
}

const STEP = `case status when 'needs_info' then 'request.asked' when 'second_review' then 'request.proposed'
  else 'request.' || status end`;

function records(filling: Filling): string[] {
  const ids = eventIds(filling);
  const reviewer = `${staffAfter(filling)} + 1 + r.id % ${REVIEWERS}`;
  const columns = 'id, subject_type, subject_id, seq, name, from_status, to_status, account_id, actor_id, at, facts';
  return [
    `insert into audit_events (${columns})
      select ${ids.sent} + id, 'request', id, 1, 'request.submitted', null, 'submitted', account_id, requester_id,
        submitted_at, '{"reference":"WD-' || (1000 + id) || '"}' from requests`,
    `insert into audit_events (${columns})
      select ${ids.decided} + r.id, 'request', r.id, 2, ${STEP}, 'submitted', status, account_id,
        case when status = 'withdrawn' then requester_id else ${reviewer} end, submitted_at + ${HOUR},
        case status when 'second_review' then '{"failedChecks":["Measured volume"]}'
          when 'offered' then '{"asked":2,"granted":1}'
          when 'waitlisted' then '{"step":"approve","region":"eu","granted":1,"monthlyCents":0,"currency":"USD"}'
          when 'fulfilled' then '{"step":"approve","addresses":[],"monthlyCents":0,"currency":"USD","domains":["news.example"]}'
          else '{}' end
      from requests r where status <> 'submitted'`,
    `insert into messages (event_id, body)
      select ${ids.decided} + id, 'We looked at what was sent over the last twelve weeks, and this is what we think of it.'
      from requests where status in ('declined', 'needs_info', 'second_review', 'offered')`,
    `insert into decisions (id, request_id, reviewer_id, verdict, rank, granted_count, failed_checks, seen, quote_id, event_id, decided_at, clock_spent)
      select r.id, r.id, ${reviewer}, case status when 'declined' then 'decline' when 'offered' then 'offer' else 'approve' end,
        1, granted_count, case when status in ('fulfilled', 'waitlisted', 'offered') then 0 else 1 end,
        '{"version":1,"policy":${filling.policyVersionId},"monthlyCents":0,"checks":{"stated-volume":{"title":"Stated volume","fact":"60,000 a week","limit":"≥ 50,000","verdict":"passes"}}}',
        case when kind = 'dedicated_ip' then r.id end, ${ids.decided} + r.id,
        case when status <> 'second_review' then submitted_at + ${HOUR} end, case when status <> 'second_review' then clock_spent end
      from requests r where status in ('fulfilled', 'declined', 'second_review', 'offered', 'waitlisted')`,
  ];
}

function mails(filling: Filling): string[] {
  const ids = eventIds(filling);
  const mail = (no: string, event: number, template: string, from: string) =>
    `insert into outbox (id, event_id, recipient_id, to_address, template, facts, thread, message_id, status, attempts,
        sent_at, smtp_reply, created_at)
      select ${no}, ${event} + r.id, requester_id, p.email, ${template},
        '{"reference":"WD-' || (1000 + r.id) || '","what":"One dedicated IP","account":"Customer ' || r.account_id || ' Mailings"}',
        'WD-' || (1000 + r.id), 'filled-' || (${no}), 'sent', 1, submitted_at + ${HOUR}, '250 taken', submitted_at + ${HOUR}
      from requests r join people p on p.id = r.requester_id ${from}`;
  return [
    mail('r.id', ids.sent, "'request-received'", ''),
    mail(`${filling.requests} + r.id`, ids.decided, "'request-' || status", "where status <> 'submitted'"),
  ];
}
