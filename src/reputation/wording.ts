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

/** S-01, S-02, C-02, as everybody who signs in may read them: those that the policy has. */
export const sharedRules = (policy: Policy): Published[] => [
  ...limitRules(policy),
  ...tierRules(policy.reputation),
  ...removalRules(policy.reputation),
];

function tierRules({ tiers: { value: tiers } }: Policy['reputation']): Published[] {
  if (tiers === null || tiers.from.length < 2) return [];
  const rows = tiers.from.map((from, nth) => `tier ${nth + 1} from ${from} points`).join('; ');
  return [
    {
      about: 'Tiers',
      sentence: `The reputation score of a domain sets with which others it shares IPs: ${rows}. Below that it moves down the next night. It moves up with ${counted(tiers.margin, 'point')} to spare, ${counted(tiers.raiseDays, 'day')} after its last move at the earliest.`,
    },
  ];
}

function removalRules({ tiers, removal: { value: removal } }: Policy['reputation']): Published[] {
  if (removal === null) return [];
  const { bounce, complaint } = removal.stopAt;
  const lower = (tiers.value?.from.length ?? 1) > 1 ? 'it goes to the next lower tier; in the last one ' : '';
  return [
    {
      about: 'Poor performance',
      sentence: `A domain over the limits of its shared pool is warned first. If it still is ${counted(removal.graceDays, 'day')} later, ${lower}it is stopped where more than ${percent(bounce)} of its mail bounces or more than ${percent(complaint)} is reported as spam. You are told the numbers, the cause and how to come back.`,
    },
  ];
}

function limitRules({ reputation: { dailyLimits, windowDays } }: Policy): Published[] {
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
