// Counts as somebody reports them, in names, and what they mean here, in ids. Pure.
import { type Day, dayOf } from '../day.ts';
import type { Counts, DayCount, FieldProblem, MailStream } from './counts.ts';
import { FIRST_TIME } from './earliest.ts';
import { addedEngagement, type Engagement } from './engagement.ts';

/** One count as it was reported. `via`: an IP's address, or the key of a shared pool. */
export type Reported = Counts & {
  readonly day: Day;
  readonly domain: string;
  readonly via: string;
  readonly provider: string;
  readonly stream: MailStream;
  readonly opened: number | null;
  readonly engagement?: Engagement;
};

export type KnownDomain = {
  readonly id: number;
  readonly accountId: number;
  /** Of a subuser's domain, the parent, whose IPs it sends over; null: the account has none. */
  readonly parentId: number | null;
  readonly account: string;
  readonly usage: 'marketing' | 'transactional' | 'both';
};

/** A stretch of time in which an IP was one account's (UTC milliseconds); null: it still is. */
export type Holding = { readonly accountId: number; readonly from: number; readonly until: number | null };
export type KnownIp = { readonly id: number; readonly holdings: readonly Holding[] };

/** What names mean: of those that were learnt before. */
export type Known = {
  domain(name: string): KnownDomain | undefined;
  ip(address: string): KnownIp | undefined;
  /** The shared pool of this key, or that the policy says has this address. */
  poolOf(name: string): string | undefined;
  readonly pools: ReadonlySet<string>;
  /** Keys of the policy's providers, with `other`. */
  readonly providers: ReadonlySet<string>;
};

/** A count of a domain that is known here. */
export type Resolved = DayCount & { readonly domainId: number };

const FIRST_DAY = dayOf(FIRST_TIME);

/** Whether an IP was the account's of this domain, or its parent's, at any time of that day (C-07). */
export const wasAllocatedTo = (
  ip: KnownIp,
  { accountId, parentId }: Pick<KnownDomain, 'accountId' | 'parentId'>,
  day: Day,
): boolean =>
  ip.holdings.some(
    (one) =>
      (one.accountId === accountId || one.accountId === parentId) &&
      dayOf(one.from) <= day &&
      (one.until === null || day <= dayOf(one.until)),
  );

/** Looks a reported count's names up. Returns every field that cannot be, each with its sentence. `today`: the UTC day. */
export function resolve(
  reported: Reported,
  known: Known,
  today: Day,
): { readonly ok: true; readonly count: Resolved } | { readonly ok: false; readonly problems: FieldProblem[] } {
  const problems: FieldProblem[] = [];
  const wrong = (field: string, sentence: string): void => void problems.push({ field, sentence });
  const { day, domain: name, via, provider } = reported;
  if (day > today) wrong('day', 'The day is in the future. Days are days of UTC.');
  else if (day < FIRST_DAY) wrong('day', 'The day is too long ago.');
  const domain = known.domain(name);
  if (!domain) wrong('domain', `No customer has the domain ${shown(name)}.`);
  if (!known.providers.has(provider))
    wrong(
      'provider',
      `${shown(provider)} is not a mailbox provider in the policy. Known ones: ${[...known.providers].join(', ')}.`,
    );
  const isPool = known.pools.has(via);
  const ip = isPool ? undefined : known.ip(via);
  if (!isPool && !ip) wrong('via', `${shown(via)} is neither an IP of the inventory nor a shared pool of the policy.`);
  else if (ip && domain && !wasAllocatedTo(ip, domain, day))
    wrong('via', `${via} was not ${domain.account}’s on that day, and ${name} is ${domain.account}’s.`);
  if (problems.length > 0 || !domain) return { ok: false, problems };
  const { domain: _name, via: _via, ...rest } = reported;
  return { ok: true, count: { ...rest, domainId: domain.id, ipId: ip?.id ?? 0, pool: isPool ? via : '' } };
}

/** What somebody wrote, as a sentence can carry it: short, in one line, in quotation marks. */
export function shown(text: string): string {
  const plain = text.toWellFormed().replace(/\p{Cc}/gu, '�');
  return `“${plain.length > 60 ? `${plain.slice(0, 60)}…` : plain}”`;
}

/** Two counts with the same key are about the same mail. */
export const keyOf = (count: Resolved): string =>
  `${count.domainId} ${count.day} ${count.ipId} ${count.pool} ${count.provider} ${count.stream}`;

type Total = Counts & { readonly opened: number | null; readonly engagement?: Engagement };

/** Adds reported counts to the stored ones. */
export function added<T extends Total>(there: Total, more: T): T {
  const engagement = addedEngagement(there.engagement, more.engagement);
  return {
    ...more,
    ...(engagement && { engagement }),
    sent: there.sent + more.sent,
    delivered: there.delivered + more.delivered,
    deferred: there.deferred + more.deferred,
    bounced: there.bounced + more.bounced,
    complained: there.complained + more.complained,
    opened: more.opened === null ? there.opened : (there.opened ?? 0) + more.opened,
  };
}

/** The sums of counts that have the same key; each key once, in the order of its first count. */
export function summed(counts: Iterable<Resolved>): Map<string, Resolved> {
  const sums = new Map<string, Resolved>();
  for (const count of counts) {
    const key = keyOf(count);
    const there = sums.get(key);
    sums.set(key, there ? added(there, count) : count);
  }
  return sums;
}
