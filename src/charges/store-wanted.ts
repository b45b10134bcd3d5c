// What the ledger should say, worked out by the database from what IPs were held and what they cost, and how it differs
// from what is written. The rule of cents is in ledger.ts.
import type { Db } from '../database.ts';
import { type Day, dayLength } from '../day.ts';
import { largestOf, listRows, rowsForEach, smallestOf } from '../dialect.ts';
import { firstDayOf, type Line, lastDayOf, type Month } from './ledger.ts';
import { type LineRow, lineFromRow } from './store.ts';

/** No day before this, and none after the other. */
const [LONG_AGO, FAR_AHEAD] = [-1_000_000, 1_000_000];

/**
 * Days are charged from the beginning of warm-up, the first one where an IP warmed up again, or of use where it has none, up to and
 * including the day on which it is given back; those of an IP that was moved in from a day of its own.
 */
const FIRST = `coalesce(a.charged_from, w.began_on, w.starts_on, a.allocated_at / ${dayLength})`;
const LAST = `coalesce(a.released_on, a.released_at / ${dayLength}, ${FAR_AHEAD})`;

/** What the first days of a month cost (of a row `x`), as `centsOf` has it. */
const upTo = (last: string): string =>
  `(cast(x.monthly_cents as bigint) * (${last} - x.first_day + 1)) / (x.last_day - x.first_day + 1)`;
const CENTS = `${upTo('x.to_day')} - ${upTo('(x.from_day - 1)')}`;

/** Where NULL is sorted differs by engine. */
const CREDITS_FIRST = 'case when d.credits_id is null then 1 else 0 end';

/** Says of a column with ids of allocations that it is one of some. */
type Narrow = (id: string) => string;

/** The part of each stretch (of `of`, from `from_day` to `to_day`) that is in each month that `which` names. */
const byMonth = (db: Db, of: string, which: string): string => `select h.id as allocation_id, h.account_id, h.currency,
      h.cents as monthly_cents, m.first_day, m.last_day, ${largestOf(db, 'h.from_day', 'm.first_day')} as from_day,
      ${smallestOf(db, 'h.to_day', 'm.last_day')} as to_day
    from ${of} h join months m on ${which} and m.first_day <= h.to_day and m.last_day >= h.from_day`;

/**
 * `due`: the lines that are to be added for some allocations in the months that `months` selects. Most IPs are plain: nothing
 * about them changed since `:since` (UTC milliseconds) and no price of theirs ever did, so they get one line for the month that
 * is looked at, and earlier ones are as they were written. Of the others, `wanted` are the lines that there should be, of
 * those that changed in earlier months as well; `written` those that there are and that are not taken back.
 * They are compared by grouping: what a planner thinks of tables that are new to it makes a join of them very slow.
 */
const withLines = (db: Db, narrow: Narrow, months: string): string => `with held as materialized (
    select a.id, a.account_id, a.currency, a.changed_at, coalesce(a.approved_cents, a.monthly_cents) as cents,
      ${FIRST} as from_day, ${LAST} as to_day,
      (select max(p.applied_at) from allocation_prices p where p.allocation_id = a.id) as repriced_at
    from allocations a left join warmups w on w.allocation_id = a.id and ${narrow('w.allocation_id')} where ${narrow('a.id')}
  ), plain as (select * from held where changed_at < :since and repriced_at is null),
  others as materialized (select *, case when changed_at >= :since or repriced_at >= :since then 1 else 0 end as is_changed
    from held where changed_at >= :since or repriced_at is not null),
  prices as (
    select id, account_id, currency, is_changed, from_day, to_day, 0 as no, ${LONG_AGO} as since, cents from others
    union all select h.id, h.account_id, h.currency, h.is_changed, h.from_day, h.to_day, p.id, p.from_day, p.monthly_cents
    from others h cross join allocation_prices p
    where p.allocation_id = h.id and ${narrow('p.allocation_id')} and p.applied_at is not null
  ), spans as (
    select id, account_id, currency, is_changed, cents, from_day as first_day, to_day as last_day, since,
      coalesce(lead(since) over (partition by id order by since, no) - 1, ${FAR_AHEAD}) as till from prices
  ), priced as materialized (
    select id, account_id, currency, is_changed, cents, ${largestOf(db, 'since', 'first_day')} as from_day,
      ${smallestOf(db, 'till', 'last_day')} as to_day from spans
  ), months as (${months}), wanted as (
    ${byMonth(db, 'priced', 'm.month = :month and h.from_day <= h.to_day')}
    union all ${byMonth(db, 'priced', 'm.month < :month and h.is_changed = 1 and h.from_day <= h.to_day')}
  ), written as (
    select l.* from others h ${rowsForEach(db, 'charge_lines', 'l', 'l.allocation_id = h.id and l.credits_id is null')}
      and h.is_changed = 1
      and l.from_day >= (select min(first_day) from months) and l.from_day <= (select max(last_day) from months)
      and not exists (select 1 from charge_lines c where c.credits_id = l.id)
  ), differing as (
    select account_id, allocation_id, currency, from_day, to_day, monthly_cents, max(first_day) as first_day,
      max(last_day) as last_day, max(id) as id, max(cents) as cents, sum(sign) as sign
    from (select account_id, allocation_id, currency, from_day, to_day, monthly_cents, first_day, last_day,
        cast(null as integer) as id, cast(null as bigint) as cents, 1 as sign from wanted
      union all select account_id, allocation_id, currency, from_day, to_day, monthly_cents, null, null, id, cents, -1
      from written) as both_sides
    group by account_id, allocation_id, currency, from_day, to_day, monthly_cents having sum(sign) <> 0
  ), due as (
    select x.account_id, x.allocation_id, x.from_day, x.to_day, x.monthly_cents, ${CENTS} as cents, x.currency,
      cast(null as integer) as credits_id
    from (${byMonth(db, 'plain', 'm.month = :month and h.from_day <= h.to_day')}) as x
    union all
    select x.account_id, x.allocation_id, x.from_day, x.to_day, x.monthly_cents,
      case when x.sign < 0 then -x.cents else ${CENTS} end, x.currency, x.id
    from differing x
  )`;

/** Some allocations, by their ids in order. */
export type Piece = { readonly after: number; readonly through: number };

const COLUMNS =
  'month, account_id, allocation_id, from_day, to_day, monthly_cents, cents, currency, credits_id, written_at';

/**
 * Writes the lines of a month for a piece of all allocations, and what is to be put right of earlier months. `since`: when
 * the closing before this one began, or earlier; `at`: now (UTC milliseconds).
 */
export async function insertLines(
  trx: Db,
  month: Month,
  { after, through }: Piece,
  { since, at }: { readonly since: number; readonly at: number },
): Promise<void> {
  const narrow = (id: string): string => `${id} > ${Number(after)} and ${id} <= ${Number(through)}`;
  const months = `select month, first_day, last_day from charge_months where month <= ${Number(month)}`;
  const sql = `insert into charge_lines (${COLUMNS}) ${withLines(trx, narrow, months)}
    select cast(:month as integer), account_id, allocation_id, from_day, to_day, monthly_cents, cents, currency,
      credits_id, cast(:at as bigint) from due d order by allocation_id, from_day, ${CREDITS_FIRST}`;
  await trx.raw(sql, { month, since, at });
}

/**
 * What a month that is open would be charged to these accounts by its end if nothing changed, beyond what is written of
 * it. `isOldest`: with what is to be put right of the months before, all of which are closed. By account, IP and day.
 */
export async function listDueLines(
  db: Db,
  { month, isOldest }: { readonly month: Month; readonly isOldest: boolean },
  accountIds: readonly number[],
): Promise<Line[]> {
  if (accountIds.length === 0) return [];
  const ids = `select id from allocations where account_id in (${accountIds.map(Number).join(', ')})`;
  const narrow = (id: string): string => `${id} in (${ids})`;
  const before = `select month, first_day, last_day from charge_months where month < ${Number(month)} union all `;
  const own = `select ${Number(month)} as month, ${firstDayOf(month)} as first_day, ${lastDayOf(month)} as last_day`;
  const months = `${isOldest ? before : ''}${own}`;
  const sql = `${withLines(db, narrow, months)} select d.*, i.address from due d
    join allocations a on a.id = d.allocation_id join ips i on i.id = a.ip_id
    order by d.account_id, d.allocation_id, d.from_day, ${CREDITS_FIRST}`;
  const rows = await listRows<LineRow>(db, sql, { month, since: 0 });
  return rows.map((row) => lineFromRow({ ...row, id: null }));
}

/** The first day that is charged of each of these allocations. */
export async function listFirstDays(db: Db, allocationIds: readonly number[]): Promise<Map<number, Day>> {
  const rows: { id: number; day: number }[] = await db('allocations as a')
    .leftJoin('warmups as w', 'w.allocation_id', 'a.id')
    .whereIn('a.id', [...allocationIds])
    .select('a.id', db.raw(`${FIRST} as day`));
  return new Map(rows.map(({ id, day }) => [id, Number(day)]));
}
