// What pages say about a score and its parts. Pure.
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

/** The parts of a score; their points have one decimal, as they add up to the score before it is rounded. */
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
  `Too little mail to judge: ${grouped(sent)} messages in ${reputation.windowDays.value} days. A score needs at least ${grouped(minimumSample.value)}.`;

/** S-01, S-02, C-02, in words for everybody who signs in: the rules that the policy has. */
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
      sentence: `The reputation score of a domain decides which tier of shared IPs it uses: ${rows}. If the score falls below what its tier needs, the domain moves down the next night. It moves up once its score is ${counted(tiers.margin, 'point')} above what the better tier needs, but no sooner than ${counted(tiers.raiseDays, 'day')} after its last move.`,
    },
  ];
}

function removalRules({ tiers, removal: { value: removal } }: Policy['reputation']): Published[] {
  if (removal === null) return [];
  const { bounce, complaint } = removal.stopAt;
  const lower = (tiers.value?.from.length ?? 1) > 1 ? 'it moves to the next lower tier. In the last tier ' : '';
  return [
    {
      about: 'Poor performance',
      sentence: `A domain over the limits of its shared pool is warned first. If it is still over them ${counted(removal.graceDays, 'day')} later, ${lower}it is stopped if more than ${percent(bounce)} of its mail bounces or more than ${percent(complaint)} is reported as spam. Our mails tell you the numbers, and how it can send again.`,
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
      sentence: `Your reputation score for the last ${counted(windowDays.value, 'day')} sets how much you can send a day over shared IPs: ${rows.join('; ')}. Anything above that is deferred until the next day; it does not bounce. We tell you when a limit is near.`,
    },
  ];
}
