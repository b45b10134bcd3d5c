// Reading the addresses that staff add, one on a line: what can be sent from, and what is wrong with the others. Pure.
import { BlockList } from 'node:net';
import { normalAddress } from './address.ts';

/** A line that cannot be taken, with its number as people count. */
export type BadLine = { readonly line: number; readonly text: string; readonly problem: string };

// Nobody can be reached from these. Addresses reserved for documentation are not among them: the demo has them.
const RANGES: readonly { readonly what: string; readonly networks: readonly string[] }[] = [
  { what: 'a private address', networks: ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', 'fc00::/7'] },
  { what: 'shared among a provider’s customers', networks: ['100.64.0.0/10'] },
  { what: 'an address of the machine itself', networks: ['127.0.0.0/8', '0.0.0.0/8', '::/128', '::1/128'] },
  { what: 'good on one local network only', networks: ['169.254.0.0/16', 'fe80::/10', 'fec0::/10'] },
  { what: 'a multicast address', networks: ['224.0.0.0/4', 'ff00::/8'] },
  {
    what: 'reserved',
    networks: [
      '192.0.0.0/24',
      '192.88.99.0/24',
      '198.18.0.0/15',
      '240.0.0.0/4',
      '100::/64',
      '2001:10::/28',
      '2001:20::/28',
      '5f00::/16',
    ],
  },
  // 6to4, Teredo and translation carry an IPv4 address inside, which may be any of those above.
  {
    what: 'an IPv4 address inside a tunnel',
    networks: ['2002::/16', '2001::/32', '64:ff9b::/96', '64:ff9b:1::/48', '::/96'],
  },
  { what: 'an IPv4 address written as IPv6: write it as IPv4', networks: ['::ffff:0:0/96'] },
];

const familyOf = (address: string) => (address.includes(':') ? 'ipv6' : 'ipv4');

const lists = RANGES.map(({ what, networks }) => {
  const list = new BlockList();
  for (const network of networks) {
    const [address = '', bits] = network.split('/');
    list.addSubnet(address, Number(bits), familyOf(address));
  }
  return { what, list };
});

/** What keeps mail from being sent from an address (in normal form); undefined where nothing does. */
export function uselessness(address: string): string | undefined {
  // BlockList takes an IPv4 address for its IPv6 form, so each list is asked in the address's own family only.
  if (/^::ffff:/i.test(address)) return lists.at(-1)?.what;
  return lists.slice(0, -1).find(({ list }) => list.check(address, familyOf(address)))?.what;
}

/**
 * Reads one address on each line that is not empty. Returns those that can be added, in normal form, and every line that
 * cannot be taken.
 */
export function readAddresses(text: string): { addresses: string[]; bad: BadLine[] } {
  const addresses = new Map<string, number>();
  const bad: BadLine[] = [];
  for (const [index, raw] of text.split(/\r\n?|\n/).entries()) {
    const line = index + 1;
    const plain = raw.trim();
    if (plain === '') continue;
    const address = plain.includes('%') ? undefined : normalAddress(plain);
    const problem = address === undefined ? NO_ADDRESS : problemOf(address, addresses.get(address));
    if (address !== undefined && problem === undefined) addresses.set(address, line);
    else bad.push({ line, text: plain.slice(0, 60), problem: problem ?? NO_ADDRESS });
  }
  return { addresses: [...addresses.keys()], bad };
}

const NO_ADDRESS = 'is not an IP address. Write it like 192.0.2.10 or 2001:db8::10, one on a line.';

function problemOf(address: string, earlier: number | undefined): string | undefined {
  if (earlier !== undefined) return `is the same address as line ${earlier}. Remove one of them.`;
  const useless = uselessness(address);
  return useless === undefined ? undefined : `is ${useless}. Mail cannot be sent from it.`;
}
