// Asks of several kinds again and again while something else goes on, and says how long each took.
import { setTimeout as pause } from 'node:timers/promises';

/** Something that is asked every `everyMs`, once the last was answered. It throws where the answer is not right. */
export type Probe = { readonly name: string; readonly everyMs: number; readonly ask: () => Promise<unknown> };

/** Milliseconds; `failed`: asks that threw. */
export type Probed = { readonly p50: number; readonly p99: number; readonly most: number; readonly failed: number };

/** Asks until `work` is over. Returns how long each probe took, by its name, and how long the work did (milliseconds). */
export async function probedWhile(
  probes: readonly Probe[],
  work: () => Promise<unknown>,
): Promise<{ readonly probed: Readonly<Record<string, Probed>>; readonly ms: number }> {
  let isOver = false;
  const asked = probes.map((probe) => repeated(probe, () => isOver));
  const begun = performance.now();
  try {
    await work();
  } finally {
    isOver = true;
  }
  const ms = performance.now() - begun;
  const all = await Promise.all(asked);
  return { probed: Object.fromEntries(probes.map(({ name }, nth) => [name, all[nth] as Probed])), ms };
}

async function repeated({ everyMs, ask }: Probe, isOver: () => boolean): Promise<Probed> {
  const times: number[] = [];
  let failed = 0;
  while (!isOver()) {
    const begun = performance.now();
    await ask().catch(() => (failed += 1));
    const took = performance.now() - begun;
    times.push(took);
    if (took < everyMs) await pause(everyMs - took);
  }
  times.sort((one, other) => one - other);
  const at = (share: number): number => times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? 0;
  return { p50: at(0.5), p99: at(0.99), most: at(1), failed };
}

/** Asks for an address. Returns the body; throws where it is answered otherwise than expected. */
export async function expecting(url: string, status: number, options: RequestInit = {}): Promise<ArrayBuffer> {
  const answer = await fetch(url, { redirect: 'manual', ...options });
  const body = await answer.arrayBuffer();
  if (answer.status !== status) throw new Error(`${url} answers ${answer.status}`);
  return body;
}
