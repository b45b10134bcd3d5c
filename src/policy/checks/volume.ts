import { counted, grouped, inWords, listed } from '../../wording.ts';
import type { Policy } from '../document/policy.ts';
import { type Check, finding } from './check.ts';
import type { DedicatedFacts } from './facts.ts';

/** Some IPs, and the mail of all the domains that would use them. */
type Gate = {
  readonly ips: number;
  /** Messages a week that they need. */
  readonly needed: number;
  /** Messages a week that there are. */
  readonly weekly: number;
  readonly names: readonly string[];
};

/**
 * C-08: a dedicated IP needs a minimum weekly volume, summed over all domains that use it. That is asked of the new IPs by
 * the mail of the domains asked for; and with the IPs that those use already, by the mail of all domains on them. An
 * IP of the account that carries other mail counts for neither. Returns the gate that lacks most; null where the policy
 * asks for no volume.
 */
function gateOf(policy: Policy, facts: DedicatedFacts, asked: number, others: number): Gate | null {
  const perIp = policy.weeklyVolumePerIp.value;
  if (perIp === null) return null;
  const own = facts.domains.map(({ name }) => name);
  const gate = (ips: number, weekly: number, names: readonly string[]) => ({ ips, needed: perIp * ips, weekly, names });
  const all = gate(facts.joined + facts.asked.ipCount, asked + others, [...own, ...(facts.sharing?.names ?? [])]);
  const alone = gate(facts.asked.ipCount, asked, own);
  return facts.sharing !== null && lackOf(alone) > Math.max(0, lackOf(all)) ? alone : all;
}

const lackOf = ({ needed, weekly }: Gate): number => needed - weekly;

/** C-08: what was measured beside what the IPs need; null: no complete week is measured, or no volume is needed. */
export function measuredGate(policy: Policy, facts: DedicatedFacts): Gate | null {
  const own = ownWeekly(facts);
  if (facts.measured.weekly === null || own === null) return null;
  return gateOf(policy, facts, own, facts.sharing?.weekly ?? 0);
}

/** Whether what was measured is too little. Then it says what to do, and the stated volume does not say another figure. */
const fallsShort = (policy: Policy, facts: DedicatedFacts): boolean => {
  const gate = measuredGate(policy, facts);
  return gate !== null && lackOf(gate) > 0;
};

export const statedVolume: Check<DedicatedFacts> = (policy, facts, at) => {
  const { weeklyVolume } = facts.asked;
  const { sharing } = facts;
  const gate = gateOf(policy, facts, weeklyVolume, sharing?.weekly ?? 0);
  if (gate === null) return null;
  const passes = lackOf(gate) <= 0;
  const withOthers =
    sharing && gate.weekly > weeklyVolume ? ` and ${grouped(sharing.weekly)} measured from ${few(sharing.names)}` : '';
  return finding({
    check: 'stated-volume',
    rule: policy.weeklyVolumePerIp.rule,
    title: 'Stated volume',
    fact: `${grouped(weeklyVolume)} a week over ${few(facts.domains.map(({ name }) => name)) || 'no domain'}${withOthers}`,
    limit: limit(gate),
    verdict: passes ? 'passes' : 'fails',
    says: [
      `${passes ? 'You expect enough' : 'You expect too little'} mail for ${counted(gate.ips, 'IP')}.`,
      `You expect ${grouped(weeklyVolume)} a week${withOthers}; ${need(facts, gate)}.`,
    ],
    ...(fallsShort(policy, facts) ? {} : wayOut(policy, facts, gate, 'you expect')),
    source: 'request',
    asOf: at,
  });
};

export const measuredVolume: Check<DedicatedFacts> = (policy, facts) => {
  const { weekly, meanOf, asOf } = facts.measured;
  const gate = gateOf(policy, facts, ownWeekly(facts) ?? 0, facts.sharing?.weekly ?? 0);
  if (gate === null) return null;
  const about = {
    check: 'measured-volume' as const,
    rule: policy.weeklyVolumePerIp.rule,
    title: 'Measured volume',
    limit: limit(gate),
    source: 'mail servers',
    asOf,
  };
  if (weekly === null || ownWeekly(facts) === null) {
    return finding({
      ...about,
      fact: 'no complete week measured',
      verdict: 'look',
      says: [
        'Not measured yet.',
        `We have not measured a whole week of your mail yet; ${need(facts, gate)}. A reviewer looks at this.`,
      ],
      remedy: 'Send over us for four full weeks, Monday to Sunday, so that we can measure your volume.',
    });
  }
  const passes = lackOf(gate) <= 0;
  const weeks = gate.names.length === facts.domains.length ? (facts.sharing?.asked.meanOf ?? meanOf) : meanOf;
  return finding({
    ...about,
    fact: `${grouped(gate.weekly)} a week${from(gate.names)}, ${weeks === 1 ? 'the only one measured' : `mean of ${weeks} weeks`}`,
    verdict: passes ? 'passes' : 'fails',
    says: [
      `${passes ? 'Enough' : 'Too little'} mail for ${counted(gate.ips, 'IP')}.`,
      `We measured ${grouped(gate.weekly)} a week${from(gate.names)} over the last ${weeks === 1 ? 'week, the first' : counted(weeks, 'week')}; ${need(facts, gate)}.`,
    ],
    ...wayOut(policy, facts, gate, 'we measured'),
  });
};

/**
 * Own choice: a statement far from what was measured, above or below, needs an explanation. Too much buys a first stage
 * that nobody's mail fills; too little would end warm-up in a jump to what is really sent.
 */
export const growthStated: Check<DedicatedFacts> = (policy, facts, at) => {
  const stated = facts.asked.weeklyVolume;
  const measured = ownWeekly(facts);
  if (measured === null) return null;
  const factor = policy.statedToMeasuredFactor;
  const times = Math.round(factor.value * 100);
  const isFarMore = stated * 100 > times * measured;
  const isFarLess = stated * times < measured * 100;
  const both = `You expect ${grouped(stated)} a week; we measured ${grouped(measured)}.`;
  return finding({
    check: 'stated-to-measured',
    rule: factor.rule,
    title: 'Stated against measured',
    fact: `${grouped(stated)} stated, ${grouped(measured)} measured`,
    limit: `at most ${grouped(factor.value)} times apart`,
    verdict: isFarMore || isFarLess ? 'look' : 'passes',
    says: isFarMore
      ? ['Much more than you send today.', `${both} A reviewer looks at more than ${grouped(factor.value)} times that.`]
      : isFarLess
        ? [
            'Much less than you send today.',
            `${both} Warm-up goes by what was measured, or it would end in a jump; a reviewer looks at why you expect so much less.`,
          ]
        : ['Your forecast fits your sending.', both],
    remedy: isFarLess
      ? 'Say in your request which mail will no longer be sent, or expect as much as you send.'
      : 'Say in your request what will bring the additional mail.',
    source: 'request',
    asOf: at,
  });
};

/** What the domains asked for send in a week; null: no complete week is measured. */
const ownWeekly = ({ measured, sharing }: DedicatedFacts): number | null => (sharing?.asked ?? measured).weekly;

/**
 * The weekly volume that IPs can be given for: the lesser of what is stated and measured, with the mail of the domains that
 * share IPs with those asked for.
 */
export const volumeForIps = (facts: DedicatedFacts): number =>
  Math.min(facts.asked.weeklyVolume, ownWeekly(facts) ?? facts.asked.weeklyVolume) + (facts.sharing?.weekly ?? 0);

const MOST_NAMED = 3;
/** Some domains by name: `a.example, b.example and 48 more`. */
export const few = (names: readonly string[]): string =>
  listed(names.length > MOST_NAMED ? [...names.slice(0, 2), `${grouped(names.length - 2)} more`] : [...names]);

const from = (names: readonly string[]): string => (names.length === 0 ? '' : ` from ${few(names)}`);

const limit = ({ ips, needed }: Gate): string => `≥ ${grouped(needed)} for ${grouped(ips)} ${ips === 1 ? 'IP' : 'IPs'}`;

const need = ({ joined, asked }: DedicatedFacts, { ips, needed }: Gate): string => {
  const withJoined = ips > asked.ipCount ? `, with the ${inWords(joined)} that these domains use already,` : '';
  return `${counted(ips, 'IP')}${withJoined} ${ips === 1 ? 'needs' : 'need'} ${grouped(needed)}`;
};

/** The volume to reach, and what lacks of which figure; and the smaller number of IPs for which volume and limits are enough. */
const wayOut = (policy: Policy, facts: DedicatedFacts, gate: Gate, than: 'you expect' | 'we measured') => {
  const fewer = enoughFor(policy, facts);
  return {
    remedy: `Reach ${grouped(gate.needed)} a week: ${grouped(lackOf(gate))} more than ${than}.`,
    ...(fewer < 1 ? {} : { instead: `Or ask for ${counted(fewer, 'IP')} instead of ${inWords(facts.asked.ipCount)}.` }),
  };
};

const enoughFor = (policy: Policy, facts: DedicatedFacts): number => {
  const { value: perIp } = policy.weeklyVolumePerIp;
  const all = volumeForIps(facts);
  const own = all - (facts.sharing?.weekly ?? 0);
  const enough = (volume: number) => (perIp === null ? facts.asked.ipCount : Math.floor(volume / perIp));
  return Math.min(enough(all) - facts.joined, enough(own), policy.maxIpsPerRequest.value);
};
