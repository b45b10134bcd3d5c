// What becomes of sessions, and who hears of a sign-in from elsewhere. One act, one transaction each.
import { createHash } from 'node:crypto';
import { type Act, act } from '../../act.ts';
import { record } from '../../audit/actions.ts';
import { type Db, lockSubject } from '../../database.ts';
import { queueMail } from '../../notifications/actions.ts';
import { recipient } from '../people/notify.ts';
import type { Actor, Person } from '../person.ts';
import { deleteOtherSessions, deleteSession } from './store.ts';
import { type Device, findHasSignedIn, findLikeDevice, insertDevice, renewDevice } from './store-devices.ts';

type Self = Actor & { readonly person: Person };

const subjectOf = ({ id }: Person) => ({ type: 'person', id }) as const;

/** What is stored of the mark that a browser keeps. */
export const markHash = (mark: string): string => createHash('sha256').update(mark).digest('hex');

/**
 * Notes from where somebody signs in. From a browser that they did not use before, they are mailed; not at the very first
 * sign-in, and not where it is the same browser and system at the same address, as a private window is.
 */
export async function noteDevice(db: Db, actor: Self, seen: Device): Promise<void> {
  await act<void, never, Self>(db, actor, async (act) => {
    const { trx } = act;
    const { person, at } = act.actor;
    await lockSubject(trx, 'devices', person.id);
    if (await renewDevice(trx, person.id, seen, at)) return;
    const isLike = await findLikeDevice(trx, person.id, seen);
    await insertDevice(trx, person.id, seen, at);
    if (isLike || !(await findHasSignedIn(trx, person.id))) return;
    const { device, address } = seen;
    const facts = { device, address };
    const event = { name: 'person.newDevice', subject: subjectOf(person), accountId: person.accountId, facts } as const;
    const eventId = await record(act, event);
    const mail = { eventId, template: 'new-device', facts: { ...facts, at }, thread: null } as const;
    await queueMail(act, [{ ...mail, to: recipient(person) }]);
  });
}

/** Ends one of one's own sessions. Returns how many ended: none where it had ended already. */
export const endSession = (db: Db, actor: Self, id: string): Promise<number> =>
  ending(db, actor, async ({ trx }) => ((await deleteSession(trx, actor.person.id, id)) ? 1 : 0));

/** Ends all of one's own sessions but that with this id. Returns how many ended. */
export const endOtherSessions = (db: Db, actor: Self, id: string): Promise<number> =>
  ending(db, actor, ({ trx }) => deleteOtherSessions(trx, actor.person.id, id));

async function ending(db: Db, actor: Self, end: (act: Act<never, Self>) => Promise<number>): Promise<number> {
  const done = await act<number, never, Self>(db, actor, async (act) => {
    const count = await end(act);
    const { person } = act.actor;
    const event = { name: 'person.sessionsEnded', subject: subjectOf(person), accountId: person.accountId } as const;
    if (count > 0) await record(act, { ...event, facts: { count } });
    return count;
  });
  return done.ok ? done.value : 0;
}
