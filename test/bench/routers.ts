// A router process over a database that is filled already.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { HERE } from './children.ts';

export type Ports = { readonly policy: number; readonly socketmap: number; readonly http: number };

/** Starts one with its three listeners; ready when all of them are. `folder`: of which build. */
export async function startRouter(url: string, folder = HERE) {
  const path = join(folder, 'src/cli/router.ts');
  const child = spawn(process.execPath, [path, '--policy', '0', '--socketmap', '0', '--http', '0'], {
    cwd: folder,
    env: { ...process.env, DATABASE_URL: url },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  process.on('exit', () => child.kill('SIGKILL'));
  const told: Record<string, number> = {};
  for await (const line of createInterface(child.stdout)) {
    const { policy, socketmap, http, ms } = JSON.parse(line);
    Object.assign(
      told,
      policy ? { policy } : {},
      socketmap ? { socketmap } : {},
      http ? { http } : {},
      ms ? { ms } : {},
    );
    if (told['http']) break;
  }
  child.stdout.resume();
  const ports: Ports = { policy: told['policy'] ?? 0, socketmap: told['socketmap'] ?? 0, http: told['http'] ?? 0 };
  return {
    ports,
    pid: child.pid,
    read: told['ms'],
    memory: Math.round(memoryOf(child.pid ?? 0, 'VmRSS')),
    ended: once(child, 'exit'),
    stop: () => child.kill('SIGTERM'),
  };
}

/** Memory of a process, MB: what it has now, or had at most. On Linux alone. */
export const memoryOf = (pid: number, which: 'VmRSS' | 'VmHWM'): number => {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(new RegExp(`${which}:\\s+(\\d+)`).exec(status)?.[1]) / 1024;
};
