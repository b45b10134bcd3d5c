// "Which IP or pool carries this message?" The one answer behind pages, programs and mail servers. Pure.

import { partOf, pick } from '../hash.ts';
import type { Pool } from '../policy/document/policy.ts';
import { type Carriers, type Egress, egressOf, type Fallback } from './egress.ts';
import { type Load, sizeOf } from './load.ts';
import { capOf, type Ip, limitOf, type MessageStream, partAmong, type Sender } from './sending-domain.ts';

export type Ask = {
  readonly stream: MessageStream;
  /** What names the message, the same each time it is asked about. */
  readonly message: string;
  /** Whom it is for: one message of a cap for each recipient. */
  readonly to: Load;
};

/**
 * Messages that may still go over a warming IP today: as many as the load has, or more, where all of it may go; fewer
 * where it may not. Called for IPs with a cap or a warm IP's limit only.
 */
export type Left = (ip: Ip, to: Load) => number;

/**
 * `ip-warm`: all goes over it. `ip-warming`: the share of a warming one. `fallback`: what is not for a warming IP.
 * `beyond-warm`: what is more than a warm IP may carry. `daily-limit`: what is more than an account may send (S-02).
 */
export type Why =
  | 'shared-pool'
  | 'transactional-pool'
  | 'ip-warm'
  | 'ip-warming'
  | 'fallback'
  | 'cap-spent'
  | 'beyond-warm'
  | 'daily-limit'
  | 'no-ip';

type Facts = {
  /** The share of the domain's mail of this kind that this egress carries today, from 0 to 1. */
  readonly share: number;
  /** Messages that it may carry in a day, and how many of them are left; null: nothing limits it. */
  readonly cap: number | null;
  readonly left: number | null;
  readonly why: Why;
};

export type RouteAnswer =
  | ({ readonly via: 'ip'; readonly ip: Ip } & Facts)
  | ({ readonly via: 'pool'; readonly pool: Pool } & Facts)
  | ({ readonly via: 'wait'; readonly sentence: string } & Facts)
  | { readonly via: 'refusal'; readonly sentence: string };

/** The answer for one message of a domain. C-15, C-16: side by side, in the day's share, chosen by the message's hash. */
export function route(sender: Sender, ask: Ask, policy: Carriers, left: Left): RouteAnswer {
  return choose({ sender, egress: egressOf(sender, ask.stream, policy) }, ask, left);
}

/** Whose mail it is and over what that may go. */
type Known = { readonly sender: Sender; readonly egress: Egress };

/** The same for an egress that is known already. */
export function choose({ sender, egress }: Known, ask: Omit<Ask, 'stream'>, left: Left): RouteAnswer {
  if (egress.refusal !== null) return { via: 'refusal', sentence: egress.refusal };
  if (egress.warming.length === 0)
    return rest({ sender, egress }, ask, left, { share: 1, why: whyOf(egress.fallback, sender) });
  const chosen = warmingFor(egress, ask.message);
  if (chosen) {
    const found = withRoom(egress, chosen, ask.to, left);
    if (found) return found;
  }
  const why = chosen ? 'cap-spent' : 'fallback';
  return rest({ sender, egress }, ask, left, { share: fallbackShare(egress), why });
}

/** Where a message goes that no warming IP takes. S-26: over a warm IP up to its limit; what is more goes beyond it. */
function rest({ sender, egress }: Known, ask: Omit<Ask, 'stream'>, left: Left, part: Part): RouteAnswer {
  const { fallback, beyond } = egress;
  if (fallback.to !== 'ips' || beyond === null) return fallbackAnswer(fallback, sender, ask.message, part);
  const size = sizeOf(ask.to);
  for (let ips = fallback.ips; ; ) {
    const ip = pick(ips, ask.message);
    if (ip === undefined) return fallbackAnswer(beyond, sender, ask.message, { share: part.share, why: 'beyond-warm' });
    const found = overWarm(ip, fallback.ips, part);
    if (found.cap === null) return found;
    const room = left(ip, ask.to);
    if (room >= size) return { ...found, left: room };
    ips = ips.filter((one) => one !== ip);
  }
}

/** The answer for a warm IP, one of `ips` that carry a part together. */
export const overWarm = (ip: Ip, ips: readonly Ip[], { share, why }: Part) =>
  ({ via: 'ip', ip, share: share * partAmong(ip, ips), cap: limitOf(ip), left: null, why }) as const;

/** The share of the mail that is not for a warming IP. */
export const fallbackShare = ({ warming }: Pick<Egress, 'warming'>): number =>
  Math.max(0, 1 - warming.reduce((sum, one) => sum + one.share, 0));

type Warming = Egress['warming'][number];

type Part = Pick<Facts, 'share' | 'why'>;

/** The warming IP that a message is for, by its hash: their shares lie one after the other from 0 on. */
export function warmingFor({ warming }: Pick<Egress, 'warming'>, message: string): Warming | undefined {
  if (warming.length === 0) return undefined;
  const part = partOf(message);
  let end = 0;
  for (const one of warming) {
    end += one.share;
    if (part < end) return one;
  }
  return undefined;
}

/** S-16: the IPs to try: the chosen one, and where the rest would have to wait the other warming ones too. */
export const triedFor = ({ warming, fallback }: Egress, chosen: Warming): readonly Warming[] =>
  fallback.to === 'wait' ? [chosen, ...warming.filter((one) => one !== chosen)] : [chosen];

/** S-26: the first of them that may carry the whole message. */
function withRoom(egress: Egress, chosen: Warming, to: Load, left: Left) {
  const size = sizeOf(to);
  for (const { ip, share } of triedFor(egress, chosen)) {
    const room = left(ip, to);
    if (room >= size) return { via: 'ip', ip, share, cap: capOf(ip), left: room, why: 'ip-warming' } as const;
  }
  return undefined;
}

/** Over what a domain's mail goes that no warming IP takes; `key` chooses among several warm IPs. */
export function fallbackAnswer(fallback: Fallback, sender: Sender, key: string, part: Part): RouteAnswer {
  const { share, why } = part;
  const facts = { share, cap: null, left: null, why };
  if (fallback.to === 'pool') return { via: 'pool', pool: fallback.pool, ...facts };
  if (fallback.to === 'wait') return { via: 'wait', sentence: fallback.sentence, ...facts };
  const ip = pick(fallback.ips, key);
  if (ip === undefined) return { via: 'wait', sentence: `${sender.name} has no IP.`, ...facts };
  return { via: 'ip', ip, ...facts, share: share * partAmong(ip, fallback.ips) };
}

function whyOf(fallback: Fallback, sender: Sender): Why {
  if (sender.route === 'default') return 'shared-pool';
  if (sender.route === 'transactional') return 'transactional-pool';
  return fallback.to === 'ips' && sender.ips.some(({ id }) => fallback.ips.some((ip) => ip.id === id))
    ? 'ip-warm'
    : 'no-ip';
}
