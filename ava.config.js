// What `test/run.ts` decides comes in as environment variables: the seed, and the files that cannot run on this machine.
import { createHash } from 'node:crypto';
import { relative } from 'node:path';

const seed = process.env.TEST_SEED ?? '1';
const leftOut = (process.env.TEST_LEAVE_OUT ?? '').split(' ').filter(Boolean);
// The same in every folder that the project is in.
const place = (file) => createHash('sha256').update(`${seed} ${relative(import.meta.dirname, file)}`).digest('hex');

export default {
  files: ['test/**/*.test.ts', ...leftOut.map((files) => `!${files}`)],
  extensions: ['ts'],
  require: ['./test/support/seed.ts', './test/support/running.ts'],
  // A process for each file: one that hangs within a call of the system can be ended, a thread of AVA's could not.
  workerThreads: false,
  // The same seed gives the same order: shuffled by the seed, and not by what failed the last time (the cache).
  sortTestFiles: (a, b) => (place(a) < place(b) ? -1 : 1),
  cache: false,
  // The time without any result of any file, long enough for a machine that does other work, too.
  timeout: '10m',
};
