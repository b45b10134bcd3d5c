// The real process: what stops its start, what it says, how it ends.
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { type AddressInfo, connect, createServer } from 'node:net';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { openDatabase } from '../src/database.ts';
import * as make from './support/make.ts';
import { folder, type Running, startProcess } from './support/process.ts';
import { Visitor } from './support/visitor.ts';
import { onBothEngines } from './support/world.ts';

const MINUTES = 60_000;
const PRODUCTION = {
  NODE_ENV: 'production',
  SESSION_SECRET: 'a secret of more than 32 characters',
  BASE_URL: 'https://desk.example',
  SMTP_URL: 'smtp://127.0.0.1:1',
  MAIL_FROM: 'Desk <desk@desk.example>',
};

type Stop = readonly [settings: Record<string, string>, sentence: RegExp];

/** Starts it and expects it to end with one clear sentence. */
async function stops(t: ExecutionContext, [settings, sentence]: Stop): Promise<string> {
  const what = JSON.stringify(settings);
  const DATABASE_URL = join(folder(t), 'warmdesk.sqlite');
  const running = startProcess(t, { DATABASE_URL, ...settings });
  // One that starts all the same is ended, so that the test does not wait for it.
  running.listens.then(() => running.child.kill('SIGKILL')).catch(() => {});
  t.deepEqual(await running.ended, { code: 1, signal: null }, what);
  const said = running.stderr();
  t.regex(said, sentence, what);
  t.notRegex(said, /^\s+at |node_modules|\.ts:\d|secret-word/m, `${what}: no stack, no password`);
  t.true(said.trim().split('\n').length <= 12, what);
  t.false(
    running.log.some(({ msg }) => msg.startsWith('Warmdesk listens')),
    what,
  );
  return said;
}

test.serial('a policy that is broken stops the start, with every problem named', async (t) => {
  t.timeout(10 * MINUTES);
  const file = join(folder(t), 'policy.json');
  writeFileSync(file, '{"name":');
  await stops(t, [{ POLICY: file }, /^The policy cannot be used:\nthe file .* is not JSON/]);
  const shipped = JSON.parse(readFileSync('seeds/policies/customerio.json', 'utf8'));
  writeFileSync(file, JSON.stringify({ ...shipped, schedules: {}, currency: 1, weeklyVolumePerIp: { value: -1 } }));
  const said = await stops(t, [{ POLICY: file }, /^The policy cannot be used:$/m]);
  for (const name of ['currency', 'weeklyVolumePerIp.value', 'schedule']) t.true(said.includes(name), name);
});

test.serial('a folder in which attached files cannot be kept stops the start', async (t) => {
  t.timeout(10 * MINUTES);
  const file = join(folder(t), 'a-file');
  writeFileSync(file, '');
  await stops(t, [{ ATTACHMENTS_DIR: join(file, 'below') }, /^ATTACHMENTS_DIR: attached files cannot be kept: /]);
});

test.serial('a database that cannot be used stops the start', async (t) => {
  t.timeout(10 * MINUTES);
  const at = folder(t);
  writeFileSync(join(at, 'text.sqlite'), 'Not a database. '.repeat(500));
  const cannot = /^The database .+ cannot be used: .+/;
  const urls: readonly (readonly [string, RegExp])[] = [
    [
      'postgres://app:secret-word@127.0.0.1:1/desk',
      /^The database postgres:\/\/app@127\.0\.0\.1:1\/desk cannot be used/,
    ],
    [at, cannot],
    [join(at, 'text.sqlite'), cannot],
    [join(at, 'text.sqlite', 'warmdesk.sqlite'), cannot],
  ];
  for (const [DATABASE_URL, sentence] of urls) await stops(t, [{ DATABASE_URL }, sentence]);
});

test.serial('a wrong SMTP_URL stops the start', async (t) => {
  t.timeout(10 * MINUTES);
  await stops(t, [{ SMTP_URL: 'smtp://' }, /^SMTP_URL: must look like smtp:\/\//m]);
  const unknown = 'smtp://user:secret-word@nowhere.invalid:25';
  await stops(t, [{ SMTP_URL: unknown }, /^SMTP_URL: its host cannot be found/]);
});

test.serial('production does not start without its secret, and names all that is missing', async (t) => {
  t.timeout(10 * MINUTES);
  const said = await stops(t, [{ NODE_ENV: 'production' }, /^SESSION_SECRET: is required in production$/m]);
  for (const name of ['BASE_URL', 'SMTP_URL', 'MAIL_FROM']) t.regex(said, new RegExp(`^${name}: is required`, 'm'));
});

test.serial('a public address without NODE_ENV stops the start, before the demo or the mailbox is open', async (t) => {
  t.timeout(10 * MINUTES);
  const settings = { BASE_URL: 'https://desk.example', TRUST_PROXY: '1', HOST: '0.0.0.0', NODE_ENV: '', DEMO: '' };
  const sentence = /^NODE_ENV: must be production where others can reach Warmdesk \(HOST is 0\.0\.0\.0\)/m;
  await stops(t, [settings, sentence]);
});

test.serial('a wrong port, and one that somebody has, stop the start', async (t) => {
  t.timeout(10 * MINUTES);
  await stops(t, [{ PORT: ' ' }, /^PORT: must be a number/m]);
  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  t.teardown(() => other.close());
  const { port } = other.address() as AddressInfo;
  await stops(t, [{ PORT: String(port) }, new RegExp(`^PORT ${port}: .*in use`)]);
});

test.serial(
  'a first start says where it listens, what it uses and who can sign in, and a second adds nothing',
  async (t) => {
    t.timeout(10 * MINUTES);
    const DATABASE_URL = join(folder(t), 'deep', 'warmdesk.sqlite');
    const first = startProcess(t, { DATABASE_URL, DEMO: 'on' });
    const home = await first.listens;
    await first.says(
      /^sign in as owner@acme\.example \(customer\), reviewer@warmdesk\.example .*password warmdesk-demo$/,
    );
    for (const line of [
      /^database: SQLite, .*warmdesk\.sqlite$/,
      /^mail: kept in the development mailbox/,
      /^policy: /,
    ]) {
      t.true(
        first.log.some(({ msg }) => line.test(msg)),
        String(line),
      );
    }
    const visitor = new Visitor(home);
    const signedIn = await visitor.post('/sign-in', { email: 'owner@acme.example', password: 'warmdesk-demo' });
    t.is(signedIn.location, '/');
    t.is((await visitor.get('/')).status, 200);
    t.is((await fetch(`${home}/readyz`)).status, 200);
    await ends(t, first);
    const requests = await countRequests(DATABASE_URL);
    const second = startProcess(t, { DATABASE_URL, DEMO: 'on' });
    const again = await second.listens;
    await second.says(/^sign in as owner@acme\.example/);
    t.like(
      second.log.find(({ msg }) => msg.startsWith('database:')),
      { migrations: 0 },
    );
    const old = await visitor.at(again).get('/');
    t.is(old.status, 200, 'who was signed in still is: the secret is kept');
    await ends(t, second);
    t.is(await countRequests(DATABASE_URL), requests);
  },
);

test.serial('without the demo nothing is seeded, and the log says that nobody can sign in', async (t) => {
  t.timeout(10 * MINUTES);
  const DATABASE_URL = join(folder(t), 'warmdesk.sqlite');
  const running = startProcess(t, { ...PRODUCTION, DATABASE_URL });
  const home = await running.listens;
  await running.says(/^sign in: nobody/);
  t.true(running.log.some(({ msg }) => msg === 'mail: over 127.0.0.1:1'));
  t.true(
    running.log.some(({ msg }) => /does not take mail now, so mail waits/.test(msg)),
    'a mail server that is down',
  );
  t.is((await fetch(`${home}/mailbox`)).status, 404);
  await ends(t, running);
  t.is(await countRequests(DATABASE_URL), 0);
});

test.serial('SIGTERM lets a request that is under way finish, and the process ends well', async (t) => {
  t.timeout(10 * MINUTES);
  const running = startProcess(t, { DATABASE_URL: join(folder(t), 'warmdesk.sqlite') });
  const { port } = new URL(await running.listens);
  const body = 'email=a%40b.example&password=a-wrong-one';
  // A browser that has its answer and keeps its connection.
  const idle = connect(Number(port), '127.0.0.1');
  const idleClosed = once(idle, 'close');
  idle.write('GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n');
  await once(idle, 'data');
  idle.resume();
  const socket = connect(Number(port), '127.0.0.1');
  let answer = '';
  socket.on('data', (chunk: Buffer) => {
    answer += chunk;
  });
  const closed = once(socket, 'close');
  socket.write(`POST /sign-in HTTP/1.1\r\nHost: localhost\r\nContent-Length: ${body.length}\r\n`);
  socket.write('Content-Type: application/x-www-form-urlencoded\r\nExpect: 100-continue\r\n\r\n');
  // The server has begun with it once it asks for the rest.
  await once(socket, 'data');
  running.child.kill('SIGTERM');
  // It waits for no connection that has nothing more to say: that one is ended while a request is under way.
  await idleClosed;
  t.is(running.child.exitCode, null);
  socket.write(body);
  await closed;
  t.regex(answer, /HTTP\/1\.1 422 /);
  t.deepEqual(await running.ended, { code: 0, signal: null });
  t.is(running.log.at(-1)?.msg, 'stopped');
});

test.serial('SIGTERM under load: what was sent before it is answered, also what waits to be accepted', async (t) => {
  t.timeout(10 * MINUTES);
  const running = startProcess(t, { DATABASE_URL: join(folder(t), 'warmdesk.sqlite') });
  const { port } = new URL(await running.listens);
  // A page that costs little, so that all are answered within the time that a stop may take, on a busy machine too.
  const whole = 'GET /sign-in HTTP/1.1\r\nHost: localhost\r\n\r\n';
  // Nothing is accepted while it stands still, so the signal finds all of them waiting.
  running.child.kill('SIGSTOP');
  const waiting = Array.from({ length: 40 }, async () => {
    const socket = connect(Number(port), '127.0.0.1');
    let answer = '';
    socket.on('data', (chunk: Buffer) => {
      answer += chunk;
    });
    socket.on('error', (error) => {
      answer += error.message;
    });
    const closed = new Promise((resolve) => socket.once('close', resolve));
    await once(socket, 'connect');
    await new Promise((resolve) => socket.write(whole, resolve));
    return { closed, answer: () => answer };
  });
  const sent = await Promise.all(waiting);
  running.child.kill('SIGTERM');
  running.child.kill('SIGCONT');
  await Promise.all(sent.map(({ closed }) => closed));
  const heard = sent.map(({ answer }) => answer());
  for (const answer of heard) t.regex(answer, /^HTTP\/1\.1 200 .*<\/html>/s);
  t.true(heard.every((answer) => /^Connection: close$/im.test(answer)));
  t.deepEqual(await running.ended, { code: 0, signal: null });
});

onBothEngines('readiness tells when the database is gone, and pages say so', async (t, world) => {
  t.is((await fetch(`${world.url}/readyz`)).status, 200);
  const visitor = await world.signedIn((await make.account(world)).admin.email);
  await world.db.destroy();
  t.is((await fetch(`${world.url}/healthz`)).status, 200);
  const readiness = await fetch(`${world.url}/readyz`);
  t.is(readiness.status, 503);
  t.deepEqual(await readiness.json(), { ok: false, database: 'does not answer' });
  t.is((await visitor.get('/')).status, 500);
  world.db.initialize();
});

async function ends(t: ExecutionContext, running: Running): Promise<void> {
  running.child.kill('SIGTERM');
  t.deepEqual(await running.ended, { code: 0, signal: null });
  t.is(running.stderr(), '');
}

async function countRequests(url: string): Promise<number> {
  const db = await openDatabase(url);
  const { count } = (await db('requests').count({ count: '*' }).first()) as { count: number };
  await db.destroy();
  return Number(count);
}
