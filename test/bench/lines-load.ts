// Puts load on a server that answers requests on open connections in their order.
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import type { Measured } from './load.ts';

export type Talk = {
  readonly port: number;
  /** The request of this number. */
  readonly request: (no: number) => string;
  /** What every answer ends with, and nothing else in it has. */
  readonly end: string;
};

/** Asks over `connections` connections, on each the next thing once the last is answered. Lasts about `seconds`. */
export async function asFastAsItCan(talk: Talk, connections: number, seconds: number): Promise<Measured> {
  const times: number[] = [];
  let no = 0;
  const begun = performance.now();
  const until = begun + seconds * 1000;
  const sockets = await connected(talk.port, connections);
  await Promise.all(
    sockets.map(
      (socket) =>
        new Promise<void>((done) => {
          let asked = 0;
          const ask = () => {
            asked = performance.now();
            socket.write(talk.request(no++), 'latin1');
          };
          socket.on('data', (chunk: string) => {
            if (!chunk.endsWith(talk.end)) return;
            const now = performance.now();
            times.push(now - asked);
            if (now < until) ask();
            else done();
          });
          ask();
        }),
    ),
  );
  for (const socket of sockets) socket.destroy();
  return measured(times, performance.now() - begun);
}

/** Asks `rate` times a second, each millisecond some, whether answers come or not. */
export async function atARate(talk: Talk, rate: number, connections: number, seconds: number): Promise<Measured> {
  const sockets = await connected(talk.port, connections);
  const times: number[] = [];
  const due = sockets.map((): number[] => []);
  const all = rate * seconds;
  const begun = performance.now();
  const finished = new Promise<void>((done) => {
    for (const [index, socket] of sockets.entries()) {
      socket.on('data', (chunk: string) => {
        const now = performance.now();
        for (let at = chunk.indexOf(talk.end); at >= 0; at = chunk.indexOf(talk.end, at + talk.end.length)) {
          times.push(now - (due[index]?.shift() ?? now));
        }
        if (times.length === all) done();
      });
    }
  });
  let sent = 0;
  await new Promise<void>((done) => {
    const tick = () => {
      const now = performance.now();
      for (const wanted = Math.min(all, Math.floor(((now - begun) / 1000) * rate)); sent < wanted; sent += 1) {
        const index = sent % connections;
        due[index]?.push(performance.now());
        sockets[index]?.write(talk.request(sent), 'latin1');
      }
      // Waiting instead of spinning leaves the processor to the server.
      if (sent < all) setTimeout(tick, 1);
      else done();
    };
    tick();
  });
  await finished;
  const result = measured(times, performance.now() - begun);
  for (const socket of sockets) socket.destroy();
  return result;
}

async function connected(port: number, count: number): Promise<Socket[]> {
  const sockets = Array.from({ length: count }, () => connect({ port, host: '127.0.0.1', noDelay: true }));
  await Promise.all(sockets.map((socket) => once(socket, 'connect')));
  for (const socket of sockets) socket.setEncoding('latin1');
  return sockets;
}

function measured(times: number[], ms: number): Measured {
  times.sort((a, b) => a - b);
  const at = (share: number): number => times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? 0;
  return { rate: (times.length * 1000) / ms, p50: at(0.5), p99: at(0.99), count: times.length };
}
