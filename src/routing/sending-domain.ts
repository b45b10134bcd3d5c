// What routing knows of a sending domain and of the IPs of its account. Pure.
import type { AllocationStatus } from '../ips/allocation.ts';
import type { Region, SendingRoute, Stream } from '../policy/checks/facts.ts';
import { capNow, hourCapNow, type PlanState, warmLimit } from '../warmup/state.ts';

/** A dedicated IP with what its warm-up allows. `warmup` null: it never had a warm-up. */
export type Ip = {
  readonly id: number;
  readonly address: string;
  readonly region: Region;
  readonly allocationId: number;
  readonly status: AllocationStatus;
  readonly warmup: PlanState | null;
  /** S-05: the one kind of mail that it carries; not given: all. */
  readonly carries?: MessageStream;
  /** S-19: the host name that its customer linked to it; not given: none is. */
  readonly hostName?: string;
  /** S-07: its weight in the pool to which the domain in question points; not given: 1. */
  readonly weight?: number;
};

/** `stopped`: why nothing of the account is sent: it is suspended or closed; not given: it is sent. */
type Stop = { readonly stopped?: 'suspended' | 'closed' };

/** `region`: where the account's mail has to leave from; null: nowhere in particular. `ips`: all that are its own. */
export type Account = Stop & {
  readonly id: number;
  readonly region: Region | null;
  readonly ips: readonly Ip[];
  /** S-02: messages a day over shared pools that its reputation allows; not given: no limit. */
  readonly dailyLimit?: number;
};

/** A sending domain. `ips`: those of the account's IPs that its mail may go over. */
export type Sender = {
  readonly id: number;
  readonly name: string;
  readonly usage: Stream;
  readonly route: SendingRoute;
  /** The shared pool that it is on, or that it came from when it got dedicated IPs. */
  readonly sharedPool: 'default' | 'transactional';
  /** S-01: its tier of the default pools, 1 the best; not given: 1. */
  readonly tier?: number;
  /** C-02: staff stopped it, so nothing of it is sent. */
  readonly isStopped?: true;
  readonly account: Account;
  readonly ips: readonly Ip[];
  /** S-07: those of `ips` that carry each kind of its mail, with their weights, where it points to pools; not given: by what each IP carries. */
  readonly pooled?: Readonly<Record<MessageStream, readonly Ip[]>>;
};

/** Messages that an IP may carry today: null without a limit, 0 none. A paused one carries none, nor one being released. */
export function capOf({ status, warmup }: Pick<Ip, 'status' | 'warmup'>): number | null {
  if (status === 'active') return null;
  return status === 'warming' && warmup !== null ? capNow(warmup) : 0;
}

/** S-20: messages that a warming IP may carry in an hour (UTC) beside its day's cap; null where its plan is by the day. */
export const hourCapOf = ({ status, warmup }: Pick<Ip, 'status' | 'warmup'>): number | null =>
  status === 'warming' && warmup !== null ? hourCapNow(warmup) : null;

/** The same, where a warm IP has a limit, too: twice what it is warmed to; null where its level is not known. */
export const limitOf = (ip: Pick<Ip, 'status' | 'warmup'>): number | null =>
  capOf(ip) ?? (ip.warmup === null ? null : warmLimit(ip.warmup));

/** What a message is, when nobody says: marketing, unless its domain sends nothing but transactional mail. */
export const usualStream = ({ usage }: Pick<Sender, 'usage'>): MessageStream =>
  usage === 'transactional' ? 'transactional' : 'marketing';

/** S-05: whether an IP is for mail of this kind. */
export const isFor = ({ carries }: Pick<Ip, 'carries'>, stream: MessageStream): boolean =>
  carries === undefined || carries === stream;

/**
 * S-05: those of a domain's IPs that carry its mail of one kind. Where no IP is for that kind all of them carry it: no mail is
 * without an IP because one was given back.
 */
function ipsFor({ ips, pooled }: Pick<Sender, 'ips' | 'pooled'>, stream: MessageStream): readonly Ip[] {
  if (pooled !== undefined && pooled[stream].length > 0) return pooled[stream];
  if (ips.every(({ carries }) => carries === undefined)) return ips;
  const own = ips.filter((ip) => isFor(ip, stream));
  return own.length > 0 ? own : ips;
}

/** The part of the mail of some warm IPs that one of them carries, by their weights (S-07). */
export const partAmong = ({ weight = 1 }: Ip, ips: readonly Ip[]): number =>
  weight / ips.reduce((sum, ip) => sum + (ip.weight ?? 1), 0);

/** The kind of a domain's mail that an IP of it carries: the usual one, unless that goes over others. */
export function streamOver(sender: Sender, { id, carries }: Pick<Ip, 'id' | 'carries'>): MessageStream {
  const usual = usualStream(sender);
  const other = usual === 'marketing' ? 'transactional' : 'marketing';
  const isIn = (stream: MessageStream) => sender.pooled?.[stream].some((ip) => ip.id === id) === true;
  return sender.pooled === undefined ? (carries ?? usual) : isIn(usual) || !isIn(other) ? usual : other;
}

/** The same domain as mail of one kind sees it. */
export function senderFor(sender: Sender, stream: MessageStream): Sender {
  const ips = ipsFor(sender, stream);
  return ips === sender.ips ? sender : { ...sender, ips };
}

/** The kind of mail, beside its usual one, that goes over other IPs of a domain; null: all its mail goes over the same. */
export function apartOf(sender: Sender): MessageStream | null {
  if (sender.route !== 'dedicated') return null;
  const usual = usualStream(sender);
  const other = usual === 'marketing' ? 'transactional' : 'marketing';
  const [here, there] = [ipsFor(sender, usual), ipsFor(sender, other)];
  return here.length === there.length && here.every((ip) => there.includes(ip)) ? null : other;
}

/** What one message is. */
export type MessageStream = 'marketing' | 'transactional';
