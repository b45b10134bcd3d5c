// Loaded before each test file: says to the run which file this process is of, so that one that hangs can be named and ended.
import { rmSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import test, { registerCompletionHandler } from 'ava';

/** How long a file may take to end once its tests have: a socket or a process that one left open would keep it for ever. */
const ENDING_MS = 30_000;

const folder = process.env.TEST_RUNNING;
if (folder) {
  const mark = join(folder, String(process.pid));
  const file = relative(process.cwd(), fileURLToPath(test.meta.file));
  writeFileSync(mark, file);
  registerCompletionHandler(() => {
    const end = () => {
      console.log(`${file} left open: ${process.getActiveResourcesInfo().join(', ')}`);
      process.exit();
    };
    setTimeout(end, ENDING_MS).unref();
  });
  process.on('exit', () => rmSync(mark, { force: true }));
}
