// The processes of a run: Warmdesk itself, the bare server, the mail sink. All end with the run.
import { type ChildProcess, execFileSync, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort } from '../support/free-port.ts';
import type { BareWork } from './bare.ts';
import { sessionSecret } from './people.ts';

const children = new Set<ChildProcess>();
process.on('exit', () => {
  for (const child of children) child.kill('SIGKILL');
});

const path = (file: string): string => fileURLToPath(new URL(file, import.meta.url));

function keep(child: ChildProcess): ChildProcess {
  children.add(child);
  child.on('exit', () => children.delete(child));
  return child;
}

export type Running = {
  readonly url: string;
  readonly pid: number;
  /** From the start of the process to its first answer, milliseconds. */
  readonly startedIn: number;
  /** Resident memory, MB. */
  readonly memory: () => number;
  readonly stop: () => Promise<void>;
};

/** The folder of this build. */
export const HERE = path('../..');

/**
 * Starts Warmdesk as `npm start` does, over an existing database; ready when it answers. `folder`: of which build; `own`: further
 * settings, and options of Node.
 */
export async function startServer(
  databaseUrl: string,
  smtpUrl: string,
  folder = HERE,
  { options = '', ...own }: Readonly<Record<string, string>> = {},
): Promise<Running> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const { NODE_ENV: _, ...env } = process.env;
  const settings = { PORT: String(port), BASE_URL: url, DATABASE_URL: databaseUrl, SMTP_URL: smtpUrl, DEMO: 'off' };
  const ofStart = settingsOfStart(folder);
  const begun = performance.now();
  const child = keep(
    spawn(process.execPath, ['src/main.ts'], {
      cwd: folder,
      env: {
        ...env,
        ...settings,
        ...ofStart,
        NODE_OPTIONS: `${ofStart['NODE_OPTIONS'] ?? ''} ${options}`.trim(),
        ...own,
        SESSION_SECRET: sessionSecret,
        LOG_LEVEL: 'warn',
        // An approval is measured with all that it brings about.
        UNDO_SECONDS: '0',
        MAIL_FROM: 'desk@warmdesk.example',
      },
      stdio: ['ignore', 'inherit', 'inherit'],
    }),
  );
  while (!(await answers(`${url}/healthz`))) {
    if (child.exitCode !== null) throw new Error('Warmdesk did not start');
    await new Promise((done) => setTimeout(done, 5));
  }
  const startedIn = performance.now() - begun;
  return { url, pid: child.pid ?? 0, startedIn, memory: () => memoryOf(child), stop: () => stop(child) };
}

/** What `npm start` sets before it runs Node: `NAME=VALUE` by name. */
function settingsOfStart(folder: string): Record<string, string> {
  const { scripts } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const words: string[] = scripts.start.split(' ');
  return Object.fromEntries(words.slice(0, words.indexOf('exec')).map((word) => word.split(/=(.*)/s).slice(0, 2)));
}

/** Starts the bare server on what it has to answer. */
export async function startBare(work: BareWork): Promise<{ readonly url: string; readonly stop: () => Promise<void> }> {
  const child = keep(fork(path('./bare.ts')));
  child.send(work);
  const [{ port }] = (await once(child, 'message')) as [{ port: number }];
  return { url: `http://127.0.0.1:${port}`, stop: () => stop(child) };
}

export type Sink = { readonly url: string; readonly taken: () => Promise<number> };

/** Starts the mail server. */
export async function startSink(): Promise<Sink> {
  const child = keep(fork(path('./sink.ts')));
  const [{ port }] = (await once(child, 'message')) as [{ port: number }];
  return {
    url: `smtp://127.0.0.1:${port}`,
    taken: async () => {
      child.send('how many?');
      const [{ taken }] = (await once(child, 'message')) as [{ taken: number }];
      return taken;
    },
  };
}

/** Starts a name server that knows this many domains. Returns its address. */
export async function startNames(domains: number): Promise<string> {
  const child = keep(fork(path('./names.ts')));
  child.send({ domains });
  const [{ address }] = (await once(child, 'message')) as [{ address: string }];
  return address;
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  child.kill('SIGTERM');
  await once(child, 'exit');
}

/** Ends what still runs. */
export async function stopAll(): Promise<void> {
  await Promise.all([...children].map(stop));
}

const memoryOf = ({ pid }: ChildProcess): number =>
  Math.round(Number(execFileSync('ps', ['-o', 'rss=', '-p', String(pid)], { encoding: 'utf8' })) / 1024);

const answers = (url: string): Promise<boolean> =>
  fetch(url).then(
    (answer) => answer.ok,
    () => false,
  );
