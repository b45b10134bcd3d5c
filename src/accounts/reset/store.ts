// Links that let somebody choose a password: asked for by themselves, or an invitation. A person has one that works.
import type { Db } from '../../database.ts';

export type LinkKind = 'reset' | 'invitation';

export type NewReset = {
  readonly personId: number;
  readonly kind: LinkKind;
  readonly tokenHash: string;
  readonly at: number;
  readonly expiresAt: number;
};

/** Adds a link in place of the person's open one: only the newest works. */
export async function replaceReset(trx: Db, reset: NewReset): Promise<void> {
  await deleteLinksOf(trx, reset.personId);
  await trx('password_resets').insert({
    person_id: reset.personId,
    kind: reset.kind,
    token_hash: reset.tokenHash,
    created_at: reset.at,
    expires_at: reset.expiresAt,
  });
}

/** Takes back the link that was not followed yet. */
export async function deleteLinksOf(trx: Db, personId: number): Promise<void> {
  await trx('password_resets').where({ person_id: personId }).whereNull('used_at').delete();
}

const open = (db: Db, kind: LinkKind, tokenHash: string, now: number) =>
  db('password_resets').where({ kind, token_hash: tokenHash }).whereNull('used_at').where('expires_at', '>', now);

/** Whose link with this token would work now; null where it is unknown, used or expired. */
export async function findOpenLink(db: Db, kind: LinkKind, tokenHash: string, now: number): Promise<number | null> {
  return (await open(db, kind, tokenHash, now).first('person_id'))?.person_id ?? null;
}

/** Uses up a link. Returns whose it is, or null where it is unknown, used or expired: of two at once one gets it. */
export async function claimReset(trx: Db, kind: LinkKind, tokenHash: string, now: number): Promise<number | null> {
  const [row] = await open(trx, kind, tokenHash, now).update({ used_at: now }).returning('person_id');
  return row?.person_id ?? null;
}
