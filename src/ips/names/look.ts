// Asks DNS about the names of an IP.
import type { Answer } from '../../dns/outcome.ts';
import type { Resolver } from '../../dns/resolver.ts';
import { isForDocumentation as isDemoName } from '../../domains/name.ts';
import { isForDocumentation as isDemoAddress } from '../listings/look.ts';
import { judgeFree, judgeLinked, type NameLook } from './names.ts';

/** An IP to look at. `name`: what is linked to it, or null; `former`: names that are not its any more. */
export type Subject = { readonly address: string; readonly name: string | null; readonly former: readonly string[] };

/** Whether DNS is asked about it at all: not about what is reserved for documentation, as in the demo. */
export const isAsked = ({ address, name }: Pick<Subject, 'address' | 'name'>): boolean =>
  !isDemoAddress(address) && (name === null || !isDemoName(name));

/** More names than these say nothing better of an address. */
const MOST_NAMES = 5;

export async function lookAtNames(
  dns: Pick<Resolver, 'a' | 'aaaa' | 'ptr'>,
  { address, name, former }: Subject,
): Promise<NameLook> {
  const addressesOf = (host: string): Promise<Answer<string>> => (address.includes(':') ? dns.aaaa(host) : dns.a(host));
  if (name !== null) {
    const [ptr, forward] = await Promise.all([dns.ptr(address), addressesOf(name)]);
    return judgeLinked(name, { address, ptr }, forward);
  }
  const ptr = await dns.ptr(address);
  const names = ptr.outcome === 'found' ? ptr.records.slice(0, MOST_NAMES) : [];
  const forwards = await Promise.all(names.map(async (host) => [host, await addressesOf(host)] as const));
  return judgeFree({ address, ptr }, new Map(forwards), former);
}
