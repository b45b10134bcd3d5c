// A warm-up's row, read into its state: for all who keep plans in memory. Pure.
import { evenPattern, type Pattern } from '../sending/pattern.ts';
import type { PlanState } from './state.ts';

// Most rows: one object for all of them.
const NOBODY_SLOWED: PlanState['slowed'] = Object.freeze({});

/** The columns by which a plan is judged. */
export type StateRow = Pick<PlanState, 'status' | 'clock' | 'stage' | 'progress' | 'carried'> & {
  schedule: string;
  target_per_day: number;
  starts_on: number;
  finishes_on: number;
  caps: string;
  pattern: string;
  cap_percent: number;
  slowed: string;
  idle_days: number;
  next_day: number;
  judged_from: number;
  stage_since: number;
  limited_on: number;
  warmed_to: number | null;
  is_again: boolean | number;
  remade_on: number;
  by_hour: boolean | number;
};

/** Their names, for those who select them. */
export const STATE_COLUMNS = [
  'status',
  'clock',
  'stage',
  'progress',
  'carried',
  'schedule',
  'target_per_day',
  'starts_on',
  'finishes_on',
  'caps',
  'pattern',
  'cap_percent',
  'slowed',
  'idle_days',
  'next_day',
  'judged_from',
  'stage_since',
  'limited_on',
  'warmed_to',
  'is_again',
  'remade_on',
  'by_hour',
] as const satisfies readonly (keyof StateRow)[];

/** A reader of JSON texts of which many are the same: one copy of each is enough, and parsing it once. */
function reader<T>(most: number, read: (text: string) => T): (text: string) => T {
  const known = new Map<string, T>();
  return (text) => {
    const found = known.get(text);
    if (found !== undefined) return found;
    if (known.size >= most) known.clear();
    const made = read(text);
    known.set(text, made);
    return made;
  };
}

const capsOf = reader<number[]>(5_000, JSON.parse);
const patternOf = reader<Pattern>(5_000, JSON.parse);

export function stateFromRow(row: StateRow): PlanState {
  return {
    status: row.status,
    clock: row.clock,
    stage: row.stage,
    progress: row.progress,
    carried: row.carried,
    stageSince: row.stage_since,
    limitedOn: row.limited_on,
    plan: {
      schedule: row.schedule,
      targetPerDay: row.target_per_day,
      startsOn: row.starts_on,
      finishesOn: row.finishes_on,
      caps: capsOf(row.caps),
      byHour: Boolean(row.by_hour),
    },
    // A plan that was made before patterns were kept mails evenly until one is learned.
    pattern: row.pattern === '' ? evenPattern(7 * row.target_per_day, 'stated') : patternOf(row.pattern),
    capPercent: row.cap_percent,
    slowed: row.slowed === '{}' ? NOBODY_SLOWED : JSON.parse(row.slowed),
    idleDays: row.idle_days,
    nextDay: row.next_day,
    judgedFrom: row.judged_from,
    warmedTo: row.warmed_to,
    isAgain: Boolean(row.is_again),
    remadeOn: row.remade_on,
  };
}
