// The nightly removal of old rows, killed again and again: no count is lost or summed up twice, and the next run goes on there.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import test, { type ExecutionContext } from 'ava';
import { actIn } from '../../src/act.ts';
import { lockingRows } from '../../src/database.ts';
import { dayOf } from '../../src/day.ts';
import { checkData } from '../../src/invariants/store.ts';
import { recordCounts } from '../../src/sending/actions.ts';
import { plainCount } from '../../src/sending/counts.ts';
import { addReader, queue } from '../support/outbox.ts';
import { itself } from '../support/people.ts';
import { reporting } from '../support/reporting.ts';
import { createWorld, DAY, type Engine, MINUTE, type World } from '../support/world.ts';

const ROUNDS: Readonly<Record<Engine, number>> = { SQLite: 16, PostgreSQL: 8 };
const DAYS = 600;
const SENT = 10;

for (const engine of ['SQLite', 'PostgreSQL'] as const) {
  test.serial(`old rows are removed once, whatever kills it in between (${engine})`, async (t) => {
    t.timeout(15 * MINUTE);
    const world = await createWorld(t, engine);
    await filled(world);
    world.now += 130 * DAY;
    const whole = await everySent(world);
    t.is(whole, 2 * DAYS * SENT);
    let killed = 0;
    for (let round = 0; round < ROUNDS[engine]; round += 1) {
      killed += await killedAfter(t, world, round % 4);
      // The server ends a killed client's transaction a moment later.
      await world.db.transaction(async (trx) => void (await lockingRows(trx, trx('retention'), 'retention')));
      t.is(await everySent(world), whole, `round ${round}`);
      t.deepEqual(await checkData(world.db, world.now), [], `round ${round}`);
    }
    t.true(killed > ROUNDS[engine] / 2, 'most were killed before their end');
    t.is(await killedAfter(t, world, Number.POSITIVE_INFINITY), 0, 'the last comes to its end');
    t.is(await everySent(world), whole);
    t.deepEqual(await world.db('sending_counts').where('day', '<', dayOf(world.now) - 200), []);
    t.deepEqual(await world.db('outbox'), []);
    const removed = await world.db('retention').whereIn('subject', ['counts', 'mails']).pluck('removed');
    t.deepEqual(removed.map(Number).sort(), [1200, 2 * (DAYS - 200 + 129)].sort());
    t.deepEqual(await checkData(world.db, world.now), []);
  });
}

/** Counts of 600 days, in two streams, and 1,200 mails that were sent. */
async function filled(world: World): Promise<void> {
  const { domain } = await reporting(world);
  const today = dayOf(world.now);
  const counts = Array.from({ length: DAYS }, (_, ago) =>
    (['marketing', 'transactional'] as const).map((stream) => ({
      ...plainCount({ day: today - ago, sent: SENT, bounced: 1, complained: 0 }),
      stream,
    })),
  ).flat();
  await world.db.transaction((trx) => recordCounts(actIn(trx, itself(world)), domain.id, counts));
  await world.db('outbox').delete();
  await world.db('retention').insert({ subject: 'mails', gone_before: world.now + 1, removed: 0 });
  const readers = [];
  for (let nth = 0; nth < 40; nth += 1) readers.push(await addReader(world.db, `reader-${nth}@example.com`));
  for (let nth = 0; nth < 30; nth += 1) await queue(world, readers);
  await world.db('outbox').update({ status: 'sent', next_at: null, sent_at: world.now, smtp_reply: '250 ok' });
}

/** What was sent in all, by day and by month. */
async function everySent({ db }: World): Promise<number> {
  const sums = await Promise.all(
    ['sending_counts', 'sending_months'].map((table) => db(table).sum({ sent: 'sent' }).first()),
  );
  return sums.reduce((sum, row) => sum + Number(row?.sent ?? 0), 0);
}

/** Removes in a process of its own and kills that after its nth word. Returns how many were killed: one, or none. */
async function killedAfter(t: ExecutionContext, world: World, nth: number): Promise<number> {
  const child = spawn(process.execPath, ['test/crash/sweeper.ts', world.databaseUrl, String(world.now)]);
  t.teardown(() => child.kill('SIGKILL'));
  let complaint = '';
  child.stderr.on('data', (chunk) => {
    complaint += chunk;
  });
  const closed = once(child, 'close');
  let words = 0;
  let last = '';
  for await (const word of createInterface({ input: child.stdout })) {
    last = word;
    words += 1;
    if (words <= nth) continue;
    await pause(10 * Math.random());
    child.kill('SIGKILL');
    break;
  }
  child.stdout.resume();
  await closed;
  t.is(complaint, '');
  return last === 'removed' ? 0 : 1;
}
