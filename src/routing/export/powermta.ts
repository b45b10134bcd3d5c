// PowerMTA: a virtual MTA for each IP, and for each domain with dedicated IPs a pool of what carries its mail, with the
// warming IPs as its cold virtual MTAs. The directives are those of the User's Guide 5.0. Pure.
import type { Carriers, Egress } from '../egress.ts';
import { capOf, type Ip, type Sender } from '../sending-domain.ts';
import { nameOfIp } from '../transport-name.ts';
import { apartEgress, type Exported, hostOf, usualEgress } from './input.ts';

/** Only pools of plain virtual MTAs, so accounting records name the IP also where they have no source IP (bounces). */
export function powermta(exported: Exported): string {
  const { senders, ips, policy } = exported;
  const caps = new Map(senders.flatMap((sender) => waitingIps(sender, policy)).map((ip) => [ip.address, capOf(ip)]));
  const own = (name: string, address: string | undefined): string[] => {
    const host =
      address === undefined
        ? []
        : [`  smtp-source-host ${address} ${hostOf(exported, address) ?? `${nameOfIp(address)}.localdomain`}`];
    const cap = address === undefined ? undefined : caps.get(address);
    const rate = cap ? [`  max-smtp-msg-rate ${cap}/day`] : [];
    return [`<virtual-mta ${name}>`, ...host, ...rate, '</virtual-mta>'];
  };
  const addresses = new Map<string, string>();
  for (const pool of policy.pools) for (const one of pool.addresses) addresses.set(nameOfIp(one), one);
  for (const { address } of ips) addresses.set(nameOfIp(address), address);
  const pools = [...policy.pools].sort((a, b) => (a.key < b.key ? -1 : 1));
  const users = usersOf(senders);
  const lines = [
    '# Virtual MTAs of dedicated IPs and shared pools, written by Warmdesk. Do not edit: it is overwritten.',
    ...[...addresses].sort(([a], [b]) => (a < b ? -1 : 1)).flatMap(([name, address]) => own(name, address)),
    ...pools.flatMap((one) => [
      ...(one.addresses.length === 0 ? own(`${one.key}-1`, undefined) : []),
      ...poolOf(one.key, membersOf(one)),
    ]),
    ...senders.flatMap((sender) => domainPools(sender, exported, users)),
  ];
  return `${lines.join('\n')}\n`;
}

const poolOf = (name: string, members: readonly string[], more: readonly string[] = []): string[] => [
  `<virtual-mta-pool ${name}>`,
  ...members.map((one) => `  virtual-mta ${one}`),
  ...more,
  '</virtual-mta-pool>',
];

const membersOf = ({ key, addresses }: Carriers['pools'][number]): string[] =>
  addresses.length === 0 ? [`${key}-1`] : addresses.map(nameOfIp);

/** How many domains use each IP. */
function usersOf(senders: readonly Sender[]): ReadonlyMap<number, number> {
  const users = new Map<number, number>();
  for (const ip of senders.flatMap((one) => one.ips)) users.set(ip.id, (users.get(ip.id) ?? 0) + 1);
  return users;
}

/** S-16: warming IPs of a domain whose mail above their caps has to wait: their own rate keeps it in the queue. */
function waitingIps(sender: Sender, policy: Carriers): Ip[] {
  const apart = apartEgress(sender, policy);
  const all = [usualEgress(sender, policy), ...(apart ? [apart.egress] : [])];
  return all.flatMap(({ warming, fallback }) => (fallback.to === 'wait' ? warming.map(({ ip }) => ip) : []));
}

/** What carries a domain's mail, and apart from it the kind that goes over other IPs (S-05). */
function domainPools(sender: Sender, exported: Exported, users: ReadonlyMap<number, number>): string[] {
  if (sender.route !== 'dedicated') return [];
  const name = `domain-${sender.name}`;
  const apart = apartEgress(sender, exported.policy);
  return [
    ...domainPool(name, usualEgress(sender, exported.policy), exported, users),
    ...(apart ? domainPool(`${name}-${apart.stream}`, apart.egress, exported, users) : []),
  ];
}

/** Nothing where nothing may carry the mail: PowerMTA has no pool that keeps mail. */
function domainPool(
  name: string,
  { warming, fallback }: Egress,
  exported: Exported,
  users: ReadonlyMap<number, number>,
): string[] {
  const warmingNames = warming.map(({ ip }) => nameOfIp(ip.address));
  if (fallback.to === 'wait') return warming.length === 0 ? [] : poolOf(name, warmingNames);
  const members =
    fallback.to === 'pool' ? membersOf(fallback.pool) : fallback.ips.map(({ address }) => nameOfIp(address));
  if (warming.length === 0) return poolOf(name, members);
  const cold = warmingNames.map((one) => `  cold-virtual-mta ${one}`);
  return poolOf(name, members, [...cold, ...limits(warming, users, exported)]);
}

/** A provider's domains with most mailboxes come first: a share of a few messages for each of sixty would be lost. */
const MAIN_DOMAINS = 7;

/**
 * The first messages of the day to each listed queue. PowerMTA counts each cold virtual MTA and queue by itself, so the least
 * cap is divided: together never more than a cap, nor than a slowed provider's limit. Of a provider that is rolled up
 * PowerMTA knows the limit of the rollup queue alone.
 */
function limits(
  warming: Egress['warming'],
  users: ReadonlyMap<number, number>,
  { policy: { providers }, rollups = new Map<string, string>() }: Exported,
): string[] {
  const known = providers.value.filter(({ domains }) => domains.length > 0);
  const partOf = ({ ip }: Egress['warming'][number], key: string): number => {
    const cap = capOf(ip) ?? 0;
    const part = Math.min(Math.floor(cap / Math.max(1, known.length)), ip.warmup?.slowed[key] ?? cap);
    return Math.floor(part / (users.get(ip.id) ?? 1));
  };
  return known.flatMap(({ key, domains }) => {
    const rolledUp = rollups.get(key);
    const queues = rolledUp === undefined ? domains.slice(0, MAIN_DOMAINS) : [rolledUp];
    const each = Math.floor(Math.min(...warming.map((one) => partOf(one, key))) / Math.max(1, queues.length));
    return (each > 0 ? [...queues].sort() : []).flatMap((queue) => [
      `  <domain ${queue}>`,
      `    max-cold-virtual-mta-msg ${each}/day`,
      '  </domain>',
    ]);
  });
}
