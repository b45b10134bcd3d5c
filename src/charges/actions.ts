// Closing months: their lines are written once, for good, and what changes afterwards becomes a line of a later month.
import type { Actor } from '../accounts/person.ts';
import { type Act, act } from '../act.ts';
import { record } from '../audit/actions.ts';
import { type Db, isDuplicate, lockSubject, overtaken } from '../database.ts';
import { dayLength, dayOf, startOfDay } from '../day.ts';
import { uncompiled } from '../dialect.ts';
import { type Result, refused } from '../result.ts';
import { firstDayOf, isoMonth, type Month, monthOf } from './ledger.ts';
import { findBeginning, findMonth, listMonths } from './store.ts';
import { endMonth, findPieceEnd, insertMonth, markThrough } from './store-closing.ts';
import { insertChanged, insertPlain } from './store-wanted.ts';

/** How many allocations are written in one transaction: what others wait for is short, and memory does not grow. */
const TOGETHER = 25_000;

/** How much further back changes are looked for than since the last closing: acts that were under way, clocks that differ. */
const SLACK_MS = 3_600_000;

/** How long after a month's end it is closed without being asked (own choice): staff can put right its last day. */
const RESTS_MS = dayLength;

/** Why a month is not closed. `not-next`: months are closed one after the other. */
export type ClosingProblem = 'not-over' | 'not-next';

/** The oldest month that is not closed; null: no IP was ever allocated. */
export async function findOpenMonth(db: Db): Promise<Month | null> {
  const [newest] = await listMonths(db, 1);
  if (newest) return newest.closedAt === null ? newest.month : newest.month + 1;
  const beginning = await findBeginning(db);
  return beginning === null ? null : monthOf(dayOf(beginning));
}

/** Whether a month is over at an instant (UTC milliseconds). */
export const isOver = (month: Month, at: number): boolean => at >= startOfDay(firstDayOf(month + 1));

/**
 * Closes a month after its end in UTC: writes what each account owes for it, and what is to be put right of earlier
 * months. In pieces, each a transaction of its own: whatever ends it, another closing goes on where it was, and two at
 * once write nothing twice. A month that is closed already stays as it is.
 */
export async function closeMonth(db: Db, actor: Actor, month: Month): Promise<Result<void, ClosingProblem>> {
  const begun = await act<boolean, ClosingProblem>(db, actor, (act) => begin(act, month));
  if (!begun.ok) return refused(begun.problem);
  while (begun.value) {
    const done = await act<boolean, never>(db, actor, (act) => writePiece(act, month));
    if (!done.ok || done.value) break;
  }
  return { ok: true, value: undefined };
}

/** Returns whether something is left to write. */
async function begin(act: Act<ClosingProblem>, month: Month): Promise<boolean> {
  const { trx, actor } = act;
  await lockSubject(trx, 'charges', 0);
  const known = await findMonth(trx, month);
  if (known) return known.closedAt === null;
  if ((await findOpenMonth(trx)) !== month) return act.refuse('not-next');
  if (!isOver(month, actor.at)) return act.refuse('not-over');
  await insertMonth(trx, month, actor.at);
  return true;
}

/** Writes the next piece. Returns whether the month is closed with it. */
async function writePiece(act: Act, month: Month): Promise<boolean> {
  const { trx, actor } = act;
  await lockSubject(trx, 'charges', 0);
  const [current, before] = (await listMonths(trx, 2)).filter((one) => one.month <= month);
  if (current?.month !== month || current.closedAt !== null) return true;
  const through = await findPieceEnd(trx, current.throughId, TOGETHER);
  if (through !== null) {
    // Before the first closing nothing was written that could be wrong.
    const since = before ? before.begunAt - SLACK_MS : Number.MAX_SAFE_INTEGER;
    const writing = { month, piece: { after: current.throughId, through }, since, at: actor.at };
    await uncompiled(trx);
    await insertPlain(trx, writing);
    await insertChanged(trx, writing).catch((error: unknown) => {
      throw isDuplicate(error) ? overtaken('an IP changed since its plain line was written') : error;
    });
    await markThrough(trx, month, through);
    return false;
  }
  const lines = await endMonth(trx, month, { at: actor.at, by: actor.person?.id ?? null });
  const subject = { type: 'charges', id: month } as const;
  await record(act, { name: 'charges.closed', subject, accountId: null, facts: { month: isoMonth(month), lines } });
  return true;
}

/** Closes the months whose end is a day ago, the oldest first. Returns how many. */
export async function closeDueMonths(db: Db, at: number): Promise<number> {
  let closed = 0;
  for (;;) {
    const month = await findOpenMonth(db);
    if (month === null || !isOver(month, at - RESTS_MS)) return closed;
    const done = await closeMonth(db, { person: null, at }, month);
    if (!done.ok) return closed;
    closed += 1;
  }
}
