// Who is notified of a step, and queueing the mails for it: one for each person concerned.
import type { Person } from '../accounts/person.ts';
import { listPeopleOfAccount, listStaff } from '../accounts/store.ts';
import type { Act } from '../act.ts';
import type { Db } from '../database.ts';
import { queueMail } from '../notifications/actions.ts';
import type { Mail, MailFacts, MailName } from '../notifications/mail.ts';
import { listClaims } from './claims/store.ts';
import { barTo, type Concerned, mailOf, type TransitionName } from './lifecycle.ts';
import type { RequestFacts } from './mails/facts.ts';
import { askedFor, type IpRequest, reference } from './request.ts';
import { findAsker } from './store-decisions.ts';

/** What a step's mails say besides what every mail about a request says. */
export type NotificationFacts = { readonly [Name in MailName]?: Omit<MailFacts[Name], keyof RequestFacts> };

// Where somebody is concerned twice, the earlier one counts: one person, one mail.
const ORDER: readonly Concerned[] = ['requester', 'payers', 'proposer', 'asker', 'holder', 'reviewers'];

// Told as people of the account, also where they are on the staff: what they can do is on the customer's page.
export const CUSTOMERS: readonly Concerned[] = ['requester', 'payers'];

/** A step that was taken, as its mails tell of it. `eventId` is its record. */
type News = {
  readonly request: IpRequest;
  readonly eventId: number;
  readonly notifications: NotificationFacts;
  /** Where not all whom the step concerns are told. */
  readonly to?: readonly Concerned[];
};

/** Queues the mails of a step. A mail without its facts is a programming error. */
export async function notify(act: Act, step: TransitionName, news: News): Promise<void> {
  const { trx, actor } = act;
  const { request } = news;
  const reached = new Set<number>();
  const queue: Mail[] = [];
  const people = concernedIn(trx, teamsOf(trx, request, actor.at), request, actor.at);
  for (const concerned of news.to ?? ORDER) {
    const template = mailOf(step, concerned, request.answers.kind);
    if (!template) continue;
    for (const person of await people(concerned)) {
      const isOwnStep = person.id === actor.person?.id && concerned !== 'requester';
      if (reached.has(person.id) || isOwnStep) continue;
      reached.add(person.id);
      const page = CUSTOMERS.includes(concerned) ? 'requests' : 'review';
      queue.push(mailTo(person, page, template, news));
    }
  }
  await queueMail(act, queue);
}

/** Mails one of the staff about a request, of which `news` has the facts of the one template. */
export const notifyColleague = (act: Act, to: Reader, news: Omit<News, 'to'>): Promise<void> =>
  notifyColleagues(act, [to], news);

/** The same for several of the staff. */
export async function notifyColleagues(act: Act, to: readonly Reader[], news: Omit<News, 'to'>): Promise<void> {
  const templates = Object.keys(news.notifications) as MailName[];
  await queueMail(
    act,
    to.flatMap((one) => templates.map((template) => mailTo(one, 'review', template, news))),
  );
}

/** Mails one of the staff about a request, or their stand-in of those who may decide it while they are away. */
export async function notifyOrStandIn(act: Act, to: Person, news: Omit<News, 'to'>): Promise<void> {
  const staff = await listStaff(act.trx, act.actor.at);
  const able = staff.filter((one) => canDecide(news.request, one));
  await notifyColleague(act, orStandIn(staff.find(({ id }) => id === to.id) ?? to, able), news);
}

/** Mails what a customer did without a step to the person who has the request on the desk, or to all who may decide it. */
export async function notifyDesk(act: Act, news: Omit<News, 'to'>): Promise<void> {
  const { trx, actor } = act;
  const people = concernedIn(trx, teamsOf(trx, news.request, actor.at), news.request, actor.at);
  const others = (await people('holder')).filter(({ id }) => id !== actor.person?.id);
  await notifyColleagues(act, others, news);
}

/** The people of whom the decision card says that they will get a mail. */
export async function listNotified(
  { db, teams }: { readonly db: Db; readonly teams: Teams },
  actor: Person,
  step: TransitionName,
  request: IpRequest,
): Promise<string[]> {
  const found = new Map<number, string>();
  const people = concernedIn(db, teams, request, 0);
  for (const concerned of ORDER.filter((one) => mailOf(step, one, request.answers.kind))) {
    for (const person of await people(concerned)) {
      if (person.id !== actor.id) found.set(person.id, person.name);
    }
  }
  return [...found.values()];
}

const isPayer = (person: Person): boolean => person.accountRole !== 'member';

/** `insteadOf`: the colleague who is away, whose stand-in they are. */
export type Reader = Pick<Person, 'id' | 'email' | 'name' | 'timeZone'> & { readonly insteadOf?: string };

/** Who is not away; where all are, everybody: somebody has to hear of it. */
export function present(people: readonly Person[]): readonly Person[] {
  const here = people.filter(({ away }) => away === undefined);
  return here.length > 0 ? here : people;
}

/** Somebody of staff, or who gets their mails while they are away: their stand-in, unless that one is away too. */
export function orStandIn(person: Person, staff: readonly Person[]): Reader {
  const standIn = staff.find(({ id, away }) => id === person.away?.standInId && away === undefined);
  return standIn === undefined ? person : { ...standIn, insteadOf: person.name };
}

/** The same; nobody where somebody is away without a stand-in who is there. */
export function reachable(person: Person, staff: readonly Person[]): Reader[] {
  const reader = orStandIn(person, staff);
  return person.away !== undefined && reader.insteadOf === undefined ? [] : [reader];
}

/** The people of a request's account, and the staff. */
export type Teams = { readonly own: () => Promise<Person[]>; readonly staff: () => Promise<Person[]> };

/** Both teams, each read when it is first asked for, with who is away at the instant `at` (UTC milliseconds). */
export function teamsOf(db: Db, request: IpRequest, at: number): Teams {
  let [own, staff]: (Promise<Person[]> | undefined)[] = [];
  return {
    own() {
      own ??= listPeopleOfAccount(db, request.account.id);
      return own;
    },
    staff() {
      staff ??= listStaff(db, at);
      return staff;
    },
  };
}

/** Who each word of the lifecycle means for a request at the instant `at` (UTC milliseconds). */
function concernedIn(
  db: Db,
  { own, staff }: Teams,
  request: IpRequest,
  at: number,
): (concerned: Concerned) => Promise<readonly Reader[]> {
  const able = async () => (await staff()).filter((one) => canDecide(request, one));
  return async (concerned) => {
    switch (concerned) {
      case 'requester': {
        const requester = (await own()).filter((one) => one.id === request.requester.id);
        // Where they were disabled, somebody of the account still has to hear of it, or nobody would answer a question.
        return requester.length > 0 ? requester : (await own()).filter(isPayer);
      }
      case 'payers':
        return (await own()).filter(isPayer);
      case 'reviewers':
        return present(await able());
      case 'proposer':
        return ofStaff(await staff(), await able(), request.proposerId);
      case 'holder': {
        const holder = (await listClaims(db, [request.id], at)).get(request.id)?.personId;
        const ids = [holder, holder === undefined ? await findAsker(db, request.id) : undefined];
        const all = await able();
        const chosen = all.filter(({ id }) => ids.includes(id)).flatMap((one) => reachable(one, all));
        return chosen.length > 0 ? chosen : present(all);
      }
      case 'asker': {
        return ofStaff(await staff(), await able(), await findAsker(db, request.id));
      }
    }
  };
}

/** One of the staff, or their stand-in of those who may decide it: what colleagues write is not for its customer's own people. */
const ofStaff = (staff: readonly Person[], able: readonly Person[], id: number | null | undefined): Reader[] =>
  staff.filter((one) => one.id === id).map((one) => orStandIn(one, able));

/** Whether somebody of staff may decide the request, now or after the next step. */
const canDecide = (request: IpRequest, person: Person): boolean => {
  const bar = barTo('approve', request, person);
  return bar === null || bar === 'not-open' || bar === 'pending';
};

function mailTo(
  to: Reader,
  page: 'requests' | 'review',
  template: MailName,
  { request, eventId, notifications }: News,
): Mail {
  const facts = notifications[template];
  if (!facts) throw new Error(`the mail ${template} has no facts`);
  const common: RequestFacts = {
    reference: reference(request.id),
    kind: request.answers.kind,
    what: `${askedFor(isFulfilment(template) ? approvedOf(request) : request.answers)} for ${request.account.name}`,
    account: request.account.name,
    path: `/${page}/${reference(request.id)}`,
  };
  const { id, email, name, timeZone } = to;
  const mail = {
    eventId,
    to: { id, email, name, timeZone },
    template,
    facts: { ...common, ...facts, ...(to.insteadOf === undefined ? {} : { insteadOf: to.insteadOf }) },
    thread: common.reference,
  };
  // The facts belong to the template by the type of `notifications`.
  return mail as Mail;
}

/** Whether a mail is about what is given, not about what was asked for: an accepted offer is of fewer. */
const isFulfilment = (template: MailName): boolean =>
  template === 'request-approved' || template === 'request-waitlisted';

const approvedOf = ({ answers, approvedCount }: IpRequest) =>
  answers.kind === 'dedicated_ip' ? { ...answers, ipCount: approvedCount ?? answers.ipCount } : answers;
