import { z } from 'zod';

/** Where a value comes from. */
export const rule = z
  .string({ error: 'needs the rule that it comes from, such as "C-08", or "own choice"' })
  .regex(/^([CSR]-\d\d|own choice)$/, 'must be a rule number such as "C-08", or "own choice"');

const needsRule = 'must be written {"value": …, "rule": "C-08"} or {"value": …, "rule": "own choice"}';

/** A short name for files, addresses and forms. */
export const key = z.string('must be a text').regex(/^[a-z][a-z0-9_-]*$/, 'must be a short lower-case name');

/** The schema of a value that must name its rule. */
export const ruled = <T extends z.ZodType>(value: T) =>
  z.strictObject({ value, rule }, { error: (issue) => (issue.code === 'invalid_type' ? needsRule : undefined) });

/** Whole and at least one: messages, IPs, days. */
export const count = z.int('must be a whole number').positive('must be at least 1');

/** Whole, zero allowed: cents, included IPs. */
export const countOrZero = z.int('must be a whole number').nonnegative('must not be negative');

/** A share of mail: 0.05 is 5 %. */
export const rate = z
  .number('must be a number')
  .positive('must be above 0')
  .max(1, 'must be at most 1 (write 5 % as 0.05)');

/** A short text that must say something. */
export const words = z.string('must be a text').trim().min(1, 'must not be empty');
