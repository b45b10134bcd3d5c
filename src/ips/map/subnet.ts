// The subnets that receivers judge as one neighbourhood: a /24 of IPv4, a /64 of IPv6. Pure.
import ipaddr from 'ipaddr.js';
import { normalAddress } from '../address.ts';

/** The subnet of an address in normal form, as CIDR in normal form. */
export function subnetOf(address: string): string {
  if (!address.includes(':')) return `${address.slice(0, address.lastIndexOf('.'))}.0/24`;
  return `${normalAddress(ipaddr.IPv6.networkAddressFromCIDR(`${address}/64`).toString()) ?? ''}/64`;
}

/** A subnet as the address of a page names it; undefined for what is none in normal form. */
export function subnetIn(text: unknown): string | undefined {
  const [, written = '', bits] = (typeof text === 'string' && /^([0-9a-f:.]{2,39})\/(24|64)$/.exec(text)) || [];
  const address = normalAddress(written);
  if (address === undefined || (bits === '64') !== address.includes(':')) return undefined;
  return subnetOf(address) === text ? subnetOf(address) : undefined;
}

/** Where an address is on the map. */
export const mapPath = (address: string): string => `/inventory/map?subnet=${encodeURIComponent(subnetOf(address))}`;

const bytesOf = (subnet: string): number[] => ipaddr.parse(subnet.replace(/\/\d+$/, '')).toByteArray();

/** Sorts things by their subnet or address, IPv4 first. */
export function inOrder<T>(all: readonly T[], of: (one: T) => string): T[] {
  const keyed = all.map((one) => ({ one, bytes: bytesOf(of(one)) }));
  return keyed.toSorted((a, b) => compare(a.bytes, b.bytes)).map(({ one }) => one);
}

function compare(one: readonly number[], other: readonly number[]): number {
  if (one.length !== other.length) return one.length - other.length;
  const at = one.findIndex((byte, index) => byte !== other[index]);
  return at < 0 ? 0 : (one[at] ?? 0) - (other[at] ?? 0);
}
