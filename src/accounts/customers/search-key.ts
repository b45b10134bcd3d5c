// What somebody typed into a search, as the tables have it. Pure.
import { isIPv6, SocketAddress } from 'node:net';
import { domainToASCII } from 'node:url';
import { nameKey } from '../person.ts';

/** The key by which names are looked for; null: no name has what neither database can store. */
export function searchKey(text: string): string | null {
  const key = nameKey(text.trim());
  return key === '' || /\p{Cc}/u.test(key) || !key.isWellFormed() ? null : key;
}

/** A key as domains are kept: `bücher.de` is xn--bcher-kva.de. */
export const asDomain = (key: string): string => (/^\p{ASCII}*$/u.test(key) ? key : domainToASCII(key) || key);

/** A key as addresses are kept, where the whole of one is given: `2001:0db8::0001` is 2001:db8::1. */
export const asAddress = (key: string): string =>
  isIPv6(key) ? new SocketAddress({ address: key, family: 'ipv6' }).address : key;
