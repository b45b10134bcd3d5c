// How receivers took a warming IP's mail, held against the policy's brakes. Pure.
import type { Policy } from '../../policy/document/policy.ts';
import { type Counts, sumOf } from '../../sending/counts.ts';

/** `look`: so much that it holds a plan, maybe as a weak signal (S-26); `bad`: above the limit that pauses it. */
export type RateTone = 'good' | 'look' | 'bad';
/** A share of mail; null: too little mail to judge. */
export type Rate = { readonly share: number; readonly tone: RateTone } | null;
export type Rates = {
  readonly sent: number;
  readonly delivered: Rate;
  readonly deferred: Rate;
  readonly bounced: Rate;
  readonly complained: Rate;
};

type Brakes = Policy['warmup']['brakes'];

/** Rates of some mail. Complaints are counted against what was delivered, as the brakes do. */
export function ratesOf(counts: Omit<Counts, 'deferred'> & { deferred?: number }, brakes: Brakes): Rates {
  const { sent, delivered, deferred = 0, bounced, complained } = counts;
  const enough = sent >= brakes.minimumSample.value;
  const rate = (share: number, tone: (share: number) => RateTone, judged = enough): Rate =>
    judged ? { share, tone: tone(share) } : null;
  const over = (limits: Brakes['bounce']) => (share: number) =>
    share > limits.pause.value ? 'bad' : share > limits.hold.value * brakes.weakFrom.value ? 'look' : 'good';
  return {
    sent,
    delivered: rate(delivered / sent, (share) => (share <= brakes.deliveryHold.value ? 'look' : 'good')),
    deferred: rate(deferred / sent, (share) => (share > brakes.deferralSlow.value ? 'look' : 'good')),
    bounced: rate(bounced / sent, over(brakes.bounce)),
    complained: rate(complained / delivered, over(brakes.complaint), delivered >= brakes.minimumComplaintSample.value),
  };
}

export type ProviderRates = Rates & {
  readonly key: string;
  readonly name: string;
  /** Messages a day that it gets at most, where it deferred or bounced mail; null: as many as the cap. */
  readonly limit: number | null;
};

/** One row for each mailbox provider that got mail or is slowed, in the policy's order, others last. */
export function providerRates(
  counts: readonly (Counts & { readonly provider: string })[],
  slowed: Readonly<Record<string, number>>,
  { warmup, providers }: Pick<Policy, 'warmup' | 'providers'>,
): ProviderRates[] {
  const known = providers.value.map(({ key, name }) => ({ key, name }));
  const others = { key: 'other', name: 'Other providers' };
  const named = new Set(known.map(({ key }) => key));
  return [...known, others]
    .map(({ key, name }) => {
      const own = counts.filter(({ provider }) => (named.has(provider) ? provider : 'other') === key);
      return { key, name, limit: slowed[key] ?? null, ...ratesOf(sumOf(own), warmup.brakes) };
    })
    .filter(({ sent, limit }) => sent > 0 || limit !== null);
}

/** How bad it is, for an order with the worst first: the larger of bounces and complaints, each as a share of its limit. */
export function badness(counts: Omit<Counts, 'deferred'> | undefined, brakes: Brakes): number {
  if (counts === undefined) return -1;
  const { bounced, complained } = ratesOf(counts, brakes);
  if (bounced === null && complained === null) return -1;
  return Math.max(
    (bounced?.share ?? 0) / brakes.bounce.hold.value,
    (complained?.share ?? 0) / brakes.complaint.hold.value,
  );
}
