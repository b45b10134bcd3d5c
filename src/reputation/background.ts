// Each night, once the day's counts are in: scores of all accounts and domains, and what follows from them. In pages, so
// that memory stays flat and no page of the site waits long.
import { act, actingNow } from '../act.ts';
import type { Db } from '../database.ts';
import { dayLength, dayOf } from '../day.ts';
import type { Policy } from '../policy/document/policy.ts';
import { sumOf } from '../sending/counts.ts';
import { countUploadsUnderWay } from '../sending/upload/store.ts';
import { claimNight, closeNight, keepFound } from './actions.ts';
import { limitFor } from './limit.ts';
import { scoreOf } from './score.ts';
import { checkNight, type Days, listAccountsAfter, listDomainSums, listUsual } from './store.ts';
import { placeDomains } from './tiers/actions.ts';
import { judgeSending } from './tiers/judge-sending.ts';
import { dropWarnings, listSending, lockSending } from './tiers/store.ts';

/** Own choice: accounts of one page. */
const PAGE = 500;

/** A night judges once, so not while a file of counts is stored; a file that cannot be stored holds it up no longer than this. */
const LONGEST_UPLOAD = dayLength / 24;

/** Scores everybody, once a day, at the hour from which the policy takes the counts of the day before to be in. Returns of how many domains. */
export async function rateDue(db: Db, policy: Policy, at: number): Promise<number> {
  const day = dayOf(at);
  if (at % dayLength < (policy.warmup.judgeAfterHours.value * dayLength) / 24) return 0;
  if ((await checkNight(db, day, at)) || (await countUploadsUnderWay(db, at - LONGEST_UPLOAD)) > 0) return 0;
  if (!(await claimNight(db, day, at))) return 0;
  const days = { since: day - policy.reputation.windowDays.value, before: day };
  const since = performance.now();
  let domains = 0;
  for (let after = 0; ; ) {
    const accounts = await listAccountsAfter(db, after, PAGE);
    const last = accounts.at(-1);
    if (last === undefined) break;
    // Rows are stamped with when their page was done: routers look for what changed lately.
    domains += await ratePage(db, policy, { accounts, days, at: actingNow({ person: null, at }, since).at });
    after = last.id;
  }
  await closeNight(db, day, { at, domains });
  return domains;
}

type Page = {
  readonly accounts: readonly { readonly id: number; readonly name: string }[];
  readonly days: Days;
  readonly at: number;
};

async function ratePage(db: Db, policy: Policy, { accounts, days, at }: Page): Promise<number> {
  const ids = accounts.map(({ id }) => id);
  const sums = await listDomainSums(db, ids, days);
  const byAccount = Map.groupBy(sums, ({ accountId }) => accountId);
  // Only limits go by it.
  const usual = policy.reputation.dailyLimits.value === null ? null : await listUsual(db, ids, days);
  const day = days.before;
  const found = {
    accounts: accounts.map(({ id: accountId, name: account }) => {
      const counts = sumOf((byAccount.get(accountId) ?? []).map((one) => one.counts));
      const busiest = usual?.get(accountId) ?? 0;
      const score = scoreOf(counts, policy)?.value ?? null;
      const limit = limitFor(score, busiest, policy.reputation);
      return { accountId, account, day, score, counts, usual: busiest, limit };
    }),
    domains: sums
      .filter(({ isRemoved }) => !isRemoved)
      .map(({ domainId, counts }) => ({ domainId, counts, day, score: scoreOf(counts, policy)?.value ?? null })),
  };
  const counts = new Map(found.domains.map((one) => [one.domainId, one]));
  await act<void, never>(db, { person: null, at }, async (act) => {
    // Staff may put a domain elsewhere meanwhile: they wait, or the night sees where.
    await lockSending(act.trx, ids);
    await keepFound(act, found);
    await dropWarnings(act.trx, ids);
    const sending = await listSending(act.trx, ids);
    await placeDomains(
      act,
      sending.map((one) => ({ sending: one, day, outcome: judgeSending(one, counts.get(one.id), policy, day) })),
      policy,
    );
  });
  return found.domains.length;
}
