// Engagement quality (S-24) as pages and programs read it: worked out from the counts whenever somebody looks.
import type { Db } from '../../database.ts';
import { type Day, dayOf } from '../../day.ts';
import type { Policy } from '../../policy/document/policy.ts';
import { type EngagementQuality, type EngagementSums, engagementQuality, sumEngagement } from './score.ts';
import { listEngagementByAccount, listEngagementDays } from './store.ts';
import { type Engaged, engaged } from './wording.ts';

/** Of the days before `day`, as many as the policy says. `quality` null: too little was sent. */
export type OfDay = { readonly day: Day; readonly sums: EngagementSums; readonly quality: EngagementQuality | null };

/** An account's score on each of these days, the first one first; with one statement. */
export async function gatherDays(
  db: Db,
  accountId: number,
  { from, to }: { readonly from: Day; readonly to: Day },
  { engagementQuality: rules }: Policy,
): Promise<OfDay[]> {
  const length = rules.windowDays.value;
  const all = await listEngagementDays(db, accountId, { since: from - length, before: to });
  return Array.from({ length: to - from + 1 }, (_, nth) => {
    const day = from + nth;
    const within = all.filter((one) => one.day >= day - length && one.day < day);
    const sums = sumEngagement(within.map((one) => one.sums));
    return { day, sums, quality: engagementQuality(sums, rules) };
  });
}

/** An account's score today, as pages show it. */
export async function gatherEngaged(db: Db, accountId: number, policy: Policy, at: number): Promise<Engaged> {
  const today = dayOf(at);
  const [found] = await gatherDays(db, accountId, { from: today, to: today }, policy);
  if (!found) throw new Error('a range of one day has one');
  return engaged(found, policy.engagementQuality);
}

export type OfAccount = { readonly id: number; readonly name: string; readonly quality: EngagementQuality | null };

/** The scores of some accounts on one day. */
export async function gatherAccounts(
  db: Db,
  day: Day,
  page: { readonly after: number; readonly limit: number },
  { engagementQuality: rules }: Policy,
): Promise<OfAccount[]> {
  const days = { since: day - rules.windowDays.value, before: day };
  const all = await listEngagementByAccount(db, days, page);
  return all.map(({ id, name, sums }) => ({ id, name, quality: engagementQuality(sums, rules) }));
}
