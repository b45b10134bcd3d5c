// `npm run admin`: the real command, beside a running Warmdesk.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { setUpApp } from '../support/authenticator.ts';
import * as make from '../support/make.ts';
import { HOUR, onBothEngines, PASSWORD, type World } from '../support/world.ts';

const run = promisify(execFile);
const CHOSEN = { name: 'Ana Ruiz', timeZone: 'UTC', password: 'a lamp on the sill', repeated: 'a lamp on the sill' };

/** Runs the command on this world's database. Returns what it prints, and its exit code. */
async function admin(world: World, ...args: string[]) {
  const { PATH = '', HOME = '' } = process.env;
  const env = { PATH, HOME, DATABASE_URL: world.databaseUrl, BASE_URL: world.url };
  return run(process.execPath, ['src/cli/admin.ts', ...args], { env }).then(
    ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
    ({ code, stdout, stderr }) => ({ code, stdout, stderr }),
  );
}

const linkIn = (printed: string, world: World): string =>
  new RegExp(`^${world.url}(/[\\w/-]+)$`, 'm').exec(printed)?.[1] ?? '';

onBothEngines('the first administrator gets a link that works once, within an hour', async (t, world) => {
  t.timeout(600_000);
  world.now = Date.now();
  const first = await admin(world, 'add', 'Ana@Warmdesk.example');
  t.is(first.code, 0, first.stderr);
  t.regex(first.stdout, /^ana@warmdesk\.example is an administrator\.$/m);
  const link = linkIn(first.stdout, world);
  t.regex(link, /^\/invitation\/[\w-]{43}$/);
  t.regex(first.stdout, /Then sign in and open \S+\/set-up: it leads through/, 'the page after that is an empty queue');
  const visitor = world.visitor();
  world.now = Date.now() + HOUR;
  t.is((await visitor.get(link)).status, 404, 'after an hour');
  world.now = Date.now();
  t.is((await visitor.submit(await visitor.get(link), link, CHOSEN)).location, '/sign-in?note=joined');
  t.is((await visitor.post(link, CHOSEN)).status, 404, 'a second time');
  await visitor.post('/sign-in', { email: 'ana@warmdesk.example', password: CHOSEN.password });
  t.is((await visitor.get('/staff')).status, 200);
  const stored = JSON.stringify([
    await world.db('people'),
    await world.db('audit_events'),
    await world.db('password_resets'),
  ]);
  t.false(stored.includes(link.split('/').at(-1) ?? '-'), 'the token is stored nowhere');
});

onBothEngines('a lost administrator gets back in, and the others are told', async (t, world) => {
  t.timeout(600_000);
  const { admin: lost, reviewer } = await make.staff(world);
  await make.person(world, { email: 'other@warmdesk.example', staffRole: 'admin' });
  await world.db('people').where({ id: lost.id }).update({ disabled_at: 1 });
  world.now = Date.now();
  const back = await admin(world, 'add', lost.email);
  t.regex(back.stdout, /is an administrator, with the name and the history that were there/);
  t.notRegex(back.stdout, /set-up/);
  const link = linkIn(back.stdout, world);
  t.regex(link, /^\/password-reset\//, 'the name stays');
  const visitor = world.visitor();
  t.is((await visitor.submit(await visitor.get(link), link, CHOSEN)).location, '/sign-in?note=password-changed');
  await visitor.post('/sign-in', { email: lost.email, password: CHOSEN.password });
  t.is((await visitor.get('/staff')).status, 200);
  t.deepEqual(await world.db('outbox').where({ template: 'team-changed' }).pluck('to_address'), [
    'other@warmdesk.example',
  ]);
  const raised = await admin(world, 'add', reviewer.email);
  t.is(raised.code, 0);
  t.is((await world.db('people').where({ id: reviewer.id }).first()).staff_role, 'admin');
  t.is((await world.visitor().post('/sign-in', { email: reviewer.email, password: PASSWORD })).status, 303);
});

onBothEngines('the command lists the staff and disables, but not the last administrator', async (t, world) => {
  t.timeout(600_000);
  t.regex(
    (await admin(world, 'list')).stdout,
    /Nobody is on the staff\. For the first administrator: npm run admin -- add/,
  );
  const { admin: only, reviewer } = await make.staff(world);
  t.regex(
    (await admin(world, 'list')).stdout,
    /^reviewer@warmdesk\.example\tStaff reviewer\tReviewer\tCan sign in\tnever signed in\tpassword alone$/m,
  );
  const gone = await admin(world, 'disable', reviewer.email.toUpperCase());
  t.is(gone.code, 0);
  t.not((await world.db('people').where({ id: reviewer.id }).first()).disabled_at, null);
  const last = await admin(world, 'disable', only.email);
  t.deepEqual([last.code, /only admin/.test(last.stderr)], [2, true]);
  const unknown = await admin(world, 'disable', 'nobody@warmdesk.example');
  t.regex(unknown.stderr, /^Nobody of the staff has the address/);
});

onBothEngines('an administrator who lost the second step gets in with the password again', async (t, world) => {
  t.timeout(600_000);
  const { admin: lost } = await make.staff(world);
  await make.person(world, { email: 'other@warmdesk.example', staffRole: 'admin' });
  await setUpApp(world, await world.signedIn(lost.email));
  t.regex((await admin(world, 'list')).stdout, /^admin@warmdesk\.example\t.*\tsecond step$/m);
  const done = await admin(world, 'reset-second-step', lost.email.toUpperCase());
  t.is(done.code, 0, done.stderr);
  t.is((await world.visitor().post('/sign-in', { email: lost.email, password: PASSWORD })).location, '/review');
  const told = await world.db('outbox').whereIn('template', ['second-factor', 'team-changed']).orderBy('id');
  t.deepEqual(
    told.map(({ to_address: to }) => to),
    [lost.email, lost.email, 'other@warmdesk.example'],
    'the owner of setting it up and of removing it, the others of that',
  );
  t.regex(told[1].facts, /Somebody at the server’s console/);
  t.regex((await admin(world, 'reset-second-step', lost.email)).stderr, /has no second step to remove/);
});

onBothEngines('what the command cannot do it says in a sentence', async (t, world) => {
  t.timeout(600_000);
  for (const args of [[], ['add'], ['remove', 'a@b.example'], ['add', 'a@b.example', 'more'], ['list', 'all']]) {
    const said = await admin(world, ...args);
    t.is(said.code, 2);
    t.regex(said.stderr, /^Say what to do:/, args.join(' '));
  }
  const odd = await admin(world, 'add', 'a@b, c@d.example');
  t.deepEqual([odd.code, odd.stdout], [2, '']);
  t.regex(odd.stderr, /is not one plain mail address/);
  t.notRegex(odd.stderr, /^\s+at /m);
});
