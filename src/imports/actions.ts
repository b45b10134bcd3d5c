// Taking a checked file in: staged in one transaction, then piece by piece, each piece in one of its own.
import type { Actor, Person } from '../accounts/person.ts';
import { findPersonById } from '../accounts/store.ts';
import { type Act, act } from '../act.ts';
import { record } from '../audit/actions.ts';
import { type Db, isDuplicate, unhurried } from '../database.ts';
import { queueMail } from '../notifications/actions.ts';
import type { Policy } from '../policy/document/policy.ts';
import { applyCustomers } from './customers/actions.ts';
import { applyHoldings } from './holdings/actions.ts';
import type { Spool } from './spool.ts';
import {
  claimPart,
  findImport,
  finishImport,
  finishPart,
  type Import,
  insertImport,
  insertPart,
  leaveOut,
} from './store.ts';

/** Items in one piece: an IP takes several statements of its own. */
const TOGETHER = { customers: 500, holdings: 100 } as const;

/** A file that was looked at and found right. */
export type Ready = Pick<Import, 'kind' | 'file' | 'items' | 'invites'> & { readonly spool: Spool };

/** Keeps a checked file in the database, to be taken in. Returns the import's id. */
export async function stageImport(
  db: Db,
  actor: Actor & { readonly person: Person },
  { spool, ...ready }: Ready,
): Promise<number> {
  const staged = await act<number, never>(db, actor, async (act) => {
    await unhurried(act.trx);
    const importId = await insertImport(act.trx, { ...ready, madeById: actor.person.id, madeAt: actor.at });
    let part = 0;
    for await (const { list, items } of spool.lists(TOGETHER[ready.kind])) {
      part += 1;
      await insertPart(act.trx, { importId, part, list, items });
    }
    const { kind, file, items } = ready;
    const subject = { type: 'import', id: importId } as const;
    await record(act, { name: 'import.begun', subject, accountId: null, facts: { kind, file, items } });
    return importId;
  });
  if (!staged.ok) throw new Error('nothing refuses this');
  return staged.value;
}

export type Importing = {
  readonly db: Db;
  readonly now: () => number;
  readonly sessionSecret: string;
  readonly policy: { readonly document: Policy };
};

/**
 * Takes in what is staged, piece by piece, until nothing is left or `isStopped`. Any number of processes may do it at
 * once; what a process that was killed left is taken in by the next. Returns how many pieces it took in.
 */
export async function runImports(deps: Importing, isStopped: () => boolean = () => false): Promise<number> {
  let pieces = 0;
  while (!isStopped() && (await takePiece(deps))) pieces += 1;
  return pieces;
}

async function takePiece({ db, now, sessionSecret, policy }: Importing): Promise<boolean> {
  const done = await act<boolean, never>(db, { person: null, at: now() }, async ({ trx, refuse, actor }) => {
    const part = await claimPart(trx);
    if (part === undefined) return false;
    const found = await findImport(trx, part.importId);
    const person = found && (await findPersonById(trx, found.madeById));
    if (!found || !person) throw new Error(`import ${part.importId} is not there`);
    const own = { trx, refuse, actor: { person, at: actor.at } };
    const leftOut =
      found.kind === 'holdings'
        ? await applyHoldings(own, part.list, policy.document)
        : await applyCustomers(own, part.list, found.invites ? { secret: sessionSecret } : null);
    if (leftOut.length > 0) await leaveOut(trx, { id: found.id, leftOut: [...found.leftOut, ...leftOut] });
    if ((await finishPart(trx, part)) === 0) await finish(own, found, person);
    return true;
  }).catch((error: unknown) => {
    // Somebody took an address or a domain at this very moment: the piece is taken in again, without that customer or IP.
    if (isDuplicate(error)) return { ok: true, value: true } as const;
    throw error;
  });
  return done.ok && done.value;
}

async function finish(act: Act, { id, kind, file, items }: Import, maker: Person): Promise<void> {
  if (!(await finishImport(act.trx, id, act.actor.at))) return;
  const subject = { type: 'import', id } as const;
  const eventId = await record(act, {
    name: 'import.finished',
    subject,
    accountId: null,
    facts: { kind, file, items },
  });
  const { email, name, timeZone } = maker;
  const to = { id: maker.id, email, name, timeZone };
  const facts = { kind, file, items, path: `/imports/${id}` };
  await queueMail(act, [{ eventId, to, template: 'import-finished', facts, thread: null }]);
}
