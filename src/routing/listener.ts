// A TCP listener that answers requests in their order and that nobody can hold up: what is not understood is closed, who
// does not read is not read from, and who says nothing for long is gone. Knows no protocol.
import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import type { Log } from '../log.ts';

const IDLE_MS = 100_000;
const MOST_CONNECTIONS = 20_000;

/** What has come so far, answered: the replies in order, and the rest that is no whole request yet. */
export type Read = { readonly replies: string; readonly rest: string };

/** Answers all whole requests in `buffer` (latin1); undefined where it is nothing that can become one. */
export type Protocol = (buffer: string) => Read | undefined;

export type Listening = { readonly port: number; readonly stop: () => Promise<void> };

/** Listens for a protocol. Rejects where the port cannot be had. `idleMs`: how long a connection may say nothing. */
export async function listen(
  protocol: Protocol,
  { host, port, log, idleMs = IDLE_MS }: { host: string; port: number; log: Log; idleMs?: number },
): Promise<Listening> {
  const open = new Set<Socket>();
  const server = createServer({ noDelay: true }, (socket) => {
    open.add(socket);
    socket.on('close', () => open.delete(socket));
    serve(socket, protocol, log, idleMs);
  });
  server.maxConnections = MOST_CONNECTIONS;
  server.listen({ host, port, backlog: 4096 });
  await once(server, 'listening');
  server.on('error', (err) => log.error({ err }, 'the listener failed'));
  return { port: (server.address() as AddressInfo).port, stop: () => stop(server, open) };
}

function serve(socket: Socket, protocol: Protocol, log: Log, idleMs: number): void {
  let unread = '';
  socket.setEncoding('latin1');
  socket.setTimeout(idleMs, () => socket.destroy());
  socket.on('error', () => socket.destroy());
  socket.on('drain', () => socket.resume());
  socket.on('data', (chunk: string) => {
    const read = answered(protocol, unread + chunk, log);
    if (read === undefined) {
      log.debug({ from: socket.remoteAddress }, 'a request that cannot be read; its connection is closed');
      socket.destroy();
      return;
    }
    unread = read.rest;
    // Who does not take the answers gets no more until they are taken.
    if (read.replies !== '' && !socket.write(read.replies, 'latin1')) socket.pause();
  });
}

/** A fault of ours costs the one connection; the mail server does without the answer. */
function answered(protocol: Protocol, buffer: string, log: Log): Read | undefined {
  try {
    return protocol(buffer);
  } catch (error) {
    log.error({ err: error }, 'a request could not be answered');
    return undefined;
  }
}

/** Takes no more connections and ends those that are open, after what is answered already. */
async function stop(server: Server, open: ReadonlySet<Socket>): Promise<void> {
  const closed = once(server, 'close');
  server.close();
  for (const socket of open) socket.destroySoon();
  const force = setTimeout(() => {
    for (const socket of open) socket.destroy();
  }, 2_000);
  await closed;
  clearTimeout(force);
}
