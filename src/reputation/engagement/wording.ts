// What pages say about engagement quality (S-24). Pure.
import type { Day } from '../../day.ts';
import { counted, grouped, percent } from '../../wording.ts';
import type { EngagementQuality, EngagementRules, EngagementSums, Metric, MetricName, Missing } from './score.ts';

const TITLES: Readonly<Record<MetricName, string>> = {
  engagement_recency: 'Sent to people who engaged lately',
  open_rate: 'Opened',
  bounce_classification: 'Blocked for reputation or content',
  bounce_rate: 'Bounced for other reasons',
  spam_rate: 'Reported as spam',
};

/** What a mail system has to report for a metric. */
const NEEDED: Readonly<Record<MetricName, string>> = {
  engagement_recency: 'how lately recipients had opened or clicked',
  open_rate: 'which messages were opened',
  bounce_classification: 'why messages bounced',
  bounce_rate: 'which messages bounced',
  spam_rate: 'which messages were reported as spam',
};

const RISING: ReadonlySet<MetricName> = new Set(['engagement_recency', 'open_rate']);

export type MetricRow = {
  readonly key: MetricName;
  readonly title: string;
  readonly rate: string;
  readonly best: string;
  readonly score: number;
};

/** A score as pages show it. */
export type Engaged = {
  readonly day: Day;
  readonly windowDays: number;
  readonly score: number | null;
  /** The same in a few words, for lists of facts. */
  readonly brief: string;
  readonly rows: readonly MetricRow[];
  /** What it lacks, what it counts otherwise, or why there is no score; whole sentences. */
  readonly notes: readonly string[];
};

type Found = { readonly day: Day; readonly sums: EngagementSums; readonly quality: EngagementQuality | null };

const messages = (count: number): string => counted(count, 'message');

/** A score in words. */
export function engaged({ day, sums, quality }: Found, rules: EngagementRules): Engaged {
  const windowDays = rules.windowDays.value;
  if (quality === null) {
    const least = grouped(rules.minimumMessages.value);
    const why = `Too little mail to judge: ${messages(sums.sent)} in ${counted(windowDays, 'day')}. A score needs at least ${least}.`;
    return { day, windowDays, score: null, brief: 'too little mail', rows: [], notes: [why] };
  }
  const notes = [...quality.missing.map((one) => missingWords(one, rules)), ...asideWords(sums)];
  const brief = `${quality.score} of 5${quality.missing.length > 0 ? `, from ${quality.metrics.length} of 5 metrics` : ''}`;
  return { day, windowDays, score: quality.score, brief, rows: quality.metrics.map(metricRow), notes };
}

const metricRow = ({ name, rate, score, limits }: Metric): MetricRow => ({
  ...{ key: name, title: TITLES[name], rate: percent(rate), score },
  best: `${RISING.has(name) ? 'from' : 'up to'} ${percent(limits[0] ?? 0)}`,
});

/** Why a metric is not part of the score. */
export const missingWords = ({ name, why, known }: Missing, { minimumKnown }: EngagementRules): string =>
  why === 'not reported'
    ? `Not part of the score: “${TITLES[name]}”. The mail system does not report ${NEEDED[name]}.`
    : `Not part of the score: “${TITLES[name]}”. It is known for only ${messages(known)}; at least ${grouped(minimumKnown.value)} are needed.`;

function asideWords({ openKnown, opened, openedByProxy, knowsProxies, clickKnown, clicked }: EngagementSums): string[] {
  const proxies =
    openKnown === 0 || (knowsProxies && openedByProxy === 0)
      ? []
      : knowsProxies
        ? [
            `Only privacy proxies opened another ${messages(openedByProxy)}. Nobody knows whether people read that mail, so it is left out of the open rate.`,
          ]
        : opened > 0
          ? [
              'The mail system does not tell opens by privacy proxies apart, so the real open rate is likely to be lower.',
            ]
          : [];
  const clicks = clickKnown === 0 ? [] : [`Clicked: ${percent(clicked / clickKnown)} of ${messages(clickKnown)}.`];
  return [...proxies, ...clicks];
}
