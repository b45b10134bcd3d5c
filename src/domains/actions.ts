import type { Actor } from '../accounts/person.ts';
import { record } from '../audit/actions.ts';
import { type Db, overtaken } from '../database.ts';
import type { Route, Stream } from '../policy/checks/facts.ts';
import { type Domain, isDomainName } from './domain.ts';
import { findDomainOf, insertDomain, moveRoute, updateDns } from './store.ts';

/** Adds a sending domain to an account; it is on the default pool at once (C-01). Throws where the name is no domain name. */
export async function addDomain(
  trx: Db,
  actor: Actor,
  domain: { accountId: number; name: string; usage: Stream },
): Promise<Domain> {
  const name = domain.name.toLowerCase();
  if (!isDomainName(name)) throw new Error(`${domain.name} is not a domain name`);
  const id = await insertDomain(trx, { ...domain, name, at: actor.at });
  await record(trx, actor, {
    name: 'domain.added',
    subject: { type: 'domain', id },
    accountId: domain.accountId,
    to: 'default',
    facts: { domain: name },
  });
  return (await findDomainOf(trx, domain.accountId, id)) as Domain;
}

/** Keeps what DNS said about a domain's records. */
export async function recordDnsCheck(
  trx: Db,
  actor: Actor,
  domain: Pick<Domain, 'id' | 'accountId' | 'name'>,
  found: { spf: boolean; dkim: boolean; dmarc: boolean },
): Promise<void> {
  await updateDns(trx, domain.id, { ...found, at: actor.at });
  await record(trx, actor, {
    name: 'domain.checked',
    subject: { type: 'domain', id: domain.id },
    accountId: domain.accountId,
    facts: { domain: domain.name, ...found },
  });
}

/** Puts a domain's mail on another route. A domain that is there already stays, without a record. */
export async function moveDomain(trx: Db, actor: Actor, domain: Domain, to: Route): Promise<void> {
  if (domain.route === to) return;
  if (!(await moveRoute(trx, domain.id, domain.route, to, actor.at)))
    throw overtaken(`${domain.name} was moved meanwhile`);
  await record(trx, actor, {
    name: 'domain.moved',
    subject: { type: 'domain', id: domain.id },
    accountId: domain.accountId,
    from: domain.route,
    to,
    facts: { domain: domain.name, before: domain.route, after: to },
  });
}
