// What was seen in DNS is kept, and what follows from it recorded, in one transaction.
import type { Actor } from '../../accounts/person.ts';
import { type Act, act } from '../../act.ts';
import { record } from '../../audit/actions.ts';
import type { Db } from '../../database.ts';
import type { Result } from '../../result.ts';
import { recordDnsCheck } from '../actions.ts';
import { nextDay, nextTry } from '../checking/schedule.ts';
import type { Domain } from '../domain.ts';
import { tellOfDomain } from '../notify.ts';
import { findDomainOf, updateWrong } from '../store.ts';
import { type Looked, provenBy, wrongOf } from './look.ts';
import { lostRecords } from './lost.ts';
import {
  type DueDomain,
  putRecords,
  updateDue,
  updateSelectors,
  wakeAll,
  wakeDomains,
  wasToldLately,
} from './store.ts';
import { isTrouble } from './verdict.ts';

/**
 * Keeps what a look at a domain came to. Its history says so only where what it proves changed, or was first seen: a
 * domain that is looked up daily has a history that people can read.
 */
export async function keepLook(act: Act, seen: DueDomain, looked: readonly Looked[]): Promise<void> {
  const { trx, actor } = act;
  const domain = await findDomainOf(trx, seen.accountId, seen.id);
  if (!domain) return;
  await putRecords(trx, domain.id, looked, actor.at);
  const isSeen = looked.every(({ look }) => !isTrouble(look));
  const isWhole = looked.every(({ look }) => !isTrouble(look) && look.state === 'found');
  const tries = isWhole ? 0 : seen.tries + 1;
  const dueAt = isWhole ? nextDay(actor.at, domain.id) : nextTry(actor.at, seen.tries);
  const proven = provenBy(looked, domain);
  const isNew = (['spf', 'dkim', 'dmarc'] as const).some((kind) => proven[kind] !== domain[kind]);
  await updateWrong(trx, domain.id, wrongOf(looked, proven, domain.wrong));
  if (isNew || (isSeen && domain.checkedAt === null)) {
    const eventId = await recordDnsCheck(act, domain, proven);
    const lost = lostRecords(looked, domain, proven);
    if (lost.length > 0 && !(await wasToldLately(trx, domain.id, actor.at)))
      await tellOfDomain(act, domain, 'domain-records-lost', { eventId, facts: { lost } });
  }
  await updateDue(trx, domain.id, { at: actor.at, dueAt, tries, isSeen });
}

/** Has all domains looked up, those that somebody waits for first. */
export const lookAtAll = async ({ trx, actor }: Act): Promise<void> => {
  await wakeAll(trx, actor.at);
};

type Of = { readonly accountId: number; readonly id: number };

/** Has a domain looked up at once, or in its turn where many of its account are. */
export const lookNow = (db: Db, actor: Actor, { accountId, id }: Of): Promise<Result<void, 'not-found'>> =>
  act<void, 'not-found'>(db, actor, async (act) => {
    const domain = (await findDomainOf(act.trx, accountId, id)) ?? act.refuse('not-found');
    await wakeDomains(act.trx, { accountId, ids: [domain.id], at: actor.at });
  });

/** Has domains looked up soon that something is asked for. */
export async function lookSoon(
  { trx, actor }: Act,
  domains: readonly Pick<Domain, 'id' | 'accountId'>[],
): Promise<void> {
  for (const [accountId, of] of Map.groupBy(domains, (domain) => domain.accountId)) {
    const ids = of.map(({ id }) => id);
    await wakeDomains(trx, { accountId, ids, at: actor.at });
  }
}

/** Sets under which selectors a domain's mail is signed; null: those of the provider. They are looked up at once. */
export const setSelectors = (
  db: Db,
  actor: Actor,
  { accountId, id, selectors }: Of & { readonly selectors: readonly string[] | null },
): Promise<Result<void, 'not-found'>> =>
  act<void, 'not-found'>(db, actor, async (act) => {
    const domain = (await findDomainOf(act.trx, accountId, id)) ?? act.refuse('not-found');
    await updateSelectors(act.trx, id, selectors);
    await record(act, {
      name: 'domain.selectors',
      subject: { type: 'domain', id },
      accountId,
      facts: { domain: domain.name, selectors: [...(selectors ?? [])] },
    });
    await wakeDomains(act.trx, { accountId, ids: [id], at: actor.at });
  });
