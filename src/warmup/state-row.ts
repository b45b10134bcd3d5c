// A warm-up's row, read into where it stands: for all who keep plans in memory. Pure.
import { dayOf } from '../day.ts';
import type { PlanState } from './state.ts';

// Most rows: one object for all of them.
const NOBODY_SLOWED: PlanState['slowed'] = Object.freeze({});

/** The columns by which a plan is judged. */
export type StateRow = Pick<PlanState, 'status' | 'clock' | 'stage'> & {
  schedule: string;
  target_per_day: number;
  starts_on: number;
  caps: string;
  cap_percent: number;
  slowed: string;
  idle_days: number;
  next_day: number;
  judged_from: number;
  changed_at: number;
};

/** `caps`: those of the row, where they are read already. */
export function stateFromRow(row: StateRow, caps: number[] = JSON.parse(row.caps)): PlanState {
  return {
    status: row.status,
    clock: row.clock,
    stage: row.stage,
    plan: {
      schedule: row.schedule,
      targetPerDay: row.target_per_day,
      startsOn: row.starts_on,
      finishesOn: row.starts_on + caps.length - 1,
      caps,
    },
    capPercent: row.cap_percent,
    slowed: row.slowed === '{}' ? NOBODY_SLOWED : JSON.parse(row.slowed),
    idleDays: row.idle_days,
    nextDay: row.next_day,
    judgedFrom: row.judged_from,
    // What may go over the IP changes with its cap.
    capSince: dayOf(row.changed_at),
  };
}
