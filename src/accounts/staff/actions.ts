// What an operator does about administrators at the server's console: no page and no permission guards it.
import { type Act, act } from '../../act.ts';
import { record } from '../../audit/actions.ts';
import { type Db, isDuplicate } from '../../database.ts';
import { isPlainAddress } from '../../notifications/mail.ts';
import { type Result, refused } from '../../result.ts';
import { addPerson } from '../actions.ts';
import { CONSOLE_LINK_LASTS_MS, randomToken } from '../invitations/token.ts';
import { tellAdmins } from '../people/notify.ts';
import type { Team } from '../people/role.ts';
import { findMember, lockTeam, moveRole, NO_PASSWORD, switchPerson } from '../people/store.ts';
import type { Actor, Person } from '../person.ts';
import { type LinkKind, replaceReset } from '../reset/store.ts';
import { tokenHash } from '../reset/token.ts';
import { findAnyPersonByEmail } from '../store.ts';

const STAFF: Team = { kind: 'staff' };

export type Restored = {
  readonly person: Person;
  readonly isNew: boolean;
  readonly kind: LinkKind;
  readonly token: string;
  readonly expiresAt: number;
};

/**
 * Makes the person with this address an administrator, and a link of one hour for a password: for the first one, and for
 * one who is lost. Somebody who is disabled is let in again. The other administrators are told by mail.
 */
export async function restoreAdministrator(
  db: Db,
  actor: Actor,
  email: string,
): Promise<Result<Restored, 'no address'>> {
  if (!isPlainAddress(email)) return refused('no address');
  try {
    const done = await act<Restored, never>(db, actor, async (act) => {
      await lockTeam(act.trx, STAFF);
      const { person, isNew, hasPassword } = await administrator(act, email.toLowerCase());
      const token = randomToken();
      const expiresAt = act.actor.at + CONSOLE_LINK_LASTS_MS;
      const kind = hasPassword ? 'reset' : 'invitation';
      const hash = tokenHash(token);
      await replaceReset(act.trx, { personId: person.id, kind, tokenHash: hash, at: act.actor.at, expiresAt });
      const eventId = await record(act, {
        name: 'person.restored',
        subject: { type: 'person', id: person.id },
        accountId: null,
        facts: { email: person.email },
      });
      const what = `made ${person.email} an administrator and printed a link for a password`;
      await tellAdmins(act, STAFF, { id: eventId, about: person, what });
      return { person, isNew, kind, token, expiresAt };
    });
    if (!done.ok) throw new Error('nothing refuses this');
    return done;
  } catch (error) {
    // Somebody added the same person at the same moment: now they are there.
    if (isDuplicate(error)) return restoreAdministrator(db, actor, email);
    throw error;
  }
}

type Found = { readonly person: Person; readonly isNew: boolean; readonly hasPassword: boolean };

async function administrator(act: Act, email: string): Promise<Found> {
  const { trx, actor } = act;
  const known = await findAnyPersonByEmail(trx, email);
  if (known === null) {
    const name = email.split('@')[0] ?? email;
    const who = { email, name, accountId: null, accountRole: null, staffRole: 'admin', timeZone: 'UTC' } as const;
    const person = await addPerson(act, { ...who, passwordHash: NO_PASSWORD });
    return { person, isNew: true, hasPassword: false };
  }
  const { id, staffRole } = known;
  if (staffRole !== 'admin') await moveRole(trx, STAFF, { id, from: staffRole, to: 'admin', at: actor.at });
  const member = await findMember(trx, STAFF, id);
  if (!member) throw new Error(`person ${id} is not on the staff`);
  if (member.disabledAt !== null) await switchPerson(trx, id, null, actor.at);
  return { person: member, isNew: false, hasPassword: member.hasPassword };
}
