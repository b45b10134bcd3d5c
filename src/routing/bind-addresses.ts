// From which of a machine's addresses a message leaves. Pure.

import { partOf } from '../hash.ts';
import type { Pool } from '../policy/document/policy.ts';
import { bestPool } from '../policy/document/pools.ts';
import type { RouteAnswer } from './route.ts';

/**
 * The addresses that a message may leave from, at most one of each family: the IP's own, or one of the pool's, chosen by
 * `key` so that a message keeps it. An address of the other family comes second, for receivers without an address of the
 * first's: it is the pool's, so that a dedicated IPv6 address loses no mail to receivers without IPv6.
 */
export function bindAddresses(answer: RouteAnswer, pools: readonly Pool[], key: string): string[] {
  if (answer.via === 'ip') {
    const { address, region } = answer.ip;
    const pool = bestPool(pools, region);
    return [address, ...chosen(otherFamily(pool?.addresses ?? [], address), key)];
  }
  if (answer.via !== 'pool') return [];
  const [first] = answer.pool.addresses;
  if (first === undefined) return [];
  const other = otherFamily(answer.pool.addresses, first);
  const same = answer.pool.addresses.filter((address) => !other.includes(address));
  return [...chosen(same, key), ...chosen(other, key)];
}

const isV6 = (address: string): boolean => address.includes(':');

const otherFamily = (addresses: readonly string[], than: string): string[] =>
  addresses.filter((address) => isV6(address) !== isV6(than));

/** The key's own hash chooses whether a message is for a warming IP: for this choice it needs another one. */
function chosen(addresses: readonly string[], key: string): string[] {
  const address = addresses[Math.floor(partOf(`${key} address`) * addresses.length)];
  return address === undefined ? [] : [address];
}
