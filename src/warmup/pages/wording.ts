// What people read about a warm-up. Pure.
import type { Day } from '../../day.ts';
import type { Policy } from '../../policy/document/policy.ts';
import type { Schedule } from '../../policy/document/schedule.ts';
import { counted, grouped, inWords, listed } from '../../wording.ts';
import type { Verdict } from '../daily/evaluation.ts';
import { capNow, type PlanState } from '../state.ts';
import type { Warmup } from '../store.ts';
import type { Mark, MarkedDay } from './days.ts';
import { type Forecast, forecastOf, plannedCaps } from './forecast.ts';

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
  const { firstDay, leastStages, longest, shortest } = schedule;
  return {
    title: 'Grows with the volume',
    sentence:
      `From about ${grouped(firstDay.value)} messages on the first sending day, by the same factor on each, at most doubled. It takes ` +
      `${counted(longest.days.value, 'day')} for ${grouped(longest.weeklyVolume.value)} messages a week or fewer, and ` +
      `${counted(shortest.days.value, 'day')} for ${grouped(shortest.weeklyVolume.value)} or more; longer where ${inWords(leastStages.value)} sending days take longer.`,
    source: 'this policy',
  };
}

/** The state of a warm-up, as everybody reads it. */
export const stateNames = [
  'planned',
  'running',
  'full',
  'idle',
  'on-hold',
  'cut',
  'paused',
  'cold',
  'complete',
  'ended',
] as const;
export type StateName = (typeof stateNames)[number];
export type Tone = 'quiet' | 'busy' | 'look' | 'bad' | 'good';
export type WarmupState = {
  readonly name: StateName;
  readonly tone: Tone;
  readonly label: string;
  /** 0 before the start. */
  readonly stage: number;
  readonly stages: number;
  /** Messages that may go over the IP in a day; null where nothing limits it any more. */
  readonly cap: number | null;
  /** Days in a row without mail, those of a pause before left out. */
  readonly idleDays: number;
};

const STATES: Readonly<Record<StateName, { readonly tone: Tone; readonly label: string }>> = {
  planned: { tone: 'quiet', label: 'Planned' },
  running: { tone: 'busy', label: 'Warming up' },
  full: { tone: 'busy', label: 'At the last stage' },
  idle: { tone: 'look', label: 'No mail' },
  'on-hold': { tone: 'look', label: 'On hold' },
  cut: { tone: 'look', label: 'On hold, cap cut' },
  paused: { tone: 'bad', label: 'Paused' },
  cold: { tone: 'look', label: 'Begins again' },
  complete: { tone: 'good', label: 'Complete' },
  ended: { tone: 'quiet', label: 'Ended' },
};

type JudgedState = PlanState & { readonly verdict: Verdict | null };

/** S-13: the state that an IP is labelled with. `minimumDays`: the policy's least days of a warm-up. */
export function warmupState(warmup: JudgedState, minimumDays: number): WarmupState {
  const name = stateName(warmup, minimumDays);
  const { plan, stage } = warmup;
  const stages = plan.caps.length;
  const at = name === 'planned' ? 0 : name === 'complete' ? stages : stage;
  return { name, ...STATES[name], stage: at, stages, cap: capNow(warmup), idleDays: idleSince(warmup) };
}

/** What was not sent before somebody let it go on, or while it was cold, is not counted again. */
const idleSince = ({ idleDays, nextDay, judgedFrom }: JudgedState): number =>
  Math.min(idleDays, Math.max(0, nextDay - judgedFrom));

function stateName(warmup: JudgedState, minimumDays: number): StateName {
  const { status, verdict, capPercent, stage, plan, nextDay, judgedFrom } = warmup;
  if (status !== 'running') return status;
  const idleDays = idleSince(warmup);
  // It became cold, and nothing was sent since.
  const isCold = stage === 1 && judgedFrom > plan.startsOn && judgedFrom + warmup.idleDays === nextDay;
  if (verdict === 'step-back' || (isCold && idleDays > 0)) return 'cold';
  // Nothing was judged since somebody let it go on or set it back.
  if (judgedFrom >= nextDay && judgedFrom > plan.startsOn) return 'running';
  if (idleDays > 0) return 'idle';
  if (capPercent < 100) return 'cut';
  if (verdict !== 'hold') return 'running';
  return stage >= plan.caps.length && nextDay <= plan.startsOn + minimumDays - 1 ? 'full' : 'on-hold';
}

/** What happened, newest first, as far as it says why. */
export type WarmupRecord = {
  readonly at: number;
  readonly name: string;
  readonly facts: unknown;
  readonly body: string | null;
};

/** Why it is in this state: paused, in the words of the person who paused it or by the rule; otherwise as the last day had it. */
export function reasonOf(
  { status, why }: Pick<Warmup, 'status' | 'why'>,
  events: readonly WarmupRecord[],
): string | null {
  const pause = events.find(({ name }) => name.endsWith('.paused'));
  if (status !== 'paused' || !pause) return why;
  const { why: rule } = pause.facts as { why?: string | null };
  return pause.body ?? asOf(rule ?? why);
}

/** A rate is one of days: those before the pause, while the tables show the last ones. */
const asOf = (why: string | null): string | null =>
  why?.replace(/^Over the last ([a-z0-9 ]+), /, 'Over the $1 before the pause, ') ?? null;

/** When it was paused (UTC milliseconds); null: it is not. */
export const pausedAt = ({ status }: Pick<Warmup, 'status'>, events: readonly WarmupRecord[]): number | null =>
  status === 'paused' ? (events.find(({ name }) => name.endsWith('.paused'))?.at ?? null) : null;

/** A warm-up in brief, as lists and other pages show it. */
export type Brief = {
  readonly warmup: Warmup;
  readonly state: WarmupState;
  readonly forecast: Forecast;
  /** What its last day decided; of a paused one, with the days before the pause. */
  readonly why: string | null;
  /** What each day was to allow, of one that has not begun; empty for others. */
  readonly planned: readonly number[];
};

export const briefOf = (warmup: Warmup, today: Day, policy: Pick<Policy, 'warmup' | 'schedules'>): Brief => ({
  warmup,
  state: warmupState(warmup, policy.warmup.minimumDays.value),
  forecast: forecastOf(warmup, today, policy),
  why: warmup.status === 'paused' ? asOf(warmup.why) : warmup.why,
  planned: warmup.status === 'planned' ? plannedCaps(warmup, policy) : [],
});

/** What a day was, for the list and the drawing. */
export const MARKS: Readonly<Record<Mark, { readonly tone: Tone; readonly label: string }>> = {
  passed: { tone: 'good', label: 'passed' },
  partly: { tone: 'quiet', label: 'not yet' },
  full: { tone: 'busy', label: 'last stage' },
  idle: { tone: 'quiet', label: 'no mail' },
  'on-hold': { tone: 'look', label: 'on hold' },
  cut: { tone: 'look', label: 'on hold, cap cut' },
  paused: { tone: 'bad', label: 'paused' },
  'set-back': { tone: 'look', label: 'set back' },
  cold: { tone: 'look', label: 'begins again' },
};

/** C-15: where the mail goes that the IP may not carry yet, as a clause. `over`: what carries it; `waits`: it has limits, too. */
export function overflowWords({ over, waits }: { readonly over: readonly string[]; readonly waits: boolean }): string {
  if (over.length === 0) return 'the rest waits until tomorrow';
  return `the rest goes over ${listed([...over])}${waits ? ', and what they may not carry either waits until tomorrow' : ''}`;
}

/** Why the end moved, from the days that did not pass: `two days on hold, one stage back`. `stage`: the one in force. */
export function delayWords(days: readonly MarkedDay[], stage: number): string {
  const stages = [...days.map((day) => day.stage), stage];
  const back = stages.reduce((sum, one, index) => sum + Math.max(0, (stages[index - 1] ?? 0) - one), 0);
  const of = (...marks: Mark[]) => days.filter(({ mark }) => marks.includes(mark)).length;
  const parts: [number, string][] = [
    [of('on-hold', 'cut'), 'on hold'],
    [of('paused'), 'paused'],
    [of('idle'), 'without mail'],
  ];
  const lost = parts.filter(([n]) => n > 0).map(([n, what]) => `${counted(n, 'day')} ${what}`);
  return listed(back > 0 ? [...lost, `${counted(back, 'stage')} back`] : lost);
}
