// What an account's domains send, for the forms: each week's mean, and how the mail of some of them comes.
import type { Db } from '../../database.ts';
import { dayOf } from '../../day.ts';
import type { Domain } from '../../domains/domain.ts';
import { listDomainsOf } from '../../domains/store.ts';
import type { Measured } from '../../policy/checks/facts.ts';
import { measure } from '../../sending/counts.ts';
import { learnPattern, PATTERN_DAYS, type Pattern } from '../../sending/pattern.ts';
import { addDays } from '../../sending/pattern-days.ts';
import { listWeekCounts } from '../../sending/store.ts';
import { listDaysSent } from '../../sending/store-patterns.ts';

/** A domain with the mean of its weekly volume; null: no complete week is measured. */
export type DomainChoice = Domain & { readonly weekly: number | null };

export type AccountVolumes = {
  readonly domains: readonly DomainChoice[];
  /** Of all of them together. */
  readonly measured: Measured;
};

export type AccountPatterns = {
  readonly domains: readonly Domain[];
  /** How the mail of these domains together comes, of the account's own; null where too little was measured. */
  patternOf(domainIds: readonly number[]): Pattern | null;
};

export type AccountMail = AccountPatterns & { readonly domains: readonly DomainChoice[] };

/** Gathers what an account's domains send in a week, up to the instant `at`. Two queries, however many domains. */
export async function gatherVolumes(db: Db, accountId: number, at: number): Promise<AccountVolumes> {
  return volumesOf(db, await listDomainsOf(db, accountId), at);
}

async function volumesOf(db: Db, domains: readonly Domain[], at: number): Promise<AccountVolumes> {
  const ids = domains.map(({ id }) => id);
  const counts = await listWeekCounts(db, ids, at);
  return {
    domains: domains.map((domain) => ({ ...domain, weekly: measure(counts.get(domain.id) ?? [], at).weekly })),
    measured: measure([...counts.values()].flat(), at),
  };
}

/** Gathers how the mail of an account's domains came up to the instant `at`. Two queries, however many domains. */
export async function gatherPatterns(db: Db, accountId: number, at: number): Promise<AccountPatterns> {
  const domains = await listDomainsOf(db, accountId);
  const today = dayOf(at);
  const ids = domains.map(({ id }) => id);
  const days = await listDaysSent(db, ids, today - PATTERN_DAYS, today - 1);
  const patternOf = (wanted: readonly number[]) => learnPattern(addDays(wanted.map((id) => days.get(id) ?? [])), today);
  return { domains, patternOf };
}

/** The same with what each domain sent in a week. One query more. */
export async function gatherMail(db: Db, accountId: number, at: number): Promise<AccountMail> {
  const { domains, patternOf } = await gatherPatterns(db, accountId, at);
  return { domains: (await volumesOf(db, domains, at)).domains, patternOf };
}
