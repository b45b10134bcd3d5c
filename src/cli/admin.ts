// `npm run admin -- add ADDRESS | list | disable ADDRESS`: the administrators of an installation, at its own console.
// `add` is for the first one and for one who is lost: it prints a link that works once, within an hour. Works beside a
// running Warmdesk. Exit 0 where it was done, 2 with a sentence where not.
import { disablePerson } from '../accounts/people/actions.ts';
import { type Member, stateOf } from '../accounts/people/member.ts';
import { roleWords } from '../accounts/people/role.ts';
import { listMembers } from '../accounts/people/store.ts';
import { PROBLEMS, STATE_WORDS } from '../accounts/people/wording.ts';
import { restoreAdministrator } from '../accounts/staff/actions.ts';
import { readConfig } from '../config.ts';
import type { Db } from '../database.ts';
import { openStarted } from '../started-database.ts';

const USAGE = `Say what to do:
  npm run admin -- add ADDRESS       makes an administrator and prints a link for a password
  npm run admin -- list              shows the staff
  npm run admin -- disable ADDRESS   lets somebody of the staff in no more`;

const STAFF = { kind: 'staff' } as const;

try {
  await run(process.argv.slice(2));
} catch (error) {
  process.stderr.write(`${(error as Error).message}\n`);
  process.exitCode = 2;
}

async function run([command, address, ...more]: readonly string[]): Promise<void> {
  const isKnown = command === 'list' ? address === undefined : command === 'add' || command === 'disable';
  if (!isKnown || more.length > 0 || (command !== 'list' && address === undefined)) throw new Error(USAGE);
  const { DATABASE_URL, BASE_URL, PORT } = process.env;
  const config = readConfig({ DATABASE_URL, BASE_URL, PORT });
  if (!config.ok) throw new Error(config.problem.join('\n'));
  const db = await openStarted(config.value.databaseUrl);
  try {
    if (command === 'add') await add(db, address ?? '', config.value.baseUrl);
    else if (command === 'disable') await disable(db, address ?? '');
    else await list(db);
  } finally {
    await db.destroy();
  }
}

function atConsole() {
  return { person: null, at: Date.now() };
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

async function add(db: Db, address: string, baseUrl: string): Promise<void> {
  const done = await restoreAdministrator(db, atConsole(), address);
  if (!done.ok) throw new Error(`${address} is not one plain mail address, like name@example.com.`);
  const { person, isNew, kind, token, expiresAt } = done.value;
  say(`${person.email} is an administrator${isNew ? '' : ', with the name and the history that were there'}.`);
  say(`This link chooses a password. It works once, until ${new Date(expiresAt).toISOString()}:`);
  say(`${baseUrl}/${kind === 'reset' ? 'password-reset' : 'invitation'}/${token}`);
}

async function disable(db: Db, address: string): Promise<void> {
  const found = (await listMembers(db, STAFF)).find(({ email }) => email === address.toLowerCase());
  if (!found) throw new Error(`Nobody of the staff has the address ${address}. See: npm run admin -- list`);
  const done = await disablePerson(db, atConsole(), STAFF, found.id);
  if (!done.ok) throw new Error(`${found.email}: ${PROBLEMS[done.problem]}`);
  say(`${found.email} is let in no more, and signed out everywhere.`);
}

async function list(db: Db): Promise<void> {
  const staff = await listMembers(db, STAFF);
  if (staff.length === 0) say('Nobody is on the staff. For the first administrator: npm run admin -- add ADDRESS');
  for (const member of staff) say(lineOf(member));
}

function lineOf(member: Member): string {
  const role = member.staffRole === null ? '' : roleWords(STAFF, member.staffRole).label;
  const seen =
    member.signedInAt === null ? 'never signed in' : `signed in ${new Date(member.signedInAt).toISOString()}`;
  return [member.email, member.name, role, STATE_WORDS[stateOf(member)].label, seen].join('\t');
}
