// Adds up what a chunk of a log says, before names are looked up. Pure.
import { dayOf } from '../../day.ts';
import { type Counts, NOTHING } from '../counts.ts';
import { addressIn } from '../egress-name.ts';
import type { ProviderTable } from '../receivers/provider-table.ts';
import { type Known, type KnownDomain, type Resolved, wasAllocatedTo } from '../reported.ts';
import type { Late, LateOutcome } from './late.ts';
import { type DeliveryRecord, suffixesOf } from './record.ts';

type About = {
  readonly day: number;
  readonly from: string;
  readonly via: readonly string[];
  readonly provider: string;
};

/** What the records of one sender domain over one egress to one provider of one day come to. */
export type Tallied = About & { counts: { -readonly [Name in keyof Counts]: number }; records: number };

/** The same of what is known only later: complaints, and bounces that came back as mails. */
export type TalliedLate = About & { readonly outcome: LateOutcome; readonly isGuess: boolean; records: number };

export class Tally {
  readonly #all = new Map<string, Tallied>();
  readonly #late = new Map<string, TalliedLate>();
  readonly #providers: ProviderTable;
  /** Records of mail whose sender the log does not say. */
  unknownSender = 0;
  /** Failures of the mail server's own settings. */
  ownFault = 0;

  constructor(providers: ProviderTable) {
    this.#providers = providers;
  }

  add(record: DeliveryRecord): void {
    const { from, via, outcome } = record;
    if (from === null) {
      this.unknownSender += 1;
      return;
    }
    const day = dayOf(record.arrivedAt);
    const provider = this.#providers.of(record.to, record.mx);
    const key = `${day} ${provider} ${from} ${via.join(' ')}`;
    if (outcome === 'complained' || outcome === 'returned') {
      this.#addLate(record, outcome, { day, from, via, provider });
      return;
    }
    let there = this.#all.get(key);
    if (!there) {
      there = { day, from, via, provider, counts: { ...NOTHING }, records: 0 };
      this.#all.set(key, there);
    }
    there.records += 1;
    if (record.first) there.counts.sent += 1;
    if (outcome !== 'deferred' || record.first) there.counts[outcome] += 1;
    if (record.first && record.wasSuspended && outcome !== 'deferred') there.counts.deferred += 1;
  }

  #addLate({ isGuess = false, reporter }: DeliveryRecord, outcome: LateOutcome, about: About): void {
    const isKnown = about.provider !== 'other' || reporter === undefined;
    const provider = isKnown ? about.provider : this.#providers.ofReporter(reporter);
    const key = `${outcome} ${isGuess} ${about.day} ${provider} ${about.from} ${about.via.join(' ')}`;
    const late = this.#late.get(key) ?? { ...about, provider, outcome, isGuess, records: 0 };
    late.records += 1;
    this.#late.set(key, late);
  }

  get all(): Iterable<Tallied> {
    return this.#all.values();
  }

  get late(): Iterable<TalliedLate> {
    return this.#late.values();
  }

  /** Every name that has to be looked up. */
  *names(): Generator<{ domain: string; via: string }> {
    for (const { from, via } of [...this.#all.values(), ...this.#late.values()]) {
      for (const domain of from.split(' ').flatMap(suffixesOf)) {
        if (via.length === 0) yield { domain, via: '' };
        for (const name of via) yield { domain, via: addressIn(name) ?? name };
      }
    }
  }
}

export const NONE_SKIPPED = {
  'not ours': 0,
  'no sender': 0,
  'unknown domain': 0,
  'another account’s IP': 0,
  future: 0,
  'unknown sender': 0,
  'own fault': 0,
  'no such mail': 0,
};
/**
 * Why a record is not counted. `no sender`: a bounce that the mail server itself sends back. `no such mail`: a complaint or a
 * late bounce about mail that was never counted.
 */
export type Skipped = keyof typeof NONE_SKIPPED;

/** Whose mail it was. A domain below a customer's is the customer's: bounces often come back to one of its own. */
export function resolveTallied(one: Tallied, known: Known, today: number): Resolved | Skipped {
  const found = resolveAbout(one, known, today);
  if (typeof found === 'string') return found;
  const { domain, egress } = found;
  if (!egress) return 'not ours';
  return { ...one.counts, ...keyOf(one, domain), ipId: egress.ip?.id ?? 0, pool: egress.pool, opened: null };
}

/** The same of what is known only later. A report need not say what the message went over. */
export function resolveLate(one: TalliedLate, known: Known, today: number): Late | Skipped {
  const found = resolveAbout(one, known, today);
  if (typeof found === 'string') return found;
  const { domain, egress } = found;
  const via = egress ? { ipId: egress.ip?.id ?? 0, pool: egress.pool } : null;
  return { ...keyOf(one, domain), via, outcome: one.outcome, count: one.records };
}

const keyOf = ({ day, provider }: About, { id, usage }: KnownDomain) => ({
  domainId: id,
  day,
  provider,
  stream: usage === 'transactional' ? ('transactional' as const) : ('marketing' as const),
});

function resolveAbout(one: Tallied | TalliedLate, known: Known, today: number) {
  if (one.from === '') return 'no sender';
  const isGuess = 'isGuess' in one && one.isGuess;
  let egress = egressOf(one.via, known);
  if (!egress && one.via.length > 0 && !isGuess) return 'not ours';
  const domain = domainAbove(one.from, known);
  if (!domain) return 'unknown domain';
  if (one.day > today) return 'future';
  if (egress?.ip && !wasAllocatedTo(egress.ip, domain, one.day)) {
    if (!isGuess) return 'another account’s IP';
    egress = undefined;
  }
  return { domain, egress };
}

function egressOf(names: readonly string[], known: Known) {
  for (const name of names) {
    const pool = known.poolOf(name);
    if (pool !== undefined) return { pool, ip: undefined };
    const ip = known.ip(addressIn(name) ?? name);
    if (ip) return { pool: '', ip };
  }
  return undefined;
}

function domainAbove(name: string, known: Known): KnownDomain | undefined {
  for (const one of name.split(' ').flatMap(suffixesOf)) {
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
