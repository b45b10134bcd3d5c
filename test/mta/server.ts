// A mail server as a process of the test's own, which sees the test's name server and nothing of the machine's.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { chmodSync, createWriteStream, readFileSync, watch, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';

/** Lines of /etc/passwd and /etc/group; and folders of libraries, for programs that drop LD_LIBRARY_PATH before they run others. */
export type Further = Readonly<Partial<Record<'passwd' | 'group' | 'libraries', string>>>;

export type Wish = {
  /** Where its files lie; its output goes to `output` there. */
  readonly home: string;
  /** The address of the name server that it is to ask. */
  readonly dns: string;
  readonly env: Readonly<Record<string, string>>;
  /** The port of 127.0.0.1 that it listens on once it is up. */
  readonly port: number;
  /** Whether it greets with 220, as mail servers do. */
  readonly greets?: boolean;
  /** Further users, groups and libraries that it needs. */
  readonly further?: Further;
};

export type Server = {
  readonly child: ChildProcess;
  readonly output: () => string;
  /** Resolves once its output, or another file of it, has `count` matches. */
  readonly logged: (pattern: RegExp, count?: number, file?: string) => Promise<void>;
  readonly stop: () => Promise<void>;
};

/** For how long a greeting is awaited before it is asked for again: another process may have had the port at first. */
const GREETING_MS = 5000;

/** An address of loopback's that no other run uses: ports below 1024 are taken there, and runs may stand side by side. */
export const ownAddress = (last: number): string => `127.${[64 + randomInt(190), randomInt(256), last].join('.')}`;

/**
 * How to run a command in a machine of its own: with this name server, and with further users, groups and libraries. Nothing
 * of it is seen outside. It ends with the test, however that ends.
 */
export function inOwnMachine(
  home: string,
  dns: string,
  { libraries, ...tables }: Further = {},
): (command: readonly string[]) => string[] {
  if (process.getuid?.() !== 0) throw new Error('This test needs root: it binds ports below 1024 and mounts files.');
  const files = { 'resolv.conf': `nameserver ${dns}\noptions timeout:2 attempts:1\n` };
  for (const [name, lines] of Object.entries(tables))
    Object.assign(files, { [name]: withLines(readFileSync(`/etc/${name}`, 'utf8'), lines) });
  const mounts = Object.entries(files).map(([name, text]) => {
    const file = join(home, `etc-${name}`);
    writeFileSync(file, text);
    chmodSync(file, 0o644);
    return `mount --bind '${file}' /etc/${name}`;
  });
  if (libraries !== undefined) mounts.push(withLibraries(home, libraries));
  const inside = `${mounts.join(' && ')} && exec "$@"`;
  return (command) => ['setpriv', '--pdeathsig', 'KILL', 'unshare', '--mount', 'sh', '-c', inside, 'sh', ...command];
}

/** The command that lets the machine's linker find the libraries in these folders, separated by colons, as well. */
function withLibraries(home: string, folders: string): string {
  const [list, cache] = [join(home, 'ld.so.conf'), join(home, 'etc-ld.so.cache')];
  writeFileSync(list, `include /etc/ld.so.conf\n${folders.replaceAll(':', '\n')}\n`);
  execFileSync('/sbin/ldconfig', ['-X', '-f', list, '-C', cache]);
  return `mount --bind '${cache}' /etc/ld.so.cache`;
}

/** The lines of a table of /etc with these instead of those of the same names. */
function withLines(table: string, lines: string): string {
  const names = lines.split('\n').map((line) => line.split(':')[0]);
  const kept = table.split('\n').filter((line) => !names.includes(line.split(':')[0] ?? ''));
  return `${kept.join('\n')}\n${lines}`;
}

/** Starts a command in a machine of its own. Throws where that cannot be had, or the command ends before it listens. */
export async function startServer(command: readonly string[], wish: Wish): Promise<Server> {
  const output = join(wish.home, 'output');
  writeFileSync(output, '');
  const [program = '', ...rest] = inOwnMachine(wish.home, wish.dns, wish.further)(command);
  const child = spawn(program, rest, {
    cwd: wish.home,
    env: { ...wish.env },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  const written = createWriteStream(output, { flags: 'a' });
  child.stdout.pipe(written, { end: false });
  child.stderr.pipe(written, { end: false });
  const ended = once(child, 'close').then(() => written.end());
  const stop = async (): Promise<void> => {
    if (hasEnded(child)) return;
    killAll(child);
    // What has left its group may hold its output for ever.
    child.stdout.destroy();
    child.stderr.destroy();
    await ended;
  };
  const server: Server = {
    child,
    output: () => readFileSync(output, 'utf8'),
    logged: (pattern, count = 1, file = output) => logged(file, pattern, count),
    stop,
  };
  while (!(await answers(wish))) {
    if (hasEnded(child)) throw new Error(`${command[0]} ended:\n${server.output()}`);
    await new Promise((done) => setTimeout(done, 50));
  }
  return server;
}

const hasEnded = ({ exitCode, signalCode }: ChildProcess): boolean => exitCode !== null || signalCode !== null;

/** It and its children: the command leads a group of its own. */
function killAll({ pid }: ChildProcess): void {
  try {
    process.kill(-Number(pid), 'SIGKILL');
  } catch {
    // They have ended by themselves.
  }
}

function answers({ port, greets = true }: Wish): Promise<boolean> {
  return new Promise((done) => {
    const socket = connect({ port, host: '127.0.0.1', timeout: GREETING_MS });
    socket.once('timeout', () => socket.destroy());
    if (greets) socket.once('data', (chunk: Buffer) => socket.destroy() && done(chunk.toString().startsWith('220')));
    else socket.once('connect', () => socket.destroy() && done(true));
    socket.once('error', () => done(false));
    socket.once('close', () => done(false));
  });
}

/** Resolves once a file has `count` matches of a pattern. */
export async function logged(file: string, pattern: RegExp, count: number): Promise<void> {
  const enough = () => [...readFileSync(file, 'utf8').matchAll(new RegExp(pattern, 'g'))].length >= count;
  const watcher = watch(file);
  try {
    while (!enough()) await once(watcher, 'change');
  } finally {
    watcher.close();
  }
}
