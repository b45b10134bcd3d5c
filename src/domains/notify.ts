// Who is mailed about a domain: the admins of its account, and the person who asked for it. One mail for each.

import { can } from '../accounts/permissions.ts';
import type { Person } from '../accounts/person.ts';
import { findAccount, findActivePerson, listPeopleOfAccount, listStaff } from '../accounts/store.ts';
import type { Act } from '../act.ts';
import { queueMail } from '../notifications/actions.ts';
import type { Mail, MailFacts } from '../notifications/mail.ts';
import type { Domain } from './domain.ts';
import type { DomainFacts } from './mail.ts';

type Template =
  | 'domain-proven'
  | 'domain-records-lost'
  | 'domain-use-changed'
  | 'domain-removed'
  | 'domain-stopped'
  | 'domain-let-in'
  | 'domain-left-pool'
  | 'domain-kept'
  | 'pool-warned'
  | 'pool-cleared'
  | 'pool-lowered'
  | 'pool-raised'
  | 'pool-placed';
type More<T extends Template> = Omit<MailFacts[T], keyof DomainFacts>;
type Whose = Pick<Domain, 'id' | 'accountId' | 'name'>;

/** Mails what happened to a domain. `eventId`: its record; `askedBy`: who asked for it, if anybody did. Not to who did it. */
export async function tellOfDomain<T extends Template>(
  act: Act,
  domain: Whose,
  template: T,
  { eventId, askedBy = null, ...more }: { eventId: number; askedBy?: number | null; facts: More<T> },
): Promise<void> {
  const { trx, actor } = act;
  const account = await findAccount(trx, domain.accountId);
  const team = await listPeopleOfAccount(trx, domain.accountId);
  const asker = askedBy === null ? null : await findActivePerson(trx, askedBy);
  const people = new Map<number, Person>();
  for (const person of [...team.filter(({ accountRole }) => accountRole === 'admin'), ...(asker ? [asker] : [])])
    if (person.id !== actor.person?.id) people.set(person.id, person);
  const mails = [...people.values()].map((person) => {
    const { id, email, name, timeZone } = person;
    const base = person.accountId === domain.accountId ? '/domains' : `/customers/${domain.accountId}/domains`;
    // A domain that is removed has no page any more.
    const path = template === 'domain-removed' ? base : `${base}/${domain.id}`;
    const facts = { account: account?.name ?? '', domain: domain.name, path, ...more.facts };
    return { eventId, to: { id, email, name, timeZone }, template, facts, thread: null } as unknown as Mail;
  });
  await queueMail(act, mails);
}

/** Mails the staff who may decide it that a domain asks to leave the transactional pool; nobody of its own account. */
export async function tellStaffOfDomain(
  act: Act,
  domain: Whose,
  { eventId, by, reason }: { readonly eventId: number; readonly by: string; readonly reason: string },
): Promise<void> {
  const account = await findAccount(act.trx, domain.accountId);
  const staff = (await listStaff(act.trx)).filter(
    (one) => can(one, 'review requests') && one.accountId !== domain.accountId,
  );
  const path = `/customers/${domain.accountId}/domains/${domain.id}`;
  const facts = { account: account?.name ?? '', domain: domain.name, path, by, reason };
  await queueMail(
    act,
    staff.map(({ id, email, name, timeZone }) => ({
      ...{ eventId, template: 'domain-leave-asked' as const, to: { id, email, name, timeZone }, facts, thread: null },
    })),
  );
}
