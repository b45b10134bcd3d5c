// The what-if form: two settings side by side, read from the address. Pure.
import { type Day, weekStart } from '../../day.ts';
import { type FormReader, type FormResult, readForm } from '../../form.ts';
import { leastVolume } from '../../policy/document/plain-words.ts';
import type { Policy } from '../../policy/document/policy.ts';
import type { Clock, PlanState } from '../state.ts';
import { type BadDay, EVEN, patternOf, type Trial } from './simulate.ts';
import { LAST_BAD_DAY, MOST_WEEKLY, parsePattern, parsePercent } from './trial.ts';

export type WhatIf = { readonly now: Trial; readonly changed: Trial };

const PATTERN = 'Weekdays';

/** What the form says at first: the policy's own plan, or that of a warm-up, and nothing changed. */
export function firstTyped(policy: Policy, state: PlanState | null, pattern: string | null): Record<string, string> {
  const weekly = String(state ? Math.max(1, state.pattern.weekly) : leastVolume(policy));
  const { warmup } = policy;
  const schedule = state?.plan.schedule ?? warmup.schedule;
  const clock = state?.clock ?? warmup.clock.value;
  return {
    now_weekly: weekly,
    now_schedule: schedule,
    now_clock: clock,
    weekly,
    schedule,
    clock,
    pattern: pattern ?? '20, 20, 20, 20, 15, 3, 2',
    bad_day: '',
    bad_bounce: '',
    bad_complaint: '',
    bad_provider: '',
    bad_deferred: '',
  };
}

/** How mail fell on weekdays over some complete weeks, in percent from Monday on; null where less than two were counted. */
export function weekdaysOf(days: readonly { readonly day: Day; readonly all: number }[]): string | null {
  const sums = Array.from({ length: 7 }, () => 0);
  for (const { day, all } of days) sums[day - weekStart(day)] = (sums[day - weekStart(day)] ?? 0) + all;
  const whole = sums.reduce((sum, one) => sum + one, 0);
  if (days.length < 14 || whole === 0) return null;
  return sums.map((sum) => String(Math.round((sum / whole) * 1000) / 10)).join(', ');
}

/** Reads both settings; what goes wrong concerns the second alone. */
export function readWhatIf(query: unknown, policy: Policy, startsOn: number): FormResult<WhatIf> {
  const form = readForm(query);
  const schedules = Object.keys(policy.schedules);
  const settings = (prefix: string) => ({
    weekly: form.whole(`${prefix}weekly`, { label: 'Messages a week', min: 1, max: MOST_WEEKLY }) ?? 1,
    schedule: form.choice(`${prefix}schedule`, { label: 'a schedule', among: schedules }) ?? '',
    clock: form.choice<Clock>(`${prefix}clock`, { label: 'a clock', among: ['progress', 'calendar'] }) ?? 'progress',
  });
  const [now, changed] = [settings('now_'), settings('')];
  const pattern = patternIn(form);
  const badDay = badDayIn(form, policy);
  const trialOf = ({ weekly, ...how }: ReturnType<typeof settings>, bad: BadDay | null): Trial => ({
    ...how,
    pattern: patternOf(weekly, pattern),
    badDay: bad,
    startsOn,
  });
  return form.result(() => ({ now: trialOf(now, null), changed: trialOf(changed, badDay) }));
}

function patternIn(form: FormReader): readonly number[] {
  const text = form.text('pattern', { label: PATTERN, max: 80, required: false });
  if (text === '') return EVEN;
  const pattern = parsePattern(text);
  if (!pattern)
    form.fail(
      'pattern',
      `${PATTERN} must be seven numbers from Monday to Sunday, at least one above zero, such as 20, 20, 20, 20, 15, 3, 2.`,
    );
  return pattern ?? EVEN;
}

function badDayIn(form: FormReader, policy: Policy): BadDay | null {
  const day = form.whole('bad_day', { label: 'The bad day', min: 1, max: LAST_BAD_DAY, required: false });
  const share = (name: string, label: string): number => {
    const text = form.text(name, { label, max: 20, required: false });
    const read = text === '' ? 0 : parsePercent(text);
    if (read === undefined) form.fail(name, `${label} must be a percentage from 0 to 100, such as 6 or 0.4.`);
    return read ?? 0;
  };
  const bounce = share('bad_bounce', 'What bounces');
  const complaint = share('bad_complaint', 'What is reported as spam');
  const late = share('bad_deferred', 'What the provider defers');
  const provider = form.text('bad_provider', { label: 'Provider', max: 60, required: false });
  const known = [...policy.providers.value.map(({ key }) => key), 'other'];
  if (provider !== '' && !known.includes(provider)) form.fail('bad_provider', 'Choose a provider.');
  if (late > 0 && provider === '') form.fail('bad_provider', 'Choose the provider that defers mail.');
  const goesWrong = bounce > 0 || complaint > 0 || late > 0;
  if (goesWrong && day === null)
    form.fail('bad_day', 'Say on which day it goes wrong: 1 is the first day of the plan.');
  if (day === null || !goesWrong) return null;
  return { day, bounce, complaint, deferred: late > 0 ? { [provider]: late } : {} };
}
