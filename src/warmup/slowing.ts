// One mailbox provider that puts mail off slows its own share of a warm-up, not the whole plan. Pure.
import type { Policy } from '../policy/policy.ts';
import { counted, grouped, listed, percent } from '../wording.ts';
import { capNow, type Standing } from './standing.ts';
import type { DayFacts } from './step.ts';

type Slowed = { readonly slowed: Readonly<Record<string, number>>; readonly sentence: string };

/**
 * The limits of providers after a day: half of what it was for one that put off more than the policy allows, or bounced
 * more than holds a plan; doubled for one that took its mail; none any more once that is all that the IP may send.
 * A provider to which nothing was sent keeps its limit.
 */
export function slow(
  standing: Standing,
  facts: DayFacts,
  { warmup, providers }: Pick<Policy, 'warmup' | 'providers'>,
): Slowed {
  const { brakes } = warmup;
  const cap = capNow({ ...standing, status: 'running' }) ?? standing.plan.targetPerDay;
  const slowed: Record<string, number> = { ...standing.slowed };
  const said: string[] = [];
  for (const [key, day] of Object.entries(facts.counts)) {
    if (day.sent === 0) continue;
    const before = standing.slowed[key];
    if (before === undefined && day.sent < brakes.minimumSample.value) continue;
    const name = providers.value.find((one) => one.key === key)?.name ?? 'Other providers';
    const putOff = day.deferred / day.sent;
    if (putOff > brakes.deferralSlow.value) {
      const limit = Math.max(1, Math.floor(Math.min(before ?? day.sent, day.sent) / 2));
      slowed[key] = limit;
      said.push(`${name} put off ${percent(putOff)} of its mail and gets at most ${grouped(limit)} a day`);
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
