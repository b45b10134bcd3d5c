// What of a domain's mail goes where today, as a table for its Mail Servers page. Pure.
import { type Day, startOfDay } from '../day.ts';
import { ALLOCATION_WORDS } from '../ips/allocation.ts';
import { regionNames } from '../policy/checks/dedicated.ts';
import { mayLeaveFrom } from '../policy/document/regions.ts';
import { counted, grouped, listed } from '../wording.ts';
import { type Carriers, egressOf, type Fallback } from './egress.ts';
import { fallbackShare } from './route.ts';
import { capOf, type Ip, limitOf, type MessageStream, partAmong, type Sender, streamOver } from './sending-domain.ts';

export type Line = {
  /** An IP's address or a pool's name. */
  readonly over: string;
  readonly isIp: boolean;
  /** Of the domain's mail, today, from 0 to 1. */
  readonly share: number;
  /** Messages that the IP may carry today, and how many of them are left; null: nothing limits it. */
  readonly cap: number | null;
  readonly left: number | null;
  readonly why: string;
};

export type EgressToday = {
  readonly lines: readonly Line[];
  /** What is not sent, and why: campaigns of a domain in the transactional pool, mail that has to wait. */
  readonly notSent: string | null;
  readonly day: Day;
};

/** `spent`: messages handed out today, by IP. */
export function egressToday(
  sender: Sender,
  policy: Carriers,
  spent: ReadonlyMap<number, number>,
  today: Day,
): EgressToday {
  const stream: MessageStream = sender.usage === 'transactional' ? 'transactional' : 'marketing';
  const { warming, fallback, beyond } = egressOf(sender, stream, policy, { at: startOfDay(today) });
  const lines: Line[] = warming.map(({ ip, share }) => {
    const cap = capOf(ip);
    const left = cap === null ? null : Math.max(0, cap - (spent.get(ip.id) ?? 0));
    return { over: ip.address, isIp: true, share, cap, left, why: warmingReason(ip, policy) };
  });
  const rest = { share: fallbackShare({ warming }), cap: null, left: null };
  if (fallback.to === 'pool')
    lines.push({ ...rest, over: fallback.pool.key, isIp: false, why: poolReason(sender, warming.length) });
  if (fallback.to === 'ips') {
    for (const ip of fallback.ips) {
      const cap = beyond === null ? null : limitOf(ip);
      const left = cap === null ? null : Math.max(0, cap - (spent.get(ip.id) ?? 0));
      const share = rest.share * partAmong(ip, fallback.ips);
      lines.push({ over: ip.address, isIp: true, share, cap, left, why: warmReason(ip, sender, beyond, policy) });
    }
  }
  for (const ip of sender.ips.filter((one) => !lines.some(({ over }) => over === one.address))) {
    lines.push({
      over: ip.address,
      isIp: true,
      share: 0,
      cap: 0,
      left: 0,
      why: restReason(ip, sender, stream, policy),
    });
  }
  const refusal = egressOf(sender, 'marketing', policy).refusal;
  return { lines, notSent: refusal ?? (fallback.to === 'wait' ? fallback.sentence : null), day: today };
}

function warmingReason(ip: Ip, policy: Carriers): string {
  return `Warms up: its share grows with each stage.${slowedReason(ip, policy)}`;
}

function slowedReason({ warmup }: Ip, { providers }: Carriers): string {
  const slowed = Object.entries(warmup?.slowed ?? {}).map(([key, limit]) => {
    const name = providers.value.find((one) => one.key === key)?.name ?? 'others';
    return `${grouped(limit)} a day to ${name}`;
  });
  return slowed.length === 0 ? '' : ` At most ${listed(slowed)}, which deferred or bounced mail.`;
}

function warmReason(ip: Ip, { ips }: Sender, beyond: Fallback | null, policy: Carriers): string {
  if (!ips.some(({ id }) => id === ip.id)) return 'A warm IP of the account, beside the new one.';
  const level = ip.warmup?.warmedTo ?? null;
  if (beyond?.to !== 'pool' || level === null) return 'Warm: nothing limits it.';
  return `Warm: its busiest day lately had ${counted(level, 'message')}. Mail far above that goes over ${beyond.pool.key}.${slowedReason(ip, policy)}`;
}

function poolReason(sender: Sender, warming: number): string {
  if (sender.route !== 'dedicated') return 'The shared pool that the domain is on.';
  return warming > 0
    ? 'What is not for a warming IP, and what is above its cap.'
    : 'No dedicated IP carries mail today, so all goes over the shared pool.';
}

function restReason(ip: Ip, sender: Sender, stream: MessageStream, policy: Carriers): string {
  const { account } = sender;
  const { status, warmup, region } = ip;
  const carries = sender.pooled === undefined ? ip.carries : streamOver(sender, ip);
  if (!mayLeaveFrom(account.region, region, policy))
    return account.region === 'eu'
      ? 'It is outside the EU, where the account’s mail has to leave from.'
      : `It is in ${regionNames[region]}, and IPs there are for accounts that send from there only.`;
  if (status === 'warming' && warmup?.status === 'planned') return 'Its warm-up has not begun.';
  if (warmup?.status === 'paused' || status === 'paused') return 'Its warm-up is paused: nothing goes over it.';
  if (carries !== undefined && carries !== stream)
    return `For ${carries} mail only: messages that say they are ${carries} go over it.`;
  return `${ALLOCATION_WORDS[status].label}: nothing goes over it.`;
}
