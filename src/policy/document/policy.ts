import { z } from 'zod';
import { accountRoles } from '../../accounts/person.ts';
import { ok, type Result, refused } from '../../result.ts';
import { attachmentsSchema } from './attachments.ts';
import { automaticSchema, selfServiceSchema } from './automatic.ts';
import { checkNames } from './check-names.ts';
import { problemsBetween } from './consistency.ts';
import { engagementSchema } from './engagement.ts';
import { blocklistsSchema, checklistSchema, poolsSchema, providersSchema, warmupSchema } from './operations.ts';
import { reputationSchema } from './reputation.ts';
import { scheduleSchema } from './schedule.ts';
import { count, countOrZero, key, rate, rule, ruled, words } from './sourced-value.ts';

const plan = z.strictObject({
  key,
  name: words,
  dedicatedIps: ruled(z.boolean('must be true or false')),
  includedIps: ruled(countOrZero),
});

const unlike = <T>(items: T[]): boolean => new Set(items).size === items.length;
const anyOf = <T extends string>(choices: readonly [T, ...T[]]) =>
  z.array(z.enum(choices, `must be one of ${choices.join(', ')}`)).refine(unlike, 'must not name one twice');
const someOf = <T extends string>(choices: readonly [T, ...T[]]) =>
  z
    .array(z.enum(choices, `must be one of ${choices.join(', ')}`))
    .min(1, 'must name at least one')
    .refine(unlike, 'must not name one twice');

const policySchema = z.strictObject({
  name: key,
  title: words,
  currency: z.string('must be a text').regex(/^[A-Z]{3}$/, 'must be a currency such as USD'),
  plans: z.array(plan).min(1, 'must have at least one plan'),
  /** null in this and the next ones: the provider's document has no such rule. */
  weeklyVolumePerIp: ruled(count.nullable()),
  extraIpMonthlyCents: ruled(countOrZero),
  twoIpsFromMonthlyVolume: ruled(count.nullable()),
  dailyVolumePerIp: ruled(count.nullable()),
  maxIpsPerRequest: ruled(count),
  newIpsPerMonth: ruled(count.nullable()),
  mayCommitToCost: ruled(someOf(accountRoles).nullable()),
  statedToMeasuredFactor: ruled(z.number('must be a number').min(1, 'must be at least 1')),
  minimumSample: ruled(count),
  maxBounceRate: ruled(rate),
  maxComplaintRate: ruled(rate),
  transactionalPool: z.strictObject({
    /** The rule by which there is this pool; not in policies that were adopted before there was this. */
    rule: rule.default('C-03'),
    maxBounceRate: ruled(rate),
    maxComplaintRate: ruled(rate),
    minimumWeeks: ruled(count.max(12, 'must be at most 12: twelve weeks are kept')),
  }),
  regions: ruled(someOf(['us', 'eu'])),
  /** Days of notice before an IP that was included costs something, when the plan changed. */
  priceNoticeDays: ruled(countOrZero).default({ value: 30, rule: 'own choice' }),
  // Not in policies that were adopted before there were these.
  /** Days on the waitlist after which IPs that come free are kept for an order that needs several. */
  waitlistKeepDays: ruled(countOrZero).default({ value: 30, rule: 'own choice' }),
  /** Days for which what is queued for an IP that was given back may still leave over it; then days of rest before anybody gets it. */
  release: z.strictObject({ drainDays: ruled(countOrZero), quarantineDays: ruled(countOrZero) }).default({
    drainDays: { value: 7, rule: 'own choice' },
    quarantineDays: { value: 30, rule: 'own choice' },
  }),
  /** DNS blocklists that are asked about the IPs in stock. */
  blocklists: blocklistsSchema.default({ value: [], rule: 'own choice' }),
  /** S-19: a domain can be linked to a dedicated IP, and the names of free IPs have to agree; null: the document has no such rule. */
  reverseDns: ruled(z.literal(true, 'must be true or null').nullable()).default({ value: null, rule: 'own choice' }),
  reputation: reputationSchema,
  engagementQuality: engagementSchema,
  /** Whether a new request goes to the reviewer who has least on the desk; else the whole team is told. */
  assignByLoad: ruled(z.boolean('must be true or false')).default({ value: false, rule: 'own choice' }),
  automaticApproval: automaticSchema,
  selfService: selfServiceSchema,
  /** What reviewers go through by hand; on no page of customers. */
  checklist: checklistSchema,
  pinnedRegions: ruled(anyOf(['us', 'eu'])).default({ value: [], rule: 'own choice' }),
  neverOverridden: ruled(anyOf(checkNames)).default({ value: [], rule: 'own choice' }),
  quoteValidDays: ruled(count),
  answerWithinDays: ruled(count),
  decideWithinHours: ruled(count),
  attachments: attachmentsSchema,
  pools: poolsSchema,
  providers: providersSchema,
  warmup: warmupSchema,
  schedules: z.record(key, scheduleSchema),
});

/** What a provider approves, for whom, at what price and how fast: data, the same engine for every provider. */
export type Policy = z.infer<typeof policySchema>;
export type Plan = Policy['plans'][number];
/** A shared pool. */
export type Pool = Policy['pools'][number];

/** Checks a whole policy document (schedules included). Refused with every problem, each led by its field's path. */
export const readPolicy = (json: unknown): Result<Policy, string[]> => {
  const read = policySchema.safeParse(json);
  const wrong = [...(read.error?.issues.flatMap(problems) ?? []), ...problemsBetween(json)];
  return read.success && wrong.length === 0 ? ok(read.data) : refused(wrong);
};

/** The plan with this key, if the policy has it. */
export const planOf = (policy: Policy, key: string): Plan | undefined => policy.plans.find((plan) => plan.key === key);

const problems = (issue: z.core.$ZodIssue): string[] => {
  if (issue.code !== 'unrecognized_keys') return [`${pathOf(issue.path)}: ${issue.message}`];
  return issue.keys.map((name) => `${pathOf([...issue.path, name])}: is not known here`);
};

const pathOf = (path: PropertyKey[]): string => path.map(String).join('.') || 'policy';
