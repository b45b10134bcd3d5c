// Which allocations each domain is linked to, and (S-07) which of them carry each kind of its mail, with what weight. Pure.
import type { Ip, MessageStream, Sender } from './sending-domain.ts';
import type { LinkRow } from './store.ts';

export type Links = {
  readonly linked: ReadonlyMap<number, readonly number[]>;
  readonly weights: ReadonlyMap<number, readonly LinkRow[]>;
};

/** The allocations of each domain. Only domains with a weight other than 1 are in `weights`: nearly all have none. */
export function linksOf(rows: readonly LinkRow[]): Links {
  const [linked, weights] = [new Map<number, number[]>(), new Map<number, LinkRow[]>()];
  for (const { allocationId, domainId } of rows) listIn(linked, domainId, allocationId);
  const isWeighted = ({ marketing, transactional }: LinkRow) => marketing !== 1 || transactional !== 1;
  const weighted = new Set(rows.filter(isWeighted).map(({ domainId }) => domainId));
  for (const row of rows) if (weighted.has(row.domainId)) listIn(weights, row.domainId, row);
  return { linked, weights };
}

/** Adds a value to one of several lists. */
export function listIn<K, V>(lists: Map<K, V[]>, key: K, value: V): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [value]);
  else list.push(value);
}

/** `ips`: those that a domain uses. One object for each weight of an IP, so that equal egresses are recognised. */
export function pooledIps(ips: readonly Ip[], weights: readonly LinkRow[]): NonNullable<Sender['pooled']> {
  const weightOf = new Map(weights.map((one) => [one.allocationId, one]));
  const known = new Map<string, Ip>();
  const withWeight = (ip: Ip, weight: number): Ip => {
    const key = `${ip.id} ${weight}`;
    const found = known.get(key) ?? { ...ip, weight };
    known.set(key, found);
    return found;
  };
  const forStream = (stream: MessageStream) =>
    ips.flatMap((ip) => {
      const weight = weightOf.get(ip.allocationId)?.[stream] ?? 0;
      return weight === 0 ? [] : [withWeight(ip, weight)];
    });
  return { marketing: forStream('marketing'), transactional: forStream('transactional') };
}
