// What pages say of a score and its parts. Pure.
import type { Published } from '../policy/document/plain-words.ts';
import type { Policy } from '../policy/document/policy.ts';
import { counted, grouped, percent } from '../wording.ts';
import type { Score, ScorePart } from './score.ts';

const TITLES: Readonly<Record<ScorePart, string>> = {
  complaint: 'Reported as spam',
  bounce: 'Bounced',
  deferral: 'Deferred',
};

/** A part as pages draw it: `filled` of its bar, in percent. */
export type PartRow = {
  readonly key: ScorePart;
  readonly title: string;
  readonly rate: string;
  readonly points: string;
  readonly most: number;
  readonly filled: number;
  readonly worst: string;
};

/** The parts of a score; their points are written with one decimal, as they add up to the score before it is rounded. */
export const partRows = ({ parts }: Score): PartRow[] =>
  parts.map(({ name, rate, points, most, worst }) => ({
    key: name,
    title: TITLES[name],
    rate: percent(rate),
    points: String(Math.round(points * 10) / 10),
    most,
    filled: Math.round((points / most) * 1000) / 10,
    worst: percent(worst),
  }));

/** Why there is no score. */
export const unjudged = (sent: number, { minimumSample, reputation }: Policy): string =>
  `Too little mail to judge: ${grouped(sent)} messages in ${reputation.windowDays.value} days; scores begin at ${grouped(minimumSample.value)}.`;

/** S-02, as everybody who signs in may read it; nothing where the policy has no such rule. */
export function limitRules({ reputation: { dailyLimits, windowDays } }: Policy): Published[] {
  if (dailyLimits.value === null) return [];
  const rows = [...dailyLimits.value.steps].reverse().map(({ from, perDay, timesUsual }) => {
    const most =
      perDay === null
        ? 'no limit'
        : `${timesUsual} times your busiest day, and at least ${grouped(perDay)} messages a day`;
    return `from ${from} points ${most}`;
  });
  return [
    {
      about: 'Daily limit',
      sentence: `Your reputation score, of the last ${counted(windowDays.value, 'day')}, sets how much you may send a day over shared IPs: ${rows.join('; ')}. What is more is deferred until the next day and never bounces. You are told before that happens.`,
    },
  ];
}
