// Ends test files that hang. AVA's own limit looks at all files together: one that hangs while others go on is never ended.
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const MINUTE_MS = 60_000;
// The longest take less than ten minutes on a busy machine.
const LONGEST_MINUTES = 25;

export class Watch {
  /** Each file leaves its name here while it runs, under its process (`running.ts`). */
  readonly folder = mkdtempSync(join(tmpdir(), 'warmdesk-running-'));
  /** The files that were ended. */
  readonly ended: string[] = [];
  readonly #timer = setInterval(() => this.#look(), MINUTE_MS);

  #look(): void {
    for (const pid of readdirSync(this.folder)) {
      const mark = join(this.folder, pid);
      // One that was ended otherwise leaves its mark, and its number to another process.
      if (!isAlive(Number(pid))) {
        rmSync(mark, { force: true });
        continue;
      }
      if (ageOf(mark) < LONGEST_MINUTES * MINUTE_MS) continue;
      const file = readFileSync(mark, 'utf8');
      this.ended.push(file);
      console.log(`\nENDED after ${LONGEST_MINUTES} minutes: ${file}`);
      rmSync(mark);
      signal(Number(pid), 'SIGKILL');
    }
  }

  stop(): void {
    clearInterval(this.#timer);
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Since when a file has run, in milliseconds; 0 where it has just ended. */
function ageOf(mark: string): number {
  const stat = statSync(mark, { throwIfNoEntry: false });
  return stat === undefined ? 0 : Date.now() - stat.mtimeMs;
}

const isAlive = (pid: number): boolean => signal(pid, 0);

/** Sends a signal to a process, or, where the number is negative, to a group of them; false where it has ended. */
export function signal(pid: number, name: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(pid, name);
  } catch {
    return false;
  }
}
