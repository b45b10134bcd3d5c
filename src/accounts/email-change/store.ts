import type { Db } from '../../database.ts';
import type { EmailChange, Side } from './email-change.ts';

type Row = { person_id: number; email: string; expires_at: number; proven_at: number | null; agreed_at: number | null };

const toChange = (row: Row): EmailChange => ({
  personId: row.person_id,
  email: row.email,
  expiresAt: row.expires_at,
  provenAt: row.proven_at,
  agreedAt: row.agreed_at,
});

export type NewChange = Pick<EmailChange, 'personId' | 'email' | 'expiresAt'> & {
  readonly newHash: string;
  readonly oldHash: string;
  readonly at: number;
};

/** Adds a change in place of the person's open one, whose links stop working. */
export async function replaceChange(trx: Db, change: NewChange): Promise<void> {
  await trx('email_changes').where({ person_id: change.personId }).delete();
  await trx('email_changes').insert({
    person_id: change.personId,
    email: change.email,
    new_hash: change.newHash,
    old_hash: change.oldHash,
    asked_at: change.at,
    expires_at: change.expiresAt,
  });
}

/** The change that somebody asked for and that is not over. */
export async function findChangeOf(db: Db, personId: number, now: number): Promise<EmailChange | null> {
  const row = await db('email_changes').where({ person_id: personId }).where('expires_at', '>', now).first();
  return row ? toChange(row) : null;
}

/** The change that somebody asked for, though its time may be over and only its end be still to come. */
export async function findAnyChangeOf(trx: Db, personId: number): Promise<EmailChange | null> {
  const row = await trx('email_changes').where({ person_id: personId }).first();
  return row ? toChange(row) : null;
}

/** The change whose link has this token, and to which address it was mailed; null where it is unknown or over. */
export async function findChangeByToken(
  db: Db,
  hash: string,
  now: number,
): Promise<{ readonly change: EmailChange; readonly side: Side } | null> {
  const row = await db('email_changes')
    .where((either) => either.where({ new_hash: hash }).orWhere({ old_hash: hash }))
    .where('expires_at', '>', now)
    .first();
  return row ? { change: toChange(row), side: row.new_hash === hash ? 'new' : 'old' } : null;
}

/** Notes that an address has answered. Returns the change as it is then; null where this was done already. */
export async function markAnswered(trx: Db, side: Side, hash: string, at: number): Promise<EmailChange | null> {
  const column = side === 'new' ? 'proven_at' : 'agreed_at';
  const [row] = await trx('email_changes')
    .where({ [side === 'new' ? 'new_hash' : 'old_hash']: hash, [column]: null })
    .where('expires_at', '>', at)
    .update({ [column]: at })
    .returning('*');
  return row ? toChange(row) : null;
}

/** Ends a change, whatever became of it. False where it was over already, or another one was asked for in its place. */
export async function deleteChange(trx: Db, { personId, email, expiresAt }: EmailChange): Promise<boolean> {
  const row = { person_id: personId, email, expires_at: expiresAt };
  return (await trx('email_changes').where(row).delete()) === 1;
}

/** Changes whose time is over. */
export async function listOverdue(db: Db, now: number): Promise<EmailChange[]> {
  return (await db('email_changes').where('expires_at', '<=', now).limit(100)).map(toChange);
}

/** Stores somebody's new address. Throws a duplicate error (`isDuplicate`) where it was taken. */
export async function updateEmail(trx: Db, personId: number, email: string): Promise<void> {
  await trx('people').where({ id: personId }).update({ email });
}
