// sqlite3's prebuilt file lies outside the npm registry, so a clean install compiles SQLite (minutes).
// Keep what was compiled in npm's own prebuild cache: the next clean install on this machine unpacks it (seconds).
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, renameSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

function keepBuild() {
  const require = createRequire(import.meta.url);
  const pkg = require('sqlite3/package.json');
  const home = dirname(require.resolve('sqlite3/package.json'));
  const built = join('build', 'Release', 'node_sqlite3.node');
  const { cachedPrebuild, getDownloadUrl } = require('prebuild-install/util.js');
  const cached = cachedPrebuild(
    getDownloadUrl({
      pkg,
      runtime: 'napi',
      abi: Math.max(...pkg.binary.napi_versions),
      libc: process.report.getReport().header.glibcVersionRuntime ? '' : 'musl',
      platform: process.platform,
      arch: process.arch,
      'tag-prefix': 'v',
    }),
  );
  if (!existsSync(join(home, built)) || existsSync(cached)) return;
  mkdirSync(dirname(cached), { recursive: true });
  const unfinished = `${cached}.${process.pid}.tmp`;
  execFileSync('tar', ['-czf', unfinished, '-C', home, built]);
  renameSync(unfinished, cached);
}

try {
  if (process.platform === 'linux') keepBuild();
} catch (error) {
  console.warn(`The compiled sqlite3 was not kept for the next install: ${error.message}`);
}
