// Answers where nothing limits what carries the mail: most mail of most domains, so they are kept. Pure.
import type { Egress } from './egress.ts';
import { NOTHING } from './load.ts';
import type { RouteDecision } from './question.ts';
import { choose, type Left } from './route.ts';
import type { Sender } from './sending-domain.ts';

const NONE_LEFT: Left = () => 0;

export class OpenAnswers {
  readonly #known = new WeakMap<Egress, RouteDecision>();

  /** The decision on a message by an egress that is open, or refuses all. The same for each message, but for one of several IPs. */
  of(egress: Egress, sender: Sender, message: string): RouteDecision {
    const known = this.#known.get(egress);
    if (known !== undefined) return known;
    const answer = choose({ sender, egress }, { message, to: NOTHING }, NONE_LEFT);
    const decision = { ...answer, isFallback: true, moved: false };
    const { fallback } = egress;
    if (egress.refusal !== null || fallback.to !== 'ips' || fallback.ips.length === 1)
      this.#known.set(egress, decision);
    return decision;
  }
}
