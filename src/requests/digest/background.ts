// The daily summary: one mail on each morning of the desk to everybody who chose one, however many processes look.
import { can } from '../../accounts/permissions.ts';
import type { Person } from '../../accounts/person.ts';
import { findActivePerson } from '../../accounts/store.ts';
import { type Act, act } from '../../act.ts';
import { record } from '../../audit/actions.ts';
import { type Morning, morningOf } from '../../calendar/morning.ts';
import { findCalendar } from '../../calendar/store.ts';
import type { Db } from '../../database.ts';
import { queueMail } from '../../notifications/actions.ts';
import { findChosen } from '../../notifications/preferences/store.ts';
import { takeForSummary } from '../../notifications/preferences/transition.ts';
import type { Policy } from '../../policy/document/policy.ts';
import { gatherShortStock } from '../stock/gather.ts';
import { type DeskFacts, deskOf, type Undecided } from './desk.ts';
import { gatherUndecided, MOST_JUDGED } from './gather.ts';
import { claimSummary, listReadersDue } from './store.ts';

const BATCH = 100;
/** What came since the last summary is listed up to this many; the rest is in the next one. */
const MOST_NEWS = 50;

/** `undecided`: what waits on the desk, at most `MOST_JUDGED`; `stock`: the regions that run out, a sentence each. */
type Run = {
  readonly at: number;
  readonly morning: Morning;
  readonly undecided: readonly Undecided[];
  readonly stock: readonly string[];
};

/**
 * Queues the summaries that are due at the instant `at`, each in one transaction with its record and with what it takes of
 * the mails that waited for it; where there is nothing to tell, none. What fails for one holds up none behind it, and is
 * thrown at the end. `policy`: the one in force, for what they say of free IPs; without it they say nothing. Returns the number of mails.
 */
export async function sendSummaries(db: Db, at: number, policy?: Policy): Promise<number> {
  const morning = morningOf(at, await findCalendar(db));
  if (morning === null) return 0;
  const faults: unknown[] = [];
  let [sent, after] = [0, 0];
  let undecided: readonly Undecided[] | undefined;
  let stock: readonly string[] | undefined;
  for (;;) {
    const ids = await listReadersDue(db, morning, { at, after, limit: BATCH });
    if (ids.length === 0) break;
    undecided ??= await gatherUndecided(db, at);
    stock ??= policy ? await gatherShortStock(db, policy, at) : [];
    for (const id of ids) {
      after = id;
      try {
        const run = { at, morning, undecided, stock };
        const done = await act<boolean, 'claimed'>(db, { person: null, at }, (act) => summarise(act, id, run));
        if (done.ok && done.value) sent += 1;
      } catch (error) {
        faults.push(error);
      }
    }
  }
  if (faults.length > 0) throw new AggregateError(faults, `${faults.length} of the summaries could not be queued`);
  return sent;
}

async function summarise(act: Act<'claimed'>, personId: number, run: Run): Promise<boolean> {
  const { trx } = act;
  if (!(await claimSummary(trx, personId, run.morning))) return act.refuse('claimed');
  const person = await findActivePerson(trx, personId);
  if (person === null) return false;
  const news = await takeForSummary(act, personId, MOST_NEWS);
  const desk = await deskFor(trx, person, run);
  if (news.length === 0 && (desk === null || desk.waiting === 0)) return false;
  const facts = { waiting: desk?.waiting ?? 0, news: news.length };
  const subject = { type: 'person', id: personId } as const;
  const eventId = await record(act, { name: 'person.summarised', subject, accountId: null, facts });
  const { id, email, name, timeZone } = person;
  const stock = desk === null ? [] : run.stock;
  const told = { desk, news: news.map(({ template, facts }) => ({ template, facts })), stock };
  await queueMail(act, [
    { eventId, to: { id, email, name, timeZone }, template: 'summary', facts: told, thread: null },
  ]);
  return true;
}

/** What waits for a reviewer who wants it in the summary; null for everybody else. */
async function deskFor(trx: Db, person: Person, { at, morning, undecided }: Run): Promise<DeskFacts | null> {
  if (!can(person, 'review requests')) return null;
  const chosen = await findChosen(trx, person.id);
  if (chosen['to-review'] !== 'digest' && chosen.due !== 'digest') return null;
  return deskOf(undecided, person, { at, morning, isCut: undecided.length === MOST_JUDGED });
}
