import type { Act } from '../act.ts';
import { record, recordFirsts } from '../audit/actions.ts';
import { type Db, overtaken } from '../database.ts';
import { nextIds } from '../dialect.ts';
import type { SendingRoute, Stream } from '../policy/checks/facts.ts';
import { type Domain, USAGE_WORDS } from './domain.ts';
import { isDomainName } from './name.ts';
import { tellOfDomain } from './notify.ts';
import { wakePendingNamed } from './pending/store.ts';
import {
  findDomainOf,
  insertDomain,
  insertDomains,
  lockDomainsOf,
  moveRoute,
  retireDomain,
  touchDomainsOf,
  updateDns,
  updateUsage,
} from './store.ts';

/** Adds a sending domain to an account; it is on the default pool at once (C-01). Throws where the name is not a domain name. */
export async function addDomain(act: Act, domain: NewDomain): Promise<Domain> {
  return (await addRecorded(act, domain)).domain;
}

type NewDomain = { readonly accountId: number; readonly name: string; readonly usage: Stream };

/** The same, with its record's id. */
export async function addRecorded(act: Act, domain: NewDomain): Promise<{ domain: Domain; eventId: number }> {
  const { trx, actor } = act;
  const name = domain.name.toLowerCase();
  if (!isDomainName(name)) throw new Error(`${domain.name} is not a domain name`);
  const id = await insertDomain(trx, { ...domain, name, at: actor.at });
  const eventId = await record(act, {
    name: 'domain.added',
    subject: { type: 'domain', id },
    accountId: domain.accountId,
    to: 'default',
    facts: { domain: name },
  });
  return { domain: (await findDomainOf(trx, domain.accountId, id)) as Domain, eventId };
}

/** Keeps what DNS said about a domain's records. Returns the id of its record in the history. */
export async function recordDnsCheck(
  act: Act,
  domain: Pick<Domain, 'id' | 'accountId' | 'name'>,
  found: { spf: boolean; dkim: boolean; dmarc: boolean },
): Promise<number> {
  await updateDns(act.trx, domain.id, { ...found, at: act.actor.at });
  return record(act, {
    name: 'domain.checked',
    subject: { type: 'domain', id: domain.id },
    accountId: domain.accountId,
    facts: { domain: domain.name, ...found },
  });
}

/** Puts a domain's mail on another route. A domain that is there already stays, without a record. */
export async function moveDomain(act: Act, domain: Domain, to: SendingRoute): Promise<void> {
  if (domain.route === to) return;
  const { id, route: from } = domain;
  const isMoved = await moveRoute(act.trx, id, { from, to, at: act.actor.at });
  if (!isMoved) throw overtaken(`${domain.name} was moved meanwhile`);
  await record(act, {
    name: 'domain.moved',
    subject: { type: 'domain', id },
    accountId: domain.accountId,
    from,
    to,
    facts: { domain: domain.name, before: from, after: to },
  });
}

/**
 * Takes a domain out of use: from now on its mail is refused, its history stays, and its name is free for anyone who proves
 * it; the account's other admins are mailed. The caller sees to it that no IP and no open request uses it.
 * `reason`: of staff, for the customer; may be empty.
 */
export async function removeDomain(act: Act, domain: Domain, reason: string): Promise<void> {
  const { id, accountId, name, route } = domain;
  if (!(await retireDomain(act.trx, id, act.actor.at))) throw overtaken(`${name} was removed meanwhile`);
  const event = {
    name: 'domain.removed',
    subject: { type: 'domain', id },
    accountId,
    facts: { domain: name },
  } as const;
  const eventId = await record(act, event, reason);
  await wakePendingNamed(act.trx, name);
  const by = act.actor.person?.name ?? 'Warmdesk';
  const facts = { by, isInPool: route === 'transactional', reason: reason === '' ? null : reason };
  await tellOfDomain(act, domain, 'domain-removed', { eventId, facts });
}

/** Changes what a domain is used for; the account's other admins are mailed. Throws (`overtaken`) where somebody changed it just now. */
export async function changeUsage(act: Act, domain: Domain, to: Stream): Promise<void> {
  const { id, accountId, name, usage: from } = domain;
  if (!(await updateUsage(act.trx, id, { from, to, at: act.actor.at })))
    throw overtaken(`${name} was changed meanwhile`);
  const eventId = await record(act, {
    name: 'domain.usageChanged',
    subject: { type: 'domain', id },
    accountId,
    facts: { domain: name, before: from, after: to },
  });
  const by = act.actor.person?.name ?? 'Warmdesk';
  const facts = { by, before: USAGE_WORDS[from].toLowerCase(), after: USAGE_WORDS[to].toLowerCase() };
  await tellOfDomain(act, domain, 'domain-use-changed', { eventId, facts });
}

/** Keeps an account's domains from being removed until the act is over. Throws where one was removed just now. */
export async function keepDomains({ trx }: Act, accountId: number, ids: readonly number[]): Promise<void> {
  if ((await lockDomainsOf(trx, accountId, ids)) < new Set(ids).size) throw overtaken('a domain was removed meanwhile');
}

/** The same of domains of several accounts: of an account and its subusers. */
export async function keepAll(act: Act, domains: readonly Pick<Domain, 'id' | 'accountId'>[]): Promise<void> {
  for (const [accountId, of] of Map.groupBy(domains, (domain) => domain.accountId)) {
    const ids = of.map(({ id }) => id);
    await keepDomains(act, accountId, ids);
  }
}

/** Tells routers that what an account's domains may send changed, in the transaction in which it does. */
export const noteAccountChange = (trx: Db, accountId: number, at: number): Promise<void> =>
  touchDomainsOf(trx, [accountId], at);

/** The same of several accounts, in one statement. */
export const noteAccountChanges = (trx: Db, accountIds: readonly number[], at: number): Promise<void> =>
  touchDomainsOf(trx, accountIds, at);

/** Adds many domains, each with its record; they are on the default pool at once (C-01). Throws (`isDuplicate`) where one is taken. */
export async function addDomains(
  act: Act,
  domains: readonly { readonly accountId: number; readonly name: string; readonly usage: Stream }[],
): Promise<void> {
  const ids = await nextIds(act.trx, 'domains', domains.length);
  const rows = domains.map((domain, index) => ({ ...domain, id: ids[index] ?? 0 }));
  await insertDomains(act.trx, rows, act.actor.at);
  await recordFirsts(
    act,
    rows.map(({ id, accountId, name }) => ({
      ...{ name: 'domain.added' as const, subject: { type: 'domain' as const, id }, accountId },
      ...{ to: 'default', facts: { domain: name } },
    })),
  );
}
