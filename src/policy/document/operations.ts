// The part of a policy by which mail is carried: shared pools, mailbox providers, how warm-up moves and what brakes it.
import { z } from 'zod';
import { showsNothing } from '../../visible.ts';
import { count, key, rate, ruled, words } from './sourced-value.ts';

const region = z.enum(['us', 'eu'], 'must be "us" or "eu"');
const domainName = z
  .string('must be a text')
  .regex(/^([a-z0-9-]+\.)+[a-z0-9-]+$/, 'must be a domain name in lower case');

/** C-02: a shared pool, by the name that the mail servers know it by. `addresses`: its IPs, where Warmdesk writes them. */
const pool = z.strictObject({
  key,
  kind: z.enum(['default', 'transactional'], 'must be "default" or "transactional"'),
  region,
  /** S-01: 1 is the best; pools of lower tiers take mail once they have addresses. Not given: 1. */
  tier: count.optional(),
  addresses: z.array(z.union([z.ipv4('must be an IP address'), z.ipv6('must be an IP address')])),
});

/** Who receives mail: known by the recipient's domain, or by the name of the server that takes it. */
const provider = z.strictObject({
  key: key.refine((name) => name !== 'other', 'must not be "other": that stands for every unlisted provider'),
  name: words,
  domains: z.array(domainName),
  mx: z.array(domainName),
});

const blocklist = z.strictObject({ zone: domainName.max(200, 'must be shorter'), name: words });

export const blocklistsSchema = ruled(
  z
    .array(blocklist)
    .max(20, 'must be at most 20 lists')
    .refine((lists) => new Set(lists.map(({ zone }) => zone)).size === lists.length, 'must not name a zone twice'),
);

/**
 * What reviewers go through by hand for each kind of request. Customers never read it. `required`: what is not ticked holds up
 * an approval without a reason.
 */
const checklist = z
  .array(
    words
      .max(200, 'must be at most 200 characters')
      .refine((text) => !/\p{Cc}/u.test(text) && !showsNothing(text), 'must be one line of text'),
  )
  .max(20, 'must be at most 20 items')
  .refine((all) => new Set(all).size === all.length, 'must not name one twice');

export const checklistSchema = ruled(
  z.strictObject({ dedicated_ip: checklist, transactional_pool: checklist, required: z.boolean().optional() }),
).default({
  value: { dedicated_ip: [], transactional_pool: [] },
  rule: 'own choice',
});

export const poolsSchema = z.array(pool).min(1, 'must have at least one pool');
export const providersSchema = ruled(z.array(provider));

/** Where mail above a warming IP's cap goes, first to last. */
const overflow = z
  .array(
    z.enum(['warm-ips', 'pool', 'wait'], 'must be "warm-ips", "pool" or "wait"'),
    'must be a list of overflow routes, first to last',
  )
  .min(1, 'must name at least one overflow route')
  .refine((routes) => new Set(routes).size === routes.length, 'must not name one twice');

const dayOfYear = z
  .string('must be a text')
  .regex(/^(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$/, 'must be a month and a day such as "12-25"');

const limits = z.strictObject({ hold: ruled(rate), pause: ruled(rate) });

/** All rates are of the last `windowDays` days, as shares; below the minimum sample nobody is judged. */
const brakes = z.strictObject({
  windowDays: ruled(count),
  minimumSample: ruled(count),
  minimumComplaintSample: ruled(count),
  bounce: limits,
  complaint: limits,
  /** At or below this share delivered, the plan holds. */
  deliveryHold: ruled(rate),
  /** Above this share deferred by one provider, that provider's share is slowed. */
  deferralSlow: ruled(rate),
  /** Share of a hold limit from which the cap is cut beforehand, and what is left of the cap; then of a held one. */
  weakFrom: ruled(rate),
  weakCap: ruled(rate),
  heldCap: ruled(rate),
});

export const warmupSchema = z.strictObject({
  schedule: words,
  /** `progress`: a stage passes when its mail was delivered. `calendar`: with the date. */
  clock: ruled(z.enum(['progress', 'calendar'], 'must be "progress" or "calendar"')),
  /** Share of a stage's volume that has to be delivered for it to pass, over as many days as it takes. */
  passedShare: ruled(rate),
  /** Earlier versions read it; policies that have it stay readable. */
  countsFrom: ruled(rate).optional(),
  minimumDays: ruled(count),
  coldAfterIdleDays: ruled(count),
  /** Hours after midnight UTC until a day's counts are taken to be in. */
  judgeAfterHours: ruled(count.max(23, 'must be at most 23')),
  overflow: ruled(overflow),
  /** Days of the year (`12-25`) on which forecasts expect no mailing of those who do not mail every day. */
  restDays: ruled(
    z.array(dayOfYear).refine((days) => new Set(days).size === days.length, 'must not name one twice'),
  ).default({
    value: ['12-24', '12-25', '12-26', '12-31', '01-01'],
    rule: 'own choice',
  }),
  /** S-16: an IP can be asked for with automated warm-up only where the account has another warm IP for the overflow. */
  needsWarmIp: ruled(z.boolean('must be true or false')).default({ value: false, rule: 'own choice' }),
  /** S-15: whether the customer may leave automated warm-up out. */
  optional: ruled(z.boolean('must be true or false')).default({ value: false, rule: 'own choice' }),
  /** What bad rates of a warm IP bring: `hold` cuts what it carries, where the rest has an overflow route; `alarm` tells only. */
  warm: ruled(z.enum(['alarm', 'hold'], 'must be "alarm" or "hold"')).default({ value: 'hold', rule: 'own choice' }),
  /** What a warming IP's listing on a blocklist brings: `pause` pauses its warm-up; `tell` tells staff only. */
  listed: ruled(z.enum(['pause', 'tell'], 'must be "pause" or "tell"')).default({ value: 'pause', rule: 'own choice' }),
  brakes,
});
