// What the ledger should say, worked out by the database from what IPs were held and what they cost, and how it differs
// from what is written. The rule of cents is in ledger.ts.
import type { Db } from '../database.ts';
import { type Day, dayLength } from '../day.ts';
import { inBulk, largestOf, listRows, rowsForEach, smallestOf } from '../dialect.ts';
import { firstDayOf, type Line, lastDayOf, type Month } from './ledger.ts';
import { type LineRow, lineFromRow } from './store.ts';

/** No day before this, and none after the other. */
const [LONG_AGO, FAR_AHEAD] = [-1_000_000, 1_000_000];

/**
 * Days are charged from the beginning of warm-up, the first one where an IP warmed up again, or of use where it has none, up to and
 * including the day on which it is given back; those of an IP that was moved in from a day of its own.
 */
const FIRST = `coalesce(a.charged_from, w.began_on, w.starts_on, a.allocated_at / ${dayLength})`;
/** What it cost before any of its prices changed. */
const FIRST_PRICE = 'coalesce(a.approved_cents, a.monthly_cents)';
const LAST = `coalesce(a.released_on, a.released_at / ${dayLength}, ${FAR_AHEAD})`;

/** What the first days of a month cost (of a row `x`), as `centsOf` has it. */
const upTo = (last: string): string =>
  `(cast(x.monthly_cents as bigint) * (${last} - x.first_day + 1)) / (x.last_day - x.first_day + 1)`;
const CENTS = `${upTo('x.to_day')} - ${upTo('(x.from_day - 1)')}`;

/** Where NULL is sorted differs by engine. */
const CREDITS_FIRST = 'case when d.credits_id is null then 1 else 0 end';

/** Lines of an allocation `h`, as the index has them. */
const OF_HELD =
  'l.month in (select month from charge_months) and l.account_id = h.account_id and l.allocation_id = h.id';

/** Says of a column with ids of allocations that it is one of some. */
type Narrow = (id: string) => string;

/** Whether a price (of a row `p`) is one that the lines of months before the one from `first` on do not have. */
const isLate = (first: Day): string => `p.applied_at >= :since and p.from_day < ${first}`;

/**
 * `due`: the lines that are to be added in the months that `months` selects for some allocations of which earlier lines may be
 * wrong: those that changed since `:since` (UTC milliseconds), and those whose prices of earlier days did. `wanted` are the lines
 * that there should be, `written` those that there are and that are not taken back.
 * They are compared by grouping: what a planner thinks of tables that are new to it makes a join of them very slow.
 */
const withLines = (db: Db, narrow: Narrow, months: string, first: Day): string => `with ids as materialized (
    select id from allocations where ${narrow('id')} and changed_at >= :since
    union select p.allocation_id from allocation_prices p where ${narrow('p.allocation_id')} and ${isLate(first)}
  ), changed as materialized (
    select a.id, a.account_id, a.currency, ${FIRST_PRICE} as cents, ${FIRST} as from_day, ${LAST} as to_day
    from ids join allocations a on a.id = ids.id left join warmups w on w.allocation_id = a.id
  ), prices as (
    select id, account_id, currency, from_day, to_day, 0 as no, ${LONG_AGO} as since, cents from changed
    union all select h.id, h.account_id, h.currency, h.from_day, h.to_day, p.id, p.from_day, p.monthly_cents
    from changed h cross join allocation_prices p
    where p.allocation_id = h.id and ${narrow('p.allocation_id')} and p.applied_at is not null
  ), spans as (
    select id, account_id, currency, cents, from_day as first_day, to_day as last_day, since,
      coalesce(lead(since) over (partition by id order by since, no) - 1, ${FAR_AHEAD}) as till from prices
  ), priced as (
    select id, account_id, currency, cents, ${largestOf(db, 'since', 'first_day')} as from_day,
      ${smallestOf(db, 'till', 'last_day')} as to_day from spans
  ), months as (${months}), wanted as (
    select h.id as allocation_id, h.account_id, h.currency, h.cents as monthly_cents, m.first_day, m.last_day,
      ${largestOf(db, 'h.from_day', 'm.first_day')} as from_day, ${smallestOf(db, 'h.to_day', 'm.last_day')} as to_day
    from priced h join months m on h.from_day <= h.to_day and m.first_day <= h.to_day and m.last_day >= h.from_day
  ), written as (
    select l.* from changed h ${rowsForEach(db, 'charge_lines', 'l', OF_HELD)} and l.credits_id is null
      and l.from_day >= (select min(first_day) from months) and l.from_day <= (select max(last_day) from months)
      and not exists (select 1 from charge_lines c where c.credits_id = l.id)
  ), differing as (
    select account_id, allocation_id, currency, from_day, to_day, monthly_cents, max(first_day) as first_day,
      max(last_day) as last_day, max(id) as id, max(cents) as cents, sum(sign) as sign
    from (select account_id, allocation_id, currency, from_day, to_day, monthly_cents, first_day, last_day,
        cast(null as integer) as id, cast(null as bigint) as cents, 1 as sign from wanted
      union all select account_id, allocation_id, currency, from_day, to_day, monthly_cents, null, null, id, cents, -1
      from written) as both_sides
    group by allocation_id, from_day, to_day, monthly_cents, currency, account_id having sum(sign) <> 0
  ), due as (
    select x.account_id, x.allocation_id, x.from_day, x.to_day, x.monthly_cents,
      case when x.sign < 0 then -x.cents else ${CENTS} end as cents, x.currency, x.id as credits_id
    from differing x
  )`;

/** Some allocations, by their ids in order. */
export type Piece = { readonly after: number; readonly through: number };

const COLUMNS =
  'month, account_id, allocation_id, from_day, to_day, monthly_cents, cents, currency, credits_id, written_at';

/** What a closing writes for: a month, some allocations, what may have changed since an instant, and now (UTC milliseconds). */
export type Writing = { readonly month: Month; readonly piece: Piece; readonly since: number; readonly at: number };

const within = ({ after, through }: Piece, id: string): string =>
  `${id} > ${Number(after)} and ${id} <= ${Number(through)}`;

/** The start of a statement that adds lines of a month to the ledger: what `rows` selects, a row `x` for each. */
const adding = ({ month, at }: Writing, rows: string): string => `insert into charge_lines (${COLUMNS})
    select ${Number(month)}, x.account_id, x.allocation_id, x.from_day, x.to_day, x.monthly_cents, ${CENTS}, x.currency,
      cast(null as integer), cast(${Number(at)} as bigint) from (${rows}) as x where x.from_day <= x.to_day`;

/**
 * Writes the lines of a month for those of a piece that are plain, as most are: nothing changed since `since` that earlier lines
 * depend on. They get one line, or one up to each change of price within the month; in the order of an index, which is cheap.
 */
export async function insertPlain(trx: Db, writing: Writing): Promise<void> {
  const { month, piece, since } = writing;
  const [first, last] = [firstDayOf(month), lastDayOf(month)];
  const rows = `with news as materialized (
      select p.allocation_id, max(case when ${isLate(first)} then 1 else 0 end) as is_late
      from allocation_prices p where ${within(piece, 'p.allocation_id')}
        and (p.applied_at >= :since or p.applied_at is not null and p.from_day > ${first})
      group by p.allocation_id
    ), begun as (
      select allocation_id, 0 as no, ${LONG_AGO} as from_day, cast(null as integer) as cents from news
      union all select p.allocation_id, p.id, p.from_day, p.monthly_cents from news n cross join allocation_prices p
      where p.allocation_id = n.allocation_id and ${within(piece, 'p.allocation_id')} and p.applied_at is not null
    ), spans as materialized (
      select allocation_id, from_day, cents,
        lead(from_day) over (partition by allocation_id order by from_day, no) - 1 as to_day from begun
    ) select a.id as allocation_id, a.account_id, a.currency, ${first} as first_day, ${last} as last_day,
        case when s.allocation_id is null then a.monthly_cents else coalesce(s.cents, ${FIRST_PRICE}) end as monthly_cents,
        ${largestOf(trx, FIRST, String(first), `coalesce(s.from_day, ${first})`)} as from_day,
        ${smallestOf(trx, LAST, String(last), `coalesce(s.to_day, ${last})`)} as to_day
      from allocations a left join warmups w on w.allocation_id = a.id and ${within(piece, 'w.allocation_id')}
        left join spans s on s.allocation_id = a.id
      where ${within(piece, 'a.id')} and a.changed_at < :since and a.id not in (select allocation_id from news where is_late = 1)
      order by a.id`;
  await inBulk(trx, adding(writing, rows), { since });
}

/** Writes the lines of a month for those of a piece that are not plain, and what is to be put right of their earlier months. */
export async function insertChanged(trx: Db, { month, piece, since, at }: Writing): Promise<void> {
  const months = `select month, first_day, last_day from charge_months where month <= ${Number(month)}`;
  const sql = `insert into charge_lines (${COLUMNS}) ${withLines(trx, (id) => within(piece, id), months, firstDayOf(month))}
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
  const sql = `${withLines(db, narrow, months, firstDayOf(month))} select d.*, i.address from due d
    join allocations a on a.id = d.allocation_id join ips i on i.id = a.ip_id
    order by d.account_id, d.allocation_id, d.from_day, ${CREDITS_FIRST}`;
  const rows = await listRows<LineRow>(db, sql, { since: 0 });
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
