import { randomBytes } from 'node:crypto';
import { act } from '../../act.ts';
import { record } from '../../audit/actions.ts';
import type { Db } from '../../database.ts';
import { queueMail } from '../../notifications/actions.ts';
import type { Result } from '../../result.ts';
import { dropEmailChange } from '../email-change/actions.ts';
import type { Person } from '../person.ts';
import { deleteSessionsOf } from '../session/store.ts';
import { findActivePerson, updatePassword } from '../store.ts';
import { claimReset, replaceReset } from './store.ts';
import { RESET_LASTS_MS, resetToken, tokenHash } from './token.ts';

/** Mails `person` a link for a new password; older links stop working. It is not known who asked. */
export async function askReset(db: Db, person: Person, secret: string, at: number): Promise<void> {
  const seed = randomBytes(32).toString('base64url');
  const expiresAt = at + RESET_LASTS_MS;
  await act<void, never>(db, { person: null, at }, async (act) => {
    const eventId = await record(act, {
      name: 'person.resetRequested',
      subject: { type: 'person', id: person.id },
      accountId: person.accountId,
      facts: {},
    });
    const hash = tokenHash(resetToken(secret, seed));
    await replaceReset(act.trx, { personId: person.id, kind: 'reset', tokenHash: hash, at, expiresAt });
    const facts = { seed, expiresAt };
    await queueMail(act, [{ eventId, to: person, template: 'password-reset', facts, thread: null }]);
  });
}

/**
 * Sets a new password for the owner of `token`, ends all their sessions and drops an open change of their address, which
 * somebody else may have asked for. The token is used up by it. Returns the owner.
 * Refused as `link` where the token is unknown, used or expired, or its person is disabled.
 */
export function setPassword(db: Db, token: string, passwordHash: string, at: number): Promise<Result<Person, 'link'>> {
  return act<Person, 'link'>(db, { person: null, at }, async ({ trx, actor, refuse }) => {
    const personId = await claimReset(trx, 'reset', tokenHash(token), at);
    const person = personId === null ? null : await findActivePerson(trx, personId);
    if (person === null) return refuse('link');
    await updatePassword(trx, person.id, passwordHash);
    await deleteSessionsOf(trx, person.id);
    // Who the token belongs to is known only now.
    const owner = { trx, actor: { ...actor, person }, refuse };
    await record(owner, {
      name: 'person.passwordChanged',
      subject: { type: 'person', id: person.id },
      accountId: person.accountId,
      facts: {},
    });
    await dropEmailChange(owner, person.id);
    return person;
  });
}
