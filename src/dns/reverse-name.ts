// Under which name DNS keeps what belongs to an address. Pure.
import ipaddr from 'ipaddr.js';

/** An address from its end to its beginning: `7.113.0.203`; of an IPv6 address each of its 32 nibbles. */
export function reversed(address: string): string {
  const parsed = ipaddr.parse(address);
  const bytes = parsed.toByteArray();
  const labels =
    parsed.kind() === 'ipv4'
      ? bytes.map(String)
      : bytes.flatMap((byte) => [(byte >> 4).toString(16), (byte & 15).toString(16)]);
  return labels.toReversed().join('.');
}

/** The name of an address's PTR record: `7.113.0.203.in-addr.arpa`, or one below `ip6.arpa`. */
export const reverseName = (address: string): string =>
  `${reversed(address)}.${address.includes(':') ? 'ip6' : 'in-addr'}.arpa`;
