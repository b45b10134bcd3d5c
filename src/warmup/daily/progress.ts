// What a day with good rates does for a plan: it adds to the stage, passes it, or completes the plan. Pure.
import type { Day } from '../../day.ts';
import { poolTakesBeyondWarm } from '../../policy/document/overflow.ts';
import type { Policy } from '../../policy/document/policy.ts';
import type { Counts } from '../../sending/counts.ts';
import { counted, grouped, percent } from '../../wording.ts';
import { type Climb, capOfStage, climbDay, countDay, isClimbed } from '../climb.ts';
import { capNow, leastDay, type PlanState } from '../state.ts';
import type { DayFacts } from './day-facts.ts';
import type { Evaluation, Next, Say } from './evaluation.ts';
import { keptBack } from './throttled-providers.ts';

/** Adds a day's mail to the plan and says what came of it. */
export function progress(
  state: PlanState,
  facts: DayFacts,
  today: Counts,
  { warmup, say }: { readonly warmup: Policy['warmup']; readonly say: Say },
): Evaluation {
  const { day } = facts;
  const { plan, stage, clock } = state;
  const end = (at: Climb) => ending({ ...state, ...at }, facts, warmup, say);
  if (today.sent === 0 && clock === 'progress')
    return isClimbed(state, plan) ? end(state) : say('hold', 'No mail went over the IP, so the day does not count.');
  const all = facts.whole?.find((one) => one.day === day)?.all ?? 0;
  const cap = capNow({ ...state, status: 'running' }) ?? plan.targetPerDay;
  const kept = keptBack(state.slowed, facts);
  const mail = { day, over: today.sent, all, delivered: today.delivered, cap, kept };
  if (state.capPercent < 100) {
    const why = 'Bounces and complaints are well within the limits again: the stage has its whole cap back.';
    return say('hold', why, { ...climbOf(countDay(state, mail)), capPercent: 100 });
  }
  if (clock === 'calendar') return byDate(state, countDay(state, mail), end, { day, say });
  const at = climbDay(state, plan, mail, warmup.passedShare.value);
  if (!at.passed) return say('not-yet', notYet(state, at, today, warmup), climbOf(at));
  if (stage >= plan.caps.length) return end(at);
  const enough = `${grouped(today.delivered)} of ${counted(today.sent, 'message')} were delivered`;
  const before = state.progress > 0 ? ', enough with those of the days before' : '';
  return say('advance', `${enough}${before}: on to stage ${at.stage}.`, climbOf(at));
}

const climbOf = ({ stage, progress, carried, stageSince, limitedOn }: Climb): Partial<Next> => ({
  stage,
  progress,
  carried,
  stageSince,
  limitedOn,
});

function notYet({ plan, stage, progress }: PlanState, at: Climb, today: Counts, warmup: Policy['warmup']): string {
  const volume = capOfStage(plan, stage);
  const now = `${grouped(today.delivered)} of ${counted(today.sent, 'message')} were delivered`;
  const all = progress > 0 ? `, ${grouped(at.progress)} at this stage so far` : '';
  return `${now}${all}; the stage passes at ${percent(warmup.passedShare.value)} of its ${grouped(volume)}.`;
}

/** By the calendar a stage passes with its day; but what carried nothing is not warm. */
function byDate(
  state: PlanState,
  at: Climb,
  end: (at: Climb) => Evaluation,
  { day, say }: { readonly day: Day; readonly say: Say },
): Evaluation {
  const { plan, stage } = state;
  if (stage < plan.caps.length) {
    const change = { ...climbOf(at), stage: stage + 1, stageSince: day + 1 };
    return say('advance', `Day ${stage} is over: on to stage ${stage + 1}.`, change);
  }
  if (at.progress > 0) return end(at);
  return say('not-yet', 'The plan is over, but the IP has carried no mail yet, so it is not warm.', climbOf(at));
}

/** The last stage is passed: complete, unless the least days are not over. */
function ending(at: PlanState, { day, hasPool }: DayFacts, warmup: Policy['warmup'], say: Say): Evaluation {
  const { plan } = at;
  if (day < leastDay(at, warmup.minimumDays.value)) {
    const nth = day - plan.startsOn + 1;
    const why = `The last stage is passed on day ${nth}; warm-up takes at least ${counted(warmup.minimumDays.value, 'day')}.`;
    return say('hold', why, climbOf(at));
  }
  const over = at.clock === 'calendar' ? 'The plan is over' : 'The last stage is passed';
  const why = `${over}: warm-up is complete, with ${counted(at.carried, 'message')} on the busiest day.`;
  // Where no warm IP is held back, nothing would carry what a provider's limit keeps off it.
  const limits = hasPool !== false && poolTakesBeyondWarm(warmup) ? {} : { slowed: {} };
  return say('complete', why, { ...climbOf(at), ...limits, warmedTo: Math.max(1, at.carried) });
}
