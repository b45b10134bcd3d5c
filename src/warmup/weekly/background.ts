// The weekly mail about warm-ups: one for each person and week, however often it is run.
import type { Person } from '../../accounts/person.ts';
import { type Act, act } from '../../act.ts';
import { record } from '../../audit/actions.ts';
import { type Db, isDiskFault } from '../../database.ts';
import { type Day, dayLength, dayOf, weekStart } from '../../day.ts';
import type { Log } from '../../log.ts';
import { queueMail } from '../../notifications/actions.ts';
import type { Policy } from '../../policy/document/policy.ts';
import { stateFacts } from '../forecast.ts';
import type { Progress } from '../mails/facts.ts';
import { concerned } from '../notify.ts';
import type { Warmup } from '../store.ts';
import { claimReaders, listUnderWay, listWeeks, markNotified } from './store.ts';

type Rules = Pick<Policy, 'warmup' | 'schedules'>;

const BATCH = 200;
const HOUR = dayLength / 24;

/**
 * Mails on Mondays, once Sunday is judged, how the IPs of an account that warm up are doing: to its admins and billing
 * people and to the person who asked for the IP, unless they switched it off. Where Warmdesk was down on Monday it does so
 * on Tuesday, whatever is judged; after Tuesday it is too late to report last week. Somebody who cannot be notified is
 * logged and left out of the run, and all others are notified; without a log the error is thrown. Returns how many mails it
 * queued.
 */
export async function sendWeeklyProgress(
  db: Db,
  policy: Rules,
  now: number,
  log?: Pick<Log, 'error'>,
): Promise<number> {
  const today = dayOf(now - policy.warmup.judgeAfterHours.value * HOUR);
  const monday = weekStart(today);
  if (today - monday > 1) return 0;
  let notified = 0;
  let after = 0;
  for (let oneByOne = 0; ; oneByOne -= 1) {
    let readers: readonly Person[] = [];
    try {
      const mails = await act<number, never>(db, { person: null, at: now }, async (act) => {
        readers = [];
        const page = { after, limit: oneByOne > 0 ? 1 : BATCH };
        readers = await claimReaders(act.trx, monday, page, today === monday);
        await markNotified(act.trx, ids(readers), monday);
        return notify(act, readers, monday, policy);
      });
      notified += mails.ok ? mails.value : 0;
    } catch (error) {
      // Without anybody in hand it is the database that fails, and would for all others.
      if (readers.length === 0 || isDiskFault(error)) throw error;
      if (readers.length > 1) {
        oneByOne = readers.length + 1;
        continue;
      }
      if (log === undefined) throw error;
      log.error({ err: error, person: readers[0]?.id }, 'could not tell somebody of the week');
    }
    const last = readers.at(-1);
    if (last === undefined) return notified;
    after = last.id;
  }
}

const ids = (people: readonly Person[]): number[] => people.map(({ id }) => id);

async function notify(act: Act, readers: readonly Person[], monday: Day, policy: Rules): Promise<number> {
  const { trx, actor } = act;
  const accountIds = [...new Set(readers.flatMap(({ accountId }) => accountId ?? []))];
  const warmups = await listUnderWay(trx, accountIds, monday);
  const weeks = await listWeeks(
    trx,
    warmups.map(({ id }) => id),
    monday - 7,
  );
  let mails = 0;
  for (const accountId of accountIds) {
    const own = warmups.filter((one) => one.accountId === accountId);
    const isConcerned = (person: Person) => own.some(({ requesterId }) => concerned(requesterId)(person));
    const people = readers.filter((person) => person.accountId === accountId && isConcerned(person));
    const [first] = own;
    if (people.length === 0 || first === undefined) continue;
    const progress = own.map(
      (one): Progress => ({
        ...stateFacts(one, dayOf(actor.at), policy),
        ...(weeks.get(one.id) ?? { sent: 0, passed: 0 }),
        address: one.address,
        path: `/warm-ups/${one.id}`,
        status: one.status,
        hold: holdOf(one, weeks.get(one.id)?.passed ?? 0),
      }),
    );
    const week = monday - 7;
    const eventId = await record(act, {
      name: 'warmup.reported',
      subject: { type: 'account', id: accountId },
      accountId,
      facts: { week, ips: own.length },
    });
    const facts = { account: first.account, week, warmups: progress };
    const mail = { eventId, template: 'warmup-progress', facts, thread: null } as const;
    await queueMail(
      act,
      people.map(({ id, email, name, timeZone }) => ({ ...mail, to: { id, email, name, timeZone } })),
    );
    mails += people.length;
  }
  return mails;
}

/** Why a plan does not go on; null where it does. One day without mail in a week that went on is not worth a line. */
const holdOf = ({ status, verdict, why, capPercent }: Warmup, passed: number): string | null =>
  status === 'paused' || (verdict !== 'advance' && (capPercent < 100 || passed === 0)) ? why : null;
