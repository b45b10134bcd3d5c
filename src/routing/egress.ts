// What carries the mail of a domain now, before any single message is asked about. Pure.
import { dayLength, dayOf } from '../day.ts';
import { mayCarry } from '../domains/domain.ts';
import { poolTakesBeyondWarm } from '../policy/document/overflow.ts';
import type { Policy, Pool } from '../policy/document/policy.ts';
import { poolOfDomain } from '../policy/document/pools.ts';
import { mayLeaveFrom } from '../policy/document/regions.ts';
import { expectedMailOn, type Pattern } from '../sending/pattern.ts';
import { type SoFar, shareNow } from '../warmup/share.ts';
import {
  type Account,
  capOf,
  type Ip,
  isFor,
  limitOf,
  type MessageStream,
  type Sender,
  senderFor,
  usualStream,
} from './sending-domain.ts';

export type Carriers = Pick<Policy, 'pinnedRegions' | 'pools' | 'providers' | 'warmup'>;

/** Where mail goes that no warming IP takes. */
export type Fallback =
  | { readonly to: 'ips'; readonly ips: readonly Ip[] }
  | { readonly to: 'pool'; readonly pool: Pool }
  | { readonly to: 'wait'; readonly sentence: string };

export type Egress = {
  /** C-06: why nothing of this kind is sent at all; null: it is. */
  readonly refusal: string | null;
  /** IPs that warm up, each with the share of the domain's mail that is for it today. The shares add up to at most 1. */
  readonly warming: readonly { readonly ip: Ip; readonly share: number }[];
  readonly fallback: Fallback;
  /** Where mail goes that is more than the warm IPs of `fallback` may carry today; null: nothing limits them. */
  readonly beyond: Fallback | null;
};

/** What carries a domain's mail of one kind, by the policy's pools and its order of overflow. `today`: for its shares. */
export function egressOf(sender: Sender, stream: MessageStream, policy: Carriers, today?: Today): Egress {
  const stopped = stopOf(sender);
  if (stopped !== null) return refused(stopped);
  const may = mayCarry(sender, stream === 'marketing' ? 'campaign' : 'transactional');
  if (!may.ok) return refused(may.sentence);
  if (sender.route !== 'dedicated') {
    return { refusal: null, warming: [], fallback: pooled(sender, sender.route, policy), beyond: null };
  }
  const of = senderFor(sender, stream);
  const fallback = fallbackOf(of, stream, policy);
  const warming = sharesOf(of, { isAllOffered: fallback.to === 'wait', policy }, today);
  return { refusal: null, warming, fallback, beyond: beyondWarm(fallback, of, stream, policy) };
}

const refused = (sentence: string): Egress => ({
  refusal: sentence,
  warming: [],
  fallback: { to: 'wait', sentence },
  beyond: null,
});

/**
 * S-26: an IP is warm up to a volume; what is more goes over the pool that the mail had. Where the policy only tells of it, or
 * has no pool as an overflow route, nothing is held back.
 */
function beyondWarm(fallback: Fallback, sender: Sender, stream: MessageStream, policy: Carriers): Fallback | null {
  if (fallback.to !== 'ips' || fallback.ips.every((ip) => limitOf(ip) === null)) return null;
  if (!poolTakesBeyondWarm(policy.warmup)) return null;
  const found = pooled(sender, poolOf(sender, stream), policy);
  return found.to === 'pool' ? found : null;
}

/** Only transactional messages go over the transactional pool (C-06), whatever pool the domain came from. */
const poolOf = ({ sharedPool }: Sender, stream: MessageStream): Pool['kind'] =>
  stream === 'transactional' ? sharedPool : 'default';

/** Why nothing at all is sent for a domain (C-02); null: it is. */
const stopOf = ({ name, account, isStopped }: Sender): string | null => {
  if (account.stopped !== undefined) return `The account of ${name} is ${account.stopped}, so nothing is sent for it.`;
  return isStopped ? `${name} is stopped, so nothing is sent for it.` : null;
};

/**
 * The egress of a sender's usual mail. Where only campaigns are refused (C-06), that of transactional messages: what a table
 * says holds for both. So it is a refusal only where nothing at all is sent for the sender (C-02).
 */
export function tabledEgress(sender: Sender, egressFor: (stream: MessageStream) => Egress): Egress {
  const usual = egressFor(usualStream(sender));
  return usual.refusal === null ? usual : egressFor('transactional');
}

/** How today is going: the instant (UTC milliseconds), and of each IP what came for its domains and what is left of its cap. */
export type Today = { readonly at: number; readonly of?: (ip: Ip) => Pick<SoFar, 'seen' | 'left'> | undefined };

/**
 * C-16: each warming IP's share of today's mail, by its cap and what its domains are expected to send; where they add up to
 * more than all mail, by their proportion. Where nothing else may carry the mail, all of it is offered to the warming
 * IPs, and what is above their caps waits.
 */
export function sharesOf(
  { ips, account }: Sender,
  { isAllOffered, policy }: { readonly isAllOffered: boolean; readonly policy: Carriers },
  today?: Today,
): Egress['warming'] {
  const warming = ips.filter((ip) => mayLeaveFrom(account.region, ip.region, policy) && Number(capOf(ip)) > 0);
  const expected = expectedFor(ips, today);
  const elapsed = today === undefined ? 0 : elapsedAt(today.at);
  const wanted = warming.map((ip) => {
    const cap = Number(capOf(ip));
    const { seen, left } = today?.of?.(ip) ?? { seen: 0, left: cap };
    return isAllOffered ? cap : shareNow(cap, { expected, seen, left, elapsed });
  });
  const whole = wanted.reduce((sum, one) => sum + one, 0);
  const most = isAllOffered ? whole : Math.max(1, whole);
  return warming.map((ip, index) => ({ ip, share: (wanted[index] ?? 0) / most }));
}

/** The part of the UTC day that is over. */
export const elapsedAt = (at: number): number => (at % dayLength) / dayLength;

/**
 * Messages that the domains which use these IPs are expected to send today, over everything: each plan knows its IP's even
 * part. Without a day the busiest usual one.
 */
function expectedFor(ips: readonly Ip[], today: Today | undefined): number {
  const parts = ips.flatMap(({ warmup }) => (warmup === null ? [] : [warmup.pattern]));
  if (parts.length === 0) return 0;
  const of = (pattern: Pattern) => (today === undefined ? pattern.busiest : expectedMailOn(pattern, dayOf(today.at)));
  return (parts.reduce((sum, pattern) => sum + of(pattern), 0) * ips.length) / parts.length;
}

/** What carried a domain's mail before (C-15): its own IPs that are warm, else what the policy's order of overflow says. */
function fallbackOf(sender: Sender, stream: MessageStream, policy: Carriers): Fallback {
  const own = warmOf(sender.account, sender.ips, policy);
  if (own.length > 0) return { to: 'ips', ips: own };
  const reasons: string[] = [];
  let spare: readonly Ip[] = [];
  for (const route of policy.warmup.overflow.value) {
    if (route === 'wait') break;
    if (route === 'warm-ips') {
      const others = warmOf(sender.account, sender.account.ips, policy);
      const fitting = others.filter((ip) => isFor(ip, stream));
      if (fitting.length > 0) return { to: 'ips', ips: fitting };
      spare = others;
      continue;
    }
    const fallback = pooled(sender, poolOf(sender, stream), policy);
    if (fallback.to !== 'wait') return fallback;
    reasons.push(fallback.sentence);
  }
  // S-16: rather than wait, it goes over an IP for the other kind of mail.
  if (spare.length > 0) return { to: 'ips', ips: spare };
  const sentence = reasons[0] ?? `What is above today’s cap of ${sender.name}’s dedicated IPs waits.`;
  return { to: 'wait', sentence };
}

/** C-17: IPs whose warm-up is complete carry all. */
const warmOf = (account: Account, ips: readonly Ip[], policy: Carriers): readonly Ip[] =>
  ips.filter((ip) => capOf(ip) === null && mayLeaveFrom(account.region, ip.region, policy));

/** C-01, C-06, S-04, S-01: the pool of this kind and of the domain's tier, in the region of the account. */
function pooled({ name, account, tier = 1 }: Sender, kind: Pool['kind'], { pools }: Carriers): Fallback {
  const found = poolOfDomain(pools, { kind, region: account.region, tier, name });
  if (found) return { to: 'pool', pool: found };
  const where = account.region === 'eu' ? 'the EU' : 'the US';
  const what = kind === 'default' ? 'shared' : 'transactional';
  return { to: 'wait', sentence: `There is no ${what} pool in ${where}, where the mail of ${name} has to leave from.` };
}
