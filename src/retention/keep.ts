// For how long what nothing needs for ever is kept. docs/retention.md says what stays, and why. Pure.
import { z } from 'zod';

/** For how long something is kept: `forever` (null), or days. `least`: pages and rules look back so far. */
const keeping = (least: number, otherwise: number) =>
  z
    .string()
    .refine(
      (text) => text === 'forever' || (/^[0-9]{1,5}$/.test(text) && Number(text) >= least),
      `must be forever, or a number of days, at least ${least}`,
    )
    .default(String(otherwise))
    .transform((text) => (text === 'forever' ? null : Number(text)));

/** The settings, each with its least and its default number of days. */
export const keepSettings = {
  // Patterns are learnt from half a year of counts.
  KEEP_COUNTS_DAYS: keeping(200, 800),
  // Longer than the counts by default: a report that comes again is about mail that is not counted any more.
  KEEP_BATCHES_DAYS: keeping(30, 820),
  // Replies to a mail are taken for 90 days.
  KEEP_MAILS_DAYS: keeping(120, 400),
  KEEP_INBOUND_DAYS: keeping(120, 400),
  KEEP_RAW_DAYS: keeping(1, 30),
  KEEP_WARMUP_DAYS: keeping(90, 400),
  // Pages show four weeks of them.
  KEEP_OUTSIDE_DAYS: keeping(90, 400),
  KEEP_LISTINGS_DAYS: keeping(90, 800),
  KEEP_LINKS_DAYS: keeping(1, 90),
};

/** For how many days each is kept; null: forever. */
export type Keep = Readonly<
  Record<
    'counts' | 'batches' | 'mails' | 'inbound' | 'raw' | 'warmups' | 'outside' | 'listings' | 'links',
    number | null
  >
>;

/** What the settings say. */
export const keepOf = (settings: { readonly [Name in keyof typeof keepSettings]: number | null }): Keep => ({
  counts: settings.KEEP_COUNTS_DAYS,
  batches: settings.KEEP_BATCHES_DAYS,
  mails: settings.KEEP_MAILS_DAYS,
  inbound: settings.KEEP_INBOUND_DAYS,
  raw: settings.KEEP_RAW_DAYS,
  warmups: settings.KEEP_WARMUP_DAYS,
  outside: settings.KEEP_OUTSIDE_DAYS,
  listings: settings.KEEP_LISTINGS_DAYS,
  links: settings.KEEP_LINKS_DAYS,
});
