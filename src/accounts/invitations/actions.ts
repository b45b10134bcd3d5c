import { act, actIn } from '../../act.ts';
import { record } from '../../audit/actions.ts';
import type { Db } from '../../database.ts';
import type { Result } from '../../result.ts';
import type { Person } from '../person.ts';
import { claimReset } from '../reset/store.ts';
import { tokenHash } from '../reset/token.ts';
import { deleteSessionsOf } from '../session/store.ts';
import { findActivePerson, findPreferences, updatePassword, updateProfile } from '../store.ts';

export type Acceptance = { readonly name: string; readonly timeZone: string; readonly passwordHash: string };

/**
 * Lets the owner of `token` in: they have a password and a name of their own from now on. The token is used up by it.
 * Refused as `link` where the token is unknown, used or expired, or its person is disabled.
 */
export function acceptInvitation(
  db: Db,
  token: string,
  { name, timeZone, passwordHash }: Acceptance,
  at: number,
): Promise<Result<Person, 'link'>> {
  return act<Person, 'link'>(db, { person: null, at }, async ({ trx, refuse }) => {
    const personId = await claimReset(trx, 'invitation', tokenHash(token), at);
    const person = personId === null ? null : await findActivePerson(trx, personId);
    if (person === null) return refuse('link');
    await updateProfile(trx, person.id, { name, timeZone, ...(await findPreferences(trx, person.id)) });
    await updatePassword(trx, person.id, passwordHash);
    await deleteSessionsOf(trx, person.id);
    // Who the token belongs to is known only now.
    await record(actIn(trx, { person, at }), {
      name: 'person.joined',
      subject: { type: 'person', id: person.id },
      accountId: person.accountId,
      facts: { name },
    });
    return { ...person, name, timeZone };
  });
}
