// Asks the policy's blocklists about the IPs that are due, tells staff of those that are listed, and pauses their warm-up
// where the policy says so.
import { can } from '../../accounts/permissions.ts';
import { listStaff } from '../../accounts/store.ts';
import { type Act, act } from '../../act.ts';
import type { Db } from '../../database.ts';
import { dayOf } from '../../day.ts';
import type { Resolver } from '../../dns/resolver.ts';
import { claimDue, type Hit, keepAsked, keepListings, wereAskedLately } from '../../ips/listings/actions.ts';
import { lookAtLists } from '../../ips/listings/look.ts';
import { findOpenListing, listAskedIps, listNextFree } from '../../ips/listings/store.ts';
import { queueMail } from '../../notifications/actions.ts';
import type { Region } from '../../policy/checks/facts.ts';
import type { Policy } from '../../policy/document/policy.ts';
import { listed } from '../../wording.ts';
import { stateFacts } from '../forecast.ts';
import { barToTransition } from '../lifecycle.ts';
import { lockWarmupOf, moveWarmup } from '../store.ts';
import { followUp } from '../transition.ts';

type Asking = {
  readonly db: Db;
  readonly dns: Resolver;
  readonly now: () => number;
  readonly policy: { readonly document: Policy };
};

/** Asks about the IPs that are due. Returns how many it asked about. */
export async function askListsDue(asking: Asking): Promise<number> {
  // Without a list what is still open has to end, or the IP would never be allocated again.
  const isAsked = asking.policy.document.blocklists.value.length > 0;
  if (!isAsked && (await findOpenListing(asking.db)) === undefined) return 0;
  const ids = await claimDue(asking.db, asking.now());
  await askLists(asking, ids);
  return ids.length;
}

/**
 * Asks about the IPs that an approval would give next in a region, before it does, unless the lists were asked within the
 * hour; not in its transaction, which no list may hold up.
 */
export async function askListsBefore(asking: Asking, region: Region, count: number): Promise<void> {
  const { db, now, policy } = asking;
  if (policy.document.blocklists.value.length === 0) return;
  for (;;) {
    const next = await listNextFree(db, region, count);
    const due = next.filter((ip) => !wereAskedLately(ip, now())).map(({ id }) => id);
    if (due.length === 0) return;
    await askLists(asking, due);
  }
}

async function askLists({ db, dns, now, policy: { document } }: Asking, ids: readonly number[]): Promise<void> {
  if (ids.length === 0) return;
  const asked = await listAskedIps(db, ids);
  const said = await lookAtLists(
    dns,
    document.blocklists.value,
    asked.map(({ address }) => address),
  );
  await act<void, never>(db, { person: null, at: now() }, async (act) => {
    // Who has an IP may have changed while the lists were asked.
    const ips = await listAskedIps(act.trx, ids);
    const hits = await keepListings(act, ips, said);
    await keepAsked(act, ips, said);
    const paused = new Set<number>();
    if (document.warmup.listed.value === 'pause')
      for (const hit of hits) if (await pause(act, hit, document)) paused.add(hit.ip.id);
    await tellStaff(act, hits, paused);
  });
}

/** Pauses the warm-up of an IP that is listed. Returns whether one ran. */
async function pause(act: Act, { ip, names }: Hit, policy: Policy): Promise<boolean> {
  const before = ip.allocationId === null ? undefined : await lockWarmupOf(act.trx, ip.allocationId);
  if (before === undefined || barToTransition('brake', before, null) !== null) return false;
  const [lists, them] = names.length === 1 ? ['blocklist', 'it'] : ['blocklists', 'them'];
  const why = `${ip.address} is on the ${lists} ${listed([...names])}: receivers that use ${them} refuse mail from it.`;
  const change = { verdict: 'pause', why } as const;
  if (!(await moveWarmup(act.trx, before.id, { from: before.status, to: 'paused', at: act.actor.at }, change)))
    return false;
  const after = { ...before, ...change, status: 'paused' as const };
  const { stage, stages } = stateFacts(after, dayOf(act.actor.at), policy);
  const facts = { address: ip.address, stage, why };
  const notifications = {
    'warmup-paused': { stage, stages, why, reason: '' },
    'warmup-to-resume': { stage, stages, why },
  };
  await followUp(act, 'brake', { before, after }, { facts, notifications });
  return true;
}

/** One mail to each of the staff who look after the inventory; not of an IP of their own account. */
async function tellStaff(act: Act, hits: readonly Hit[], paused: ReadonlySet<number>): Promise<void> {
  const staff = (await listStaff(act.trx)).filter((one) => can(one, 'manage inventory'));
  const mails = staff.flatMap(({ id, email, name, timeZone, accountId }) => {
    const told = hits.filter(({ ip }) => ip.accountId === null || ip.accountId !== accountId);
    const [first, ...others] = told;
    if (first === undefined) return [];
    const facts = {
      hits: told.map(({ ip, names }) => ({
        ...{ address: ip.address, lists: names, account: ip.account, isPaused: paused.has(ip.id) },
      })),
      path: others.length === 0 ? `/ips/${first.ip.id}/sending` : '/inventory',
    };
    const to = { id, email, name, timeZone };
    return [{ eventId: first.eventId, to, template: 'ip-listed' as const, facts, thread: null }];
  });
  await queueMail(act, mails);
}
