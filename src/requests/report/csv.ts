// The report as a file for spreadsheets: one figure a line. Pure.
import { isoMonth, type Month } from '../../charges/ledger.ts';
import { csvField } from '../../csv.ts';
import { outcomes, type Report } from './report.ts';

const HOUR = 3_600_000;
const inHours = (ms: number): string => (ms / HOUR).toFixed(2);

const FIGURES = ['approved', 'offered', 'declined', 'second', 'overrides'] as const;

/** A head, and a line for each figure: the month, what it is about, of whom or what, which figure, and how much. Times are working hours. */
export function reportCsv(month: Month, { reviewers, overrides, times, outcomes: found }: Report): string {
  const lines = [
    ...reviewers.flatMap((one) => FIGURES.map((figure) => ['reviewer', csvField(one.name), figure, one[figure]])),
    ...overrides.map(({ check, count }) => ['override', csvField(check), 'requests', count]),
    ...times.flatMap(({ kind, count, half, ninety }) => [
      ['time_to_decision', kind, 'requests', count],
      ['time_to_decision', kind, 'median_hours', inHours(half)],
      ['time_to_decision', kind, 'p90_hours', inHours(ninety)],
    ]),
    ...outcomes.map((outcome) => ['outcome_after_90_days', outcome.replace(' ', '_'), 'ips', found[outcome]]),
  ];
  return [['month', 'about', 'of', 'figure', 'value'], ...lines.map((line) => [isoMonth(month), ...line])]
    .map((fields) => `${fields.join(',')}\r\n`)
    .join('');
}
