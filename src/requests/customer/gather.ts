// What an account's domains send, for the forms: each week's mean, and how the mail of some of them comes.
import type { Db } from '../../database.ts';
import { dayOf } from '../../day.ts';
import type { Domain } from '../../domains/domain.ts';
import { listDomainsOf } from '../../domains/store.ts';
import { measure } from '../../sending/counts.ts';
import { learnPattern, PATTERN_DAYS, type Pattern } from '../../sending/pattern.ts';
import { addDays } from '../../sending/pattern-days.ts';
import { listWeekCounts } from '../../sending/store.ts';
import { listDaysSent } from '../../sending/store-patterns.ts';

/** A domain with the mean of its weekly volume; null: no complete week is measured. */
export type DomainChoice = Domain & { readonly weekly: number | null };

export type AccountMail = {
  readonly domains: readonly DomainChoice[];
  /** How the mail of these domains together comes, of the account's own; null where too little was measured. */
  patternOf(domainIds: readonly number[]): Pattern | null;
};

/** Gathers what an account's domains sent up to the instant `at`. Two queries, however many domains. */
export async function gatherMail(db: Db, accountId: number, at: number): Promise<AccountMail> {
  const domains = await listDomainsOf(db, accountId);
  const ids = domains.map(({ id }) => id);
  const counts = await listWeekCounts(db, ids, at);
  const today = dayOf(at);
  const days = await listDaysSent(db, ids, today - PATTERN_DAYS, today - 1);
  return {
    domains: domains.map((domain) => ({ ...domain, weekly: measure(counts.get(domain.id) ?? [], at).weekly })),
    patternOf: (wanted) => learnPattern(addDays(wanted.map((id) => days.get(id) ?? [])), today),
  };
}
