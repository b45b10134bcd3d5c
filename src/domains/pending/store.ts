import type { Db } from '../../database.ts';
import type { Outcome } from '../../dns/outcome.ts';
import type { Stream } from '../../policy/checks/facts.ts';
import { type Take, takeDue, wake } from '../checking/store.ts';
import type { PendingDomain, ProofState } from './pending.ts';

type Row = Record<string, unknown>;

const fromRow = (row: Row): PendingDomain => ({
  id: Number(row.id),
  accountId: Number(row.account_id),
  personId: row.person_id as number | null,
  name: String(row.name),
  usage: row.usage as Stream,
  token: String(row.token),
  state: row.state as ProofState,
  found: JSON.parse(String(row.found)),
  seenAt: asNumber(row.seen_at),
  triedAt: asNumber(row.tried_at),
  trouble: row.trouble as Outcome | null,
  dueAt: asNumber(row.due_at),
  tries: Number(row.tries),
  createdAt: Number(row.created_at),
});

const asNumber = (value: unknown): number | null => (value === null ? null : Number(value));

/** All that wait of an account, by name. */
export const listPendingOf = async (db: Db, accountId: number): Promise<PendingDomain[]> =>
  (await db('pending_domains').where({ account_id: accountId }).orderBy('name')).map(fromRow);

/** One that waits, if it is the account's. */
export async function findPendingOf(db: Db, accountId: number, id: number): Promise<PendingDomain | undefined> {
  const row = await db('pending_domains').where({ account_id: accountId, id }).first();
  return row && fromRow(row);
}

export async function findPendingNamed(db: Db, accountId: number, name: string): Promise<PendingDomain | undefined> {
  const row = await db('pending_domains').where({ account_id: accountId, name }).first();
  return row && fromRow(row);
}

export type NewPending = Pick<PendingDomain, 'accountId' | 'personId' | 'name' | 'usage' | 'token'>;

/** Adds one, to be looked up at once. Throws (`isDuplicate`) where the account has it waiting already. Returns its id. */
export async function insertPending(trx: Db, pending: NewPending, at: number): Promise<number> {
  const { accountId, personId, ...row } = pending;
  const [inserted] = await trx('pending_domains')
    .insert({ account_id: accountId, person_id: personId, ...row, due_at: 0, created_at: at })
    .returning('id');
  return inserted.id;
}

/** Takes those that are due, for this process alone. */
export const takeDuePending = async (db: Db, take: Take): Promise<PendingDomain[]> =>
  (await takeDue<Row>(db, 'pending_domains', take)).map(fromRow);

export type ProofSeen = Pick<PendingDomain, 'id' | 'dueAt' | 'tries'> & { readonly triedAt: number } & (
    | { readonly state: ProofState; readonly found: readonly string[] }
    | { readonly trouble: Outcome }
  );

/** Keeps what a look found; one that found out nothing leaves what was known. */
export async function updateProof(trx: Db, seen: ProofSeen): Promise<void> {
  const known =
    'trouble' in seen
      ? { trouble: seen.trouble }
      : { trouble: null, state: seen.state, found: JSON.stringify(seen.found), seen_at: seen.triedAt };
  await trx('pending_domains')
    .where({ id: seen.id })
    .update({ ...known, tried_at: seen.triedAt, due_at: seen.dueAt, tries: seen.tries });
}

/** Has one looked up soon, and then as often as a new one. */
export const wakePending = (trx: Db, { id, accountId }: PendingDomain, at: number): Promise<void> =>
  wake(trx, 'pending_domains', { accountId, ids: [id], at });

/** Has all that wait for a name looked up: it became free. */
export const wakePendingNamed = (trx: Db, name: string): Promise<number> =>
  trx('pending_domains').where({ name }).update({ due_at: 0, tries: 0 });

/** Deletes one. False where it was gone. */
export const deletePending = async (trx: Db, id: number): Promise<boolean> =>
  (await trx('pending_domains').where({ id }).delete()) === 1;
