// Who is notified of a step of a warm-up: one mail for each person concerned.
import type { Person } from '../accounts/person.ts';
import { listPeopleOfAccount, listStaff } from '../accounts/store.ts';
import type { Act } from '../act.ts';
import { queueMail } from '../notifications/actions.ts';
import type { Mail, MailFacts, MailName } from '../notifications/mail.ts';
import { barToTransition, type Transition, type WarmupTransitionName, warmupTransitions } from './lifecycle.ts';
import type { WarmupFacts } from './mails/facts.ts';
import { findOriginOf, listDomainNamesOf, type Warmup } from './store.ts';

/** What a step's mails say besides what every mail about a warm-up says. */
export type NotificationFacts = { readonly [Name in MailName]?: Omit<MailFacts[Name], keyof WarmupFacts> };

/** Queues the mails of a step that left the warm-up as `warmup`; `eventId` is its record. */
export async function notify(
  act: Act,
  name: WarmupTransitionName,
  {
    warmup,
    eventId,
    notifications,
  }: { readonly warmup: Warmup; readonly eventId: number; readonly notifications: NotificationFacts },
): Promise<void> {
  const { trx } = act;
  const { mail, staffMail }: Transition = warmupTransitions[name];
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
    people.map((person) =>
      mailTo(person, { eventId, template, facts: { ...facts, ...notifications[template] }, thread: reference }),
    );
  const customers =
    mail === null ? [] : (await listPeopleOfAccount(trx, warmup.accountId)).filter(concerned(requesterId));
  // who belongs to the account may not take the next step, so nobody is among both.
  const staff =
    staffMail === null ? [] : (await listStaff(trx)).filter((one) => mayTakeNext(staffMail.next, warmup, one));
  await queueMail(act, [
    ...(mail === null ? [] : write(mail, customers)),
    ...(staffMail === null ? [] : write(staffMail.template, staff)),
  ]);
}

const mayTakeNext = (next: 'resume' | 'agree' | 'look', warmup: Warmup, person: Person): boolean =>
  next === 'look' ? person.accountId !== warmup.accountId : barToTransition(next, warmup, person) === null;

/** Whether somebody of the account is notified of its warm-ups: who asked for the IP, its admins and its billing contacts. */
export const concerned =
  (requesterId: number) =>
  (person: Pick<Person, 'id' | 'accountRole'>): boolean =>
    person.accountRole !== 'member' || person.id === requesterId;

type Content = Pick<Mail, 'eventId' | 'template' | 'thread'> & { readonly facts: object };

function mailTo({ id, email, name, timeZone }: Person, content: Content): Mail {
  // The facts belong to the template by the type of `notifications`.
  return { ...content, to: { id, email, name, timeZone } } as Mail;
}
