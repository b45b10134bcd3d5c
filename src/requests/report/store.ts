// What a month of decisions came to, read from what was stored when they were made: what became of a request later changes no
// month. Each is one statement over the month.

import type { Db } from '../../database.ts';
import { dayLength } from '../../day.ts';
import { listRows, namedInJson } from '../../dialect.ts';
import type { AllocationStatus } from '../../ips/allocation.ts';
import { kinds } from '../request.ts';
import {
  AUTOMATICALLY,
  type ByReviewer,
  type Outcome,
  type Outcomes,
  type Override,
  type TimeToDecision,
} from './report.ts';

/** From one instant up to another, which is left out (UTC milliseconds). */
export type Month = { readonly from: number; readonly to: number };

const DECIDED = 'd.decided_at >= :from and d.decided_at < :to';

// By kind, as the index has it.
const REQUEST_DECIDED = `r.kind in (${kinds.map((kind) => `'${kind}'`).join(', ')}) and r.decided_at >= :from and r.decided_at < :to`;

/** When the first decision was made (UTC milliseconds); null: none was. */
export async function findFirstDecided(db: Db): Promise<number | null> {
  const sql = 'select min(decided_at) as at from decisions where decided_at is not null';
  const [row] = await listRows<{ at: number | null }>(db, sql, {});
  return row === undefined || row.at === null ? null : Number(row.at);
}

/** The decisions of a month, by who made them. A first approval that needs a second one counts when that came. */
export async function listByReviewer(db: Db, month: Month): Promise<ByReviewer[]> {
  const many = (when: string, name: string) => `sum(case when ${when} then 1 else 0 end) as ${name}`;
  const sql = `select p.id as "personId", coalesce(p.name, :nobody) as name,
      ${many("d.rank = 1 and d.verdict = 'approve'", 'approved')},
      ${many("d.rank = 1 and d.verdict = 'offer'", 'offered')},
      ${many("d.verdict = 'decline'", 'declined')},
      ${many("d.rank = 2 and d.verdict <> 'decline'", 'second')},
      ${many("d.rank = 1 and d.verdict = 'approve' and d.failed_checks > 0", 'overrides')}
    from decisions d left join people p on p.id = d.reviewer_id
    where ${DECIDED} group by p.id, p.name order by count(*) desc, p.name, p.id`;
  const rows = await listRows<ByReviewer>(db, sql, { ...month, nobody: AUTOMATICALLY });
  return rows.map((row) => ({
    personId: row.personId,
    name: row.name,
    approved: Number(row.approved),
    offered: Number(row.offered),
    declined: Number(row.declined),
    second: Number(row.second),
    overrides: Number(row.overrides),
  }));
}

/** The checks that had failed in what was approved all the same, the most frequent first. */
export async function listOverrides(db: Db, month: Month): Promise<Override[]> {
  const sql = `select c.key as "check", max(c.value ->> 'title') as title, count(*) as count
    from decisions d cross join ${namedInJson(db, 'd.seen', 'checks')} c
    where ${DECIDED} and d.rank = 1 and d.verdict = 'approve' and d.failed_checks > 0
      and c.value ->> 'verdict' in ('fails', 'blocks')
    group by c.key order by count(*) desc, c.key`;
  const rows = await listRows<Override>(db, sql, month);
  return rows.map(({ check, title, count }) => ({ check, title, count: Number(count) }));
}

/**
 * How long people's decisions took, for each kind and for both together; none where nothing was decided. What came before an earlier
 * decision on the same request is that one's.
 */
export async function listTimes(db: Db, month: Month): Promise<TimeToDecision[]> {
  const sql = `with decided as (
      select d.id, r.kind, d.clock_spent - coalesce((select max(b.clock_spent) from decisions b
        where b.request_id = d.request_id and b.void_at is not null and b.decided_at < d.decided_at), 0) as ms
      from decisions d join requests r on r.id = d.request_id
      where ${DECIDED} and d.rank = 1 and d.clock_spent is not null and d.reviewer_id is not null),
    placed as (
      select grouped.kind, ms, row_number() over (partition by grouped.kind order by ms, id) as place,
        count(*) over (partition by grouped.kind) as count
      from (select id, kind, ms from decided union all select id, 'all', ms from decided) grouped)
    select kind, max(count) as count, min(case when place * 2 >= count then ms end) as half,
      min(case when place * 10 >= count * 9 then ms end) as ninety
    from placed group by kind order by kind`;
  const rows = await listRows<TimeToDecision>(db, sql, month);
  return rows.map(({ kind, count, half, ninety }) => ({
    kind,
    count: Number(count),
    half: Number(half),
    ninety: Number(ninety),
  }));
}

const OUTCOME_DAYS = 90;

const OUTCOME_OF: Readonly<Record<AllocationStatus, Outcome>> = {
  reserved: 'warming',
  warming: 'warming',
  paused: 'paused',
  active: 'warm',
  releasing: 'given back',
  released: 'given back',
};

/**
 * What became, by the 90th day, of the IPs that requests brought which were decided in a month: by the record of each,
 * whatever happened later. IPs whose 90 days are not over at the instant `at` (UTC milliseconds) are left out.
 */
export async function countOutcomes(db: Db, month: Month, at: number): Promise<Outcomes> {
  const sql = `select status, count(*) as count from (
      select a.id, e.to_status as status, row_number() over (partition by a.id order by e.seq desc) as place
      from requests r join allocations a on a.request_id = r.id
      join audit_events e on e.subject_type = 'allocation' and e.subject_id = a.id and e.to_status is not null
        and e.at < a.allocated_at + :ms
      where ${REQUEST_DECIDED} and a.allocated_at + :ms <= :at) latest
    where place = 1 group by status`;
  const rows = await listRows<{ status: AllocationStatus; count: number }>(db, sql, {
    ...month,
    at,
    ms: OUTCOME_DAYS * dayLength,
  });
  const found = { warm: 0, warming: 0, paused: 0, 'given back': 0 };
  for (const { status, count } of rows) found[OUTCOME_OF[status]] += Number(count);
  return found;
}
