// Processor time of another process.
import { readdirSync, readFileSync } from 'node:fs';

/** What a process has used so far of all processors, with all its threads: milliseconds. On Linux alone. */
export function processorMs(pid: number): number {
  const threads = readdirSync(`/proc/${pid}/task`);
  return threads.reduce((sum, thread) => sum + nanoseconds(pid, thread) / 1e6, 0);
}

function nanoseconds(pid: number, thread: string): number {
  try {
    return Number(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').split(' ')[0]);
  } catch {
    // The thread ended since it was listed.
    return 0;
  }
}
