// Postfix: a transport for each IP and pool (master.cf), where each sender's mail goes that nothing is said of, and whose
// campaigns are refused. Pure.
import { domainToUnicode } from 'node:url';
import { bestPool } from '../../policy/document/pools.ts';
import { bindAddresses } from '../bind-addresses.ts';
import { oneLine, transportOf } from '../postfix/policy-protocol.ts';
import { fallbackAnswer } from '../route.ts';
import { nameOfIp } from '../transport-name.ts';
import { type Exported, hostOf, refusalOf, usualEgress } from './input.ts';

/**
 * Lines for master.cf. A transport of Postfix has one source address of each family: a pool's are the first of its
 * addresses, an IP's other one is its region's pool's.
 */
export function postfixTransports(exported: Exported): string {
  const { ips, policy } = exported;
  const pools = [...policy.pools].sort((a, b) => (a.key < b.key ? -1 : 1));
  const facts = { share: 1, cap: null, left: null, why: 'ip-warm' } as const;
  const lines = [
    '# Transports of dedicated IPs and shared pools, written by Warmdesk. Do not edit: it is overwritten.',
    ...pools.flatMap(({ key, addresses: [first, ...rest] }) => {
      const other = rest.find((address) => isV6(address) !== isV6(first ?? ''));
      return transport(
        key,
        [first, other].filter((one) => one !== undefined),
        exported,
      );
    }),
    ...ips.flatMap((ip) => {
      const name = nameOfIp(ip.address);
      return transport(name, bindAddresses({ via: 'ip', ip, ...facts }, policy.pools, name), exported);
    }),
  ];
  return `${lines.join('\n')}\n`;
}

const isV6 = (address: string): boolean => address.includes(':');

/**
 * `addresses`: its own first. What main.cf says of interfaces must not matter here: where it lists addresses of another
 * family, or one that the machine does not have, Postfix's smtp would not start.
 */
function transport(name: string, addresses: readonly string[], exported: Exported): string[] {
  const lines = [`${name} unix - - n - - smtp`, `  -o syslog_name=postfix/${name}`];
  const [own] = addresses;
  if (own === undefined) return lines;
  for (const address of addresses) lines.push(`  -o smtp_bind_address${isV6(address) ? '6' : ''}=${address}`);
  lines.push('  -o smtp_bind_address_enforce=yes', '  -o inet_interfaces=all');
  // An IPv6 address alone reaches few: receivers without IPv6 are reached from the machine's own IPv4 address.
  if (addresses.length === 1 && !isV6(own)) lines.push('  -o inet_protocols=ipv4');
  else lines.push('  -o inet_protocols=all', `  -o smtp_address_preference=${isV6(own) ? 'ipv6' : 'ipv4'}`);
  const host = hostOf(exported, own);
  if (host !== null) lines.push(`  -o smtp_helo_name=${host}`);
  return lines;
}

/**
 * A table (texthash, hash, lmdb) for sender_dependent_default_transport_maps: holds also while Warmdesk is away. Bounces
 * and other mail without a sender leave over the first of the best shared pools. What is for nobody to send comes back at once (C-02).
 */
export function postfixSenders({ senders, policy }: Exported): string {
  const lines = ['# Where the mail of each domain goes that is not for a warming IP, written by Warmdesk.'];
  const shared = bestPool(policy.pools);
  if (shared) lines.push(`<> ${shared.key}:`);
  for (const sender of senders) {
    const { refusal, fallback } = usualEgress(sender, policy);
    const answer = fallbackAnswer(fallback, sender, sender.name, { share: 1, why: 'shared-pool' });
    for (const name of namesOf(sender.name)) {
      if (refusal !== null) lines.push(`@${name} error:5.7.1 ${oneLine(refusal)}`);
      else if (answer.via === 'ip' || answer.via === 'pool') lines.push(`@${name} ${transportOf(answer)}`);
      else if (answer.via === 'wait') lines.push(`@${name} retry:4.7.1 ${oneLine(answer.sentence)}`);
    }
  }
  return `${lines.join('\n')}\n`;
}

/**
 * A table for check_sender_access of an smtpd that takes campaigns: those of domains in the transactional pool are
 * refused (C-06), also while Warmdesk is away. Postfix looks up what is above a sender's domain by itself.
 */
export function postfixRefusals({ senders, policy }: Exported): string {
  const lines = ['# Whose campaigns are refused, written by Warmdesk.'];
  for (const sender of senders) {
    const refusal = refusalOf(sender, policy);
    if (refusal !== null)
      for (const name of namesOf(sender.name)) lines.push(`${name} REJECT 5.7.1 ${oneLine(refusal)}`);
  }
  return `${lines.join('\n')}\n`;
}

/** A name of letters beyond ASCII is looked up as the sender wrote it, so both forms are in the table. */
function namesOf(name: string): string[] {
  const written = domainToUnicode(name);
  return written === '' || written === name ? [name] : [name, written];
}
