// S-24: the part of a policy by which engagement quality is scored from 1 to 5.
import { z } from 'zod';
import { count, rate, ruled } from './sourced-value.ts';

const share = z.number('must be a number').min(0, 'must not be negative').max(1, 'must be at most 1');

const isFalling = (of: readonly number[]): boolean => of.every((one, nth) => nth === 0 || one < (of[nth - 1] ?? 0));

/** The rates from which a metric is 5, 4, 3 and 2; anything worse is 1. */
const four = z.tuple([rate, rate, rate, rate], 'must be the four rates for 5, 4, 3 and 2');
const atLeast = ruled(four.refine(isFalling, 'must fall: the rates that 5, 4, 3 and 2 need'));
const atMost = ruled(
  four.refine((rates) => isFalling(rates.toReversed()), 'must rise: the most that 5, 4, 3 and 2 may have'),
);

/** What a message counts by how lately its recipient had engaged: from 30 days to never. */
const weights = z
  .tuple([share, share, share, share, share], 'must be five weights, from 30 days to never')
  .refine((all) => all.every((one, nth) => nth === 0 || one <= (all[nth - 1] ?? 0)), 'must not rise');

const own = <T>(value: T) => ({ value, rule: 'own choice' });

// Not in policies that were adopted before there was a score.
export const engagementSchema = z
  .strictObject({
    /** Complete days that a score is of, and the messages from which there is one. */
    windowDays: ruled(count.max(90, 'must be at most 90')),
    minimumMessages: ruled(count),
    /** Messages of which something has to be known, such as whether they were opened, before it is judged. */
    minimumKnown: ruled(count),
    recencyWeights: ruled(weights),
    recency: atLeast,
    openRate: atLeast,
    blockRate: atMost,
    bounceRate: atMost,
    spamRate: atMost,
  })
  .default({
    windowDays: own(30),
    minimumMessages: own(1000),
    minimumKnown: own(100),
    recencyWeights: own([1, 0.6, 0.3, 0.1, 0]),
    recency: own([0.8, 0.6, 0.4, 0.2]),
    openRate: own([0.3, 0.2, 0.12, 0.06]),
    blockRate: own([0.002, 0.005, 0.01, 0.03]),
    bounceRate: own([0.005, 0.01, 0.02, 0.05]),
    spamRate: own([0.0002, 0.0005, 0.001, 0.003]),
  });
