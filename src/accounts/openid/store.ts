import type { Db } from '../../database.ts';

export type NewFlow = {
  readonly stateHash: string;
  readonly browserHash: string;
  readonly nonce: string;
  readonly verifier: string;
  readonly isAgain: boolean;
  readonly next: string;
  readonly kept: string | null;
  readonly expiresAt: number;
};

/** A sign-in that went off to the provider. */
export async function insertFlow(db: Db, flow: NewFlow): Promise<void> {
  await db('openid_flows').insert({
    state_hash: flow.stateHash,
    browser_hash: flow.browserHash,
    nonce: flow.nonce,
    verifier: flow.verifier,
    is_again: flow.isAgain,
    next: flow.next,
    kept: flow.kept,
    expires_at: flow.expiresAt,
  });
}

export type Flow = Pick<NewFlow, 'nonce' | 'verifier' | 'isAgain' | 'next' | 'kept'>;

/** Takes the sign-in that came back, once; null where this browser did not begin it, or it came back before, or too late. */
export async function claimFlow(
  db: Db,
  { stateHash, browserHash }: Pick<NewFlow, 'stateHash' | 'browserHash'>,
  now: number,
): Promise<Flow | null> {
  const [row] = await db('openid_flows')
    .where({ state_hash: stateHash, browser_hash: browserHash })
    .where('expires_at', '>', now)
    // The row itself goes with those whose time is over.
    .update({ expires_at: 0 })
    .returning('*');
  if (row === undefined) return null;
  return { nonce: row.nonce, verifier: row.verifier, isAgain: Boolean(row.is_again), next: row.next, kept: row.kept };
}

/** Forgets the sign-ins that did not come back in time. Returns how many there were. */
export const deleteExpiredFlows = (db: Db, now: number): Promise<number> =>
  db('openid_flows').where('expires_at', '<=', now).delete();

/** Whom a provider's identity belongs to; null: nobody yet. */
export async function findPersonOfIdentity(db: Db, issuer: string, subject: string): Promise<number | null> {
  return (await db('identities').where({ issuer, subject }).first('person_id'))?.person_id ?? null;
}

/** Since when a person is known by an identity at the provider (UTC milliseconds); null: by none. */
export async function findLinkedAt(db: Db, personId: number, issuer: string): Promise<number | null> {
  const row = await db('identities').where({ person_id: personId, issuer }).first('linked_at');
  return row?.linked_at ?? null;
}

/** Notes who somebody is at a provider. Throws a duplicate error (`isDuplicate`) where that is known already. */
export async function insertIdentity(
  trx: Db,
  { issuer, subject, personId, at }: { issuer: string; subject: string; personId: number; at: number },
): Promise<void> {
  await trx('identities').insert({ issuer, subject, person_id: personId, linked_at: at });
}

/** Forgets who somebody is at providers. False where that was not known. */
export async function deleteIdentitiesOf(trx: Db, personId: number): Promise<boolean> {
  return (await trx('identities').where({ person_id: personId }).delete()) > 0;
}
