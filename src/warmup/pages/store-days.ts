// What the pages of warm-ups read: days, and all that is not complete at once.
import type { Db } from '../../database.ts';
import type { Day } from '../../day.ts';
import type { Verdict } from '../daily/evaluation.ts';
import type { PlanState } from '../state.ts';
import { STATE_COLUMNS, stateFromRow } from '../state-row.ts';
import type { WarmupDay } from './days.ts';

/** The judged days of a warm-up, oldest first. */
export async function listWarmupDays(db: Db, warmupId: number): Promise<WarmupDay[]> {
  return db('warmup_days')
    .where({ warmup_id: warmupId })
    .orderBy('day')
    .select('day', { stageCap: 'stage_cap' }, 'stage', 'cap', 'sent', 'delivered', 'verdict', 'why');
}

/** What was delivered over each of these warm-ups' IPs on a day, by the warm-up's id. */
export async function listDeliveredOn(db: Db, warmupIds: readonly number[], day: Day): Promise<Map<number, number>> {
  const rows = await db('warmup_days')
    .whereIn('warmup_id', [...warmupIds])
    .where({ day })
    .select('warmup_id', 'delivered');
  return new Map(rows.map((row) => [row.warmup_id, row.delivered]));
}

/** A plan that is not complete, with what the board sorts by. */
export type OpenWarmup = PlanState & {
  readonly id: number;
  readonly ipId: number;
  readonly verdict: Verdict | null;
  readonly goOnAskedAt: number | null;
};

// Reading whole rows of ten thousand takes twice as long.
const BOARD_COLUMNS = ['id', 'verdict', 'go_on_asked_at', ...STATE_COLUMNS].map((column) => `w.${column}`);

/** Every warm-up that is not complete. */
export async function listOpenWarmups(db: Db): Promise<OpenWarmup[]> {
  const rows = await db('warmups as w')
    .join('allocations as a', 'a.id', 'w.allocation_id')
    .whereIn('w.status', ['planned', 'running', 'paused'])
    .select(BOARD_COLUMNS)
    .select('a.ip_id');
  return rows.map((row) => ({
    ...stateFromRow(row),
    id: row.id,
    ipId: row.ip_id,
    verdict: row.verdict,
    goOnAskedAt: row.go_on_asked_at,
  }));
}

/** The domains whose mail goes over the warming IP, with their names and by them. */
export const listDomainsOver = (
  db: Db,
  allocationId: number,
): Promise<{ readonly id: number; readonly name: string }[]> =>
  db('allocation_domains as ad')
    .join('domains as d', 'd.id', 'ad.domain_id')
    .where('ad.allocation_id', allocationId)
    .orderBy('d.name')
    .select('d.id', 'd.name');

/** The same without their names. */
export async function listDomainIdsOf(db: Db, allocationId: number): Promise<number[]> {
  return db('allocation_domains').where({ allocation_id: allocationId }).pluck('domain_id');
}
