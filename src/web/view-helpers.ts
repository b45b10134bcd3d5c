import { formatMoney } from '../money.ts';
import { type HourBarsInput, hourBars } from './charts/hour-bars.ts';
import { type PatternStripInput, patternStrip } from './charts/pattern-strip.ts';
import { type PlanCurveInput, planCurve } from './charts/plan-curve.ts';
import { type ProviderStripRow, providerStrip } from './charts/provider-strip.ts';
import { type RateChartInput, rateChart } from './charts/rate-chart.ts';
import { type VolumeBarsInput, volumeBars } from './charts/volume-bars.ts';
import { type WarmupCurveInput, warmupCurve } from './charts/warmup-curve.ts';
import { dates } from './view-dates.ts';
import { compact, number, percent, plural } from './view-numbers.ts';

/**
 * What views call to write figures and instants. `timeZone` is the viewer's (an IANA name; one that is not known
 * counts as UTC), `now` the instant of the answer in milliseconds: nothing here reads a clock.
 */
export function viewHelpers(timeZone: string, now: number) {
  return {
    number,
    compact,
    percent,
    /** Integer cents and a currency of three letters: `$50`, `$12.50`. */
    money: formatMoney,
    plural,
    ...dates(timeZone, now),
    rateChart: (input: RateChartInput) => rateChart(input),
    volumeBars: (input: VolumeBarsInput) => volumeBars(input),
    warmupCurve: (input: WarmupCurveInput) => warmupCurve(input),
    hourBars: (input: HourBarsInput) => hourBars(input),
    patternStrip: (input: PatternStripInput) => patternStrip(input),
    planCurve: (input: PlanCurveInput) => planCurve(input),
    providerStrip: (rows: readonly ProviderStripRow[]) => providerStrip(rows),
  };
}

export type ViewHelpers = ReturnType<typeof viewHelpers>;
