// What a message waits for before it is answered: a block of a cap, or of a warm IP's limit, that is on its way.

import { pick } from '../hash.ts';
import type { Leases } from './cap-leases.ts';
import type { Egress } from './egress.ts';
import { type Load, sizeOf } from './load.ts';
import type { Remembered } from './recent-messages.ts';
import { triedFor, warmingFor } from './route.ts';
import { type Ip, limitOf } from './sending-domain.ts';

type Asked = {
  readonly message: string;
  /** Recipients for whom nothing is spent yet. */
  readonly owed: Load;
  /** What was answered for the message before, if anything. */
  readonly before: Remembered | undefined;
};

/**
 * Resolves once a block arrives that a message lacks, or `most` milliseconds are over; undefined where it lacks none, or
 * none is on its way.
 */
export function blockFor(egress: Egress, asked: Asked, leases: Leases, most: number): Promise<void> | undefined {
  const size = sizeOf(asked.owed);
  if (size === 0) return undefined;
  for (const { first, tried } of choicesOf(egress, asked.message)) {
    if (asked.before !== undefined && asked.before.ip !== first.id) continue;
    if (tried.some((ip) => leases.left(ip, asked.owed) >= size)) return undefined;
    for (const ip of tried) {
      const coming = leases.coming(ip, asked.owed, most);
      if (coming !== undefined) return coming;
    }
  }
  return undefined;
}

/** The IPs that a message is for, one choice after the other: a warming one by its share, then a warm one with a limit. */
function choicesOf(egress: Egress, message: string): { readonly first: Ip; readonly tried: readonly Ip[] }[] {
  const choices: { first: Ip; tried: readonly Ip[] }[] = [];
  const chosen = warmingFor(egress, message);
  if (chosen) choices.push({ first: chosen.ip, tried: triedFor(egress, chosen).map(({ ip }) => ip) });
  const { fallback, beyond } = egress;
  const warm = fallback.to === 'ips' && beyond !== null ? pick(fallback.ips, message) : undefined;
  if (warm && limitOf(warm) !== null) choices.push({ first: warm, tried: [warm] });
  return choices;
}
