import type { Db } from '../../database.ts';
import { lockSubject } from '../../database.ts';
import { type PersonRow, personColumns, toPerson } from '../store.ts';
import type { Member } from './member.ts';
import type { Role, Team } from './role.ts';

type Row = PersonRow & {
  created_at: number;
  signed_in_at: number | null;
  disabled_at: number | null;
  password_hash: string;
  link_until: number | null;
  away_until: number | null;
  stand_in: string | null;
  apps: number;
  passkeys: number;
};

const members = (db: Db) =>
  db('people as p')
    .leftJoin('password_resets as l', (join) => join.on('l.person_id', 'p.id').andOnNull('l.used_at'))
    .select(...personColumns(db), 'p.created_at', 'p.signed_in_at', 'p.disabled_at', 'p.password_hash')
    .leftJoin('absences as b', 'b.person_id', 'p.id')
    .leftJoin('people as i', 'i.id', 'b.stand_in_id')
    .select('l.expires_at as link_until', 'b.away_until', 'i.name as stand_in')
    .select(db('totp_apps as f').whereRaw('f.person_id = p.id').count('*').as('apps'))
    .select(db('passkeys as k').whereRaw('k.person_id = p.id').count('*').as('passkeys'));

const ofTeam = (team: Team) => (query: ReturnType<typeof members>) =>
  team.kind === 'staff' ? query.whereNotNull('p.staff_role') : query.where('p.account_id', team.id);

const toMember = (row: Row): Member => ({
  ...toPerson(row),
  createdAt: row.created_at,
  signedInAt: row.signed_in_at,
  disabledAt: row.disabled_at,
  hasPassword: row.password_hash !== NO_PASSWORD,
  hasSecondFactor: Number(row.apps) + Number(row.passkeys) > 0,
  linkUntil: row.link_until,
  absence: row.away_until === null ? null : { until: row.away_until, standIn: row.stand_in },
});

/** What is stored in place of a password's hash until somebody has chosen one: no password matches it. */
export const NO_PASSWORD = '';

/** Everybody of a team: those who can sign in first, each group by name. */
export async function listMembers(db: Db, team: Team): Promise<Member[]> {
  const rows = await ofTeam(team)(members(db))
    .orderByRaw('case when p.disabled_at is null then 0 else 1 end')
    .orderBy('p.name')
    .orderBy('p.id')
    .limit(500);
  return rows.map(toMember);
}

/** One person, if they are of the team. */
export async function findMember(db: Db, team: Team, id: number): Promise<Member | undefined> {
  const row = await ofTeam(team)(members(db)).where('p.id', id).first();
  return row && toMember(row);
}

/** Makes acts on the people of one team wait for each other until the transaction ends. */
export const lockTeam = (trx: Db, team: Team): Promise<void> =>
  lockSubject(trx, 'team', team.kind === 'staff' ? 0 : team.id);

/** How many of a team's admins can sign in, or can once they follow their invitation. */
export async function countAdmins(trx: Db, team: Team): Promise<number> {
  const query = trx('people').whereNull('disabled_at').count({ n: '*' }).first();
  if (team.kind === 'staff') query.where({ staff_role: 'admin' });
  else query.where({ account_id: team.id, account_role: 'admin' });
  return Number((await query)?.['n'] ?? 0);
}

/** Returns somebody another role in a team. False where they did not have `from` any more. */
export async function moveRole(
  trx: Db,
  team: Team,
  change: { readonly id: number; readonly from: Role | null; readonly to: Role; readonly at: number },
): Promise<boolean> {
  const { id, from, to, at } = change;
  const moved =
    team.kind === 'staff'
      ? await trx('people').where({ id, staff_role: from }).update({ staff_role: to, staff_since: at })
      : await trx('people').where({ id, account_id: team.id, account_role: from }).update({ account_role: to });
  return moved === 1;
}

/** Lets somebody in no more (`at`), or again (null). False where that is so already. */
export async function switchPerson(trx: Db, id: number, disabledAt: number | null, at: number): Promise<boolean> {
  const query = trx('people').where({ id });
  if (disabledAt === null) {
    // Back on the staff they hear of what happens from now on.
    return (await query.whereNotNull('disabled_at').update({ disabled_at: null, staff_since: at })) === 1;
  }
  return (await query.whereNull('disabled_at').update({ disabled_at: disabledAt })) === 1;
}

/** Notes that somebody signed in. */
export async function markSignedIn(db: Db, id: number, at: number): Promise<void> {
  await db('people').where({ id }).update({ signed_in_at: at });
}
