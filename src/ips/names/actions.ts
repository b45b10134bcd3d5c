// S-19: linking host names to dedicated IPs. What DNS says is kept, and what follows from it recorded, in one transaction.
import { holdAccount } from '../../accounts/actions.ts';
import type { Actor, Person } from '../../accounts/person.ts';
import { type Act, act } from '../../act.ts';
import { record } from '../../audit/actions.ts';
import type { AuditEvent } from '../../audit/event.ts';
import { type Db, overtaken } from '../../database.ts';
import { dayLength } from '../../day.ts';
import { keepDomains } from '../../domains/actions.ts';
import { nextDay, nextTry } from '../../domains/checking/schedule.ts';
import { listDomainsOf } from '../../domains/store.ts';
import type { Result } from '../../result.ts';
import { isLive } from '../allocation.ts';
import { barToHolder, type IpBar } from '../lifecycle.ts';
import { findAllocation } from '../store.ts';
import { takeDue } from '../store-due.ts';
import { type LinkTransitionName, linkTransitions, stepAfter } from './lifecycle.ts';
import { isAsked } from './look.ts';
import { isSound, known, type NameLook } from './names.ts';
import { tellHolders, tellStock } from './notify.ts';
import {
  deleteSeenNames,
  insertLink,
  type Link,
  listLiveLinks,
  moveLink,
  type NamedIp,
  putNames,
  type SeenNames,
  updateTold,
  wakeNames,
} from './store.ts';

/** How many are looked at in one piece, and for how long no other process takes them. */
const PIECE = 40;
const TAKEN_FOR_MS = 5 * 60_000;

/** Takes IPs that are due at the instant `at`, for this process alone. Returns their ids. */
export const claimDueNames = (db: Db, at: number): Promise<number[]> =>
  takeDue(db, 'names_due_at', { at, limit: PIECE, forMs: TAKEN_FOR_MS });

export type LinkProblem = 'not-found' | IpBar | 'foreign';
type Somebody = Actor & { readonly person: Person };
type Which = { readonly accountId: number; readonly allocationId: number };

/** Links a host name of one of the account's domains to its IP, in place of the one before. DNS is asked at once. */
export const linkName = (
  db: Db,
  actor: Somebody,
  { name, ...which }: Which & { readonly name: string },
): Promise<Result<void, LinkProblem>> =>
  act<void, LinkProblem, Somebody>(db, actor, async (act) => {
    const { id, ipId, address, accountId } = await heldBy(act, which);
    const above = (await listDomainsOf(act.trx, accountId)).filter(
      (domain) => name === domain.name || name.endsWith(`.${domain.name}`),
    );
    const [domain] = above.toSorted((one, other) => other.name.length - one.name.length);
    if (domain === undefined) return act.refuse('foreign');
    await keepDomains(act, accountId, [domain.id]);
    const before = await listLiveLinks(act.trx, { allocation_id: id });
    if (before.some((one) => one.name === name)) return wakeNames(act.trx, ipId, false);
    for (const one of before) await end(act, accountId, one);
    await insertLink(act.trx, { allocationId: id, ipId, domainId: domain.id, name, at: actor.at });
    await wakeNames(act.trx, ipId, true);
    const subject = { type: 'allocation', id } as const;
    await record(act, { name: 'allocation.nameAsked', subject, accountId, facts: { address, name } });
  });

/** Ends the link of an IP's host name: mail servers greet with the provider's name again. */
export const unlinkName = (db: Db, actor: Somebody, which: Which): Promise<Result<void, LinkProblem>> =>
  act<void, LinkProblem, Somebody>(db, actor, async (act) => {
    const { id, ipId, accountId } = await heldBy(act, which);
    for (const one of await listLiveLinks(act.trx, { allocation_id: id })) await end(act, accountId, one);
    await wakeNames(act.trx, ipId, true);
  });

/** Has DNS asked about an IP's host name at once. */
export const lookAtNameNow = (db: Db, actor: Somebody, which: Which): Promise<Result<void, LinkProblem>> =>
  act<void, LinkProblem, Somebody>(db, actor, async (act) =>
    wakeNames(act.trx, (await heldBy(act, which)).ipId, false),
  );

/** Ends links in the transaction in which their IP is given back, or their domain is removed. */
export async function endLinks(
  act: Act,
  accountId: number,
  of: { readonly allocation_id: number } | { readonly domain_id: number },
): Promise<void> {
  for (const one of await listLiveLinks(act.trx, of)) {
    await end(act, accountId, one);
    await wakeNames(act.trx, one.ipId, true);
    if ('allocation_id' in of && one.status === 'linked') await keepFormer(act, one);
  }
}

/** Both records agreed, so the PTR record of an IP that is given back names who had it, until DNS says otherwise. */
async function keepFormer({ trx, actor: { at } }: Act, { ipId, address, name }: Ended): Promise<void> {
  if (!isAsked({ address, name })) return;
  const ptr = { state: 'differs', found: [name] } as const;
  const seen = { ptr, forward: null, trouble: null, seenAt: at, triedAt: at, tries: 0 };
  await putNames(trx, ipId, { dueAt: 0, seen });
}

/** The IP, if it is the account's and the actor may decide about it. */
async function heldBy({ trx, refuse, actor }: Act<LinkProblem, Somebody>, { accountId, allocationId }: Which) {
  // What links a name, gives an IP back or changes its use at the same time waits.
  await holdAccount(trx, accountId);
  const allocation = await findAllocation(trx, allocationId);
  if (allocation === undefined || allocation.accountId !== accountId) return refuse('not-found');
  const bar = barToHolder(accountId, actor.person);
  if (bar !== null) return refuse(bar);
  return isLive(allocation) ? allocation : refuse('not-open');
}

type Ended = Awaited<ReturnType<typeof listLiveLinks>>[number];

async function end(act: Act, accountId: number, link: Ended): Promise<void> {
  const { id, allocationId, name, status: from, address } = link;
  const { to, event } = linkTransitions.end;
  if (!(await moveLink(act.trx, id, { from, to, at: act.actor.at }))) throw overtaken(`${name} was moved meanwhile`);
  const subject = { type: 'allocation', id: allocationId } as const;
  await record(act, { name: event, subject, accountId, facts: { address, name } });
}

/** Keeps what a look at the names of IPs came to; null of those that nobody asked about. */
export async function keepNames(
  act: Act,
  ips: readonly NamedIp[],
  looks: ReadonlyMap<number, NameLook | null>,
): Promise<void> {
  const { at } = act.actor;
  for (const ip of ips) {
    const look = looks.get(ip.id) ?? null;
    if (look === null) {
      await putNames(act.trx, ip.id, { dueAt: nextDay(at, ip.id), seen: null });
      continue;
    }
    const now = known(look, ip.seen ?? look);
    const tries = isSound(now) === true && look.trouble === null ? 0 : (ip.seen?.tries ?? 0) + 1;
    const seenAt = look.trouble === null ? at : (ip.seen?.seenAt ?? null);
    const seen: SeenNames = { ...now, seenAt, triedAt: at, tries };
    await putNames(act.trx, ip.id, { dueAt: tries === 0 ? nextDay(at, ip.id) : nextTry(at, tries - 1), seen });
    if (ip.link !== null) await follow(act, ip, ip.link, now);
  }
}

/** Own choice, as for records of domains: name servers that disagree answer one way and the other. */
const WARNED_FOR_MS = 7 * dayLength;

/** Moves a link by what DNS says, and tells those concerned. */
async function follow(act: Act, ip: NamedIp, link: Link, look: NameLook): Promise<void> {
  const { trx, actor } = act;
  const step = stepAfter(link.status, isSound(look));
  if (step !== null) await take(act, ip, link, { step, look });
  else if (link.status === 'waiting' && link.toldAt === null && look.forward?.state === 'agrees') {
    if (look.ptr === null || look.ptr.state === 'agrees') return;
    const subject = { type: 'allocation', id: link.allocationId } as const;
    const facts = { address: ip.address, name: link.name };
    const eventId = await record(act, {
      name: 'allocation.nameHalf',
      ...{ subject, accountId: link.accountId, facts },
    });
    await tellStock(act, { ip, link, eventId });
    await updateTold(trx, link.id, { toldAt: actor.at });
  }
}

type Step = { readonly step: Exclude<LinkTransitionName, 'end'>; readonly look: NameLook };

async function take(act: Act, ip: NamedIp, link: Link, { step, look }: Step): Promise<void> {
  const { trx, actor } = act;
  const { to, event, mail } = linkTransitions[step];
  if (!(await moveLink(trx, link.id, { from: link.status, to, at: actor.at }))) return;
  const facts = { address: ip.address, name: link.name };
  const subject = { type: 'allocation', id: link.allocationId } as const;
  const eventId = await record(act, { name: event, subject, accountId: link.accountId, facts } as AuditEvent);
  if (mail === null) return;
  const wasWarned = link.warnedAt !== null && link.warnedAt > actor.at - WARNED_FOR_MS;
  if (mail === 'ip-link-broken') {
    if (wasWarned) return;
    await updateTold(trx, link.id, { warnedAt: actor.at });
  }
  await tellHolders(act, { ip, link, eventId }, { mail, look });
}

/** Forgets what was seen where the policy does not ask for it, so that it holds back nothing. Returns of how many IPs. */
export async function forgetNames(db: Db, at: number): Promise<number> {
  const done = await act<number, never>(db, { person: null, at }, ({ trx }) => deleteSeenNames(trx));
  return done.ok ? done.value : 0;
}
