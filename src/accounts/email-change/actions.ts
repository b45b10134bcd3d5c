// Changing one's mail address: one act, one transaction for each step.
import { type Act, act } from '../../act.ts';
import { record } from '../../audit/actions.ts';
import { type Db, isDuplicate } from '../../database.ts';
import { queueMail } from '../../notifications/actions.ts';
import { type Result, refused } from '../../result.ts';
import { randomToken } from '../invitations/token.ts';
import { recipient, tellAdmins } from '../people/notify.ts';
import type { Actor, Person } from '../person.ts';
import { deleteLinksOf } from '../reset/store.ts';
import { tokenHash } from '../reset/token.ts';
import { deleteSessionsOf } from '../session/store.ts';
import { findAccount, findActivePerson, findAnyPersonByEmail } from '../store.ts';
import { CHANGE_LASTS_MS, changeToken, type EmailChange, isDue, type Side } from './email-change.ts';
import { deleteChange, findAnyChangeOf, listOverdue, markAnswered, replaceChange, updateEmail } from './store.ts';

type Self = Actor & { readonly person: Person };
/** Why nothing was done. `link`: unknown, used, replaced or over. `taken`: the address is somebody's by now. */
export type ChangeProblem = 'link' | 'taken';

/**
 * Mails both addresses a link. Whatever the person asked for before is void. Where the new address is somebody's, they are
 * told instead and get no link, so the change can never be confirmed; the person who asks sees no difference.
 */
export async function askEmailChange(
  db: Db,
  actor: Self,
  { email, secret }: { readonly email: string; readonly secret: string },
): Promise<void> {
  await act<void, never, Self>(db, actor, async (act) => {
    const { person, at } = act.actor;
    const owner = await findAnyPersonByEmail(act.trx, email);
    const [forNew, forOld] = [randomToken(), randomToken()];
    const expiresAt = at + CHANGE_LASTS_MS;
    const hashOf = (seed: string) => tokenHash(changeToken(secret, seed));
    const change = { personId: person.id, email, expiresAt, newHash: hashOf(forNew), oldHash: hashOf(forOld), at };
    await replaceChange(act.trx, change);
    const eventId = await note(act, person, { name: 'person.emailAsked', facts: { after: email } });
    const to = recipient(person);
    const [proof, asked] = [
      { email, expiresAt, seed: forNew },
      { email, expiresAt, seed: forOld },
    ];
    const told = await note(act, person, { name: 'person.emailTold', facts: { to: email } });
    await queueMail(act, [
      owner === null
        ? { eventId: told, to: { ...to, email }, template: 'email-proof', facts: proof, thread: null }
        : { eventId: told, to: recipient(owner), template: 'email-in-use', facts: { email }, thread: null },
      { eventId, to, template: 'email-asked', facts: asked, thread: null },
    ]);
  });
}

/** What became of an answer: the address is changed now, or it waits for the other one. */
export type Answered = { readonly isChanged: boolean; readonly change: EmailChange };

/** Takes the yes of one of the two addresses. When the other has said yes before, the address is changed. */
export async function answerEmailChange(
  db: Db,
  { side, token }: { readonly side: Side; readonly token: string },
  at: number,
): Promise<Result<Answered, ChangeProblem>> {
  return free(() =>
    act<Answered, ChangeProblem>(db, { person: null, at }, async (act) => {
      const change = (await markAnswered(act.trx, side, tokenHash(token), at)) ?? act.refuse('link');
      const isChanged = isDue(change, at);
      if (isChanged) await apply(act, change);
      return { isChanged, change };
    }),
  );
}

async function free<T>(work: () => Promise<Result<T, ChangeProblem>>): Promise<Result<T, ChangeProblem>> {
  try {
    return await work();
  } catch (error) {
    if (isDuplicate(error)) return refused('taken');
    throw error;
  }
}

async function apply(act: Act<ChangeProblem>, change: EmailChange): Promise<void> {
  const { personId, email } = change;
  const person = (await findActivePerson(act.trx, personId)) ?? act.refuse('link');
  if (!(await deleteChange(act.trx, change))) return act.refuse('link');
  if ((await findAnyPersonByEmail(act.trx, email)) !== null) return act.refuse('taken');
  await updateEmail(act.trx, personId, email);
  // A link for a password that waits in the old mailbox must not open the account any more.
  await deleteLinksOf(act.trx, personId);
  const facts = { before: person.email, after: email };
  const eventId = await note(act, person, { name: 'person.emailChanged', facts });
  const told = await note(act, person, { name: 'person.emailTold', facts: { to: person.email } });
  const mail = { template: 'email-changed', facts, thread: null } as const;
  await queueMail(act, [
    { ...mail, eventId: told, to: recipient(person) },
    { ...mail, eventId, to: { ...recipient(person), email } },
  ]);
  const what = `changed their address from ${person.email} to ${email}`;
  await tellOfTeams(act, person, { id: eventId, what });
}

/** The admins of each team that the person is of. */
async function tellOfTeams(
  act: Act<ChangeProblem>,
  person: Person,
  { id, what }: { readonly id: number; readonly what: string },
): Promise<void> {
  const own = { ...act, actor: { ...act.actor, person } };
  const account = person.accountId === null ? null : await findAccount(act.trx, person.accountId);
  if (account !== null) await tellAdmins(own, { kind: 'account', ...account }, { id, about: person, what });
  else await tellAdmins(own, { kind: 'staff' }, { id, about: person, what });
}

type Noted =
  | { readonly name: 'person.emailAsked'; readonly facts: { after: string } }
  | { readonly name: 'person.emailTold'; readonly facts: { to: string } }
  | { readonly name: 'person.emailChanged'; readonly facts: { before: string; after: string } }
  | { readonly name: 'person.emailKept'; readonly facts: { after: string; why: KeptWhy } };
type KeptWhy = 'stopped' | 'withdrawn' | 'reset' | 'late' | 'taken';

const note = ({ trx, refuse, actor }: Act<never>, person: Person, what: Noted): Promise<number> =>
  record({ trx, refuse, actor: { ...actor, person } }, {
    ...what,
    subject: { type: 'person', id: person.id },
    accountId: person.accountId,
  } as Parameters<typeof record>[1]);

/** Stops a change by the link of the old address. All sessions of the person end: somebody else may have asked. */
export function stopEmailChange(db: Db, token: string, at: number): Promise<Result<void, 'link'>> {
  return act<void, 'link'>(db, { person: null, at }, async (act) => {
    const change = (await markAnswered(act.trx, 'old', tokenHash(token), at)) ?? act.refuse('link');
    await keep(act, change, 'stopped');
    await deleteSessionsOf(act.trx, change.personId);
  });
}

/** Takes back what the person asked for. */
export async function withdrawEmailChange(db: Db, actor: Self, change: EmailChange): Promise<void> {
  await act<void, never, Self>(db, actor, (act) => keep(act, change, 'withdrawn'));
}

/** Within another act that gives somebody their account back: drops the change that an intruder may have asked for. */
export async function dropEmailChange(act: Act, personId: number): Promise<void> {
  const change = await findAnyChangeOf(act.trx, personId);
  if (change !== null) await keep(act, change, 'reset');
}

async function keep(act: Act<never>, change: EmailChange, why: KeptWhy): Promise<void> {
  const person = await findActivePerson(act.trx, change.personId);
  if (!(await deleteChange(act.trx, change)) || person === null) return;
  await note(act, person, { name: 'person.emailKept', facts: { after: change.email, why } });
}

/**
 * Ends the changes whose time is over: those whose new address is proven hold now. Returns how many were ended. What goes
 * wrong with one holds up none behind it, and is thrown at the end.
 */
export async function finishEmailChanges(db: Db, at: number): Promise<number> {
  const overdue = await listOverdue(db, at);
  const faults: unknown[] = [];
  for (const change of overdue) {
    try {
      await finish(db, change, at);
    } catch (error) {
      faults.push(error);
    }
  }
  if (faults.length > 0)
    throw new AggregateError(faults, `${faults.length} of ${overdue.length} changes of an address could not be ended`);
  return overdue.length;
}

async function finish(db: Db, change: EmailChange, at: number): Promise<void> {
  const done = isDue(change, at)
    ? await free(() => act<void, ChangeProblem>(db, { person: null, at }, (act) => apply(act, change)))
    : refused('late' as const);
  if (done.ok) return;
  const why = done.problem === 'taken' ? 'taken' : 'late';
  await act<void, never>(db, { person: null, at }, (act) => keep(act, change, why));
}
