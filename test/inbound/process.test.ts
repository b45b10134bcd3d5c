// The listener for replies as a process of its own, killed at any moment.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import ava, { type ExecutionContext } from 'ava';
import * as make from '../support/make.ts';
import { folder } from '../support/process.ts';
import { handTo, INBOUND, received, reply, replyToOf } from '../support/replies.ts';
import { HOUR, onBothEngines, type World } from '../support/world.ts';

const { PATH = '', HOME = '' } = process.env;

function start(t: ExecutionContext, env: Record<string, string>, ...args: readonly string[]) {
  const child = spawn(process.execPath, ['src/cli/inbound.ts', ...args], { env: { PATH, HOME, ...env } });
  t.teardown(() => void child.kill('SIGKILL'));
  return { child, ended: once(child, 'close') };
}

/** Starts it on a free port. Resolves once it listens. */
async function listening(t: ExecutionContext, world: World) {
  const { attachmentsDir: ATTACHMENTS_DIR } = world.deps.config;
  const of = { DATABASE_URL: world.databaseUrl, SESSION_SECRET: world.deps.sessionSecret, ATTACHMENTS_DIR };
  const env = { ...INBOUND, ...of };
  const { child, ended } = start(t, env, '--lmtp', '0');
  for await (const line of createInterface({ input: child.stdout })) {
    const { msg, port } = JSON.parse(line) as { msg: string; port: number };
    if (msg !== 'listening for replies') continue;
    child.stdout.resume();
    return { child, ended, hand: handTo({ lmtp: port, smtp: port }) };
  }
  throw new Error(`it ended: ${await text(child.stderr)}`);
}

ava('what it needs it says in a sentence', async (t) => {
  const home = folder(t);
  const database = { DATABASE_URL: `${home}/none.sqlite`, SESSION_SECRET: 'x'.repeat(32) };
  for (const [env, args, sentence] of [
    [{}, ['--lmtp', '0'], /^INBOUND_DOMAIN: is required/],
    [INBOUND, [], /^Say --lmtp PORT or --smtp PORT/],
    [INBOUND, ['--lmtp', '70000'], /^70000 is not a port number/],
    [INBOUND, ['--imap', '1'], /^Say --lmtp PORT/],
    [INBOUND, ['--lmtp', '0'], /^There is no database/],
    [{ INBOUND_AUTHSERV_ID: 'mx.example' }, ['--lmtp', '0'], /^INBOUND_DOMAIN: is required with INBOUND_AUTHSERV_ID/],
  ] as const) {
    const { child, ended } = start(t, { ...database, ...env }, ...args);
    t.regex(await text(child.stderr), sentence);
    t.deepEqual(await ended, [1, null]);
  }
});

onBothEngines(
  'killed at any moment: what was answered with 250 is filed, and what comes again counts once',
  async (t, world) => {
    t.timeout(300_000);
    // The process has the machine's clock.
    world.now = Date.now() - HOUR;
    const acme = await make.account(world);
    await make.staff(world);
    const id = await make.request(world, acme.admin);
    const [receipt] = await received(t, world, acme.admin.email);
    const to = replyToOf(receipt);
    const mails = Array.from({ length: 12 }, (_, nth) => reply({ from: acme.admin.email, to, text: `Number ${nth}.` }));
    const waiting = new Set(mails);
    for (let round = 0; waiting.size > 0; round += 1) {
      t.true(round < 12, 'it gets on');
      const { child, ended, hand } = await listening(t, world);
      const all = [...waiting].map(async (mail) => {
        if (/^250 /.test(await hand(mail, { to }))) waiting.delete(mail);
        // Some are answered, others are under way.
        if (round < 3 && waiting.size < 12 - 3 * round) child.kill('SIGKILL');
      });
      await Promise.all(all);
      child.kill(round < 3 ? 'SIGKILL' : 'SIGTERM');
      const [code] = await ended;
      if (round >= 3) t.is(code, 0);
    }
    const rows = await world.db('inbound_mails').select('status', 'event_id');
    t.deepEqual([...new Set(rows.map(({ status }) => status))], ['filed']);
    t.is(rows.length, 12);
    const bodies: string[] = await world
      .db('messages as m')
      .join('audit_events as e', 'e.id', 'm.event_id')
      .where({ 'e.subject_id': id, 'e.name': 'request.commented' })
      .pluck('m.body');
    t.deepEqual(bodies.toSorted(), mails.map((_, nth) => `Number ${nth}.`).toSorted());
  },
  INBOUND,
);
