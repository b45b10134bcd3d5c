// How many IPs suit some mail by a policy: in all, and by stream where each can have IPs of its own (C-08, S-05, S-06). Pure.
import type { Policy } from '../document/policy.ts';
import { recommendedIps } from './recommend.ts';

/** Messages a week of each stream. */
type Mail = { readonly marketing: number; readonly transactional: number };

/** The IPs of one stream, and what goes over them in a week. */
export type StreamSize = { readonly stream: keyof Mail; readonly weekly: number; readonly count: number };

export type Sizing = {
  /** Messages a week, of both streams. */
  readonly weekly: number;
  /** How many IPs the volume is enough for; null: the policy asks for no volume. */
  readonly most: number | null;
  /** How many are advised, in all. */
  readonly count: number;
  /** The IPs of each stream; none where both share them. */
  readonly streams: readonly StreamSize[];
};

/**
 * How many IPs a week's mail suits. Under a policy that advises two from a volume on (S-05) each stream has its own from there, where
 * both are sent and each is enough for an IP.
 */
export function sizeFor(policy: Policy, mail: Mail): Sizing {
  const weekly = mail.marketing + mail.transactional;
  const { weeklyVolumePerIp: perIp, twoIpsFromMonthlyVolume: two } = policy;
  const most = perIp.value === null ? null : Math.floor(weekly / perIp.value);
  const own = (['marketing', 'transactional'] as const).map((stream) => ({
    ...{ stream, weekly: mail[stream], count: ofStream(policy, mail[stream]) },
  }));
  const isApart = two.value !== null && weekly * 52 >= two.value * 12 && own.every(({ count }) => count > 0);
  const streams = isApart ? own : [];
  const together = weekly === 0 ? 0 : recommendedIps(policy, weekly, 'both').count;
  const count = isApart ? own.reduce((sum, one) => sum + one.count, 0) : together;
  return { weekly, most, count, streams };
}

/** How many IPs one kind of mail has for itself (messages a week): S-05 counts both kinds. */
function ofStream(policy: Policy, weekly: number): number {
  if (weekly <= 0) return 0;
  const alone = { ...policy, twoIpsFromMonthlyVolume: { value: null, rule: 'own choice' } };
  return recommendedIps(alone, weekly, 'both').count;
}
