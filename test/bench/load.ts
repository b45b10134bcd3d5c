// Puts load on a server, and says how it answered.
import autocannon from 'autocannon';

export type Asked = {
  readonly method?: 'GET' | 'POST';
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
};

/** Requests a second; latencies in milliseconds. */
export type Measured = {
  readonly rate: number;
  readonly p50: number;
  readonly p99: number;
  /** Answers in all. */
  readonly count: number;
};

/** What is asked: the same, `amount` times, or each of a list once. */
export type Work = { readonly again: Asked; readonly amount: number } | { readonly each: readonly Asked[] };

/** Runs the work over `connections`. Throws where an answer has another status than `expected`. */
export async function load(url: string, connections: number, work: Work, expected: number): Promise<Measured> {
  const times: number[] = [];
  const odd: number[] = [];
  let next = 0;
  const asked = 'again' in work ? work.again : undefined;
  const each = 'each' in work ? work.each : [];
  const one = asked
    ? { ...asked, headers: { ...asked.headers } }
    : { setupRequest: () => ({ ...(each[next++] as Asked) }) };
  const begun = performance.now();
  let last = begun;
  const run = autocannon({
    url,
    connections: asked ? connections : Math.min(connections, each.length),
    requests: [one as never],
    timeout: 30,
    amount: 'again' in work ? work.amount : each.length,
  });
  run.on('response', (_client: unknown, status: number, _bytes: number, ms: number) => {
    times.push(ms);
    last = performance.now();
    if (status !== expected) odd.push(status);
  });
  const { errors, timeouts } = await run;
  if (errors + timeouts + odd.length > 0 || times.length === 0) {
    throw new Error(
      `${url}${(asked ?? each[0])?.path}: ${errors} errors, ${timeouts} timeouts, answers ${[...new Set(odd)]}`,
    );
  }
  times.sort((a, b) => a - b);
  const at = (share: number): number => times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? 0;
  return { rate: (times.length * 1000) / (last - begun), p50: at(0.5), p99: at(0.99), count: times.length };
}

/** The middle of what was measured, each figure on its own. */
export const median = (values: readonly number[]): number => {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
};
