import type { Server } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';

const QUIET_MS = 100;
const QUIET_TURNS = 3;

/** Waits until `news` stays the same for a few turns, or `longestMs` are over. */
export async function untilQuiet(news: () => number, longestMs: number): Promise<void> {
  const until = performance.now() + longestMs;
  for (let turns = 0; turns < QUIET_TURNS && performance.now() < until; turns += 1) {
    const before = news();
    await pause(QUIET_MS);
    if (news() > before) turns = -1;
  }
}

/**
 * Waits until everything is read that clients sent before they could know of the stop: for a few turns nothing new came,
 * or `longestMs` are over. Each answer from now on ends its connection, so that no client sends another request over it.
 */
export async function lastRequests(server: Server, longestMs: number): Promise<void> {
  let news = 0;
  const more = () => {
    news += 1;
  };
  server.on('connection', more);
  server.prependListener('request', (_req, res) => {
    more();
    res.setHeader('Connection', 'close');
  });
  await untilQuiet(() => news, longestMs);
}
