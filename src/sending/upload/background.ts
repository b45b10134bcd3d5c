// Storing the files of counts that were checked and kept: piece by piece, each in a transaction of its own.
import { findPersonById } from '../../accounts/store.ts';
import { type Act, act, actIn } from '../../act.ts';
import { record } from '../../audit/actions.ts';
import type { Db } from '../../database.ts';
import { Pace } from '../../pace.ts';
import { insertBatch } from '../api/store.ts';
import { refreshPools } from '../pools/actions.ts';
import { countListed, listedIn, replaceListed } from '../store-bulk.ts';
import { claimPiece, dropParts, findAbandoned, finishPiece, type Upload } from './store.ts';

/** A file takes a minute or two to be kept. */
const ABANDONED_MS = 60 * 60 * 1000;
const TOGETHER = 20;

type Desk = { readonly db: Db; readonly now: () => number };
type IsStopped = () => boolean;

/** `isAsked`: something may have been kept since it last looked. */
type Run = { isAsked: boolean; readonly stops: IsStopped[]; done: Promise<number> };

/** Who stores in this process, by its database: of two at once, one would work in the pauses of the other. */
const atWork = new WeakMap<Db, Run>();

/**
 * Stores what is kept, piece by piece, until nothing is left or `isStopped`. Any number of processes may do it at once;
 * what a process that was killed left is stored by the next. Returns how many pieces it stored: none where this process is
 * at it already, which then stores these, too.
 */
export async function storeUploads(desk: Desk, isStopped: IsStopped = () => false): Promise<number> {
  const other = atWork.get(desk.db);
  if (other) {
    other.isAsked = true;
    other.stops.push(isStopped);
    await other.done.catch(() => {});
    return 0;
  }
  const run: Run = { isAsked: false, stops: [isStopped], done: Promise.resolve(0) };
  atWork.set(desk.db, run);
  run.done = storeAll(desk, run);
  return run.done;
}

async function storeAll({ db, now }: Desk, run: Run): Promise<number> {
  const pace = new Pace();
  let pieces = 0;
  try {
    for (let isLeft = true; isLeft || run.isAsked; await pace.rest()) {
      if (run.stops.some((isStopped) => isStopped())) break;
      run.isAsked = false;
      isLeft = await storePiece(db, now());
      if (isLeft) pieces += 1;
    }
  } finally {
    // Nothing is awaited between the last look and this: the next caller starts a loop of its own.
    atWork.delete(db);
  }
  return pieces;
}

async function storePiece(db: Db, at: number): Promise<boolean> {
  const stored = await act<boolean, never>(db, { person: null, at }, async (act) => {
    const { trx, actor } = act;
    const piece = await claimPiece(trx, actor.at);
    if (piece === undefined) return false;
    const list = listedIn(piece.list);
    const { known, same } = await countListed(trx, list);
    await replaceListed(trx, list, actor.at);
    const sums = { fresh: piece.counts - known, replaced: known - same, at: actor.at };
    const after = await finishPiece(trx, piece, sums);
    await refreshPools(trx, list.counted, actor.at);
    if (after.finishedAt !== null) await recordUpload(act, after);
    return true;
  });
  return stored.ok && stored.value;
}

async function recordUpload({ trx, actor }: Act, upload: Upload): Promise<void> {
  const { id, contentHash, madeById, file, counts, fresh, replaced } = upload;
  const batch = { source: 'upload', name: `file ${id}`, contentHash, counts, at: actor.at };
  const batchId = await insertBatch(trx, batch);
  if (batchId === undefined) throw new Error(`upload ${id} was finished before`);
  const person = madeById === null ? null : await findPersonById(trx, madeById);
  const subject = { type: 'upload', id: batchId } as const;
  const facts = { file, rows: counts, new: fresh, replaced };
  await record(actIn(trx, { person, at: actor.at }), { name: 'counts.uploaded', subject, accountId: null, facts });
}

/** Removes what is kept of files whose process was killed before it had all of it: nothing of them is stored. Returns how many. */
export async function dropAbandoned(db: Db, at: number): Promise<number> {
  let dropped = 0;
  for (;;) {
    const id = await findAbandoned(db, at - ABANDONED_MS);
    if (id === undefined) return dropped;
    await dropUpload(db, id, at);
    dropped += 1;
  }
}

/** Gives up a file that is not kept whole, some pieces in each transaction. */
export async function dropUpload(db: Db, id: number, at: number): Promise<void> {
  const drop = () => act<number, never>(db, { person: null, at }, ({ trx }) => dropParts(trx, id, TOGETHER));
  for (let left = await drop(); left.ok && left.value > 0; left = await drop());
}
