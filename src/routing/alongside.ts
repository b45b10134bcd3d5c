// What carries the mail of some domains alongside one of their IPs, for the page of that IP's warm-up. Pure.

import { type Carriers, egressOf } from './egress.ts';
import { type Sender, streamOver, usualStream } from './sending-domain.ts';

/**
 * `over`: IPs, then the shared pool, as a sentence names them. `waits`: what those may not carry waits. `isWarmLimited`: warm IPs
 * keep their limits (S-26), because a pool takes what is more. `refusal`: why nothing is sent for any of the domains (C-02);
 * null: something is.
 */
export type Alongside = {
  readonly over: readonly string[];
  readonly waits: boolean;
  readonly isWarmLimited: boolean;
  readonly refusal: string | null;
};

export const SHARED_POOL = 'the shared pool';

/** The egress of these domains' mail today, without the IP itself. */
export function alongsideIp(senders: readonly Sender[], address: string, policy: Carriers): Alongside {
  const ips = new Set<string>();
  const kinds = new Set<string>();
  const refusals: string[] = [];
  let isWarmLimited = false;
  for (const sender of senders) {
    const own = sender.ips.find((ip) => ip.address === address);
    const stream = own ? streamOver(sender, own) : usualStream(sender);
    const { refusal, warming, fallback, beyond } = egressOf(sender, stream, policy);
    if (refusal !== null) refusals.push(refusal);
    for (const { ip } of warming) ips.add(ip.address);
    if (fallback.to === 'ips') for (const ip of fallback.ips) ips.add(ip.address);
    kinds.add(fallback.to);
    isWarmLimited ||= beyond !== null;
  }
  ips.delete(address);
  const over = [...ips, ...(kinds.has('pool') ? [SHARED_POOL] : [])];
  const isRefused = senders.length > 0 && refusals.length === senders.length;
  return { over, waits: kinds.has('wait'), isWarmLimited, refusal: isRefused ? refusals.join(' ') : null };
}
