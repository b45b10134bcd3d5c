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
};

/** `stopped`: why nothing of the account is sent: it is suspended or closed; not given: it is sent. */
type Stop = { readonly stopped?: 'suspended' | 'closed' };

/** `region`: where the account's mail has to leave from; null: nowhere in particular. `ips`: all that are its own. */
export type Account = Stop & { readonly id: number; readonly region: Region | null; readonly ips: readonly Ip[] };

/** A sending domain. `ips`: those of the account's IPs that its mail may go over. */
export type Sender = {
  readonly id: number;
  readonly name: string;
  readonly usage: Stream;
  readonly route: SendingRoute;
  /** The shared pool that it is on, or that it came from when it got dedicated IPs. */
  readonly sharedPool: 'default' | 'transactional';
  /** C-02: staff stopped it, so nothing of it is sent. */
  readonly isStopped?: true;
  readonly account: Account;
  readonly ips: readonly Ip[];
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

/** S-04: the mail of an account that is pinned to the EU leaves from the EU. */
export const fits = (account: Pick<Account, 'region'>, region: Region): boolean =>
  account.region !== 'eu' || region === 'eu';

/** What a message is, when nobody says: marketing, unless its domain sends nothing but transactional mail. */
export const usualStream = ({ usage }: Pick<Sender, 'usage'>): MessageStream =>
  usage === 'transactional' ? 'transactional' : 'marketing';

/** What one message is. */
export type MessageStream = 'marketing' | 'transactional';
