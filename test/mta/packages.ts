// Mail servers for the tests, from Debian's packages and npm's, in a folder of their own: nothing is installed on the
// machine, so Exim and Postfix stand side by side, which Debian's packages refuse. Fetched once, then kept.
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';

const KEPT = join(import.meta.dirname, '../../node_modules/.cache/mail-servers');

/** What apt-get is asked for the packages that this machine lacks: it installs nothing. */
const planOf = (name: string): string[] => ['-s', 'install', '--no-install-recommends', name];

/** Where a program of Debian lies, and the environment in which it finds its libraries. */
export type Unpacked = { readonly root: string; readonly env: Readonly<Record<string, string>> };

/**
 * Whether `debian` can fetch these packages: fetched before, or known to apt-get. Root can make them known; a bare Debian has
 * apt-get without any list of packages, and an ordinary user cannot fetch one.
 */
export function areWithinReach(names: readonly string[]): boolean {
  if (!existsSync('/usr/bin/apt-get')) return false;
  const isKnown = (name: string) => spawnSync('apt-get', planOf(name), { stdio: 'ignore' }).status === 0;
  return names.every((name) => process.getuid?.() === 0 || existsSync(join(KEPT, `debian-${name}`)) || isKnown(name));
}

/**
 * Fetches a package of Debian with what this machine lacks of the packages that it needs, and unpacks them.
 * Throws where this is not Debian, or its packages cannot be had.
 */
export function debian(name: string): Unpacked {
  const root = kept(`debian-${name}`, (folder) => {
    const run = (command: string, ...args: string[]) => fetched(command, args, folder);
    let planned: string;
    try {
      planned = run('apt-get', ...planOf(name));
    } catch {
      run('apt-get', 'update', '-qq');
      planned = run('apt-get', ...planOf(name));
    }
    const missing = [...planned.matchAll(/^Inst (\S+)/gm)].map(([, one = '']) => one);
    run('apt-get', 'download', '-qq', ...new Set([name, ...missing]));
    for (const file of readdirSync(folder).filter((one) => one.endsWith('.deb'))) run('dpkg', '-x', file, '.');
  });
  const libraries = ['usr/lib', 'lib'].flatMap((lib) => {
    const folder = join(root, lib);
    return existsSync(folder) ? readdirSync(folder).map((one) => join(folder, one)) : [];
  });
  return { root, env: { PATH: process.env.PATH ?? '', LD_LIBRARY_PATH: libraries.join(':') } };
}

/** Installs packages of npm, each `name@version`, without the optional ones; returns their folder. */
export function npm(name: string, packages: readonly string[]): string {
  return kept(`npm-${packages.join('+').replaceAll(/[^\w.@+-]/g, '-')}`, (folder) => {
    const options = ['--omit=optional', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
    fetched('npm', ['install', '--prefix', folder, ...options, ...packages], folder);
    if (!existsSync(join(folder, 'node_modules', name))) throw new Error(`npm did not install ${name}`);
  });
}

/** What a command that may fetch something prints. One that stands still is ended and run once more. */
function fetched(command: string, args: readonly string[], cwd: string): string {
  const run = () =>
    execFileSync(command, args, {
      cwd,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: 240_000,
      killSignal: 'SIGKILL',
    });
  try {
    return run();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ETIMEDOUT') throw error;
    return run();
  }
}

/** The folder of this name; made whole or not at all, also where two tests want it at once. */
function kept(name: string, make: (folder: string) => void): string {
  const home = join(KEPT, name);
  if (existsSync(home)) return home;
  mkdirSync(KEPT, { recursive: true });
  const fresh = mkdtempSync(join(KEPT, 'new-'));
  try {
    make(fresh);
    renameSync(fresh, home);
  } catch (error) {
    rmSync(fresh, { recursive: true, force: true });
    if (existsSync(home)) return home;
    const { stderr } = error as { stderr?: Buffer | string };
    throw new Error(`${name} cannot be had here: ${stderr?.toString().trim() || (error as Error).message}`);
  }
  return home;
}
