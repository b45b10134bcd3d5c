// The Chromium of the tests: the machine's own, or else the one inside an npm package. Imports nothing of AVA.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

export type Chromium = {
  readonly executablePath: string;
  /** Environment variables that it needs beside those of this process. */
  readonly env: Readonly<Record<string, string>>;
};

const NAMES = ['chromium', 'chromium-browser', 'google-chrome'];

/** Finds Chromium, and unpacks the package's where the machine has none. Throws, with what to install, where neither serves. */
export function findChromium(): Chromium {
  const folders = (process.env.PATH ?? '').split(delimiter);
  const found = NAMES.flatMap((name) => folders.map((folder) => join(folder, name))).find((path) => existsSync(path));
  if (found) return { executablePath: found, env: {} };
  if (process.platform === 'linux' && process.arch === 'x64' && isGlibc()) return packaged();
  throw new Error(
    'no Chromium is on PATH, and the one from npm is for x64 Linux with glibc; on Debian, apt-get install chromium fonts-liberation',
  );
}

const isGlibc = (): boolean => 'glibcVersionRuntime' in (process.report.getReport() as { header: object }).header;

function packaged(): Chromium {
  const home = fileURLToPath(import.meta.resolve('@sparticuz/chromium')).replace(/build.*$/, '');
  const { version } = JSON.parse(readFileSync(join(home, 'package.json'), 'utf8')) as { version: string };
  const unpacked = resolve('node_modules', '.cache', 'warmdesk-tests', `chromium-${version}`);
  if (!existsSync(unpacked)) unpack(unpacked);
  return {
    executablePath: join(unpacked, 'chromium'),
    env: { LD_LIBRARY_PATH: join(unpacked, 'al2023', 'lib'), FONTCONFIG_FILE: join(unpacked, 'fonts.conf') },
  };
}

/** Unpacks beside `folder` and then renames, so that the folder is always whole, however many unpack at once. */
function unpack(folder: string): void {
  mkdirSync(dirname(folder), { recursive: true });
  const unfinished = mkdtempSync(`${folder}-`);
  execFileSync(
    process.execPath,
    ['--input-type=module', '-e', "import c from '@sparticuz/chromium'; await c.executablePath()"],
    // The package was made for AWS Lambda: it unpacks the libraries that Chromium needs only where it believes to be there.
    { env: { ...process.env, TMPDIR: unfinished, AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs22.x' }, stdio: 'inherit' },
  );
  // Its own configuration looks for the fonts in /tmp.
  writeFileSync(
    join(unfinished, 'fonts.conf'),
    `<fontconfig><dir>${folder}/fonts</dir><cachedir>${folder}/fonts-cache</cachedir></fontconfig>\n`,
  );
  try {
    renameSync(unfinished, folder);
  } catch (error) {
    rmSync(unfinished, { recursive: true, force: true });
    if (!existsSync(folder)) throw error;
  }
}
