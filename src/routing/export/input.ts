// What the files for mail servers are written from, in an order that does not change with chance. Pure.
import { type Day, startOfDay } from '../../day.ts';
import { isSetUp } from '../../policy/document/pools.ts';
import { type Carriers, type Egress, egressOf, tabledEgress } from '../egress.ts';
import { apartOf, capOf, type Ip, limitOf, type MessageStream, type Sender } from '../sending-domain.ts';
import { nameOfIp } from '../transport-name.ts';

export type Exported = {
  readonly senders: readonly Sender[];
  /** IPs that carry mail, or did and may again: all that are warming, paused or active; and those that drain, for what is queued for them. */
  readonly ips: readonly Ip[];
  readonly policy: Carriers;
  readonly today: Day;
  /** The domain below which each IP has a name of its own; null: IPs have no names of their own. */
  readonly helo: string | null;
  /** S-19: the host names that customers linked to their IPs, by the address. */
  readonly linked: ReadonlyMap<string, string>;
  /** Names under which a mail server rolls up what goes to a mailbox provider, by the provider's key. */
  readonly rollups?: ReadonlyMap<string, string>;
};

export const KINDS = [
  'postfix',
  'postfix-senders',
  'postfix-refusals',
  'sources',
  'opensmtpd',
  'kumomta',
  'powermta',
  'halon',
] as const;
export type Kind = (typeof KINDS)[number];

const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** Senders and IPs in the order of their names. Throws where two IPs would get one name. */
export function exportedFrom(senders: Iterable<Sender>, of: Omit<Exported, 'senders' | 'ips' | 'linked'>): Exported {
  const sorted = [...senders].sort((a, b) => byText(a.name, b.name));
  const ips = new Map<string, Ip>();
  for (const ip of sorted.flatMap(({ account }) => account.ips)) {
    if (ip.status === 'reserved' || ip.status === 'released') continue;
    const name = nameOfIp(ip.address);
    if (ips.has(name) && ips.get(name)?.id !== ip.id) throw new Error(`two IPs would be called ${name}`);
    ips.set(name, ip);
  }
  const named = [...ips].sort(([a], [b]) => byText(a, b)).map(([, ip]) => ip);
  const linked = new Map(
    named.flatMap(({ address, hostName }) => (hostName === undefined ? [] : [[address, hostName]])),
  );
  const policy = { ...of.policy, pools: of.policy.pools.filter(isSetUp) };
  return { ...of, policy, senders: sorted, ips: named, linked };
}

/** What carries a sender's mail, for a program that knows only the sender. */
export const usualEgress = (sender: Sender, policy: Carriers): Egress =>
  tabledEgress(sender, (stream) => egressOf(sender, stream, policy));

/** S-05: what carries the kind of a sender's mail that goes over other IPs than its usual mail; null: all goes over the same. */
export function apartEgress(
  sender: Sender,
  policy: Carriers,
): { readonly stream: MessageStream; readonly egress: Egress } | null {
  const stream = apartOf(sender);
  return stream && { stream, egress: egressOf(sender, stream, policy) };
}

/** C-06: why the campaigns of a domain are refused; null: they are not. */
export const refusalOf = (sender: Sender, policy: Carriers): string | null =>
  egressOf(sender, 'marketing', policy).refusal;

/** The name with which mail from an address greets: the one linked to it, else one below the exporter's domain; null: neither. */
export const hostOf = ({ linked, helo }: Pick<Exported, 'linked' | 'helo'>, address: string): string | null =>
  linked.get(address) ?? (helo === null ? null : `${nameOfIp(address)}.${helo}`);

/** Warming IPs that may carry something today, with how much. */
export const capped = ({ ips }: Exported): { readonly ip: Ip; readonly cap: number }[] =>
  ips.flatMap((ip) => {
    const cap = capOf(ip);
    return cap === null || cap === 0 ? [] : [{ ip, cap }];
  });

/** Warm IPs with what they may carry: those behind which each of their domains has a pool (S-26). */
export function limited({ senders, policy }: Exported): { readonly ip: Ip; readonly cap: number }[] {
  const all = senders.flatMap((sender) => {
    const apart = apartEgress(sender, policy);
    return [usualEgress(sender, policy), ...(apart ? [apart.egress] : [])];
  });
  const ways = all.flatMap(({ fallback, beyond }) =>
    fallback.to === 'ips' ? fallback.ips.map((ip) => ({ ip, isLimited: beyond?.to === 'pool' })) : [],
  );
  const free = new Set(ways.flatMap(({ ip, isLimited }) => (isLimited ? [] : [ip.id])));
  const warm = new Map(ways.flatMap(({ ip }) => (free.has(ip.id) ? [] : [[ip.id, ip]])));
  return [...warm.values()].flatMap((ip) => {
    const limit = limitOf(ip);
    return limit === null ? [] : [{ ip, cap: limit }];
  });
}

export const dateOf = (day: Day): string => new Date(startOfDay(day)).toISOString().slice(0, 10);
