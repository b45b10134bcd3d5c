// Each night, once the day's counts are in: scores of all accounts and domains, and what follows from them. In pages, so
// that memory stays flat and no page of the site waits long.
import { act } from '../act.ts';
import type { Db } from '../database.ts';
import { dayLength, dayOf } from '../day.ts';
import type { Policy } from '../policy/document/policy.ts';
import { NOTHING } from '../sending/counts.ts';
import { claimNight, closeNight, keepFound } from './actions.ts';
import { limitFor } from './limit.ts';
import { scoreOf } from './score.ts';
import { checkNight, type Days, listAccountSums, listAccountsAfter, listDomainSums } from './store.ts';

/** Own choice: accounts of one page. */
const PAGE = 250;

/** Scores everybody, once a day, at the hour from which the policy takes the counts of the day before to be in. Returns of how many domains. */
export async function rateDue(db: Db, policy: Policy, at: number): Promise<number> {
  const day = dayOf(at);
  if (at % dayLength < (policy.warmup.judgeAfterHours.value * dayLength) / 24) return 0;
  if ((await checkNight(db, day, at)) || !(await claimNight(db, day, at))) return 0;
  const days = { since: day - policy.reputation.windowDays.value, before: day };
  let domains = 0;
  for (let after = 0; ; ) {
    const accounts = await listAccountsAfter(db, after, PAGE);
    const last = accounts.at(-1);
    if (last === undefined) break;
    domains += await ratePage(db, policy, { accounts, days, at });
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
  const sums = await listAccountSums(db, ids, days);
  const domains = await listDomainSums(db, ids, days);
  const day = days.before;
  const found = {
    accounts: accounts.map(({ id: accountId, name: account }) => {
      const { counts, usual } = sums.get(accountId) ?? { counts: NOTHING, usual: 0 };
      const score = scoreOf(counts, policy)?.value ?? null;
      return { accountId, account, day, score, counts, usual, limit: limitFor(score, usual, policy.reputation) };
    }),
    domains: domains.map((one) => ({ ...one, day, score: scoreOf(one.counts, policy)?.value ?? null })),
  };
  await act<void, never>(db, { person: null, at }, (act) => keepFound(act, found));
  return domains.length;
}
