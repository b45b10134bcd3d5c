// S-19: looks at the names of the IPs that are due: those that nobody has, before anybody gets one, and those that a host
// name is linked to.
import { act } from '../../act.ts';
import type { Db } from '../../database.ts';
import type { Resolver } from '../../dns/resolver.ts';
import type { Policy } from '../../policy/document/policy.ts';
import { claimDueNames, forgetNames, keepNames } from './actions.ts';
import { isAsked, lookAtNames } from './look.ts';
import type { NameLook } from './names.ts';
import { checkSeen, listNamedIps, type NamedIp } from './store.ts';

type Looking = {
  readonly db: Db;
  readonly dns: Resolver;
  readonly now: () => number;
  readonly policy: { readonly document: Policy };
};

/** Asks DNS about the names of the IPs that are due, where the policy has such a rule. Returns how many it took. */
export async function lookAtDueNames({ db, dns, now, policy }: Looking): Promise<number> {
  if (policy.document.reverseDns.value === null) {
    return (await checkSeen(db)) ? forgetNames(db, now()) : 0;
  }
  const ids = await claimDueNames(db, now());
  if (ids.length === 0) return 0;
  const looked = await listNamedIps(db, ids);
  const looks = new Map(await Promise.all(looked.map(async (ip) => [ip.id, await lookAt(dns, ip)] as const)));
  await act<void, never>(db, { person: null, at: now() }, async (act) => {
    // What is linked to an IP may have changed while DNS was asked: then what was seen is about another name.
    const ips = await listNamedIps(act.trx, ids);
    const before = new Map(looked.map((ip) => [ip.id, ip.link?.id]));
    const same = ips.filter((ip) => before.get(ip.id) === ip.link?.id);
    await keepNames(act, same, looks);
  });
  return ids.length;
}

/** null: nobody is asked about it. */
async function lookAt(dns: Resolver, { address, status, link, former }: NamedIp): Promise<NameLook | null> {
  const name = link?.name ?? null;
  if (!isAsked({ address, name }) || (name === null && status !== 'free')) return null;
  return lookAtNames(dns, { address, name, former });
}
