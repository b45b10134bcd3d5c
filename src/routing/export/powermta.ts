// PowerMTA: a virtual MTA for each IP, and for each warming domain one that gives the first messages of the day to the
// new IP. Its limit counts each virtual MTA and recipient domain by itself, so the cap is divided among them. Pure.

import type { Carriers } from '../egress.ts';
import { pick } from '../hash.ts';
import { capOf, type Ip } from '../sending-domain.ts';
import { nameOfIp } from '../transport-name.ts';
import { type Exported, hostOf, usualEgress } from './input.ts';

export function powermta({ senders, ips, policy, helo }: Exported): string {
  const host = (address: string) => `${address} ${hostOf(address, helo ?? 'localdomain')}`;
  const lines = [
    '# Virtual MTAs of dedicated IPs and shared pools, written by Warmdesk. Do not edit: it is written anew.',
  ];
  const own = (name: string, address: string | undefined, more: readonly string[] = []) => {
    lines.push(`<virtual-mta ${name}>`);
    if (address !== undefined) lines.push(`  smtp-source-host ${host(address)}`);
    lines.push(...more, '</virtual-mta>');
  };
  const addresses = new Map<string, string>();
  for (const pool of policy.pools) for (const one of pool.addresses) addresses.set(nameOfIp(one), one);
  for (const { address } of ips) addresses.set(nameOfIp(address), address);
  for (const [name, address] of [...addresses].sort(([a], [b]) => (a < b ? -1 : 1))) own(name, address);
  const pool = (name: string, members: readonly string[]) =>
    lines.push(`<virtual-mta-pool ${name}>`, ...members.map((one) => `  virtual-mta ${one}`), '</virtual-mta-pool>');
  for (const { key, addresses: of } of [...policy.pools].sort((a, b) => (a.key < b.key ? -1 : 1))) {
    if (of.length === 0) own(`${key}-1`, undefined);
    pool(key, of.length === 0 ? [`${key}-1`] : of.map(nameOfIp));
  }
  const users = new Map<number, number>();
  for (const ip of senders.flatMap((one) => one.ips)) users.set(ip.id, (users.get(ip.id) ?? 0) + 1);
  for (const sender of senders) {
    const { warming, fallback } = usualEgress(sender, policy);
    const [first] = warming;
    // PowerMTA cannot hold what is above a cap; a virtual MTA without an address would send it from anywhere.
    if (sender.route !== 'dedicated' || fallback.to === 'wait') continue;
    const fallbackIp =
      fallback.to === 'ips'
        ? pick(fallback.ips, sender.name)?.address
        : fallback.to === 'pool'
          ? fallback.pool.addresses[0]
          : undefined;
    if (first) own(`domain-${sender.name}`, fallbackIp, cold(first.ip, users.get(first.ip.id) ?? 1, policy, host));
    else if (fallback.to === 'ips')
      pool(
        `domain-${sender.name}`,
        fallback.ips.map(({ address }) => nameOfIp(address)),
      );
  }
  return `${lines.join('\n')}\n`;
}

/** A provider's domains with most mailboxes come first: a share of a few messages for each of sixty would be lost. */
const MAIN_DOMAINS = 7;

/** The first messages of the day to each listed domain; together never more than the cap, nor than a slowed provider's limit. */
function cold(ip: Ip, domainsOfIp: number, { providers }: Carriers, host: (address: string) => string): string[] {
  const cap = capOf(ip) ?? 0;
  const known = providers.value.filter(({ domains }) => domains.length > 0);
  const part = Math.floor(cap / domainsOfIp / Math.max(1, known.length));
  const lines = [`  auto-cold-virtual-mta ${host(ip.address)}`];
  for (const { key, domains: all } of known) {
    const domains = all.slice(0, MAIN_DOMAINS);
    const each = Math.floor(
      Math.min(part, (ip.warmup?.slowed[key] ?? cap) / domainsOfIp) / Math.max(1, domains.length),
    );
    for (const domain of each > 0 ? [...domains].sort() : []) {
      lines.push(`  <domain ${domain}>`, `    max-cold-virtual-mta-msg ${each}/day`, '  </domain>');
    }
  }
  return lines;
}
