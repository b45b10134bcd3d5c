import { capitalised, counted, grouped, inWords } from '../../wording.ts';
import type { Policy } from '../document/policy.ts';
import { type Check, finding } from './check.ts';
import type { DedicatedFacts } from './facts.ts';

/**
 * C-08: a dedicated IP needs a minimum weekly volume, summed over all domains that use it. An account needs it for
 * every IP that it would then have. The volume the customer states is held against it, and the volume that was measured.
 */
export const statedVolume: Check<DedicatedFacts> = (policy, facts, at) => {
  const volume = facts.asked.weeklyVolume;
  const passes = volume >= needed(policy, facts);
  return finding({
    check: 'stated-volume',
    rule: policy.weeklyVolumePerIp.rule,
    title: 'Stated volume',
    fact: `${grouped(volume)} a week over ${counted(facts.domains.length, 'domain')}`,
    limit: limit(policy, facts),
    verdict: passes ? 'passes' : 'fails',
    says: [
      `${passes ? 'You expect enough' : 'You expect too little'} mail for ${allIps(facts)}.`,
      `You expect ${grouped(volume)} a week; ${need(policy, facts)}.`,
    ],
    remedy: remedy(policy, facts, volume),
    source: 'request',
    asOf: at,
  });
};

export const measuredVolume: Check<DedicatedFacts> = (policy, facts) => {
  const { weekly, meanOf, asOf } = facts.measured;
  const about = {
    check: 'measured-volume' as const,
    rule: policy.weeklyVolumePerIp.rule,
    title: 'Measured volume',
    limit: limit(policy, facts),
    source: 'mail servers',
    asOf,
  };
  if (weekly === null) {
    return finding({
      ...about,
      fact: 'no complete week measured',
      verdict: 'look',
      says: [
        'Not measured yet.',
        `We have not measured a whole week of your mail yet; ${need(policy, facts)}. A reviewer looks at this.`,
      ],
      remedy: 'Send over us for four full weeks, Monday to Sunday, so that we can measure your volume.',
    });
  }
  const passes = weekly >= needed(policy, facts);
  return finding({
    ...about,
    fact: `${grouped(weekly)} a week, ${meanOf === 1 ? 'the only one measured' : `mean of ${meanOf} weeks`}`,
    verdict: passes ? 'passes' : 'fails',
    says: [
      `${passes ? 'Enough' : 'Too little'} mail for ${allIps(facts)}.`,
      `We measured ${grouped(weekly)} a week over the last ${meanOf === 1 ? 'week, the first' : counted(meanOf, 'week')}; ${need(policy, facts)}.`,
    ],
    remedy: remedy(policy, facts, weekly),
  });
};

/** Own choice: a statement far above what was measured needs an explanation. */
export const growthStated: Check<DedicatedFacts> = (policy, { asked, measured }, at) => {
  if (measured.weekly === null) return null;
  const factor = policy.statedToMeasuredFactor;
  const passes = asked.weeklyVolume * 100 <= Math.round(factor.value * 100) * measured.weekly;
  const both = `${grouped(asked.weeklyVolume)} stated, ${grouped(measured.weekly)} measured`;
  return finding({
    check: 'stated-to-measured',
    rule: factor.rule,
    title: 'Stated against measured',
    fact: both,
    limit: `≤ ${grouped(factor.value)} × measured`,
    verdict: passes ? 'passes' : 'look',
    says: passes
      ? [
          'Your forecast fits your sending.',
          `You expect ${grouped(asked.weeklyVolume)} a week; we measured ${grouped(measured.weekly)}.`,
        ]
      : [
          'Much more than you send today.',
          `You expect ${grouped(asked.weeklyVolume)} a week; we measured ${grouped(measured.weekly)}. A reviewer looks at more than ${grouped(factor.value)} times that.`,
        ],
    remedy: 'Say in your request what will bring the additional mail.',
    source: 'request',
    asOf: at,
  });
};

const total = ({ held, asked }: DedicatedFacts): number => held + asked.ipCount;
const needed = (policy: Policy, facts: DedicatedFacts): number => policy.weeklyVolumePerIp.value * total(facts);
const allIps = (facts: DedicatedFacts): string => counted(total(facts), 'IP');

const limit = (policy: Policy, facts: DedicatedFacts): string =>
  `≥ ${grouped(needed(policy, facts))} for ${grouped(total(facts))} ${total(facts) === 1 ? 'IP' : 'IPs'}`;

const need = (policy: Policy, facts: DedicatedFacts): string => {
  const { held } = facts;
  const withHeld = held > 0 ? `, with the ${inWords(held)} that you have,` : '';
  return `${allIps(facts)}${withHeld} ${total(facts) === 1 ? 'needs' : 'need'} ${grouped(needed(policy, facts))}`;
};

/** The missing volume; and the smaller number of IPs, where the volume and the other limits are enough for that. */
const remedy = (policy: Policy, facts: DedicatedFacts, volume: number): string => {
  const more = `send ${grouped(needed(policy, facts) - volume)} more a week`;
  const fewer = enoughFor(policy, facts);
  if (fewer < 1) return `${capitalised(more)}.`;
  return `${capitalised(more)}, or ask for ${counted(fewer, 'IP')} instead of ${inWords(facts.asked.ipCount)}.`;
};

const enoughFor = (policy: Policy, { asked, held, measured }: DedicatedFacts): number => {
  const volume = Math.min(asked.weeklyVolume, measured.weekly ?? asked.weeklyVolume);
  return Math.min(Math.floor(volume / policy.weeklyVolumePerIp.value) - held, policy.maxIpsPerRequest.value);
};
