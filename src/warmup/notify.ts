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

/** What a step's mails tell of one warm-up: as the step left it, the step's record, and what else they say. */
export type News = {
  readonly warmup: Warmup;
  readonly eventId: number;
  readonly notifications: NotificationFacts;
};

/** Queues the mails of a step that warm-ups of one account took together: one for each person, about all that concern them. */
export async function notify(act: Act, name: WarmupTransitionName, news: readonly News[]): Promise<void> {
  const { trx } = act;
  const { mail, staffMail }: Transition = warmupTransitions[name];
  const [first] = news;
  if (first === undefined || (mail === null && staffMail === null)) return;
  const told: Told[] = [];
  for (const one of news) told.push(await gatherTold(trx, one));
  const mails: Mail[] = [];
  if (mail !== null)
    for (const person of await listPeopleOfAccount(trx, first.warmup.accountId))
      mails.push(
        ...mailAbout(
          person,
          mail,
          told.filter(({ requesterId }) => concerned(requesterId)(person)),
        ),
      );
  // who belongs to the account may not take the next step, so nobody is among both.
  if (staffMail !== null)
    for (const person of await listStaff(trx))
      mails.push(
        ...mailAbout(
          person,
          staffMail.template,
          told.filter(({ warmup }) => mayTakeNext(staffMail.next, warmup, person)),
        ),
      );
  await queueMail(act, mails);
}

type Told = News & { readonly requesterId: number | null; readonly facts: WarmupFacts };

async function gatherTold(trx: Act['trx'], one: News): Promise<Told> {
  const { warmup } = one;
  const { requesterId, reference } = await findOriginOf(trx, warmup);
  const facts: WarmupFacts = {
    reference,
    account: warmup.account,
    address: warmup.address,
    domains: await listDomainNamesOf(trx, warmup.allocationId),
    path: `/warm-ups/${warmup.id}`,
  };
  return { ...one, requesterId, facts };
}

/** One mail about these warm-ups; none where there are none. */
function mailAbout(person: Person, template: MailName, told: readonly Told[]): Mail[] {
  const [first, ...others] = told.map(({ facts, notifications }) => ({ ...facts, ...notifications[template] }));
  const eventId = told[0]?.eventId;
  if (first === undefined || eventId === undefined) return [];
  const facts = others.length === 0 ? first : { ...first, also: others };
  return [mailTo(person, { eventId, template, facts, thread: first.reference })];
}

const mayTakeNext = (next: 'resume' | 'agree' | 'look', warmup: Warmup, person: Person): boolean =>
  next === 'look' ? person.accountId !== warmup.accountId : barToTransition(next, warmup, person) === null;

/** Whether somebody of the account is notified of its warm-ups: who asked for the IP, its admins and its billing contacts. */
export const concerned =
  (requesterId: number | null) =>
  (person: Pick<Person, 'id' | 'accountRole'>): boolean =>
    person.accountRole !== 'member' || person.id === requesterId;

type Content = Pick<Mail, 'eventId' | 'template' | 'thread'> & { readonly facts: object };

function mailTo({ id, email, name, timeZone }: Person, content: Content): Mail {
  // The facts belong to the template by the type of `notifications`.
  return { ...content, to: { id, email, name, timeZone } } as Mail;
}
