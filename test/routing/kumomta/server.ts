// A KumoMTA for tests of what an export comes to: messages dealt out by the page's policy in real Lua, sources chosen by
// KumoMTA's rules.
import { exportedFrom } from '../../../src/routing/export/input.ts';
import { kumomta } from '../../../src/routing/export/kumomta.ts';
import type { Ip } from '../../../src/routing/sending-domain.ts';
import { policy, sender, withOverflow } from '../senders.ts';
import { Context, host } from './lua.ts';
import { type Entry, inOrder, Throttles, Turns } from './selection.ts';

export const DAY = 86_400;
export const TODAY = 20_000;
const SENDER = 'news.acme.example';
const pools = policy.pools.map((pool) =>
  pool.key === 'shared-us' ? { ...pool, addresses: ['198.51.100.1', '198.51.100.2'] } : pool,
);

export type Message = { readonly at: number; readonly to: string };
/** The recipient's domain of the nth message. */
export type Audience = (n: number) => string;

/** Half of a list at four large receivers, the rest at small domains with a few recipients each. */
export const consumers: Audience = (n) => {
  const part = (n * 0.618_033_988_7) % 1;
  if (part < 0.3) return 'gmail.com';
  if (part < 0.42) return 'outlook.com';
  if (part < 0.5) return 'yahoo.com';
  return part < 0.55 ? 'icloud.com' : `small-${n % 900}.example`;
};
/** Companies, each with one or two recipients. */
export const companies: Audience = (n) => `company-${Math.floor(n / 1.5)}.example`;

/** `count` messages, evenly from `from` on for `seconds`. */
export const mailing = (count: number, from: number, seconds: number, audience: Audience): Message[] =>
  Array.from({ length: count }, (_, n) => ({ at: from + (n * seconds) / count, to: audience(n) }));

/** A KumoMTA with the export of one sender that has these IPs. */
export async function kumo(ips: readonly Ip[], overflow: typeof policy.warmup.overflow.value = ['warm-ips', 'pool']) {
  const senders = [sender({ name: SENDER, ips, account: { ips } })];
  const of = { policy: { ...withOverflow(...overflow), pools }, today: TODAY, helo: null };
  const here = host(kumomta(exportedFrom(senders, of)), TODAY * DAY);
  here.random = drawn(ips.length);
  const context = await Context.open(here);
  const throttles = new Throttles();
  const turns = new Map<string, Turns>();
  const paths = new Map<string, Record<string, string>>();
  const entries = new Map<string, Entry[]>();
  const poolOf = (tenant: string): Entry[] => {
    const name = String(context.call('get_queue_config', 'any.example', tenant)?.['egress_pool']);
    return Object.values(Object(context.call('get_egress_pool', name)?.['entries']));
  };
  const turnsOf = (tenant: string, to: string): Turns => {
    const pool = kept(entries, tenant, () => poolOf(tenant));
    return kept(turns, `${tenant}@${to}`, () => new Turns(pool));
  };
  /** Looked at again each hour here, each minute in KumoMTA. */
  const ratesOf = (source: string, to: string, at: number): Record<string, string> => {
    const site = to.endsWith('.example') ? 'any.example' : to;
    return kept(paths, `${source} ${site} ${Math.floor(at / 3600)}`, () => {
      here.at = at;
      const path = context.call('get_egress_path_config', site, source, `mx.${site}`);
      return Object(path?.['additional_source_selection_rates'] ?? {}) as Record<string, string>;
    });
  };
  return {
    tenants: (count: number) => context.tenants('smtp_server_message_received', SENDER, count),
    send: (tenant: string, { at, to }: Message) =>
      turnsOf(tenant, to).choose((source) =>
        inOrder(ratesOf(source, to, at)).every(([name, rate]) => throttles.take(name, rate, at)),
      ),
    close: () => context.close(),
  };
}

function kept<V>(all: Map<string, V>, key: string, make: () => V): V {
  const there = all.get(key) ?? make();
  all.set(key, there);
  return there;
}

/** Numbers from 0 to 1 that look drawn, the same each time. */
function drawn(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}
