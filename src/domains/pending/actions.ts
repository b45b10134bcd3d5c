// Adding a domain: an account asks for it, a record in DNS proves it, and only then it is the account's.
import { randomBytes } from 'node:crypto';
import type { Actor, Person } from '../../accounts/person.ts';
import { findAccount } from '../../accounts/store.ts';
import { type Act, act } from '../../act.ts';
import { record } from '../../audit/actions.ts';
import { type Db, isDuplicate } from '../../database.ts';
import type { Result } from '../../result.ts';
import { addRecorded } from '../actions.ts';
import { tellOfDomain } from '../notify.ts';
import { findDomainNamed } from '../store.ts';
import type { WantedDomain } from './form.ts';
import type { PendingDomain } from './pending.ts';
import {
  deletePending,
  findPendingNamed,
  findPendingOf,
  insertPending,
  listPendingOf,
  updateProof,
  wakePending,
} from './store.ts';

/** `own`: the account has it already. `stopped`: the account is suspended or closed. `many`: too many wait for proof. */
export type PendingProblem = 'not-found' | 'own' | 'stopped' | 'many';

/** Own choice: domains of one account that may wait for their proof at once. */
const MOST_WAITING = 50;

/** Asks for a domain. One that waits already stays as it is, with its token. Returns its id. */
export async function wantDomain(
  db: Db,
  actor: Actor & { readonly person: Person },
  { accountId, ...wanted }: WantedDomain & { readonly accountId: number },
): Promise<Result<number, PendingProblem>> {
  try {
    return await act<number, PendingProblem>(db, actor, async (act) => {
      const { trx, refuse } = act;
      const account = (await findAccount(trx, accountId)) ?? refuse('not-found');
      if (account.status !== 'active') return refuse('stopped');
      const domain = await findDomainNamed(trx, wanted.name);
      if (domain?.accountId === accountId) return refuse('own');
      const waiting = await listPendingOf(trx, accountId);
      const same = waiting.find(({ name }) => name === wanted.name);
      if (same) return same.id;
      if (waiting.length >= MOST_WAITING) return refuse('many');
      // 160 bits that nobody can guess, in letters and digits that survive every zone editor.
      const token = randomBytes(20).toString('hex');
      const id = await insertPending(trx, { ...wanted, accountId, personId: actor.person.id, token }, actor.at);
      await note(act, 'domain.wanted', { accountId, name: wanted.name });
      return id;
    });
  } catch (error) {
    if (!isDuplicate(error)) throw error;
    const same = await findPendingNamed(db, accountId, wanted.name);
    if (!same) return wantDomain(db, actor, { accountId, ...wanted });
    return { ok: true, value: same.id };
  }
}

/** Gives up a domain that waits for its proof. */
export const dropDomain = (
  db: Db,
  actor: Actor,
  { accountId, id }: { readonly accountId: number; readonly id: number },
): Promise<Result<void, PendingProblem>> =>
  act<void, PendingProblem>(db, actor, async (act) => {
    const pending = (await findPendingOf(act.trx, accountId, id)) ?? act.refuse('not-found');
    if (!(await deletePending(act.trx, id))) return act.refuse('not-found');
    await note(act, 'domain.dropped', pending);
  });

/** Has a domain that waits looked up at once, or in its turn where many of its account are. */
export const askForLook = (
  db: Db,
  actor: Actor,
  { accountId, id }: { readonly accountId: number; readonly id: number },
): Promise<Result<void, PendingProblem>> =>
  act<void, PendingProblem>(db, actor, async (act) => {
    const pending = (await findPendingOf(act.trx, accountId, id)) ?? act.refuse('not-found');
    await wakePending(act.trx, pending, actor.at);
  });

/**
 * Makes a domain the account's, whose proof was seen at the instant of the act. Where another account has it, it stays
 * with that one until it is removed there, and the proof is looked for again then: moving a domain needs a new proof.
 */
export async function addProven(
  db: Db,
  actor: Actor,
  seen: PendingDomain,
  later: { readonly dueAt: number | null },
): Promise<'added' | 'taken' | 'gone'> {
  const tries = seen.tries + 1;
  const wait = { id: seen.id, state: 'taken', found: [], triedAt: actor.at, tries, dueAt: later.dueAt } as const;
  try {
    const done = await act<'added' | 'taken' | 'gone', never>(db, actor, async (act) => {
      const { trx } = act;
      const pending = await findPendingOf(trx, seen.accountId, seen.id);
      if (pending?.token !== seen.token) return 'gone';
      const domain = await findDomainNamed(trx, pending.name);
      if (domain && domain.accountId !== pending.accountId) {
        await updateProof(trx, wait);
        return 'taken';
      }
      await deletePending(trx, pending.id);
      if (domain) return 'added';
      const { domain: added, eventId } = await addRecorded(act, pending);
      await tellOfDomain(act, added, 'domain-proven', { eventId, askedBy: pending.personId, facts: {} });
      return 'added';
    });
    return done.ok ? done.value : 'gone';
  } catch (error) {
    // Another account proved it at the same moment, and was faster.
    if (!isDuplicate(error)) throw error;
    await updateProof(db, wait);
    return 'taken';
  }
}

const note = (
  act: Act,
  name: 'domain.wanted' | 'domain.dropped',
  { accountId, name: domain }: { readonly accountId: number; readonly name: string },
): Promise<number> => record(act, { name, subject: { type: 'account', id: accountId }, accountId, facts: { domain } });
