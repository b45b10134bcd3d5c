// When a plan ends if mail comes as it usually does: the climb itself, day by day. Pure.
import type { Day } from '../day.ts';
import { expectedMailOn, type Pattern, usualMailOn } from '../sending/pattern.ts';
import {
  allowedAt,
  type Climb,
  climbDay,
  cutTo,
  type DayWhole,
  isClimbed,
  mayBeCut,
  patience,
  realBusiest,
  type Stages,
} from './climb.ts';
import { carriedOf } from './share.ts';

/** A stage passes with this share of its volume; forecasts take the shipped policies' for all. */
const PASSED = 0.9;
/** Days after which a forecast gives up: no pattern takes that long. */
const MOST_DAYS = 3_000;

/** A day that lies ahead: what may go over the IP, and what is expected to. */
export type AheadDay = { readonly day: Day; readonly stage: number; readonly cap: number; readonly over: number };

export type Ahead = { readonly days: readonly AheadDay[]; readonly finishesOn: Day };

/** The first day that lies ahead, and the first on which the plan may be complete. */
type Span = { readonly from: Day; readonly least: Day };

/**
 * The days of a plan from `from` on until it is complete, not before the day `least`, with mail by its pattern and good
 * rates. The plan follows its sender as the daily evaluation has it: it is cut where there is no more mail.
 */
export function ahead(climb: Climb, plan: Stages, pattern: Pattern, { from, least }: Span): Ahead {
  let at = climb;
  let stages = plan;
  const days: AheadDay[] = [];
  const lately: DayWhole[] = [];
  const needed = patience(pattern.period);
  for (let day = from; day < from + MOST_DAYS; day += 1) {
    const all = usualMailOn(pattern, day, from);
    const cap = allowedAt(stages, at.stage, at.carried);
    const over = carriedOf(cap, expectedMailOn(pattern, day), all);
    days.push({ day, stage: at.stage, cap, over });
    lately.push({ day, over, all });
    if (all > 0) at = climbDay(at, stages, { day, over, all, delivered: over, cap }, PASSED);
    if (isClimbed(at, stages) && day >= least) return { days, finishesOn: day };
    if (!mayBeCut(at, day, pattern.period)) continue;
    const busiest = realBusiest(lately.slice(-needed), stages);
    if (busiest === null) continue;
    stages = cutTo(stages, busiest);
    at = { ...at, stage: Math.min(at.stage, stages.caps.length) };
    if (at.stage === stages.caps.length) at = { ...at, progress: busiest };
    if (isClimbed(at, stages) && day >= least) return { days, finishesOn: day };
  }
  return { days, finishesOn: from + MOST_DAYS };
}
