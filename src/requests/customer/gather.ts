// What an account's domains send, for the forms: each week's mean, and how the mail of some of them comes.
import type { Db } from '../../database.ts';
import { dayOf } from '../../day.ts';
import type { Domain } from '../../domains/domain.ts';
import { listDomainsOf, listDomainsWithSubusers } from '../../domains/store.ts';
import type { Measured } from '../../policy/checks/facts.ts';
import { measure, type Weeks } from '../../sending/counts.ts';
import { learnPattern, PATTERN_DAYS, type Pattern } from '../../sending/pattern.ts';
import { addDays, type Days } from '../../sending/pattern-days.ts';
import { listWeekCounts } from '../../sending/store.ts';
import { listDaysSent } from '../../sending/store-patterns.ts';
import type { Kind } from '../request.ts';

/** A domain with the mean of its weekly volume; null: no complete week is measured. */
export type DomainChoice = Domain & { readonly weekly: number | null };

export type AccountVolumes = {
  readonly domains: readonly DomainChoice[];
  /** Those of its subusers, where they were read. */
  readonly subuserDomains: readonly DomainChoice[];
  /** Of all its own together. */
  readonly measured: Measured;
  /** What each of them sent, by weeks. */
  readonly weeks: Weeks;
};

export type AccountPatterns = {
  readonly domains: readonly Domain[];
  /** What each of them sent on the days that patterns are learned from. */
  readonly days: Days;
  /** How the mail of these domains together comes; null where too little was measured. */
  patternOf(domainIds: readonly number[]): Pattern | null;
};

/** The domains that a request of an account may name: for IPs also those of its subusers, to which they are assigned then (S-18). */
export const listNameable = (db: Db, accountId: number, kind: Kind): Promise<Domain[]> =>
  kind === 'dedicated_ip' ? listDomainsWithSubusers(db, accountId) : listDomainsOf(db, accountId);

/**
 * Gathers what an account's domains send in a week, up to the instant `at`. Two queries, however many domains. Those of its
 * subusers only where it is asked for, or has none itself.
 */
export async function gatherVolumes(
  db: Db,
  { accountId, withSubusers }: { readonly accountId: number; readonly withSubusers: boolean },
  at: number,
): Promise<AccountVolumes> {
  const own = withSubusers ? [] : await listDomainsOf(db, accountId);
  return volumesOf(db, own.length > 0 ? own : await listDomainsWithSubusers(db, accountId), at);
}

async function volumesOf(db: Db, domains: readonly Domain[], at: number): Promise<AccountVolumes> {
  const ids = domains.map(({ id }) => id);
  const weeks = await listWeekCounts(db, ids, at);
  const all = domains.map((domain) => ({ ...domain, weekly: measure(weeks.get(domain.id) ?? [], at).weekly }));
  const own = all.filter(({ subuser }) => subuser === undefined);
  return {
    domains: own,
    subuserDomains: all.filter(({ subuser }) => subuser !== undefined),
    measured: measure(
      own.flatMap(({ id }) => weeks.get(id) ?? []),
      at,
    ),
    weeks,
  };
}

/**
 * Gathers how the mail of the domains came, up to the instant `at`, that an account's request for IPs may name. Two queries,
 * however many domains.
 */
export const gatherPatterns = async (db: Db, accountId: number, at: number): Promise<AccountPatterns> =>
  patternsOf(db, await listDomainsWithSubusers(db, accountId), at);

/** The same of domains that are known. One query. */
export async function patternsOf(db: Db, domains: readonly Domain[], at: number): Promise<AccountPatterns> {
  const today = dayOf(at);
  const ids = domains.map(({ id }) => id);
  const days = await listDaysSent(db, ids, { since: today - PATTERN_DAYS, until: today - 1 });
  const patternOf = (wanted: readonly number[]) => learnPattern(addDays(wanted.map((id) => days.get(id) ?? [])), today);
  return { domains, days, patternOf };
}
