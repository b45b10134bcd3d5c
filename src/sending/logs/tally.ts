// Adds up what a piece of a log says, before names are looked up. Pure.
import { dayOf } from '../../day.ts';
import { type Counts, NOTHING } from '../counts.ts';
import { type Known, type KnownDomain, type Resolved, wasHeldBy } from '../reported.ts';
import { addressIn, type DeliveryRecord, type ProviderTable, suffixesOf } from './record.ts';

/** What the records of one sender domain over one way to one provider of one day come to. */
export type Tallied = {
  readonly day: number;
  readonly from: string;
  readonly via: readonly string[];
  readonly provider: string;
  counts: { -readonly [Name in keyof Counts]: number };
  records: number;
};

export class Tally {
  readonly #all = new Map<string, Tallied>();
  readonly #providers: ProviderTable;
  /** Records of mail whose sender the log does not say. */
  unknownSender = 0;

  constructor(providers: ProviderTable) {
    this.#providers = providers;
  }

  add(record: DeliveryRecord): void {
    if (record.from === null) {
      this.unknownSender += 1;
      return;
    }
    const day = dayOf(record.arrivedAt);
    const provider = this.#providers.of(record.to, record.mx);
    const key = `${day} ${provider} ${record.from} ${record.via.join(' ')}`;
    let there = this.#all.get(key);
    if (!there) {
      there = { day, from: record.from, via: record.via, provider, counts: { ...NOTHING }, records: 0 };
      this.#all.set(key, there);
    }
    there.records += 1;
    if (record.first) there.counts.sent += 1;
    if (record.outcome !== 'deferred' || record.first) there.counts[record.outcome] += 1;
  }

  get all(): Iterable<Tallied> {
    return this.#all.values();
  }

  /** Every name that has to be looked up. */
  *names(): Generator<{ domain: string; via: string }> {
    for (const { from, via } of this.#all.values()) {
      for (const domain of suffixesOf(from)) for (const name of via) yield { domain, via: addressIn(name) ?? name };
    }
  }
}

/** `no sender`: a bounce that the mail server itself sends back. */
export type NotOurs = 'not ours' | 'no sender' | 'unknown domain' | 'another account’s IP' | 'future';

/** Whose mail it was. A domain below a customer's is the customer's: bounces often come back to one of its own. */
export function resolveTallied(one: Tallied, known: Known, today: number): Resolved | NotOurs {
  if (one.from === '') return 'no sender';
  const way = wayOf(one.via, known);
  if (!way) return 'not ours';
  const domain = domainAbove(one.from, known);
  if (!domain) return 'unknown domain';
  if (one.day > today) return 'future';
  if (way.ip && !wasHeldBy(way.ip, domain.accountId, one.day)) return 'another account’s IP';
  return {
    ...one.counts,
    domainId: domain.id,
    day: one.day,
    ipId: way.ip?.id ?? 0,
    pool: way.pool,
    provider: one.provider,
    stream: domain.usage === 'transactional' ? 'transactional' : 'marketing',
    opened: null,
  };
}

function wayOf(names: readonly string[], known: Known) {
  for (const name of names) {
    if (known.pools.has(name)) return { pool: name, ip: undefined };
    const ip = known.ip(addressIn(name) ?? name);
    if (ip) return { pool: '', ip };
  }
  return undefined;
}

function domainAbove(name: string, known: Known): KnownDomain | undefined {
  for (const one of suffixesOf(name)) {
    const domain = known.domain(one);
    if (domain) return domain;
  }
  return undefined;
}

/** A total whose first tries were not all seen: at least as much was sent as something became of. */
export const raised = <T extends Counts>(total: T): T => ({
  ...total,
  sent: Math.max(total.sent, total.delivered + total.bounced, total.deferred, total.complained),
});
