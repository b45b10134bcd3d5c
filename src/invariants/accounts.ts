import type { Invariant } from './invariant.ts';

/** Customers, and what their IPs cost. */
export const accountInvariants: readonly Invariant[] = [
  {
    no: 'I80',
    of: 'account',
    must: 'an account is suspended or closed exactly when that is the last that was recorded of it (R-08)',
    wrong: `select a.id from accounts a where a.status <> coalesce((select case e.name
      when 'account.suspended' then 'suspended' when 'account.closed' then 'closed' else 'active' end
      from audit_events e where e.subject_type = 'account' and e.subject_id = a.id
      and e.name in ('account.suspended', 'account.closed', 'account.reopened') order by e.seq desc limit 1), 'active')`,
  },
  {
    no: 'I81',
    of: 'account',
    must: 'a closed account has no open request and no IP but those that drain',
    wrong: `select a.id from accounts a where a.status = 'closed' and (exists (select 1 from requests r
      where r.account_id = a.id and r.status in ('submitted', 'needs_info', 'second_review', 'offered', 'waitlisted'))
      or exists (select 1 from allocations l where l.account_id = a.id and l.status not in ('releasing', 'released')))`,
  },
  {
    no: 'I82',
    of: 'allocation',
    must: 'an IP whose price was changed costs what the last change in force says',
    wrong: `select a.id from allocations a where a.monthly_cents <> coalesce((select p.monthly_cents
      from allocation_prices p where p.allocation_id = a.id and p.applied_at is not null
      order by p.applied_at desc, p.id desc limit 1), a.monthly_cents)`,
  },
  {
    no: 'I83',
    of: 'account',
    must: 'an account whose people can sign in has an admin, and so has the staff',
    wrong: `select a.id from accounts a where a.status <> 'closed'
      and exists (select 1 from audit_events e where e.name in ('person.roleChanged', 'person.disabled')
        and e.account_id = a.id)
      and not exists (select 1 from people p where p.account_id = a.id and p.account_role = 'admin'
        and p.disabled_at is null)
      union select 0 from people p where p.staff_role is not null and p.disabled_at is null
      and exists (select 1 from audit_events e where e.name in ('person.roleChanged', 'person.disabled')
        and e.account_id is null)
      and not exists (select 1 from people q where q.staff_role = 'admin' and q.disabled_at is null)`,
  },
  {
    no: 'I87',
    of: 'account',
    must: 'a list of allowed addresses names some, and is of the staff, of mail systems or of the account that it names (S-27)',
    wrong: `select coalesce(l.account_id, 0) as id from address_limits l where l.ranges = ''
      or l.holder <> case when l.account_id is not null then 'account ' || l.account_id
      when l.holder = 'staff' then 'staff' else 'mail systems' end`,
  },
  {
    no: 'I95',
    of: 'person',
    must: 'recovery codes belong to somebody who has a second step',
    wrong: `select distinct c.person_id as id from recovery_codes c
      where not exists (select 1 from totp_apps a where a.person_id = c.person_id)
      and not exists (select 1 from passkeys k where k.person_id = c.person_id)`,
  },
];
