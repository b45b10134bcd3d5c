// Days are UTC's, or the zone's of the person who looks: never the machine's. So what has to do with dates is tested again on
// a machine west of UTC, where it is still yesterday, and on one east of it, where it is tomorrow already.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import test from 'ava';

const MINUTES = 60_000;

const FILES = [
  'day',
  'web/view-days',
  'web/view-helpers',
  'warmup/judge',
  'warmup/judge-whole',
  'warmup/forecast',
  'warmup/schedule',
  'warmup/days',
  'warmup/run',
  'warmup/pages',
  'pricing/quote',
  'policy/findings',
  'requests/form',
  'requests/prefill',
  'requests/edges',
  'requests/pages-input',
  'sending/pattern',
  'sending/upload',
  'sending/week-counts',
  'routing/exports',
].map((name) => `test/${name}.test.ts`);

// PostgreSQL has no zone of this machine's, and mail servers read an export as they do anywhere.
const LEFT_OUT = ['*(PostgreSQL)', 'Debian’s *'].flatMap((titles) => ['--match', `!${titles}`]);

for (const zone of ['America/Los_Angeles', 'Pacific/Kiritimati']) {
  test.serial(`on a machine in ${zone} dates are the same`, async (t) => {
    t.timeout(30 * MINUTES);
    const ava = join('node_modules', '.bin', 'ava');
    const child = spawn(ava, ['--concurrency', '1', ...LEFT_OUT, ...FILES], {
      env: { ...process.env, TZ: zone, NODE_ENV: 'test', FORCE_COLOR: '0' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    t.teardown(() => child.kill());
    let output = '';
    const note = (chunk: Buffer) => {
      output += chunk;
    };
    child.stdout.on('data', note);
    child.stderr.on('data', note);
    const code = await new Promise((done) => child.on('close', done));
    const passed = [...output.matchAll(/^\s*✔ (\S+(?: › \S+)*) › /gm)].map(([, file]) => file);
    t.is(code, 0, output.slice(-20_000));
    t.is(new Set(passed).size, FILES.length, 'each file has a test that ran');
  });
}
