// S-27: lists of addresses and ranges, and whether an address is in one. Pure.
import { isIP } from 'node:net';
import ipaddr, { type IPv4, type IPv6 } from 'ipaddr.js';
import { ok, type Result, refused } from '../../result.ts';

/** Addresses and ranges in their one normal form, like `203.0.113.0/24`. */
export type Ranges = readonly string[];

export const MOST_RANGES = 100;

type Address = IPv4 | IPv6;

/** An address as a list writes it: IPv4 within IPv6 (`::ffff:203.0.113.7`) is IPv4. null where the text is not an address. */
export function plainAddress(text: string | undefined): string | null {
  const address = read((text ?? '').replace(/%.*$/, ''));
  return address && written(address);
}

/** A client may come as IPv4 within IPv6, where the listener takes both. */
function read(text: string): Address | null {
  return isIP(text) === 0 ? null : ipaddr.process(text);
}

const written = (address: Address): string =>
  address.kind() === 'ipv6' ? (address as IPv6).toRFC5952String() : address.toString();

/** Whether a client at `address` is let in by all `lists`. An address that cannot be read is let in by no list. */
export function isWithin(lists: readonly Ranges[], address: string | undefined): boolean {
  if (lists.length === 0) return true;
  const found = plainAddress(address);
  if (found === null) return false;
  const client = ipaddr.parse(found);
  return lists.every((ranges) => ranges.some((range) => matches(client, range)));
}

function matches(client: Address, range: string): boolean {
  const [network, bits] = ipaddr.parseCIDR(withLength(range));
  return network.kind() === client.kind() && client.match(network, bits);
}

const withLength = (range: string): string =>
  range.includes('/') ? range : `${range}/${range.includes(':') ? 128 : 32}`;

/** Whether an address is one of a private network or of the machine itself: behind a proxy that is not declared all are. */
export const isPrivate = (address: string): boolean => ipaddr.parse(address).range() !== 'unicast';

/** Reads a list, one address or range on each line. Refused with a sentence about the first line that is wrong. */
export function readRanges(text: string): Result<Ranges, string> {
  const lines = text.split('\n').map((line) => line.trim());
  const count = lines.filter(Boolean).length;
  if (count > MOST_RANGES) return refused(`There are ${count} lines; ${MOST_RANGES} fit. Join neighbours into ranges.`);
  const ranges = new Set<string>();
  for (const [index, line] of lines.entries()) {
    if (line === '') continue;
    const range = readRange(line);
    if (!range.ok) return refused(`Line ${index + 1}: ${range.problem}`);
    ranges.add(range.value);
  }
  return ok([...ranges]);
}

const EXAMPLES = 'Write it like 203.0.113.7, 203.0.113.0/24 or 2001:db8::/48.';

function readRange(line: string): Result<string, string> {
  const [, text = '', bits] = /^([0-9a-f:.]{2,45})(?:\/([0-9]{1,3}))?$/i.exec(line) ?? [];
  if (isIP(text) === 0) return refused(`${line.slice(0, 60)} is not an address or a range. ${EXAMPLES}`);
  const address = ipaddr.parse(text);
  if (address.kind() === 'ipv6' && (address as IPv6).isIPv4MappedAddress())
    return refused(`${line} is an IPv4 address written as IPv6. Write ${asIpv4(address as IPv6, bits)}.`);
  const most = address.kind() === 'ipv6' ? 128 : 32;
  if (bits === undefined || Number(bits) === most) return ok(written(address));
  if (Number(bits) === 0) return refused(`${line} is every address. To let everybody in, leave the list empty.`);
  if (Number(bits) > most)
    return refused(`${line} ends in /${bits}; a range of ${nameOf(address)} has at most /${most}.`);
  const network = networkOf(address, Number(bits));
  if (network === written(address)) return ok(`${network}/${Number(bits)}`);
  return refused(
    `${line} begins in the middle of a range. Write ${network}/${Number(bits)} for the whole range, or ${written(address)} for the one address.`,
  );
}

const nameOf = (address: Address): string => (address.kind() === 'ipv6' ? 'IPv6' : 'IPv4');

function networkOf(address: Address, bits: number): string {
  const range = `${address.toString()}/${bits}`;
  const { IPv4, IPv6 } = ipaddr;
  return written(address.kind() === 'ipv6' ? IPv6.networkAddressFromCIDR(range) : IPv4.networkAddressFromCIDR(range));
}

function asIpv4(address: IPv6, bits: string | undefined): string {
  const plain = address.toIPv4Address().toString();
  return bits === undefined || Number(bits) < 97 ? plain : `${plain}/${Number(bits) - 96}`;
}
