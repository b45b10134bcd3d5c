// KumoMTA: sources, pools, over which of them a domain's mail goes and how often a source may be chosen, for
// integrations/kumomta/warmdesk.lua. Pure.
import { bindAddresses } from '../bind-addresses.ts';
import type { Egress } from '../egress.ts';
import { fallbackAnswer } from '../route.ts';
import { hourCapOf, type MessageStream, type Sender } from '../sending-domain.ts';
import { nameOfIp } from '../transport-name.ts';
import { apartEgress, capped, type Exported, hostOf, limited, refusalOf, usualEgress } from './input.ts';
import { type KumoRate, providerRateOf, rateOf } from './kumomta-rate.ts';

type Entry = { readonly name: string; readonly weight: number };
type Source = { readonly source_address?: string; readonly ehlo_domain?: string };

/** What the Lua module reads of a domain. `waits`: what its pool cannot carry stays in the queue. */
type Domain = {
  readonly pool: string;
  /** S-05: the name below which its mail of one kind is, where that goes over other IPs. */
  readonly streams?: Readonly<Partial<Record<MessageStream, string>>>;
  readonly warming?: readonly { readonly source: string; readonly pool: string; readonly share: number }[];
  readonly waits?: true;
  /** Why its campaigns are refused (C-06), and where it is `stopped`, all its mail (C-02). */
  readonly refused?: string;
  readonly stopped?: true;
};

/**
 * A pool that asks its warming source nearly always: KumoMTA takes a source of weight 1 once in this many messages of a
 * queue, and where the warming one has reached its rate, another of the pool.
 */
const PREFERRED = 1000;

/** The same where a warm IP is next, and the pool behind it takes what is more than that may carry (S-26). */
const FIRST = 100_000;

/**
 * A domain's messages are dealt out by the Lua module, by share, when they come in: weights count for each queue (sender and
 * recipient domain) by itself, so a share of 1 in 30 would never reach those who get few messages. Every mail that
 * nothing may carry is in a pool without entries, which KumoMTA keeps and tries again; an only entry is always used,
 * whatever its weight.
 */
export function kumomta(exported: Exported): string {
  const { senders, ips, policy } = exported;
  const sources: Record<string, Source> = {};
  const source = (name: string, address: string | undefined): Entry => {
    const host = address === undefined ? null : hostOf(exported, address);
    const ehlo = host === null ? {} : { ehlo_domain: host };
    sources[name] = address === undefined ? {} : { source_address: address, ...ehlo };
    return { name, weight: 1 };
  };
  const pools: Record<string, readonly Entry[]> = {};
  for (const { key, addresses } of policy.pools) {
    pools[key] = addresses.length === 0 ? [source(key, undefined)] : addresses.map((one) => source(nameOfIp(one), one));
  }
  for (const { address } of ips) source(nameOfIp(address), address);
  const domains: Record<string, Domain> = {};
  for (const sender of senders) {
    const { name } = sender;
    const usual = domainOf({ sender, egress: usualEgress(sender, policy), name }, exported, pools);
    const apart = apartEgress(sender, policy);
    domains[name] = usual;
    if (apart === null) continue;
    const other = `${apart.stream}:${name}`;
    domains[name] = { ...usual, streams: { [apart.stream]: other } };
    domains[other] = domainOf({ sender, egress: apart.egress, name: other }, exported, pools);
  }
  const { rates, provider_rates } = ratesOf(exported);
  const provider_domains = keysBy(policy, 'domains');
  const provider_mx = keysBy(policy, 'mx');
  const document = { sources, pools, domains, rates, provider_rates, provider_domains, provider_mx };
  return `${JSON.stringify(sorted(document), null, 2)}\n`;
}

/** Adds the pools that a domain's mail needs to those that are there. `name`: what they are called after. */
function domainOf(
  { sender, egress, name }: { readonly sender: Sender; readonly egress: Egress; readonly name: string },
  { policy }: Exported,
  pools: Record<string, readonly Entry[]>,
): Domain {
  const { warming, fallback, refusal: stop } = egress;
  const refusal = refusalOf(sender, policy);
  const stopped = stop === null ? {} : { stopped: true as const };
  const refused = refusal === null ? {} : { refused: refusal, ...stopped };
  if (warming.length === 0 && fallback.to === 'pool') return { pool: fallback.pool.key, ...refused };
  const entry = (address: string): Entry => ({ name: nameOfIp(address), weight: 1 });
  const beyond = beyondOf(sender, egress, policy);
  const warm =
    fallback.to === 'ips' ? fallback.ips.map(({ address, weight = 1 }) => ({ ...entry(address), weight })) : [];
  const rest = fallback.to === 'pool' ? (pools[fallback.pool.key] ?? []) : [...beyond, ...warm];
  const pool = `domain:${name}`;
  pools[pool] =
    beyond.length === 0 ? rest : [...beyond, ...warm.map((one) => ({ ...one, weight: FIRST * one.weight }))];
  const waits = fallback.to === 'wait' ? { waits: true as const } : {};
  if (warming.length === 0) return { pool, ...waits, ...refused };
  const shares = warming.map(({ ip, share }) => {
    const source = nameOfIp(ip.address);
    const own = `${pool}+${source}`;
    // S-16: where nothing else may carry the mail, the other warming IPs may.
    const others =
      fallback.to === 'wait' ? warming.filter((one) => one.ip !== ip).map((one) => entry(one.ip.address)) : rest;
    pools[own] = preferring(source, others, beyond.length > 0);
    return { source, pool: own, share: Number(share.toFixed(6)) };
  });
  // Where nothing else may carry it, all mail is for the warming IPs, also what rounding of the shares leaves over.
  const [any] = shares;
  return { pool: fallback.to === 'wait' && any ? any.pool : pool, warming: shares, ...waits, ...refused };
}

/** The address of the pool that takes what is more than warm IPs may carry; empty where nothing limits them. */
function beyondOf(sender: Sender, { beyond }: Egress, { pools }: Exported['policy']): Entry[] {
  if (beyond?.to !== 'pool') return [];
  const answer = fallbackAnswer(beyond, sender, sender.name, { share: 0, why: 'beyond-warm' });
  const [address] = bindAddresses(answer, pools, sender.name);
  return [{ name: address === undefined ? beyond.pool.key : nameOfIp(address), weight: 1 }];
}

/**
 * A new queue of KumoMTA begins with the second entry, so there the preferred one is. `isAboveWarm`: the first of the
 * others is the pool, and what the preferred one cannot carry goes over those behind it, which are warm.
 */
function preferring(name: string, others: readonly Entry[], isAboveWarm: boolean): Entry[] {
  const [first, ...more] = others;
  if (first === undefined) return [{ name, weight: 1 }];
  // S-07: however large the weights of the others are, the preferred one is asked first.
  const most = Math.max(...others.map(({ weight }) => weight));
  if (!isAboveWarm) return [first, { name, weight: PREFERRED * most }, ...more];
  return [first, { name, weight: FIRST * most }, ...more.map((one) => ({ ...one, weight: PREFERRED * one.weight }))];
}

function ratesOf(exported: Exported) {
  const rates: Record<string, KumoRate> = {};
  const provider_rates: Record<string, Record<string, KumoRate>> = {};
  for (const { ip, cap } of [...capped(exported), ...limited(exported)]) {
    const name = nameOfIp(ip.address);
    const day = ip.warmup?.nextDay ?? exported.today;
    const limits = { cap, hourCap: hourCapOf(ip) };
    rates[name] = rateOf(limits, day);
    for (const [key, limit] of Object.entries(ip.warmup?.slowed ?? {})) {
      provider_rates[key] = { ...provider_rates[key], [name]: providerRateOf(limit, limits, day) };
    }
  }
  return { rates, provider_rates };
}

const keysBy = ({ providers }: Exported['policy'], by: 'domains' | 'mx'): Record<string, string> =>
  Object.fromEntries(providers.value.flatMap((one) => one[by].map((name) => [name, one.key])));

function sorted(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, one]) => [key, sorted(one)]));
}
