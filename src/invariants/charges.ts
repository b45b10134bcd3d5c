import type { Invariant } from './invariant.ts';

// What is charged of an IP, and how its price came to be. IPs and prices that changed since the last closing began are
// left out where lines are compared with them: what that puts right is written with the next month.
const FIRST = 'coalesce(a.charged_from, w.began_on, w.starts_on, a.allocated_at / 86400000)';
const LAST = 'coalesce(a.released_on, a.released_at / 86400000, 1000000)';
const IN_FORCE = `l.credits_id is null and not exists (select 1 from charge_lines c where c.credits_id = l.id)`;
const SETTLED = `a.changed_at < m.begun_at and a.id <= m.through_id
  and not exists (select 1 from allocation_prices p where p.allocation_id = a.id and p.applied_at >= m.begun_at)`;
const NEWEST = `(select max(month) from charge_months where closed_at is not null)`;

/** The ledger of charges: what it says agrees with the days that IPs were held, and with itself. */
export const chargeInvariants: readonly Invariant[] = [
  {
    no: 'I110',
    of: 'charge',
    must: 'a line of the ledger costs its days’ part of the month’s price, in whole cents (C-10)',
    wrong: `select l.id from charge_lines l join charge_months m on l.from_day between m.first_day and m.last_day
      where l.credits_id is null and l.cents <>
        (cast(l.monthly_cents as bigint) * (l.to_day - m.first_day + 1)) / (m.last_day - m.first_day + 1)
        - (cast(l.monthly_cents as bigint) * (l.from_day - m.first_day)) / (m.last_day - m.first_day + 1)
      union select l.id from charge_lines l where not exists (select 1 from charge_months m
        where l.from_day >= m.first_day and l.to_day <= m.last_day and m.month <= l.month)`,
  },
  {
    no: 'I111',
    of: 'charge',
    must: 'a credit takes back exactly one earlier line, whole',
    wrong: `select c.id from charge_lines c left join charge_lines l on l.id = c.credits_id where c.credits_id is not null
      and (l.id is null or l.credits_id is not null or l.month >= c.month or l.account_id <> c.account_id
        or l.allocation_id <> c.allocation_id or l.from_day <> c.from_day or l.to_day <> c.to_day or l.cents <> -c.cents
        or l.monthly_cents <> c.monthly_cents or l.currency <> c.currency)`,
  },
  {
    no: 'I112',
    of: 'charge',
    must: 'no day of an IP is charged twice, and each line is its own account’s',
    wrong: `select l.id from charge_lines l join charge_lines o on o.month in (select month from charge_months)
      and o.account_id = l.account_id and o.allocation_id = l.allocation_id and o.id > l.id
      and o.from_day <= l.to_day and o.to_day >= l.from_day and o.credits_id is null
      where ${IN_FORCE} and not exists (select 1 from charge_lines c where c.credits_id = o.id)
      union select l.id from charge_lines l join allocations a on a.id = l.allocation_id where a.account_id <> l.account_id`,
  },
  {
    no: 'I113',
    of: 'allocation',
    must: 'as many days of an IP are charged as it was held in the months that are closed',
    wrong: `select a.id from allocations a left join warmups w on w.allocation_id = a.id
      join charge_months m on m.month = ${NEWEST}
      where ${SETTLED} and coalesce((select sum(l.to_day - l.from_day + 1) from charge_lines l
        where l.month in (select month from charge_months) and l.account_id = a.account_id and l.allocation_id = a.id
          and l.month <= m.month and ${IN_FORCE}), 0)
      <> coalesce((select sum(case when n.last_day < ${LAST} then n.last_day else ${LAST} end
          - case when n.first_day > ${FIRST} then n.first_day else ${FIRST} end + 1)
        from charge_months n where n.month <= m.month and n.first_day <= ${LAST} and n.last_day >= ${FIRST}
          and ${FIRST} <= ${LAST}), 0)`,
  },
  {
    no: 'I114',
    of: 'charge',
    must: 'a day is charged at the price that was in force on it (C-09, C-10)',
    wrong: `select l.id from charge_lines l join allocations a on a.id = l.allocation_id
      join charge_months m on m.month = ${NEWEST}
      where ${SETTLED} and l.month <= m.month and ${IN_FORCE} and (l.monthly_cents <> coalesce((select p.monthly_cents
          from allocation_prices p where p.allocation_id = a.id and p.applied_at is not null and p.from_day <= l.from_day
          order by p.from_day desc, p.id desc limit 1), a.approved_cents, a.monthly_cents)
        or exists (select 1 from allocation_prices p where p.allocation_id = a.id and p.applied_at is not null
          and p.from_day > l.from_day and p.from_day <= l.to_day))`,
  },
  {
    no: 'I115',
    of: 'month',
    must: 'months are closed one after the other, each summed up as its lines are',
    wrong: `select m.month as id from charge_months m where m.month > (select min(month) from charge_months)
        and not exists (select 1 from charge_months b where b.month = m.month - 1 and b.closed_at is not null)
      union select s.month from charge_totals s where s.charged_cents + s.credited_cents <>
        (select coalesce(sum(l.cents), 0) from charge_lines l where l.month = s.month and l.currency = s.currency)
      union select l.month from charge_lines l join charge_months m on m.month = l.month where m.closed_at is not null
        and not exists (select 1 from charge_totals s where s.month = l.month and s.currency = l.currency)`,
  },
];
