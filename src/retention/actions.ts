// Removing what is older than the settings keep it: once for each day, by the piece, each with a transaction of its own, so
// that nobody waits for it. How far it is lies in the database: any number of processes share the pieces, and what a process
// that was killed leaves goes on there.
import { act } from '../act.ts';
import type { Db } from '../database.ts';
import { dayOf, startOfDay } from '../day.ts';
import { Pace } from '../pace.ts';
import type { Keep } from './keep.ts';
import { findMark, lockSweep, type Mark, putMark, type Subject } from './store.ts';

/** When (UTC milliseconds) and where old rows are removed; `isStopped`: whether to end before the next piece. */
export type Night = {
  readonly db: Db;
  readonly keep: Keep;
  readonly at: number;
  readonly isStopped?: () => boolean;
};

/** What a piece is: rows older than `before` (UTC milliseconds) behind the id `after`, from 0. */
export type Old = { readonly before: number; readonly after: number };

/** What a piece removed; `next`: the id behind which the next one begins; null: there is nothing more. */
export type Piece = { readonly removed: number; readonly next: number | null };

export type Sweep = {
  readonly subject: Subject;
  /** null: forever. */
  readonly keepDays: number | null;
  /** Removes a piece of some hundred or thousand rows. */
  readonly remove: (trx: Db, old: Old) => Promise<Piece>;
};

/** What a sweep came to; `longestMs`: its longest transaction, with what it waited for the database. */
export type Swept = { readonly removed: number; readonly pieces: number; readonly longestMs: number };

/** Removes what is older than `keepDays`: a day goes as a whole. null: that is done already. */
export async function sweep(
  { db, at, isStopped = () => false }: Night,
  { subject, keepDays, remove }: Sweep,
): Promise<Swept | null> {
  if (keepDays === null) return null;
  const before = startOfDay(dayOf(at) - keepDays);
  if (afterOf(await findMark(db, subject), before) === null) return null;
  const pace = new Pace();
  const swept = { removed: 0, pieces: 0, longestMs: 0 };
  for (; !isStopped(); await pace.rest()) {
    const since = performance.now();
    const done = await act<Piece | null, never>(db, { person: null, at }, ({ trx }) =>
      removePiece(trx, { subject, before, remove }),
    );
    if (!done.ok || done.value === null) break;
    swept.removed += done.value.removed;
    swept.pieces += 1;
    swept.longestMs = Math.max(swept.longestMs, Math.ceil(performance.now() - since));
    if (done.value.next === null) break;
  }
  return swept;
}

/** Removes the piece that is next; null: another process has removed the last. */
async function removePiece(
  trx: Db,
  { subject, before, remove }: Pick<Sweep, 'subject' | 'remove'> & { readonly before: number },
): Promise<Piece | null> {
  await lockSweep(trx, subject);
  const after = afterOf(await findMark(trx, subject), before);
  if (after === null) return null;
  const piece = await remove(trx, { before, after });
  await putMark(trx, subject, { goneBefore: before, throughId: piece.next, removed: piece.removed });
  return piece;
}

/** Behind which id a sweep of what is older than `before` goes on; null: it is done, or there is one that removes more. */
function afterOf(mark: Mark | undefined, before: number): number | null {
  if (mark === undefined || mark.goneBefore < before) return 0;
  return mark.goneBefore === before ? mark.throughId : null;
}
