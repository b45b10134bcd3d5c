// Reads what a change of an account would bring about.
import { type Account, listPeopleOfAccount } from '../../accounts/store.ts';
import type { Db } from '../../database.ts';
import { dayOf } from '../../day.ts';
import { listDomainsOf } from '../../domains/store.ts';
import { isLive } from '../../ips/allocation.ts';
import { pricesAfter } from '../../ips/prices/plan-change.ts';
import { listPricesAhead } from '../../ips/prices/store.ts';
import { listAllocationsOf } from '../../ips/store.ts';
import { type Policy, planOf } from '../../policy/document/policy.ts';
import { gatherRelease, type Ruled } from '../../release/gather.ts';
import { gatherEvidenceFor } from '../evidence.ts';
import { type IpRequest, isOpen } from '../request.ts';
import { listRequestsOf } from '../store.ts';
import { findQuote } from '../store-decisions.ts';
import { type ClosingEffects, isDecided, type PlanEffects, type Requote } from './effects.ts';

const openOf = async (db: Db, accountId: number): Promise<IpRequest[]> =>
  (await listRequestsOf(db, accountId, 200)).filter(({ status }) => isOpen(status));

/** What another plan would change for an account at the instant `at`. */
export async function gatherPlanEffects(
  db: Db,
  { document, at }: { readonly document: Policy; readonly at: number },
  account: Account,
  plan: string,
): Promise<PlanEffects> {
  if (plan === account.plan) return { prices: [], requotes: [] };
  const live = (await listAllocationsOf(db, account.id)).filter(isLive);
  const ahead = await listPricesAhead(
    db,
    live.map(({ id }) => id),
  );
  const prices = pricesAfter(live, ahead, {
    includedIps: planOf(document, plan)?.includedIps.value ?? 0,
    unitCents: document.extraIpMonthlyCents.value,
    chargedFrom: dayOf(at) + document.priceNoticeDays.value,
  });
  return { prices, requotes: await gatherRequotes(db, { account, plan, at }) };
}

/** The open requests of an account that cost something else by this plan, and by the IPs that it has at the instant `at`. */
export async function gatherRequotes(
  db: Db,
  { account, plan, at }: { readonly account: Account; readonly plan: string; readonly at: number },
): Promise<Requote[]> {
  const requotes: Requote[] = [];
  for (const request of await openOf(db, account.id)) {
    const moved = { ...request, account: { ...request.account, plan } };
    const [evidence] = await gatherEvidenceFor(db, [moved], at);
    const before = await findQuote(db, request.id);
    if (!evidence?.quote || !before) continue;
    const { monthlyCents, currency } = evidence.quote;
    const isBack = isDecided(request) && monthlyCents > before.monthlyCents;
    const isSame =
      monthlyCents === before.monthlyCents &&
      evidence.quote.includedCount === before.includedCount &&
      evidence.quote.unitCents === before.unitCents;
    if (!isSame) requotes.push({ request, beforeCents: before.monthlyCents, monthlyCents, currency, isBack });
  }
  return requotes;
}

/** What closing an account would bring about. */
export async function gatherClosingEffects(db: Db, ruled: Ruled, account: Account): Promise<ClosingEffects> {
  const ips = (await listAllocationsOf(db, account.id)).filter(isLive);
  const ids = ips.map(({ id }) => id);
  return {
    requests: await openOf(db, account.id),
    domains: (await listDomainsOf(db, account.id)).map(({ name }) => name),
    ips,
    release: await gatherRelease(db, ruled, account, ids),
    people: (await listPeopleOfAccount(db, account.id)).length,
  };
}
