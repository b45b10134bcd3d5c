// Which domains use an IP, and for which mail: changed by its customer or by staff, all of it at once.
import { holdAccount, holdAccounts } from '../../accounts/actions.ts';
import type { Actor, Person } from '../../accounts/person.ts';
import { act } from '../../act.ts';
import type { Db } from '../../database.ts';
import { keepAll, moveDomain } from '../../domains/actions.ts';
import { listDomainsWithSubusers } from '../../domains/store.ts';
import { setUse } from '../../ips/actions.ts';
import { isLive } from '../../ips/allocation.ts';
import { listAssigned } from '../../ips/assignments/store.ts';
import { barToHolder } from '../../ips/lifecycle.ts';
import { findChoices, listPoolNamesOf } from '../../ips/own-pools/store.ts';
import { listAllocationsOf } from '../../ips/store.ts';
import { listLinksOf } from '../../ips/store-release.ts';
import type { Stream } from '../../policy/checks/facts.ts';
import type { Policy } from '../../policy/document/policy.ts';
import { mayLeaveFrom } from '../../policy/document/regions.ts';
import type { Result } from '../../result.ts';
import { showsNothing } from '../../visible.ts';
import { notifyUse } from './notify.ts';
import { type Use, type UseProblem, useChange } from './use.ts';

export type UseForm = {
  readonly accountId: number;
  readonly allocationId: number;
  /** The domains that used it when the page was made, and those that are to use it; the same of the mail of theirs that it carries. */
  readonly seen: readonly number[];
  readonly domainIds: readonly number[];
  readonly seenStream: Stream;
  readonly stream: Stream;
  readonly reason: string;
  /** The one in force. */
  readonly policy: Pick<Policy, 'pinnedRegions'>;
};

/** What is known of an IP's use, as the page shows it and the act checks it. */
export async function findUse(db: Db, accountId: number, allocationId: number): Promise<Use | undefined> {
  const live = (await listAllocationsOf(db, accountId)).filter(isLive);
  const allocation = live.find(({ id }) => id === allocationId);
  if (allocation === undefined) return undefined;
  const subusers = await listAssigned(db, allocationId);
  // S-17, S-18: those of the account where it sends over the IP itself, and those of the subusers that may.
  const who = new Set([...(allocation.ownerSends ? [accountId] : []), ...subusers.map(({ id }) => id)]);
  const all = (await listDomainsWithSubusers(db, accountId)).filter((domain) => who.has(domain.accountId));
  const pooled = new Set((await findChoices(db, accountId)).keys());
  const domains = all.filter(({ id }) => !pooled.has(id));
  const pools = await listPoolNamesOf(db, allocationId);
  return { allocation, live, links: await listLinksOf(db, accountId), domains, pooled, pools, subusers };
}

/**
 * Has these domains use an IP, and no others, bound to what was on the screen: those that are added go over it from now on, those
 * that are taken off go over their other IPs or the shared pool that they came from. One mail goes to each person concerned.
 */
export function changeUse(
  db: Db,
  actor: Actor & { readonly person: Person },
  form: UseForm,
): Promise<Result<Use, UseProblem>> {
  const { accountId, allocationId, seen } = form;
  return act<Use, UseProblem, typeof actor>(db, actor, async (act) => {
    const { refuse } = act;
    const account = (await holdAccount(act.trx, accountId)) ?? refuse('not-found');
    const bar = barToHolder(account.id, actor.person);
    if (bar !== null) return refuse(bar);
    const subusers = await listAssigned(act.trx, allocationId);
    await holdAccounts(
      act.trx,
      subusers.map(({ id }) => id),
    );
    const use = (await findUse(act.trx, account.id, allocationId)) ?? refuse('not-open');
    const reason = form.reason.trim();
    if (actor.person.accountId !== account.id && showsNothing(reason)) return refuse('reason-missing');
    const links = use.links.filter((link) => link.allocationId === allocationId).map(({ id }) => id);
    const [kept, now] = [links.filter((id) => use.pooled.has(id)), links.filter((id) => !use.pooled.has(id))];
    const { stream: before } = use.allocation;
    if (now.toSorted().join() !== seen.toSorted().join() || before !== form.seenStream) return refuse('changed');
    const change = useChange(use, form);
    if (typeof change === 'string') return refuse(change);
    const addsOwn = change.added.some((domain) => domain.accountId === account.id);
    if (addsOwn && !mayLeaveFrom(account.region, use.allocation.region, form.policy)) return refuse('region');
    if (change.added.length + change.removed.length === 0 && form.stream === before) return refuse('same');
    const chosen = use.domains.filter(({ id }) => form.domainIds.includes(id));
    await keepAll(act, chosen);
    const [added, removed] = [change.added, change.removed].map((some) => some.map(({ name }) => name)) as [
      string[],
      string[],
    ];
    const wanted = { domainIds: [...form.domainIds, ...kept], stream: form.stream };
    const eventId = await setUse(act, use.allocation, wanted, { added, removed, reason });
    for (const { domain, to } of change.moves) await moveDomain(act, domain, to);
    const isUnused = wanted.domainIds.length === 0;
    const stream = form.stream === before ? null : form.stream;
    await notifyUse(act, account, { allocation: use.allocation, eventId, added, removed, stream, reason, isUnused });
    return use;
  });
}
