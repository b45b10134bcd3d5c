// What a message takes of a cap: one for each recipient, by mailbox provider. Pure.
import type { Ip } from './sending-domain.ts';

/** A number of recipients at a mailbox provider, by its key; '' for recipients of whom nothing but their number is known. */
export type Part = { readonly provider: string; readonly count: number };

/** Whom a message is for; a provider at most once. */
export type Load = readonly Part[];

export const NOTHING: Load = Object.freeze([]);

/** Recipients of a message. */
export function sizeOf(load: Load): number {
  let size = 0;
  for (const { count } of load) size += count;
  return size;
}

/** Counts recipients by their provider. */
export function loadOf(providers: Iterable<string>): Load {
  const counts = new Map<string, number>();
  for (const provider of providers) counts.set(provider, (counts.get(provider) ?? 0) + 1);
  return Array.from(counts, ([provider, count]) => ({ provider, count }));
}

/** Exactly `size` recipients: those of `named` first, the further ones without a provider. */
export function ofSize(named: Load, size: number): Load {
  const load: Part[] = [];
  let missing = size;
  for (const { provider, count } of named) {
    const taken = Math.min(count, missing);
    if (taken > 0) load.push({ provider, count: taken });
    missing -= taken;
  }
  if (missing > 0) load.push({ provider: '', count: missing });
  return load;
}

/**
 * A load as it counts at an IP: providers that are slowed there each for themselves, all others together as ''. null where
 * recipients are not known that may be at a slowed one.
 */
export function countedAt({ warmup }: Pick<Ip, 'warmup'>, load: Load): Load | null {
  const slowed = warmup?.slowed ?? {};
  if (Object.keys(slowed).length === 0) return [{ provider: '', count: sizeOf(load) }];
  if (load.some(({ provider }) => provider === '')) return null;
  const apart = load.filter(({ provider }) => slowed[provider] !== undefined);
  const others = sizeOf(load) - sizeOf(apart);
  return others === 0 && apart.length > 0 ? apart : [...apart, { provider: '', count: others }];
}
