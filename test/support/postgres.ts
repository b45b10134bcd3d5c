// A throw-away PostgreSQL server for the tests: own folder, own socket, gone afterwards.
import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export type ThrowAwayServer = { readonly url: string; readonly stop: () => void };

/** Starts a server. Throws with what to install where there is none on this machine. */
export function startPostgres(): ThrowAwayServer {
  const programs = findPrograms();
  const folder = mkdtempSync(join(tmpdir(), 'warmdesk-pg-'));
  chmodSync(folder, 0o777);
  const data = join(folder, 'data');
  const run = (program: string, ...args: string[]) => {
    const command = [join(programs, program), ...args];
    // PostgreSQL refuses to run as root.
    const asOther = process.getuid?.() === 0 ? ['runuser', '-u', 'postgres', '--'] : [];
    const [first = '', ...rest] = [...asOther, ...command];
    execFileSync(first, rest, { stdio: ['ignore', 'ignore', 'inherit'], cwd: folder });
  };
  run('initdb', '-D', data, '-A', 'trust', '-U', 'app', '--no-sync', '-E', 'UTF8');
  const options = `-c listen_addresses='' -k ${folder} -c fsync=off -c full_page_writes=off -c max_connections=300`;
  run('pg_ctl', '-D', data, '-o', options, '-w', '-l', join(folder, 'log'), 'start');
  return {
    url: `postgres://app@localhost/postgres?host=${folder}`,
    stop() {
      run('pg_ctl', '-D', data, '-m', 'immediate', '-w', 'stop');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function findPrograms(): string {
  const debian = '/usr/lib/postgresql';
  const versions = existsSync(debian) ? readdirSync(debian).sort((a, b) => Number(b) - Number(a)) : [];
  const folders = [...versions.map((version) => join(debian, version, 'bin')), ...(process.env.PATH ?? '').split(':')];
  const found = folders.find((folder) => existsSync(join(folder, 'initdb')));
  if (!found) throw new Error('The tests need PostgreSQL: install it (on Debian: apt-get install postgresql).');
  return found;
}
