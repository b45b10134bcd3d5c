// The log reader as a process of its own, as cron starts it, and killed at any moment.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import ava, { type ExecutionContext } from 'ava';
import { mailLog, message, queued, removed, tried } from '../support/mail-log.ts';
import { counted, reporting } from '../support/reporting.ts';
import { onBothEngines, type World } from '../support/world.ts';
import { REAL_LOGS } from './real-logs.ts';

/** The beginning of a line that says what became of mail, in each kind of log. */
const CUT =
  /^.*(?: to=<[^>]+>, relay|"type":"Delivery","id|,relayed,2|=> \S+@\S+ F=|"outcome":"sent","id|ACCEPTED from=\S+ to)/;

const { PATH = '', HOME = '' } = process.env;

function start(t: ExecutionContext, databaseUrl: string, ...args: readonly string[]) {
  const env = { PATH, HOME, DATABASE_URL: databaseUrl };
  const child = spawn(process.execPath, ['src/cli/ingest.ts', ...args], { env });
  t.teardown(() => void child.kill('SIGKILL'));
  const out = Promise.all([text(child.stdout), text(child.stderr)]);
  const ended = once(child, 'close').then(async ([code, signal]) => {
    const [stdout, stderr] = await out;
    return { code, signal, stdout, stderr };
  });
  return { child, ended };
}

onBothEngines('it reads a log, prints one line and ends', async (t, world) => {
  await reporting(world);
  await longHeld(world);
  const log = mailLog(t);
  log.add(...message({ at: world.now }));
  const { code, stdout } = await start(t, world.databaseUrl, 'postfix', log.path).ended;
  t.is(code, 0);
  t.is(
    stdout,
    `postfix ${log.path}: 3 new lines in 1 file, 1 record: 1 sent, 1 delivered, 0 deferred, 0 bounced, 0 complained; nothing skipped.\n`,
  );
});

ava('what it cannot read it says in a sentence', async (t) => {
  const log = mailLog(t);
  for (const [args, sentence] of [
    [[], /Say which mail server wrote it/],
    [['sendmail', log.path], /postfix\|kumomta\|powermta\|exim\|haraka\|zonemta\|arf\|postmaster\|snds FILE/],
    [['postfix', log.path], /There is no database/],
    [['postfix', '--year', '26', log.path], /--year: 26 is not a year, as in --year 2026/],
    [['postfix', '--year', '2026'], /Say which mail server wrote it/],
    [['kumomta', '--year', '2026', log.path], /--year is for postfix: other logs say the year/],
  ] as const) {
    const { code, stderr } = await start(t, `${log.path}.sqlite`, ...args).ended;
    t.is(code, 2);
    t.regex(stderr, sentence);
    t.notRegex(stderr, /\n\s+at /);
  }
});

onBothEngines(
  'it ends with 1 and says where, as long as a line is not read; with 2 where there is no file',
  async (t, world) => {
    await reporting(world);
    await longHeld(world);
    const log = mailLog(t);
    log.add(queued({ at: world.now }), tried({ at: world.now }).replace('delay=1.4,', 'delay=1.2.3,'));
    for (let run = 0; run < 2; run += 1) {
      const { code, stderr } = await start(t, world.databaseUrl, 'postfix', log.path).ended;
      t.is(code, 1);
      t.regex(stderr, /mail\.log, line 2: It says what became of mail and cannot be read: .*delay=1\.2\.3/);
    }
    const none = await start(t, world.databaseUrl, 'postfix', `${log.path}.none`).ended;
    t.is(none.code, 2);
    t.regex(none.stderr, /There is no file/);
  },
);

for (const { title, reader, header, lines } of REAL_LOGS) {
  onBothEngines(`${title}: a cut-off line ends it with 1, by its number`, async (t, world) => {
    await reporting(world);
    await longHeld(world);
    const log = mailLog(t);
    const all = header === undefined ? lines : [header, ...lines];
    const index = all.findLastIndex((line) => CUT.test(line));
    log.add(...all.with(index, CUT.exec(all[index] ?? '')?.[0] ?? ''));
    const { code, stderr } = await start(t, world.databaseUrl, reader, log.path).ended;
    t.is(code, 1);
    t.true(stderr.includes(`mail.log, line ${index + 1}: It says what became of mail and cannot be read: `), stderr);
  });
}

onBothEngines('killed at any moment, nothing is lost or doubled', async (t, world) => {
  t.timeout(600_000);
  await reporting(world);
  await longHeld(world);
  const log = mailLog(t);
  const MESSAGES = 30_000;
  for (let index = 0; index < MESSAGES; index += 500) {
    const ids = Array.from({ length: 500 }, (_, more) => index + more);
    // Senders and outcomes lie apart, so that they come into different pieces.
    const lines = ids.map((id) => queued({ at: world.now, id: `A1B2C3D4${id}` }));
    const to = (id: number) => ({ at: world.now, id: `A1B2C3D4${id}`, to: `p${id}@gmail.com` });
    lines.push(...ids.map((id) => tried({ ...to(id), status: id % 3 === 0 ? 'deferred' : 'sent' })));
    lines.push(...ids.filter((id) => id % 3 === 0).map((id) => tried({ ...to(id), delay: 30, before: 29 })));
    lines.push(...ids.map((id) => removed({ at: world.now, id: `A1B2C3D4${id}` })));
    log.add(...lines);
  }
  let kills = 0;
  // Ever later, in steps that also a busy machine gets through.
  for (let wait = 250; ; wait *= 1.15) {
    const { child, ended } = start(t, world.databaseUrl, 'postfix', log.path);
    const timer = setTimeout(() => child.kill('SIGKILL'), wait);
    const { code } = await ended;
    clearTimeout(timer);
    if (code === 0) break;
    kills += 1;
  }
  t.true(kills >= 3, `${kills} kills`);
  t.deepEqual(
    (await counted(world)).map((line) => line.split(' ').slice(5, 10).join(' ')),
    [`${MESSAGES} ${MESSAGES} ${MESSAGES / 3} 0 0`],
  );
  t.deepEqual(await world.db('sending_queue'), []);
});

/** The process has the real clock, and the world its own: whichever is ahead. */
async function longHeld(world: World): Promise<void> {
  world.now = Math.min(world.now, Date.now() - 60_000);
  await world.db('allocations').update({ allocated_at: world.now - 86_400_000 });
}
