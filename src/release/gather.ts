// Reads what giving IPs of an account back would bring about.
import type { Account } from '../accounts/store.ts';
import type { Db } from '../database.ts';
import { dayLength, dayOf } from '../day.ts';
import { listDomainsWithSubusers } from '../domains/store.ts';
import { isLive } from '../ips/allocation.ts';
import { pricesAfter } from '../ips/prices/plan-change.ts';
import { listPricesAhead } from '../ips/prices/store.ts';
import { listAllocationsOf } from '../ips/store.ts';
import { listLinksOf } from '../ips/store-release.ts';
import { type Policy, planOf } from '../policy/document/policy.ts';
import { findWarmupOf } from '../warmup/store.ts';
import { type Given, movesOf, type ReleaseEffects } from './effects.ts';

/** The policy that is in force, and the instant (UTC milliseconds). */
export type Ruled = { readonly document: Policy; readonly at: number };

/** What giving these allocations of an account back at the instant `at` brings about; those that are not live are left out. */
export async function gatherRelease(
  db: Db,
  { document, at }: Ruled,
  account: Account,
  allocationIds: readonly number[],
): Promise<ReleaseEffects> {
  const live = (await listAllocationsOf(db, account.id)).filter(isLive);
  const given: Given[] = [];
  for (const allocation of live) {
    if (!allocationIds.includes(allocation.id)) continue;
    given.push({ allocation, warmup: (await findWarmupOf(db, allocation.id)) ?? null });
  }
  const ids = given.map(({ allocation }) => allocation.id);
  const rest = live.filter(({ id }) => !ids.includes(id));
  const ahead = await listPricesAhead(
    db,
    rest.map(({ id }) => id),
  );
  const plan = {
    includedIps: planOf(document, account.plan)?.includedIps.value ?? 0,
    unitCents: document.extraIpMonthlyCents.value,
    chargedFrom: dayOf(at),
  };
  const drainsUntil = at + document.release.drainDays.value * dayLength;
  return {
    given,
    moves: movesOf(ids, await listLinksOf(db, account.id), {
      domains: await listDomainsWithSubusers(db, account.id),
      live,
    }),
    // Nothing becomes dearer because another IP is given back.
    cheaper: pricesAfter(rest, ahead, plan).filter(({ monthlyCents }) => monthlyCents === 0),
    lastDay: dayOf(at),
    drainsUntil,
    restsUntil: drainsUntil + document.release.quarantineDays.value * dayLength,
  };
}
