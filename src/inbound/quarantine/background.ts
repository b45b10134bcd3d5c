// Tells staff that mail waits in quarantine. Run with the background jobs.
import { can } from '../../accounts/permissions.ts';
import type { Person } from '../../accounts/person.ts';
import { listStaff } from '../../accounts/store.ts';
import { type Act, act } from '../../act.ts';
import { record } from '../../audit/actions.ts';
import { type Db, lockSubject } from '../../database.ts';
import { queueMail } from '../../notifications/actions.ts';
import { listChosen } from '../../notifications/preferences/store.ts';
import { present } from '../../requests/notify.ts';
import { reference } from '../../requests/request.ts';
import { findRequest } from '../../requests/store.ts';
import { transitionEvent } from '../../requests/transition.ts';
import { findLastTold, findUntold, listWaiting, markTold, type Waiting } from './store.ts';

/** However many mails come, staff are told once in this time. */
const DAY_MS = 86_400_000;
const MOST_NAMED = 5;

/**
 * Tells those who may add mails from quarantine that some wait of which they were not told, at most once in a day, in one
 * transaction with its record. Of the requests of their own account they hear nothing. Returns the number of mails.
 */
export async function tellOfQuarantine(db: Db, at: number): Promise<number> {
  if (!(await findUntold(db))) return 0;
  const told = await act<number, 'told'>(db, { person: null, at }, async (act) => {
    // Of two processes the later one waits, and finds that staff were told.
    await lockSubject(act.trx, 'quarantine', 0);
    const lastAt = await findLastTold(act.trx);
    if (lastAt !== null && lastAt > at - DAY_MS) return act.refuse('told');
    const waiting = await listWaiting(act.trx);
    const untold = waiting.filter(({ toldAt }) => toldAt === null);
    const newest = untold.at(-1);
    if (newest === undefined) return act.refuse('told');
    const able = (await listStaff(act.trx, at)).flatMap((person): Reader[] => {
      const theirs = waiting.filter(({ accountId }) => accountId !== person.accountId);
      const hasNews = can(person, 'review requests') && theirs.some(({ toldAt }) => toldAt === null);
      return hasNews ? [{ person, theirs }] : [];
    });
    // Who is away is told where everybody is who may hear of it.
    const there = present(able.map(({ person }) => person));
    const readers = able.filter(({ person }) => there.includes(person));
    await tell(act, readers, newest);
    await markTold(
      act.trx,
      untold.map(({ id }) => id),
      at,
    );
    return readers.length;
  });
  return told.ok ? told.value : 0;
}

type Reader = { readonly person: Person; readonly theirs: readonly Waiting[] };

/** `newest`: the mail with whose request it is put on record. */
async function tell(act: Act, readers: readonly Reader[], newest: Waiting): Promise<void> {
  const { trx } = act;
  const request = await findRequest(trx, newest.requestId);
  if (!request) throw new Error(`mail ${newest.id} has no request`);
  const ids = readers.map(({ person }) => person.id);
  const chosen = await listChosen(trx, ids, ['quarantine']);
  const now = readers.filter(({ person }) => chosen.get(person.id)?.quarantine === undefined);
  // The record is about the request of this mail, of which those of its own account were not told.
  const facts = { told: now.filter(({ theirs }) => theirs.includes(newest)).map(({ person }) => person.name) };
  const eventId = await record(act, transitionEvent('request.quarantineTold', request, null, facts));
  await queueMail(
    act,
    readers.map(({ person: { id, email, name, timeZone }, theirs }) => ({
      ...{ eventId, to: { id, email, name, timeZone }, thread: null },
      ...{ template: 'mail-quarantined' as const, facts: factsOf(theirs) },
    })),
  );
}

function factsOf(theirs: readonly Waiting[]) {
  const references = [...new Set(theirs.map(({ requestId }) => reference(requestId)))];
  const named = references.slice(0, MOST_NAMED);
  return { waiting: theirs.length, references: named, more: references.length - named.length };
}
