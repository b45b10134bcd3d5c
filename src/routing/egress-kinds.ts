// What an egress is like, as far as answers depend on it. Pure.
import type { Egress, Fallback } from './egress.ts';
import type { Ip } from './sending-domain.ts';

/** Whether two fallbacks carry mail over the same IPs or pool. */
export function isSame(here: Fallback, there: Fallback): boolean {
  if (here.to === 'pool' && there.to === 'pool') return here.pool === there.pool;
  if (here.to === 'ips' && there.to === 'ips')
    return here.ips.length === there.ips.length && here.ips.every((ip) => there.ips.includes(ip));
  return here.to === there.to;
}

/** Whether nothing limits what carries the mail, so that an answer takes no counting. */
export const isOpen = ({ warming, beyond }: Egress): boolean => warming.length === 0 && beyond === null;

/** Whether it matters at which providers the recipients of a message are: its IPs warm up, or are warm but slowed at some. */
export const asksForProviders = ({ warming, fallback, beyond }: Egress): boolean =>
  warming.length > 0 ||
  (beyond !== null && fallback.to === 'ips' && fallback.ips.some(({ warmup }) => isSlowed(warmup)));

const isSlowed = (warmup: Ip['warmup']): boolean => Object.keys(warmup?.slowed ?? {}).length > 0;

/** The pool that takes what is more than warm IPs may carry. */
export const poolOf = (beyond: Egress['beyond']) => (beyond?.to === 'pool' ? beyond.pool : undefined);
