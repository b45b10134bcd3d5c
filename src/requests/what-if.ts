// What if: the customer's own trial of a warm-up, before anything is sent. Pure.
import { type FieldErrors, readForm, type Typed } from '../form.ts';
import type { Policy } from '../policy/document/policy.ts';
import { type Pattern, statedPattern, weeklyPattern, withWeekly } from '../sending/pattern.ts';
import { daysInWords } from '../sending/pattern-wording.ts';
import type { PlannedWarmup } from '../warmup/plan.ts';
import { capitalised, counted, grouped } from '../wording.ts';
import { forecastFor, type Planned } from './warmup-forecast.ts';

/** `weekdays`: 0 Monday … 6 Sunday; empty: as now. `split`: days over which each mailing is spread. */
export type Wish = { readonly weekly: number; readonly weekdays: readonly number[]; readonly split: number };

export type WhatIf = {
  readonly typed: Typed;
  readonly errors: FieldErrors;
  /** null: nothing was asked yet, or not in a way that can be answered. */
  readonly answer: { readonly label: string; readonly forecast: PlannedWarmup } | null;
};

/** Answers what an address asks behind its `?`; `planned` is the request as it is. */
export function whatIf(query: unknown, policy: Policy, planned: Planned): WhatIf {
  const { pattern } = planned;
  const form = readForm(query);
  const isAsked = typeof query === 'object' && query !== null && 'ifWeekly' in query;
  const asNow = { ifWeekly: grouped(pattern.weekly), ifDays: daysOf(pattern), ifSplit: '1' };
  if (!isAsked) return { typed: asNow, errors: {}, answer: null };
  const weekly = form.whole('ifWeekly', { label: 'Emails a week', min: 1, max: 10_000_000_000 });
  const split = form.whole('ifSplit', { label: 'Days for each mailing', min: 1, max: 7 });
  const typed = 'ifDays' in query ? form.ids('ifDays', { label: 'Days' }) : [];
  if (typed.some((day) => day > 7)) form.fail('ifDays', 'Days: choose from the list.');
  const read = form.result(() => ({ weekly: weekly ?? 1, weekdays: typed.map((day) => day - 1), split: split ?? 1 }));
  if (!read.ok) return { typed: read.typed, errors: read.errors, answer: null };
  const wished = patternIf(pattern, read.value);
  const label = `${grouped(read.value.weekly)} a week, ${daysInWords(wished)}`;
  return {
    typed: read.typed,
    errors: {},
    answer: { label, forecast: forecastFor(policy, { ...planned, pattern: wished }) },
  };
}

/** The weekdays of a pattern as a form holds them, 1 Monday … 7 Sunday; none where it is rarer than weekly. */
const daysOf = (pattern: Pattern): string[] =>
  pattern.kind === 'weekdays' ? mainDays(pattern.usual, pattern.busiest).map((day) => String(day + 1)) : [];

const mainDays = (usual: readonly number[], busiest: number): number[] =>
  usual.flatMap((sent, day) => (sent * 5 >= busiest ? [day] : []));

/**
 * A pattern changed by a wish. More mail than there is was measured by nobody, so that its first stage is the policy's.
 * A mailing that is rarer than weekly is split into as many, evenly apart; one of each week onto the days that follow.
 */
export function patternIf(now: Pattern, { weekly, weekdays, split }: Wish): Pattern {
  const pattern = withWeekly({ ...now, basis: weekly > now.weekly ? 'stated' : now.basis }, weekly);
  if (weekdays.length === 0 && pattern.kind === 'mailings') {
    const everyDays = pattern.period / split;
    if (everyDays > 7) {
      const busiest = Math.ceil(pattern.busiest / split);
      return { ...statedPattern({ busiest, weekdays: [], everyDays }), basis: pattern.basis };
    }
    return onDays([0], weekly, pattern.basis);
  }
  const isAsNow = pattern.kind === 'weekdays' && String(weekdays) === String(mainDays(pattern.usual, pattern.busiest));
  if (split === 1 && (weekdays.length === 0 || isAsNow)) return pattern;
  const first =
    weekdays.length > 0 || pattern.kind === 'mailings' ? weekdays : mainDays(pattern.usual, pattern.busiest);
  const days = first.flatMap((day) => Array.from({ length: split }, (_, after) => (day + after) % 7));
  return onDays([...new Set(days)], weekly, pattern.basis);
}

const onDays = (days: readonly number[], weekly: number, basis: Pattern['basis']): Pattern =>
  weeklyPattern(
    Array.from({ length: 7 }, (_, day) => (days.includes(day) ? Math.ceil(weekly / days.length) : 0)),
    basis,
  );

/** Words of the choice of days over which a mailing is spread. */
export const splitLabel = (days: number): string =>
  days === 1 ? 'One day, as a whole' : capitalised(counted(days, 'day'));
