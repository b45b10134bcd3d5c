import type { Db } from '../../database.ts';

export type NewReset = {
  readonly personId: number;
  readonly tokenHash: string;
  readonly at: number;
  readonly expiresAt: number;
};

/** Adds a reset in place of the person's open one: only the newest link works. */
export async function replaceReset(trx: Db, reset: NewReset): Promise<void> {
  await trx('password_resets').where({ person_id: reset.personId }).whereNull('used_at').delete();
  await trx('password_resets').insert({
    person_id: reset.personId,
    token_hash: reset.tokenHash,
    created_at: reset.at,
    expires_at: reset.expiresAt,
  });
}

const open = (db: Db, tokenHash: string, now: number) =>
  db('password_resets').where({ token_hash: tokenHash }).whereNull('used_at').where('expires_at', '>', now);

/** Whether a link with this token would work now. */
export async function isResetOpen(db: Db, tokenHash: string, now: number): Promise<boolean> {
  return (await open(db, tokenHash, now).first('id')) !== undefined;
}

/** Uses up a reset. Returns whose it is, or null where it is unknown, used or expired: of two at once one gets it. */
export async function claimReset(trx: Db, tokenHash: string, now: number): Promise<number | null> {
  const [row] = await open(trx, tokenHash, now).update({ used_at: now }).returning('person_id');
  return row?.person_id ?? null;
}
