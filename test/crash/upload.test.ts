// An upload of counts, killed again and again while it is checked, kept and stored: all of it counts afterwards, or nothing.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import test, { type ExecutionContext } from 'ava';
import { lockingRows, openDatabase } from '../../src/database.ts';
import { checkData } from '../../src/invariants/store.ts';
import { dropAbandoned, storeUploads } from '../../src/sending/upload/background.ts';
import { folder } from '../support/process.ts';
import { counted, dayText, reporting } from '../support/reporting.ts';
import { createWorld, type Engine, HOUR, MINUTE, type World } from '../support/world.ts';

const ROUNDS: Readonly<Record<Engine, number>> = { SQLite: 18, PostgreSQL: 9 };
const PROVIDERS = ['gmail', 'microsoft', 'yahoo', 'apple', 'other'];
const DAYS = 2000;
/** It says that it began, checked and kept the file, and six times that it looks for a piece: 20,000 rows are five. */
const WORDS = 9;

for (const engine of ['SQLite', 'PostgreSQL'] as const) {
  test.serial(`an upload killed at random points is stored whole or not at all (${engine})`, async (t) => {
    t.timeout(20 * MINUTE);
    const world = await createWorld(t, engine);
    await reporting(world);
    const place = folder(t);
    const files = [1, 2].map((nth) => written(world, join(place, `${nth}.csv`), nth * 100));
    let [before, whole] = [await counted(world), 0];
    const other = await openDatabase(world.databaseUrl);
    t.teardown(() => other.destroy());
    for (let round = 0; round < ROUNDS[engine]; round += 1) {
      const file = files[round % 2];
      if (!file) throw new Error('there are two files');
      // Each kind of moment comes up several times; within it the kill is at random.
      await killedAfter(t, world, file.path, round % WORDS);
      t.deepEqual(await checkData(world.db, world.now), [], `round ${round}`);
      // The server ends a killed client's transaction a moment later.
      await world.db.transaction(
        async (trx) => void (await lockingRows(trx, trx('sending_uploads'), 'sending_uploads')),
      );
      const kept = await world.db('sending_uploads').whereNotNull('kept_at').whereNull('finished_at').first();
      await Promise.all([storeUploads(world.deps), storeUploads({ db: other, now: world.deps.now })]);
      world.now += 2 * HOUR;
      await dropAbandoned(world.db, world.now);
      const now = await counted(world);
      const isWhole = now.length === file.lines.length && now.every((line, index) => line === file.lines[index]);
      if (kept) t.true(isWhole, `round ${round}: what was kept whole is stored whole`);
      else t.true(isWhole || now.join('\n') === before.join('\n'), `round ${round}: all or nothing`);
      whole += isWhole ? 1 : 0;
      t.is((await world.db('sending_upload_parts')).length, 0);
      t.deepEqual(await checkData(world.db, world.now), [], `round ${round}, finished`);
      before = now;
    }
    t.true(whole > 0);
    const uploads = await world.db('sending_uploads').whereNotNull('finished_at');
    t.is((await world.db('audit_events').where({ name: 'counts.uploaded' })).length, uploads.length);
  });
}

/** A file of shop.acme.example's mail over the shared pools, and what is counted once it is stored. */
function written(world: World, path: string, sent: number) {
  const cells: { day: string; via: string; provider: string }[] = [];
  for (let ago = 0; ago < DAYS; ago += 1)
    for (const provider of PROVIDERS)
      for (const via of ['shared-us', 'shared-eu']) cells.push({ day: dayText(world, ago), via, provider });
  const header = 'day,domain,via,provider,stream,sent,delivered,deferred,bounced,complained';
  const rows = cells.map(
    ({ day, via, provider }) => `${day},shop.acme.example,${via},${provider},marketing,${sent},90,5,3,1`,
  );
  writeFileSync(path, [header, ...rows, ''].join('\n'));
  const lines = cells
    .map(({ day, via, provider }) => `${day} shop.acme.example ${via} ${provider} marketing ${sent} 90 5 3 1 -`)
    .sort();
  return { path, lines };
}

/** Uploads a file in a process of its own and kills that after its nth word. */
async function killedAfter(t: ExecutionContext, world: World, path: string, nth: number): Promise<void> {
  const child = spawn(process.execPath, ['test/crash/uploader.ts', world.databaseUrl, path, String(world.now)]);
  t.teardown(() => child.kill('SIGKILL'));
  let complaint = '';
  child.stderr.on('data', (chunk) => {
    complaint += chunk;
  });
  const closed = once(child, 'close');
  let words = 0;
  for await (const _ of createInterface({ input: child.stdout })) {
    words += 1;
    if (words <= nth) continue;
    await pause(30 * Math.random());
    child.kill('SIGKILL');
    break;
  }
  child.stdout.resume();
  await closed;
  t.is(complaint, '');
  t.true(words > nth, 'it came that far');
}
