import type { Server } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';

const QUIET_MS = 100;
const QUIET_TURNS = 3;

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
  const until = performance.now() + longestMs;
  for (let quiet = 0; quiet < QUIET_TURNS && performance.now() < until; quiet += 1) {
    const before = news;
    await pause(QUIET_MS);
    if (news > before) quiet = -1;
  }
}
