// Postfix: a transport for each IP and pool (master.cf), and where each sender's mail goes that nothing is said of. Pure.

import { transportOf } from '../postfix/policy-protocol.ts';
import { baseAnswer } from '../route.ts';
import { nameOfIp } from '../transport-name.ts';
import { type Exported, hostOf, usualEgress } from './input.ts';

/** Lines for master.cf. A transport of Postfix has one source address: a pool's is the first of its addresses. */
export function postfixTransports({ ips, policy, helo }: Exported): string {
  const pools = [...policy.pools].sort((a, b) => (a.key < b.key ? -1 : 1));
  const lines = [
    '# Transports of dedicated IPs and shared pools, written by Warmdesk. Do not edit: it is written anew.',
    ...pools.flatMap(({ key, addresses }) => transport(key, addresses[0], helo)),
    ...ips.flatMap(({ address }) => transport(nameOfIp(address), address, helo)),
  ];
  return `${lines.join('\n')}\n`;
}

function transport(name: string, address: string | undefined, helo: string | null): string[] {
  const lines = [`${name} unix - - n - - smtp`, `  -o syslog_name=postfix/${name}`];
  if (address === undefined) return lines;
  const bind = address.includes(':') ? 'smtp_bind_address6' : 'smtp_bind_address';
  lines.push(`  -o ${bind}=${address}`, '  -o smtp_bind_address_enforce=yes');
  lines.push(`  -o inet_protocols=${address.includes(':') ? 'ipv6' : 'ipv4'}`);
  if (helo !== null) lines.push(`  -o smtp_helo_name=${hostOf(address, helo)}`);
  return lines;
}

/** A table (texthash, hash, lmdb) for sender_dependent_default_transport_maps: holds also while Warmdesk is away. */
export function postfixSenders({ senders, policy }: Exported): string {
  const lines = ['# Where the mail of each domain goes that is not for a warming IP, written by Warmdesk.'];
  for (const sender of senders) {
    const { base } = usualEgress(sender, policy);
    const told = baseAnswer(base, sender, sender.name, { share: 1, why: 'shared-pool' });
    if (told.via === 'ip' || told.via === 'pool') lines.push(`@${sender.name} ${transportOf(told)}`);
    else if (told.via === 'wait') lines.push(`@${sender.name} retry:4.7.1 ${told.sentence.replaceAll('’', "'")}`);
  }
  return `${lines.join('\n')}\n`;
}
