// What people read about a warm-up. Pure.
import type { Day } from '../day.ts';
import type { Schedule } from '../policy/schedule.ts';
import { counted, grouped } from '../wording.ts';
import { capNow, expectedFinish, type WarmupStatus } from './standing.ts';
import type { Warmup } from './store.ts';

/** A schedule's name for people, how it works, and where it comes from. */
export type ScheduleWords = { readonly title: string; readonly sentence: string; readonly source: string };

/** `key` is the schedule's name in the policy; undefined where the policy has it no more. */
export function scheduleWords(key: string, schedule: Schedule | undefined): ScheduleWords {
  if (schedule === undefined)
    return { title: key, sentence: 'Its stages are those below.', source: 'an earlier policy' };
  if (schedule.kind === 'table') {
    const sentence = `A published table, one row a day, each the most that an IP may send in ${schedule.per === 'day' ? 'a day' : 'an hour'}.`;
    return { title: schedule.title, sentence, source: schedule.source };
  }
  const { firstDay, longest, shortest } = schedule;
  return {
    title: 'Grows with the volume',
    sentence:
      `From ${grouped(firstDay.value)} messages on the first day, day by day by the same factor. It takes ` +
      `${counted(longest.days.value, 'day')} for ${grouped(longest.weeklyVolume.value)} messages a week or fewer, and ` +
      `${counted(shortest.days.value, 'day')} for ${grouped(shortest.weeklyVolume.value)} or more.`,
    source: 'this policy',
  };
}

/** Where a warm-up stands. */
export type WarmupState = {
  readonly name: WarmupStatus;
  readonly tone: 'quiet' | 'busy' | 'look' | 'good';
  readonly label: string;
  /** 0 before the start. */
  readonly stage: number;
  readonly stages: number;
  /** Messages that may go over the IP on this day. */
  readonly cap: number;
};

export function warmupState(warmup: Warmup): WarmupState {
  const { plan, status, stage } = warmup;
  const at = { name: status, stage, stages: plan.caps.length, cap: capNow(warmup) ?? plan.targetPerDay };
  switch (status) {
    case 'planned':
      return { ...at, tone: 'quiet', label: 'Planned', stage: 0 };
    case 'running':
      return { ...at, tone: 'busy', label: 'Warming up' };
    case 'paused':
      return { ...at, tone: 'look', label: 'Warm-up paused' };
    case 'complete':
      return { ...at, tone: 'good', label: 'Complete', stage: at.stages };
  }
}

/** When a warm-up ends, for a line about it: a word, or the day if every day from today on passes; and the stage in force as a day of its plan. */
export type WarmupEnd = { readonly word: 'complete' | 'paused' | null; readonly day: Day; readonly mark: Day | null };

export function warmupEnd(warmup: Warmup, today: Day, minimumDays: number): WarmupEnd {
  const { status, plan, stage } = warmup;
  return {
    word: status === 'complete' || status === 'paused' ? status : null,
    day: expectedFinish(warmup, today, minimumDays),
    mark: status === 'running' || status === 'paused' ? plan.startsOn + stage - 1 : null,
  };
}
