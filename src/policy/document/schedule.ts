import { z } from 'zod';
import { count, ruled, words } from './sourced-value.ts';

const pace = z.strictObject({ days: ruled(count), weeklyVolume: ruled(count) });

const own = (value: number) => ({ value, rule: 'own choice' });

/**
 * C-14: a plan takes from `longest` to `shortest`, on a logarithmic scale, or as many sending days as `leastStages` and
 * doubling need. It rises by the same factor from its first day, which has `firstDay` messages, and where measured mail
 * of few sending days needs it up to `firstDayAtMost`.
 */
const growth = z.strictObject({
  kind: z.literal('growth'),
  firstDay: ruled(count),
  firstDayAtMost: ruled(count).default(own(4000)),
  leastStages: ruled(count).default(own(9)),
  longest: pace,
  shortest: pace,
});

const rising = (rows: number[]): boolean => rows.every((row, i) => row >= (rows[i - 1] ?? 0));

/** S-20: published rows, one a day, each the most that an IP may send in an hour or a day. */
const table = z.strictObject({
  kind: z.literal('table'),
  title: words,
  source: words,
  note: words.optional(),
  per: z.enum(['day', 'hour'], 'must be "day" or "hour"'),
  rows: z.array(count).min(1, 'must have at least one row').refine(rising, 'must never fall from one row to the next'),
  rule: z.string('needs the rule that it comes from').regex(/^([CSR]-\d\d|own choice)$/, 'must be a rule number'),
});

export const scheduleSchema = z.discriminatedUnion('kind', [growth, table], {
  error: 'must be a schedule with "kind": "growth" or "table"',
});

/** How fast a new IP may rise: a curve that fits the volume, or a published table. */
export type Schedule = z.infer<typeof scheduleSchema>;
