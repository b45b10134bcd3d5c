// Loaded before each test file: says to the run which file this process is of, so that one that hangs can be named and ended.
import { rmSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import test from 'ava';

const folder = process.env.TEST_RUNNING;
if (folder) {
  const mark = join(folder, String(process.pid));
  writeFileSync(mark, relative(process.cwd(), fileURLToPath(test.meta.file)));
  process.on('exit', () => rmSync(mark, { force: true }));
}
