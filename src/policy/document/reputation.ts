// The part of a policy by which reputation is scored, and what follows from a score.
import { z } from 'zod';
import { count, rate, ruled } from './sourced-value.ts';

const score = z.int('must be a whole number').min(0, 'must not be negative').max(100, 'must be at most 100');
const times = z.number('must be a number').nonnegative('must not be negative');

/** Points for a rate of nothing, and the rate from which there are none. */
const part = z.strictObject({ points: ruled(count), worst: ruled(rate) });

/** At most `perDay` messages a day or `timesUsual` times the busiest day, whichever is more; `perDay` null: no limit. */
const allowance = z.strictObject({ perDay: count.nullable(), timesUsual: times });
const step = allowance.extend({ from: score });
type Step = z.infer<typeof step>;

const most = ({ perDay }: Step): number => perDay ?? Number.POSITIVE_INFINITY;
const rising = (steps: readonly Step[]): boolean =>
  steps.every((one, nth) => {
    const before = steps[nth - 1];
    if (before === undefined) return one.from === 0;
    const isUsual = one.perDay === null || one.timesUsual >= before.timesUsual;
    return one.from > before.from && most(one) >= most(before) && isUsual;
  });

/** S-02: the steps from the lowest score on, and what holds of accounts with too little mail to judge. */
const dailyLimits = z.strictObject({
  unjudged: allowance,
  steps: z
    .array(step)
    .min(1, 'must have at least one step')
    .refine(rising, 'must begin at 0 and rise from step to step, in score and in what may be sent'),
});

const falling = (from: readonly number[]): boolean =>
  from.at(-1) === 0 && from.every((one, nth) => nth === 0 || one < (from[nth - 1] ?? 0));

/** S-01, C-02: the least score of each tier of shared pools, the best first. */
const tiers = z.strictObject({
  from: z.array(score).min(1, 'must have at least one tier').refine(falling, 'must fall from tier to tier, down to 0'),
  /** Points above a better tier's least score that it takes to go there, and days after any move before it can. */
  margin: z.int('must be a whole number').min(1, 'must be at least 1').max(50, 'must be at most 50'),
  raiseDays: z.int('must be a whole number').min(7, 'must be at least 7: one step a week upwards'),
});

/** C-02: days from a warning to the lower tier, and the rates of the last tier from which a domain is stopped. */
const removal = z.strictObject({ graceDays: count, stopAt: z.strictObject({ bounce: rate, complaint: rate }) });

const own = <T>(value: T) => ({ value, rule: 'own choice' });

export const reputationSchema = z
  .strictObject({
    /** Complete days that a score is of. */
    windowDays: ruled(count.max(90, 'must be at most 90')),
    complaint: part,
    bounce: part,
    deferral: part,
    /** null: the provider's document has no such rule, so reputation limits no account. */
    dailyLimits: ruled(dailyLimits.nullable()),
    // Not in policies that were adopted before there were these.
    tiers: ruled(tiers.nullable()).default(own(null)),
    removal: ruled(removal.nullable()).default(own(null)),
  })
  .refine(
    ({ complaint, bounce, deferral }) => complaint.points.value + bounce.points.value + deferral.points.value === 100,
    'the points of complaint, bounce and deferral must add up to 100',
  )
  .default({
    windowDays: own(28),
    complaint: { points: own(50), worst: own(0.003) },
    bounce: { points: own(35), worst: own(0.1) },
    deferral: { points: own(15), worst: own(0.5) },
    dailyLimits: own(null),
    tiers: own(null),
    removal: own(null),
  });
