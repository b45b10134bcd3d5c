// Tells staff of decisions that are due soon, overdue, or overdue for long. Run with the background jobs.
import { type Act, act } from '../../act.ts';
import { record } from '../../audit/actions.ts';
import { findCalendar } from '../../calendar/store.ts';
import type { Db } from '../../database.ts';
import { listChosen } from '../../notifications/preferences/store.ts';
import { tellChat } from '../chat/notify.ts';
import { type NotificationFacts, notifyColleagues } from '../notify.ts';
import type { IpRequest } from '../request.ts';
import { lockRequest } from '../store.ts';
import { transitionEvent } from '../transition.ts';
import { type Notice, noticeAfter, noticeTime, noticeToSend } from './clock.ts';
import { whomToTell } from './notify.ts';
import { listNoticesDue, updateNotice } from './store.ts';

const EVENTS = { soon: 'request.dueSoon', overdue: 'request.overdue', escalated: 'request.escalated' } as const;

function mailOf(notice: Notice, facts: { dueAt: number; holder: string | null }): NotificationFacts {
  if (notice === 'soon') return { 'request-due-soon': facts };
  return notice === 'overdue' ? { 'request-overdue': facts } : { 'request-escalated': facts };
}

/**
 * Tells of each request what is to be told at the instant `at`, in one transaction with its record: the reviewer who has
 * it, or the team, and in the end the administrators. Returns how many notices there were. What fails for one holds up
 * none behind it, and is thrown at the end.
 */
export async function remindOfDue(db: Db, at: number): Promise<number> {
  const faults: unknown[] = [];
  let told = 0;
  for (const id of await listNoticesDue(db, at)) {
    try {
      if ((await remind(db, id, at)).ok) told += 1;
    } catch (error) {
      faults.push(error);
    }
  }
  if (faults.length > 0) throw new AggregateError(faults, `of ${faults.length} requests nobody could be told`);
  return told;
}

const remind = (db: Db, id: number, at: number) =>
  act<void, 'gone'>(db, { person: null, at }, async (act) => {
    const request = (await lockRequest(act.trx, id)) ?? act.refuse('gone');
    const { dueAt, pending, clock } = request;
    // Of two processes the later one waits for the lock, and finds it done.
    if (dueAt === null || pending || clock.notice === null || (clock.noticeAt ?? at + 1) > at)
      return act.refuse('gone');
    const notice = noticeToSend(clock.notice, dueAt, at);
    const next = noticeAfter(notice);
    const noticeAt = noticeTime(next, dueAt, await findCalendar(act.trx));
    await updateNotice(act.trx, id, { notice: next, noticeAt });
    await tell(act, { ...request, dueAt }, notice);
  });

async function tell(act: Act, request: IpRequest & { readonly dueAt: number }, notice: Notice): Promise<void> {
  const { people, holder } = await whomToTell(act, request, notice);
  // Who has such mails in the summary, or not at all, is not told now.
  const ids = people.map(({ id }) => id);
  const chosen = notice === 'escalated' ? undefined : await listChosen(act.trx, ids, ['due']);
  const told = people.filter(({ id }) => chosen?.get(id)?.due === undefined);
  const facts = { dueAt: request.dueAt, told: told.map(({ name }) => name) };
  const eventId = await record(act, transitionEvent(EVENTS[notice], request, null, facts));
  const notifications = mailOf(notice, { dueAt: request.dueAt, holder });
  if (notice !== 'escalated') await tellChat(act, notice, { request, eventId, dueAt: request.dueAt });
  await notifyColleagues(act, people, { request, eventId, notifications });
}
