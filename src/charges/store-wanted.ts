// What the ledger should say, worked out by the database from what IPs were held and what they cost, and how it differs
// from what is written. The rule of cents is in ledger.ts.
import type { Db } from '../database.ts';
import { type Day, dayLength } from '../day.ts';
import { largestOf, listRows, smallestOf } from '../dialect.ts';
import { firstDayOf, type Line, lastDayOf, type Month } from './ledger.ts';
import { type LineRow, lineFromRow } from './store.ts';

/** No day before this, and none after the other. */
const [LONG_AGO, FAR_AHEAD] = [-1_000_000, 1_000_000];

/**
 * Days are charged from the beginning of warm-up, or of use where an IP has none, up to and with the day of release; those
 * of an IP that was moved in from a day of its own.
 */
const FIRST = `coalesce(a.charged_from, w.starts_on, a.allocated_at / ${dayLength})`;
const LAST = `coalesce(a.released_on, a.released_at / ${dayLength}, ${FAR_AHEAD})`;

/** What the first days of a month cost (a line of `wanted`), as `centsOf` has it. */
const upTo = (last: string): string =>
  `(cast(x.monthly_cents as bigint) * (${last} - x.first_day + 1)) / (x.last_day - x.first_day + 1)`;
const CENTS = `${upTo('x.to_day')} - ${upTo('(x.from_day - 1)')}`;

/** Where NULL is sorted differs by engine. */
const CREDITS_FIRST = 'case when credits_id is null then 1 else 0 end';

const SAME = `s.allocation_id = x.allocation_id and s.from_day = x.from_day and s.to_day = x.to_day
  and s.monthly_cents = x.monthly_cents`;

/**
 * `wanted`: the lines that should stand for some allocations (`narrow`, of `a`) in the months that `months` selects;
 * `standing`: those that are written for them and not taken back. Earlier months than the one that is looked at are
 * compared only where something changed since `:since` (UTC milliseconds); what did not change is as it was written.
 */
const withLines = (db: Db, narrow: string, months: string): string => `with held as (
    select a.id, a.account_id, a.currency, ${FIRST} as first_day, ${LAST} as last_day,
      coalesce(a.approved_cents, a.monthly_cents) as approved,
      case when a.changed_at >= :since or exists (select 1 from allocation_prices p
        where p.allocation_id = a.id and p.applied_at >= :since) then 1 else 0 end as is_changed
    from allocations a left join warmups w on w.allocation_id = a.id where ${narrow}
  ), prices as (
    select id, 0 as no, ${LONG_AGO} as from_day, approved as cents from held
    union all select p.allocation_id, p.id, p.from_day, p.monthly_cents
    from allocation_prices p join held h on h.id = p.allocation_id where p.applied_at is not null
  ), spans as (
    select id, cents, from_day,
      coalesce(lead(from_day) over (partition by id order by from_day, no) - 1, ${FAR_AHEAD}) as to_day from prices
  ), months as (${months}), stretches as (
    select h.id as allocation_id, h.account_id, h.currency, s.cents as monthly_cents, m.first_day, m.last_day,
      ${largestOf(db, 's.from_day', 'h.first_day', 'm.first_day')} as from_day,
      ${smallestOf(db, 's.to_day', 'h.last_day', 'm.last_day')} as to_day
    from held h join spans s on s.id = h.id join months m on (m.month = :month or h.is_changed = 1)
      and m.first_day <= h.last_day and m.last_day >= h.first_day
  ), wanted as (select * from stretches where from_day <= to_day),
  standing as (
    select l.* from held h join charge_lines l on l.allocation_id = h.id and l.credits_id is null
    join months m on l.from_day between m.first_day and m.last_day
    where h.is_changed = 1 and not exists (select 1 from charge_lines c where c.credits_id = l.id)
  ), due as (
    select x.account_id, x.allocation_id, x.from_day, x.to_day, x.monthly_cents, -x.cents as cents, x.currency, x.id as credits_id
    from standing x where not exists (select 1 from wanted s where ${SAME})
    union all
    select x.account_id, x.allocation_id, x.from_day, x.to_day, x.monthly_cents, ${CENTS}, x.currency, null
    from wanted x where not exists (select 1 from standing s where ${SAME})
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
  const narrow = `a.id > ${Number(after)} and a.id <= ${Number(through)}`;
  const months = `select month, first_day, last_day from charge_months where month <= ${Number(month)}`;
  const sql = `insert into charge_lines (${COLUMNS}) ${withLines(trx, narrow, months)}
    select cast(:month as integer), account_id, allocation_id, from_day, to_day, monthly_cents, cents, currency,
      credits_id, cast(:at as bigint) from due order by allocation_id, from_day, ${CREDITS_FIRST}`;
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
  const narrow = `a.account_id in (${accountIds.map(Number).join(', ')})`;
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
