// A trial as lines of a terminal: a day each, with a bar. Pure.
import { startOfDay } from '../../day.ts';
import type { Policy } from '../../policy/document/policy.ts';
import { counted, grouped } from '../../wording.ts';
import { markDays } from '../pages/days.ts';
import { MARKS } from '../pages/wording.ts';
import type { Trial, Trialled } from './simulate.ts';
import { outcomeOf, outcomeWords } from './trial.ts';

const dayText = (day: number): string => new Date(startOfDay(day)).toISOString().slice(0, 10);

/** One line for each day, then why days did not pass, then what it came to. `columns`: how wide the terminal is. */
export function simulationLines(trialled: Trialled, trial: Trial, policy: Policy, columns: number): string[] {
  const minimumDays = policy.warmup.minimumDays.value;
  const { plan } = trialled;
  const days = markDays(trialled.days, plan, minimumDays);
  const width = Math.max(10, Math.min(40, columns - 66));
  const figure = Math.max(9, grouped(plan.targetPerDay).length + 1);
  const head = `${'day'.padStart(4)}  ${'date'.padEnd(10)}  ${'stage'.padStart(7)}  ${'cap'.padStart(figure)}  ${'sent'.padStart(figure)}  ${'verdict'.padEnd(16)}`;
  const lines = days.map(({ day, stage, cap, sent, mark }, index) => {
    const bar = barOf(sent, cap, plan.targetPerDay, width);
    const at = `${String(stage).padStart(3)}/${String(plan.caps.length).padEnd(3)}`;
    return `${String(index + 1).padStart(4)}  ${dayText(day)}  ${at}  ${grouped(cap).padStart(figure)}  ${grouped(sent).padStart(figure)}  ${MARKS[mark].label.padEnd(16)}${bar}`.trimEnd();
  });
  const reasons = days
    .filter(({ mark }) => mark !== 'passed' && mark !== 'idle' && mark !== 'full' && mark !== 'partly')
    .map(({ day, why }) => `  day ${day - trial.startsOn + 1}: ${why}`);
  return [
    `${grouped(trial.pattern.weekly)} messages a week over one IP, ${grouped(trial.pattern.busiest)} on the busiest day, schedule ${trial.schedule} of ${policy.title}, ${trial.clock} clock.`,
    '',
    head.trimEnd(),
    ...lines,
    '',
    `Planned: ${counted(plan.caps.length, 'stage')}, until ${dayText(plan.finishesOn)}, day ${plan.finishesOn - trial.startsOn + 1}.`,
    '',
    ...(reasons.length > 0 ? ['Days that did not pass:', ...reasons, ''] : []),
    outcomeWords(outcomeOf(trialled, minimumDays), trialled.finishesOn !== null),
  ];
}

/** The days as CSV, for a sheet: one line each, with a head. */
export function simulationCsv({ days }: Trialled): string[] {
  const lines = days.map(({ day, stage, stageCap, cap, sent, delivered, verdict }, index) =>
    [index + 1, dayText(day), stage, stageCap, cap, sent, delivered, verdict].join(','),
  );
  return ['day,date,stage,stage_cap,cap,sent,delivered,verdict', ...lines];
}

/** What was sent as a bar, and up to what was allowed as dots. */
function barOf(sent: number, cap: number, most: number, width: number): string {
  const of = (count: number): number => (count === 0 ? 0 : Math.max(1, Math.round((count / most) * width)));
  return `${'█'.repeat(of(sent))}${'·'.repeat(Math.max(0, of(cap) - of(sent)))}`;
}
