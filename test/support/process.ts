// Warmdesk as a process of its own, as `npm start` runs it.
import { type ChildProcess, spawn } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ExecutionContext } from 'ava';

export type Running = {
  readonly child: ChildProcess;
  /** Lines of the log so far, parsed. */
  readonly log: { readonly msg: string; readonly [name: string]: unknown }[];
  readonly stderr: () => string;
  readonly ended: Promise<{ readonly code: number | null; readonly signal: string | null }>;
  /** Resolves with the address once it listens; rejects where it ends before. */
  readonly listens: Promise<string>;
  /** Resolves once the log has a line that matches, or this many of them. */
  readonly says: (pattern: RegExp, count?: number) => Promise<void>;
};

/** Starts main.ts with these settings and no others; it is gone when the test ends. */
export function startProcess(t: ExecutionContext, settings: Record<string, string>): Running {
  const { PATH = '', HOME = '' } = process.env;
  const env = { PATH, HOME, PORT: '0', DEMO: 'off', ...settings };
  const child = spawn(process.execPath, ['src/main.ts'], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  const news = new EventEmitter();
  const log: Running['log'] = [];
  let unread = '';
  let stderr = '';
  child.stdout.on('data', (chunk: Buffer) => {
    const lines = (unread + chunk).split('\n');
    unread = lines.pop() ?? '';
    for (const line of lines) if (line.startsWith('{')) log.push(JSON.parse(line));
    news.emit('line');
  });
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk;
  });
  const ended = once(child, 'close').then(([code, signal]) => {
    news.emit('line');
    return { code, signal };
  });
  const find = async (pattern: RegExp, count = 1) => {
    for (;;) {
      const line = log.filter(({ msg }) => pattern.test(msg))[count - 1];
      if (line) return line;
      if (child.exitCode !== null || child.signalCode !== null) throw new Error(`it ended: ${stderr}`);
      await once(news, 'line');
    }
  };
  const listens = find(/^Warmdesk listens/).then((line) => `http://127.0.0.1:${line.port}`);
  listens.catch(() => {});
  const says = async (pattern: RegExp, count?: number) => void (await find(pattern, count));
  t.teardown(async () => {
    if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
    await ended;
  });
  return { child, log, stderr: () => stderr, ended, listens, says };
}

/** A folder that is gone when the test ends. */
export function folder(t: ExecutionContext): string {
  const made = mkdtempSync(join(tmpdir(), 'warmdesk-process-'));
  t.teardown(() => rmSync(made, { recursive: true, force: true }));
  return made;
}
