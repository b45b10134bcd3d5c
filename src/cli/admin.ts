// `npm run admin -- add ADDRESS | list | disable ADDRESS | reset-second-step ADDRESS | lift-address-limits`: the
// administrators of an installation, at its own console.
// `add` is for the first one and for one who is lost: it prints a link that works once, within an hour. Works beside a
// running Warmdesk. Exit 0 where it was done, 2 with a sentence where not.
import { liftOwnLimits } from '../accounts/addresses/actions.ts';
import { disablePerson, resetSecondFactor } from '../accounts/people/actions.ts';
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
  npm run admin -- disable ADDRESS   lets somebody of the staff in no more
  npm run admin -- reset-second-step ADDRESS   removes the second step of somebody who lost it
  npm run admin -- lift-address-limits   lets staff and mail systems in from every address again`;

/** Those that work on somebody, and those that work on all. */
const WITH_ADDRESS = ['add', 'disable', 'reset-second-step'];
const WITHOUT = ['list', 'lift-address-limits'];

const STAFF = { kind: 'staff' } as const;

try {
  await run(process.argv.slice(2));
} catch (error) {
  process.stderr.write(`${(error as Error).message}\n`);
  process.exitCode = 2;
}

async function run([command, address, ...more]: readonly string[]): Promise<void> {
  const known = address === undefined ? WITHOUT : WITH_ADDRESS;
  if (command === undefined || !known.includes(command) || more.length > 0) throw new Error(USAGE);
  const { DATABASE_URL, BASE_URL, PORT } = process.env;
  const config = readConfig({ DATABASE_URL, BASE_URL, PORT });
  if (!config.ok) throw new Error(config.problem.join('\n'));
  const db = await openStarted(config.value.databaseUrl);
  try {
    if (command === 'add') await add(db, address ?? '', config.value.baseUrl);
    else if (command === 'disable') await disable(db, address ?? '');
    else if (command === 'reset-second-step') await reset(db, address ?? '');
    else if (command === 'list') await list(db);
    else await liftLimits(db);
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
  if (isNew) say(`Then sign in and open ${baseUrl}/set-up: it leads through what a new desk needs.`);
}

async function staffAt(db: Db, address: string): Promise<Member> {
  const found = (await listMembers(db, STAFF)).find(({ email }) => email === address.toLowerCase());
  if (!found) throw new Error(`Nobody of the staff has the address ${address}. See: npm run admin -- list`);
  return found;
}

async function reset(db: Db, address: string): Promise<void> {
  const found = await staffAt(db, address);
  const done = await resetSecondFactor(db, atConsole(), STAFF, found.id);
  if (!done.ok) throw new Error(`${found.email}: ${PROBLEMS[done.problem]}`);
  say(`${found.email} signs in with the password alone, and is signed out everywhere. They get a mail.`);
}

async function disable(db: Db, address: string): Promise<void> {
  const found = await staffAt(db, address);
  const done = await disablePerson(db, atConsole(), STAFF, found.id);
  if (!done.ok) throw new Error(`${found.email}: ${PROBLEMS[done.problem]}`);
  say(`${found.email} is let in no more, and signed out everywhere.`);
}

async function liftLimits(db: Db): Promise<void> {
  const { lifted, customers } = await liftOwnLimits(db, atConsole());
  if (lifted.length === 0) say('No limit was set on the addresses of staff or mail systems.');
  for (const whose of lifted) say(`The addresses of ${whose} are not limited any more.`);
  if (customers > 0)
    say(`Customers with a limit of their own: ${customers}. Staff can lift it on the customer’s page.`);
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
  const step = member.hasSecondFactor ? 'second step' : 'password alone';
  return [member.email, member.name, role, STATE_WORDS[stateOf(member)].label, seen, step].join('\t');
}
