// KumoMTA: sources, pools, which domain uses which pool and how often a source may be chosen, for its Lua policy. Pure.

import { baseShare } from '../route.ts';
import { nameOfIp } from '../transport-name.ts';
import { capped, type Exported, hostOf, usualEgress } from './input.ts';

type Entry = { readonly name: string; readonly weight: number };

/** Weights are shares in thousandths. Above its rate KumoMTA takes another source of the pool: the way beside it. */
export function kumomta(exported: Exported): string {
  const { senders, ips, policy, helo } = exported;
  const sources: Record<string, { source_address?: string; ehlo_domain?: string }> = {};
  const source = (name: string, address: string | undefined): Entry => {
    const ehlo = address !== undefined && helo !== null ? { ehlo_domain: hostOf(address, helo) } : {};
    sources[name] = address === undefined ? {} : { source_address: address, ...ehlo };
    return { name, weight: 1 };
  };
  const pools: Record<string, Entry[]> = {};
  for (const { key, addresses } of policy.pools) {
    pools[key] = addresses.length === 0 ? [source(key, undefined)] : addresses.map((one) => source(nameOfIp(one), one));
  }
  for (const { address } of ips) source(nameOfIp(address), address);
  const domains: Record<string, string> = {};
  for (const sender of senders) {
    const { warming, base } = usualEgress(sender, policy);
    if (warming.length === 0 && base.to === 'pool') {
      domains[sender.name] = base.pool.key;
      continue;
    }
    const rest = base.to === 'ips' ? base.ips.map(({ address }) => ({ name: nameOfIp(address), weight: 1 })) : [];
    const beside = base.to === 'pool' ? (pools[base.pool.key] ?? []) : rest;
    const thousandths = 1000 * baseShare({ warming, base, refusal: null });
    const entries = [
      ...warming.map(({ ip, share }) => ({
        name: nameOfIp(ip.address),
        weight: Math.max(1, Math.round(1000 * share)),
      })),
      // What overflows needs a way, also where all mail is offered to the warming IP.
      ...beside.map(({ name }) => ({ name, weight: Math.max(1, Math.round(thousandths / beside.length)) })),
    ];
    // A source of weight 0 is never taken: the mail waits. A domain that is not in the file would go over another pool.
    if (entries.length === 0) entries.push({ name: 'waits', weight: 0 });
    pools[`domain:${sender.name}`] = entries;
    domains[sender.name] = `domain:${sender.name}`;
  }
  const rates: Record<string, string> = {};
  const provider_rates: Record<string, Record<string, string>> = {};
  for (const { ip, cap } of capped(exported)) {
    rates[nameOfIp(ip.address)] = daily(cap);
    for (const [key, limit] of Object.entries(ip.warmup?.slowed ?? {})) {
      provider_rates[key] = { ...provider_rates[key], [nameOfIp(ip.address)]: daily(limit) };
    }
  }
  const providers = Object.fromEntries(
    policy.providers.value.flatMap(({ key, domains }) => domains.map((one) => [one, key])),
  );
  return `${JSON.stringify(sorted({ sources, pools, domains, rates, provider_rates, providers }), null, 2)}\n`;
}

/** `max_burst=1` spreads the messages over the day. */
const daily = (messages: number): string => `${messages}/day,max_burst=1`;

function sorted(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, one]) => [key, sorted(one)]));
}
