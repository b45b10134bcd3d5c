// S-24: how wanted an account's mail is, as whole points from 1 (poor) to 5 (excellent) for each of five metrics. Pure.
import type { Policy } from '../../policy/document/policy.ts';

/** The metrics by the names that SendGrid's API gives them. */
export const metricNames = [
  'engagement_recency',
  'open_rate',
  'bounce_classification',
  'bounce_rate',
  'spam_rate',
] as const;
export type MetricName = (typeof metricNames)[number];

/** What some days' mail came to. Sums, all in messages. */
export type EngagementSums = {
  readonly sent: number;
  readonly bounced: number;
  readonly complained: number;
  /** Mail of which a mail system said whether it was opened, how much of it was, and how much by privacy proxies alone. */
  readonly openKnown: number;
  readonly opened: number;
  readonly openedByProxy: number;
  /** Whether privacy proxies were told apart at all. */
  readonly knowsProxies: boolean;
  /** Mail of which it said whether something in it was clicked, and how much of it was. */
  readonly clickKnown: number;
  readonly clicked: number;
  /** Mail to those who had engaged in the last 30, 90 and 180 days, longer ago, and never. */
  readonly recency: readonly [number, number, number, number, number];
  /** Mail of which it said why it bounced, and the bounces that blame the sender's reputation or the content. */
  readonly classKnown: number;
  readonly blocked: number;
};

/** `rate`: a share from 0 to 1, of `known` messages. `limits`: the rates for 5, 4, 3 and 2. */
export type Metric = {
  readonly name: MetricName;
  readonly rate: number;
  readonly known: number;
  readonly score: number;
  readonly limits: readonly number[];
};

/** A metric that cannot be judged: nothing about it was reported, or about too few messages. */
export type Missing = {
  readonly name: MetricName;
  readonly why: 'not reported' | 'too little';
  readonly known: number;
};

export type EngagementQuality = {
  /** The mean of the metrics that are known, rounded to a whole point. */
  readonly score: number;
  readonly metrics: readonly Metric[];
  readonly missing: readonly Missing[];
};

export type EngagementRules = Policy['engagementQuality'];

/**
 * The engagement quality of some mail; null: too little was sent to judge (`minimumMessages`). More complaints or bounces
 * of the same mail never score better, and neither do recipients who engaged longer ago. Every rate is a share of what was
 * sent, so that no bounce makes another rate look better.
 *
 * - recency: the mean weight of messages by how lately their recipients had opened or clicked (`recencyWeights`);
 * - open rate: opened by people, of the mail but for what privacy proxies alone opened, as nobody knows who read that;
 * - bounce classification: bounces that blame reputation or content; bounce rate: all others, those without a class too;
 * - spam rate: complaints.
 */
export function engagementQuality(sums: EngagementSums, rules: EngagementRules): EngagementQuality | null {
  const { sent, bounced, complained, blocked } = sums;
  if (sent < rules.minimumMessages.value) return null;
  const recencyKnown = sums.recency.reduce((all, one) => all + one, 0);
  const weighed = sums.recency.reduce((all, one, nth) => all + one * (rules.recencyWeights.value[nth] ?? 0), 0);
  const judge = (name: MetricName, part: number, known: number, told = known): Metric | Missing => {
    if (told === 0) return { name, why: 'not reported', known: 0 };
    if (known < rules.minimumKnown.value) return { name, why: 'too little', known };
    const { limits, isReached } = scaleOf(name, rules);
    const nth = limits.findIndex((limit) => isReached(part, limit * known, ROUNDING * known));
    return { name, rate: part / known, known, limits, score: nth < 0 ? 1 : 5 - nth };
  };
  const judged = [
    judge('engagement_recency', weighed, recencyKnown),
    judge('open_rate', sums.opened, sums.openKnown - sums.openedByProxy, sums.openKnown),
    judge('bounce_classification', blocked, sums.classKnown),
    judge('bounce_rate', bounced - blocked, sent),
    judge('spam_rate', complained, sent),
  ];
  const metrics = judged.filter((one) => 'score' in one);
  const missing = judged.filter((one) => 'why' in one);
  const mean = metrics.reduce((all, { score }) => all + score, 0) / metrics.length;
  return { score: Math.round(mean), metrics, missing };
}

// 0.6 of ten messages is six, whatever binary fractions make of it.
const ROUNDING = 1e-9;

type IsReached = (part: number, limit: number, rounding: number) => boolean;
const atLeast: IsReached = (part, limit, rounding) => part + rounding >= limit;
const atMost: IsReached = (part, limit, rounding) => part <= limit + rounding;

function scaleOf(
  name: MetricName,
  { recency, openRate, blockRate, bounceRate, spamRate }: EngagementRules,
): { readonly limits: readonly number[]; readonly isReached: IsReached } {
  if (name === 'engagement_recency') return { limits: recency.value, isReached: atLeast };
  if (name === 'open_rate') return { limits: openRate.value, isReached: atLeast };
  const limits = { bounce_classification: blockRate, bounce_rate: bounceRate, spam_rate: spamRate }[name].value;
  return { limits, isReached: atMost };
}

const NONE: EngagementSums = {
  ...{ sent: 0, bounced: 0, complained: 0, openKnown: 0, opened: 0, openedByProxy: 0, knowsProxies: false },
  ...{ clickKnown: 0, clicked: 0, recency: [0, 0, 0, 0, 0], classKnown: 0, blocked: 0 },
};

/** Adds up what several days' mail came to. */
export const sumEngagement = (all: readonly EngagementSums[]): EngagementSums =>
  all.reduce((sum, one) => {
    const add = (name: Exclude<keyof EngagementSums, 'recency' | 'knowsProxies'>) => sum[name] + one[name];
    const [a, b, c, d, e] = sum.recency;
    const [v, w, x, y, z] = one.recency;
    return {
      ...{ sent: add('sent'), bounced: add('bounced'), complained: add('complained') },
      ...{ openKnown: add('openKnown'), opened: add('opened'), openedByProxy: add('openedByProxy') },
      ...{ knowsProxies: sum.knowsProxies || one.knowsProxies, clickKnown: add('clickKnown'), clicked: add('clicked') },
      recency: [a + v, b + w, c + x, d + y, e + z],
      ...{ classKnown: add('classKnown'), blocked: add('blocked') },
    };
  }, NONE);
