// Asks the blocklists about addresses.
import { BlockList } from 'node:net';
import type { Resolver } from '../../dns/resolver.ts';
import { type Blocklist, faultOf, queryName, TEST_ENTRIES, type Verdict, verdictOn } from './blocklist.ts';

export type ListVerdict = { readonly list: Blocklist; readonly verdict: Verdict };

type Asking = Pick<Resolver, 'a'>;

/**
 * Asks each list whether it works, then each of those that do about every address. Returns what they say, by address.
 * Where all addresses are for documentation, as in the demo, nobody is asked anything.
 */
export async function lookAtLists(
  dns: Asking,
  lists: readonly Blocklist[],
  addresses: readonly string[],
): Promise<Map<string, ListVerdict[]>> {
  const isForAll = addresses.every(isForDocumentation);
  const faults = isForAll ? [] : await Promise.all(lists.map((list) => faultIn(dns, list)));
  const ask = async (address: string, list: Blocklist, fault: string | null): Promise<ListVerdict> => {
    if (fault !== null) return { list, verdict: { state: 'unknown', says: fault } };
    return { list, verdict: verdictOn(await dns.a(queryName(address, list.zone))) };
  };
  const looked = await Promise.all(
    addresses.map(async (address) => {
      if (isForDocumentation(address)) return [address, lists.map((list) => ({ list, verdict: CLEAN }))] as const;
      return [address, await Promise.all(lists.map((list, nth) => ask(address, list, faults[nth] ?? null)))] as const;
    }),
  );
  return new Map(looked);
}

const CLEAN: Verdict = { state: 'clean' };

const faultIn = async (dns: Asking, { zone }: Blocklist): Promise<string | null> =>
  faultOf(
    ...(await Promise.all([dns.a(queryName(TEST_ENTRIES.listed, zone)), dns.a(queryName(TEST_ENTRIES.clean, zone))])),
  );

// RFC 5737, RFC 3849: the demo's. Nobody is asked about them.
const documentation = new BlockList();
for (const network of ['192.0.2.0', '198.51.100.0', '203.0.113.0']) documentation.addSubnet(network, 24, 'ipv4');
documentation.addSubnet('2001:db8::', 32, 'ipv6');

/** Whether an address is reserved for documentation: DNS is never asked about it. */
export const isForDocumentation = (address: string): boolean =>
  documentation.check(address, address.includes(':') ? 'ipv6' : 'ipv4');
