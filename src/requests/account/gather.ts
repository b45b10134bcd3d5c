// Reads what a change of an account would bring about.
import { type Account, listPeopleOfAccount } from '../../accounts/store.ts';
import { listSubusers } from '../../accounts/subusers/store.ts';
import type { Db } from '../../database.ts';
import { dayOf } from '../../day.ts';
import { listDomainsOf } from '../../domains/store.ts';
import { isLive } from '../../ips/allocation.ts';
import { pricesAfter } from '../../ips/prices/plan-change.ts';
import { listPricesAhead } from '../../ips/prices/store.ts';
import { listAllocationsOf } from '../../ips/store.ts';
import { type Policy, planOf } from '../../policy/document/policy.ts';
import { type Quote, quote } from '../../pricing/quote.ts';
import { gatherRelease, type Ruled } from '../../release/gather.ts';
import { type Evidence, gatherEvidenceFor } from '../evidence/gather.ts';
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

/** `released`: how many of the account's IPs are looked at as if they had been given back. */
type Priced = { readonly account: Account; readonly plan: string; readonly at: number; readonly released?: number };

/** The open requests of an account that cost something else by this plan, and by the IPs that it has at the instant `at`. */
export async function gatherRequotes(db: Db, { account, plan, at, released = 0 }: Priced): Promise<Requote[]> {
  const requotes: Requote[] = [];
  for (const request of await openOf(db, account.id)) {
    const moved = { ...request, account: { ...request.account, plan } };
    const [evidence] = await gatherEvidenceFor(db, [moved], at);
    const before = await findQuote(db, request.id);
    const now = evidence && quoteAfter(evidence, released, at);
    if (!now || !before) continue;
    const { monthlyCents, currency } = now;
    const isBack = isDecided(request) && monthlyCents > before.monthlyCents;
    const isSame =
      monthlyCents === before.monthlyCents &&
      now.includedCount === before.includedCount &&
      now.unitCents === before.unitCents;
    if (!isSame) requotes.push({ request, beforeCents: before.monthlyCents, monthlyCents, currency, isBack });
  }
  return requotes;
}

/** What the request of this evidence would cost once the account has `released` IPs less; null: nothing, as it is for the pool. */
function quoteAfter({ quote: now, facts, policy }: Evidence, released: number, at: number): Quote | null {
  if (released === 0 || facts.kind !== 'dedicated_ip') return now;
  const allocatedCount = Math.max(0, facts.allocated - released);
  return quote(policy.document, { planKey: facts.account.plan, allocatedCount, ipCount: facts.asked.ipCount }, at);
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
    subusers: (await listSubusers(db, account.id)).filter(({ status }) => status !== 'closed').map(({ name }) => name),
  };
}
