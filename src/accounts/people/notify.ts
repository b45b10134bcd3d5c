// Who hears of a change to a team: its other admins. One mail for each.
import type { Act } from '../../act.ts';
import { queueMail } from '../../notifications/actions.ts';
import type { Mail } from '../../notifications/mail.ts';
import type { Person } from '../person.ts';
import { listPeopleOfAccount, listStaff } from '../store.ts';
import type { Team } from './role.ts';

/** The team's page, as its own admins reach it. */
export const teamPath = (team: Team): string => (team.kind === 'staff' ? '/staff' : '/people');

/** What mails and records call the actor: a person's name, or the server's console. */
export const actorName = (act: Act): string => act.actor.person?.name ?? 'Somebody at the server’s console';

/** The team's name in facts of mails; null: the provider's own staff. */
export const accountNameOf = (team: Team): string | null => (team.kind === 'staff' ? null : team.name);

/** Mails the team's admins what was done to `about`, except the two whom it is about. */
export async function tellAdmins(
  act: Act,
  team: Team,
  event: {
    readonly id: number;
    readonly about: Pick<Person, 'id'>;
    readonly what: string;
    /** Where it can be taken back; the team's page where it is left out. */
    readonly path?: string;
  },
): Promise<void> {
  const all = team.kind === 'staff' ? await listStaff(act.trx) : await listPeopleOfAccount(act.trx, team.id);
  const admins = all.filter((one) => (team.kind === 'staff' ? one.staffRole : one.accountRole) === 'admin');
  const facts = {
    account: accountNameOf(team),
    what: event.what,
    by: actorName(act),
    path: event.path ?? teamPath(team),
  };
  const mails: Mail[] = admins
    .filter((one) => one.id !== event.about.id && one.id !== act.actor.person?.id)
    .map((to) => ({ eventId: event.id, to: recipient(to), template: 'team-changed', facts, thread: null }));
  await queueMail(act, mails);
}

/** The part of a person that a mail is addressed by. */
export const recipient = ({ id, email, name, timeZone }: Person) => ({ id, email, name, timeZone });
