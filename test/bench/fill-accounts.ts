// Customers, their people, domains and counts; the provider's reviewers.
import { eventIds, type Filling, numbers, REVIEWERS, SENDS_LATER, staffAfter } from './filling.ts';

const DAYS = 98;
const MOST_SENDING_LATER = 330;

/** SQL that adds the accounts 1…, each with an admin of the same id, half of them with somebody for billing. */
export function accountStatements(filling: Filling): string[] {
  const { accounts, now, passwordHash } = filling;
  const made = now - 450 * 86_400_000;
  const people =
    'insert into people (id, account_id, account_role, staff_role, email, name, name_key, password_hash, time_zone, created_at)';
  const rest = `'${passwordHash}', 'UTC', ${made}`;
  return [
    `insert into accounts (id, name, name_key, plan, region, created_at) ${numbers(accounts)}
      select i, 'Customer ' || i || ' Mailings', 'customer ' || i || ' mailings', case when i % 3 = 0 then 'essentials' else 'premium' end, null, ${made} from n`,
    `${people} ${numbers(accounts)}
      select i, i, 'admin', null, 'owner@c' || i || '.example', 'Owner of ' || i, 'owner of ' || i, ${rest} from n`,
    `${people} ${numbers(Math.floor(accounts / 2))}
      select ${accounts} + i, 2 * i, 'billing', null, 'billing@c' || (2 * i) || '.example', 'Billing of ' || (2 * i),
        'billing of ' || (2 * i), ${rest} from n`,
    `${people} ${numbers(REVIEWERS)}
      select ${staffAfter(filling)} + i, null, null, 'reviewer', 'reviewer' || i || '@warmdesk.example', 'Reviewer ' || i,
        'reviewer ' || i, ${rest} from n`,
    ...domains(filling, made),
    counts(filling),
  ];
}

/** Account a has the domains 2a - 1 (mail of both kinds) and 2a (transactional mail). */
function domains(filling: Filling, made: number): string[] {
  const { accounts } = filling;
  const a = '((i + 1) / 2)';
  return [
    `insert into domains (id, account_id, name, usage, route, spf, dkim, dmarc, checked_at, created_at)
      ${numbers(2 * accounts)}
      select i, ${a}, (case when i % 2 = 0 then 'notify' else 'news' end) || '.c' || ${a} || '.example',
        case when i % 2 = 0 then 'transactional' else 'both' end,
        case when i % 2 = 1 and ${a} % 4 = 0 then 'dedicated' when i % 2 = 0 and ${a} % 4 = 3 then 'transactional' else 'default' end,
        i > 0, i > 0, i % 11 <> 0 or ${a} % 5 > 0, ${made}, ${made} from n`,
    `insert into audit_events (id, subject_type, subject_id, seq, name, to_status, account_id, at, facts)
      select ${eventIds(filling).domainAdded} + id, 'domain', id, 1, 'domain.added', 'default', account_id, created_at,
        '{"domain":"' || name || '"}' from domains`,
  ];
}

/** Twelve weeks of counts for those who have something open, and for those who will ask while it is measured. */
function counts({ today, now }: Filling): string {
  return `insert into sending_counts (domain_id, day, pool, provider, stream, sent, delivered, deferred, bounced, complained, recorded_at) ${numbers(DAYS)}
    select d.id, ${today} - n.i, 'shared-us', 'other', 'marketing', 8000 + d.id * 17 % 4000 + n.i * 13 % 500, 7900, 0, 40, 2, ${now - 3_600_000}
    from domains d join accounts c on c.id = d.account_id cross join n
    where c.id % 5 = 0 or c.id in (select a from (select id as a from accounts) as x where ${SENDS_LATER} order by a limit ${MOST_SENDING_LATER})`;
}
