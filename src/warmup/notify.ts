// Who is told of a step of a warm-up: one mail for each person concerned.
import type { Actor, Person } from '../accounts/person.ts';
import { listPeopleOfAccount, listStaff } from '../accounts/store.ts';
import type { Db } from '../database.ts';
import { queueMail } from '../notifications/actions.ts';
import type { Mail, MailFacts, MailName } from '../notifications/mail.ts';
import { barToStep, type Step, type WarmupStepName, warmupSteps } from './lifecycle.ts';
import type { WarmupFacts } from './mails/facts.ts';
import { findOriginOf, listDomainNamesOf, type Warmup } from './store.ts';

/** What a step's mails tell beside what every mail about a warm-up tells. */
export type Told = { readonly [Name in MailName]?: Omit<MailFacts[Name], keyof WarmupFacts> };

/** Queues the mails of a step that left the warm-up as `warmup`; `eventId` is its record. */
export async function tellStep(
  trx: Db,
  actor: Actor,
  name: WarmupStepName,
  warmup: Warmup,
  eventId: number,
  told: Told,
): Promise<void> {
  const { mail, staffMail }: Step = warmupSteps[name];
  if (mail === null && staffMail === null) return;
  const { requesterId, reference } = await findOriginOf(trx, warmup);
  const facts: WarmupFacts = {
    reference,
    account: warmup.account,
    address: warmup.address,
    domains: await listDomainNamesOf(trx, warmup.allocationId),
    path: `/warm-ups/${warmup.id}`,
  };
  const write = (template: MailName, people: readonly Person[]) =>
    people.map((person) => mailTo(person, template, { ...facts, ...told[template] }, eventId, reference));
  const customers =
    mail === null ? [] : (await listPeopleOfAccount(trx, warmup.accountId)).filter(concerned(requesterId));
  // who belongs to the account may not take the next step, so nobody is among both.
  const staff =
    staffMail === null ? [] : (await listStaff(trx)).filter((one) => barToStep(staffMail.next, warmup, one) === null);
  await queueMail(trx, actor, [
    ...(mail === null ? [] : write(mail, customers)),
    ...(staffMail === null ? [] : write(staffMail.template, staff)),
  ]);
}

/** Whether somebody of the account is told of its warm-ups: who asked for the IP, its admins and its billing people. */
export const concerned =
  (requesterId: number) =>
  (person: Pick<Person, 'id' | 'accountRole'>): boolean =>
    person.accountRole !== 'member' || person.id === requesterId;

function mailTo(person: Person, template: MailName, facts: object, eventId: number, thread: string): Mail {
  const { id, email, name, timeZone } = person;
  // The facts belong to the template by the type of `told`.
  return { eventId, to: { id, email, name, timeZone }, template, facts, thread } as Mail;
}
