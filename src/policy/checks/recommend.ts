import { capitalised, counted, grouped, inWords, listed } from '../../wording.ts';
import type { Policy } from '../document/policy.ts';
import type { DedicatedFacts, Facts, Stream } from './facts.ts';
import type { Finding } from './finding.ts';

/** The one step that the findings speak for, said to the reviewer. */
export type Recommendation = { verdict: 'approve' | 'look' | 'decline'; title: string; sentence: string };

/** All pass: approve. One fails or blocks: decline, or ask. One needs a look: approve, and it says what to look at. */
export const recommend = (findings: Finding[], facts: Facts): Recommendation => {
  const against = findings.filter(({ verdict }) => verdict === 'fails' || verdict === 'blocks');
  if (against.length > 0) return { verdict: 'decline', title: 'Decline, or ask.', sentence: failures(against) };
  const looks = findings.filter(({ verdict }) => verdict === 'look');
  const what = facts.kind === 'dedicated_ip' ? counted(facts.asked.ipCount, 'IP') : 'the transactional pool';
  const rest = looks.length > 0 ? wants(looks) : `All ${inWords(findings.length)} checks pass.`;
  return {
    verdict: looks.length > 0 ? 'look' : 'approve',
    title: `Approve ${what}.`,
    sentence: [...evidence(facts), rest].join(' '),
  };
};

const failures = (against: Finding[]): string => {
  const named = against.slice(0, 3).map(({ title, fact, limit }) => `${title}: ${fact}; needed: ${limit}.`);
  const more = against.length - named.length;
  return [...named, ...(more > 0 ? [`${capitalised(counted(more, 'more check'))} failed.`] : [])].join(' ');
};

const wants = (looks: Finding[]): string => {
  const named = looks.map(({ title, fact }) => `${title.charAt(0).toLowerCase()}${title.slice(1)} (${fact})`);
  return `${capitalised(counted(looks.length, 'check'))} ${looks.length === 1 ? 'needs' : 'need'} a look: ${listed(named)}.`;
};

const evidence = (facts: Facts): string[] => {
  const { weekly } = facts.measured;
  if (weekly === null) return [];
  const measured = `${grouped(weekly)} a week were measured`;
  return [facts.kind === 'dedicated_ip' ? `${measured}: ${enough(facts)}.` : `${measured} from ${facts.domain.name}.`];
};

const enough = ({ asked, joined }: DedicatedFacts): string =>
  `enough for ${counted(joined + asked.ipCount, 'IP')}${joined > 0 ? ` with ${inWords(joined)} in use today` : ''}`;

type Reason = { rule: string; sentence: string };

/**
 * How many IPs, in all, a weekly volume suits: what the policy advises (S-05, S-06), but never more than its gate (C-08)
 * allows; zero where that allows none. Advice beyond the gate is among the reasons. A month is 52/12 weeks.
 */
export const recommendedIps = (
  policy: Policy,
  weeklyVolume: number,
  stream: Stream,
): { count: number; reasons: Reason[] } => {
  const { weeklyVolumePerIp: perIp, dailyVolumePerIp: perDay, twoIpsFromMonthlyVolume: two } = policy;
  const allowed = perIp.value === null ? Number.POSITIVE_INFINITY : Math.floor(weeklyVolume / perIp.value);
  const forDays = perDay.value === null ? 1 : Math.max(1, Math.ceil(weeklyVolume / (perDay.value * 7)));
  const forStreams = two.value !== null && weeklyVolume * 52 >= two.value * 12 ? 2 : 1;
  const reasons = [
    ...(perIp.value === null ? [] : [{ rule: perIp.rule, sentence: gate(perIp.value, weeklyVolume, allowed) }]),
    ...(two.value !== null && forStreams > 1
      ? [{ rule: two.rule, sentence: streams(two.value, stream, allowed) }]
      : []),
    ...(perDay.value === null ? [] : [{ rule: perDay.rule, sentence: daily(perDay.value, weeklyVolume, forDays) }]),
  ];
  const count = Math.min(allowed, Math.max(forDays, forStreams));
  const { value: most, rule } = policy.maxIpsPerRequest;
  if (count > most)
    reasons.push({ rule, sentence: `One request is for ${upTo(most)}; ask for the next once it is decided.` });
  return { count, reasons };
};

const gate = (perIp: number, weeklyVolume: number, allowed: number): string =>
  allowed === 0
    ? `An IP needs ${grouped(perIp)} a week; with ${grouped(weeklyVolume)} the shared pool serves you better.`
    : `${grouped(weeklyVolume)} a week is enough for ${upTo(allowed)} at ${grouped(perIp)} each.`;

const upTo = (count: number): string => (count === 1 ? 'one IP' : `up to ${counted(count, 'IP')}`);

const streams = (monthly: number, stream: Stream, allowed: number): string => {
  const from = `From ${grouped(monthly)} a month, two IPs are recommended`;
  const why =
    stream === 'both'
      ? 'one for marketing and one for transactional mail'
      : 'so that marketing and transactional mail never share one';
  return `${from}, ${why}${allowed < 2 ? '; your volume does not allow the second yet' : ''}.`;
};

const daily = (perDay: number, weeklyVolume: number, count: number): string =>
  `One IP carries ${grouped(perDay)} a day; your ${grouped(Math.ceil(weeklyVolume / 7))} a day ${count === 1 ? 'fit on one' : `need ${inWords(count)}`}.`;
