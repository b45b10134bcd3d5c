// A mailbox provider that defers mail slows its own share of a warm-up, not the whole plan. Pure.
import type { Policy } from '../../policy/document/policy.ts';
import { type Counts, sumOf } from '../../sending/counts.ts';
import { counted, listed, percent } from '../../wording.ts';
import { FULL } from '../climb.ts';
import { capNow, type PlanState } from '../state.ts';
import type { DayFacts } from './day-facts.ts';

type Slowed = { readonly slowed: Readonly<Record<string, number>>; readonly sentence: string };

/**
 * The limits of providers after a day: half of what it was for one that deferred more than the policy allows, or bounced
 * more than holds a plan while the others did not; doubled for one that took its mail; none any more once that is all that the IP may send.
 * A provider to which nothing was sent keeps its limit, and so does one to which too little was sent to judge it. Once the
 * plan is complete limits only end, at the level that the IP is warmed to, and however little is enough to double one: a
 * sender with less for the provider than its limit would keep it for good. One that the policy no longer lists has none.
 */
export function slow(
  state: PlanState,
  facts: DayFacts,
  { warmup, providers }: Pick<Policy, 'warmup' | 'providers'>,
): Slowed {
  const { brakes } = warmup;
  const isComplete = state.status === 'complete';
  const cap = (isComplete ? state.warmedTo : capNow({ ...state, status: 'running' })) ?? state.plan.targetPerDay;
  const isListed = (key: string) => key === 'other' || providers.value.some((one) => one.key === key);
  const slowed = Object.fromEntries(Object.entries(state.slowed).filter(([key]) => isListed(key)));
  const said: string[] = [];
  const all = sumOf(Object.values(facts.counts));
  for (const [key, day] of Object.entries(facts.counts)) {
    if (!isListed(key)) continue;
    const before = slowed[key];
    // A slowed provider is judged by what it may get, where that is less than the sample; either is at least 1.
    const isEnough = day.sent >= Math.min(brakes.minimumSample.value, before ?? Number.POSITIVE_INFINITY);
    const others = { sent: all.sent - day.sent, bounced: all.bounced - day.bounced };
    const fault = faultOf(day, others, brakes);
    const isTaken = isComplete && day.sent > 0 && fault === null;
    if (!(isEnough || isTaken) || (isComplete && before === undefined)) continue;
    const name = providers.value.find((one) => one.key === key)?.name ?? 'Other providers';
    if (fault !== null) {
      const limit = Math.max(1, Math.floor(Math.min(before ?? day.sent, day.sent) / 2));
      slowed[key] = limit;
      said.push(`${name} ${fault} of its mail and gets at most ${counted(limit, 'message')} a day`);
    } else if (before !== undefined) {
      const limit = before * 2;
      if (limit >= cap) delete slowed[key];
      else slowed[key] = limit;
      said.push(
        limit >= cap ? `${name} takes its mail again` : `${name} gets at most ${counted(limit, 'message')} a day`,
      );
    }
  }
  return { slowed, sentence: said.length === 0 ? '' : `${listed(said)}.` };
}

/** Whether judging a plan takes what its domains sent to each provider: at the last stage, where one is slowed. */
export const asksForProviders = ({ plan, stage, slowed }: Pick<PlanState, 'plan' | 'stage' | 'slowed'>): boolean =>
  stage >= plan.caps.length && Object.keys(slowed).length > 0;

/** Messages of a day that did not go over the IP because its limit for their provider was used up. */
export function keptBack(slowed: PlanState['slowed'], { counts, sentTo = {} }: DayFacts): number {
  return Object.entries(slowed).reduce((sum, [key, limit]) => {
    const over = counts[key]?.sent ?? 0;
    return over < limit * FULL ? sum : sum + Math.max(0, (sentTo[key] ?? 0) - over);
  }, 0);
}

/**
 * The limits in words, as `at most 300 messages a day to Yahoo`; empty where there are none.
 */
export const limitWords = (slowed: PlanState['slowed'], { providers }: Pick<Policy, 'providers'>): string =>
  listed(
    Object.entries(slowed).map(([key, limit], index) => {
      const name = providers.value.find((one) => one.key === key)?.name ?? 'other providers';
      return `${index === 0 ? 'at most ' : ''}${counted(limit, 'message')} a day to ${name}`;
    }),
  );

/**
 * What a provider did with too much of a day's mail, as `deferred 25 %`; null where it took its mail. Bounces everywhere
 * are the list's fault and the whole plan's matter.
 */
function faultOf(
  day: Counts,
  others: Pick<Counts, 'sent' | 'bounced'>,
  { deferralSlow, bounce }: Policy['warmup']['brakes'],
): string | null {
  if (day.deferred / day.sent > deferralSlow.value) return `deferred ${percent(day.deferred / day.sent)}`;
  // Where all mail went to this provider nothing is left to compare with: 0/0 is at most nothing.
  const isAlone = others.bounced / others.sent <= bounce.hold.value;
  return isAlone && day.bounced / day.sent > bounce.hold.value ? `bounced ${percent(day.bounced / day.sent)}` : null;
}
