// What giving IPs back brings about, told before it is done and compared when it is. Pure.
import { createHash } from 'node:crypto';
import type { Day } from '../day.ts';
import type { Domain } from '../domains/domain.ts';
import type { Allocation } from '../ips/allocation.ts';
import type { IpBar } from '../ips/lifecycle.ts';
import type { PriceChange } from '../ips/prices/plan-change.ts';
import type { SendingRoute } from '../policy/checks/facts.ts';
import type { Warmup } from '../warmup/store.ts';

/** Where the mail of a domain goes that used an IP which is given back; `dedicated`: over `others`, which it uses too. */
export type Move = { readonly domain: Domain; readonly to: SendingRoute; readonly others: readonly string[] };

/** A released IP, with the warm-up that ends with it. */
export type Given = { readonly allocation: Allocation; readonly warmup: Warmup | null };

export type ReleaseEffects = {
  readonly given: readonly Given[];
  readonly moves: readonly Move[];
  /** C-09: IPs that the plan includes from now on, as another included one is given back. */
  readonly cheaper: readonly PriceChange[];
  /** The UTC day that is charged last: the one on which it is given back. */
  readonly lastDay: Day;
  /** When the drain ends, and then the quarantine (UTC milliseconds). */
  readonly drainsUntil: number;
  readonly restsUntil: number;
};

/** Why nothing was given back. `changed`: what would follow is not what was on the screen. */
export type ReleaseProblem = 'not-found' | IpBar | 'changed' | 'reason-missing';

type Link = { readonly allocationId: number; readonly id: number };

/**
 * Where the mail of each domain goes once these IPs are given back: over the others that it uses; where there are none, over
 * the shared pool that it came from (C-15), which is the transactional one only while the domain is used for nothing else (C-04).
 */
export function movesOf(
  givenIds: readonly number[],
  links: readonly Link[],
  { domains, live }: { readonly domains: readonly Domain[]; readonly live: readonly Allocation[] },
): Move[] {
  const usesGiven = (id: number) => links.some((link) => link.id === id && givenIds.includes(link.allocationId));
  return domains
    .filter(({ id }) => usesGiven(id))
    .map((domain) => {
      const others = live.filter(
        ({ id }) => !givenIds.includes(id) && links.some((link) => link.allocationId === id && link.id === domain.id),
      );
      const shared = domain.usage === 'transactional' ? domain.sharedPool : 'default';
      return { domain, to: others.length > 0 ? 'dedicated' : shared, others: others.map(({ address }) => address) };
    });
}

/** What a release binds to: somebody who agreed to other effects is shown these first. */
export function releaseBasis({ given, moves, cheaper, lastDay }: ReleaseEffects): string {
  const seen = [
    given.map(({ allocation, warmup }) => [allocation.id, allocation.monthlyCents, warmup?.status ?? null]),
    moves.map(({ domain, to, others }) => [domain.id, to, others]),
    cheaper.map(({ allocation, monthlyCents }) => [allocation.id, monthlyCents]),
    lastDay,
  ];
  return createHash('sha256').update(JSON.stringify(seen)).digest('hex').slice(0, 16);
}
