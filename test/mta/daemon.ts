// Daemons of Debian's that a test starts and that end with it.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { ExecutionContext } from 'ava';
import { debian } from './packages.ts';

/** Starts a program of Debian's; resolves once it says that it is up. It ends with the test. */
export async function run(t: ExecutionContext, name: string, options: string[], isUp: RegExp): Promise<void> {
  const { root, env } = debian(name);
  const child: ChildProcess = spawn(join(root, 'usr/sbin', name), options, { env, stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = once(child, 'close');
  t.teardown(async () => {
    child.kill('SIGKILL');
    await ended;
  });
  let said = '';
  await new Promise<void>((up, fail) => {
    const read = (piece: Buffer) => {
      said += piece;
      if (isUp.test(said)) up();
    };
    child.stdout?.on('data', read);
    child.stderr?.on('data', read);
    child.on('error', fail);
    child.on('close', () => fail(new Error(`${name} ended:\n${said}`)));
  });
}
