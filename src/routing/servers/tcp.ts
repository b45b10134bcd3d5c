// A TCP listener that answers requests in their order and that nobody can hold up: what is not understood is closed, who
// does not read is not read from, and who says nothing for long is gone. Knows no protocol.
import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { untilQuiet } from '../../last-requests.ts';
import type { Log } from '../../log.ts';

/**
 * Postfix keeps a connection as long as a client's session and takes a closed one for a router that is away: with
 * try_limit=1 the rest of the session's messages would go unasked. So a connection may stay idle for long.
 */
const IDLE_MS = 3_600_000;
/** For a first request, the rest of one, and taking the answers. */
const SILENT_MS = 100_000;
const MOST_CONNECTIONS = 20_000;
/** When it stops: for what clients sent before they could know, and then for the answers that are under way. */
const LAST_REQUESTS_MS = 1_000;
const LAST_ANSWERS_MS = 5_000;

/**
 * What has come so far, answered: the replies in order, and the rest that is not a whole request yet. `later`: the reply that
 * comes next, before anything in `rest` is answered.
 */
export type Read = { readonly replies: string; readonly rest: string; readonly later?: Promise<string> };

/** Answers all whole requests in `buffer` (latin1); undefined where it is nothing that can become one. */
export type Protocol = (buffer: string) => Read | undefined;

/** `end` closes it once what was read of it is answered. */
type Connection = { readonly socket: Socket; readonly end: () => void };

export type Listening = { readonly port: number; readonly stop: () => Promise<void> };

/**
 * Listens for a protocol. Rejects where the port cannot be had. `silentMs`: how long a connection may say nothing where
 * something is due from it; one that had its answers may be silent for an hour.
 */
export async function listen(
  protocol: Protocol,
  { host, port, log, silentMs = SILENT_MS }: { host: string; port: number; log: Log; silentMs?: number },
): Promise<Listening> {
  const open = new Set<Connection>();
  const server = createServer({ noDelay: true, keepAlive: true }, (socket) => {
    const connection = { socket, end: serve(socket, protocol, log, silentMs) };
    open.add(connection);
    socket.on('close', () => open.delete(connection));
  });
  server.maxConnections = MOST_CONNECTIONS;
  server.listen({ host, port, backlog: 4096 });
  await once(server, 'listening');
  server.on('error', (err) => log.error({ err }, 'the listener failed'));
  return { port: (server.address() as AddressInfo).port, stop: () => stop(server, open) };
}

/** Answers a connection's requests. Returns what ends it once those that were read are answered. */
function serve(socket: Socket, protocol: Protocol, log: Log, silentMs: number): () => void {
  let unread = '';
  let patience = silentMs;
  const expect = (isDue: boolean): void => {
    const ms = isDue ? silentMs : IDLE_MS;
    if (ms !== patience) socket.setTimeout(ms);
    patience = ms;
  };
  let [isWaiting, isEnding] = [false, false];
  const answer = (buffer: string): void => {
    const read = answered(protocol, buffer, log);
    if (read === undefined) {
      log.debug({ from: socket.remoteAddress }, 'a request that cannot be read; its connection is closed');
      socket.destroy();
      return;
    }
    unread = read.rest;
    // Who does not take the answers gets no more until they are taken.
    const isTaken = read.replies === '' || socket.write(read.replies, 'latin1');
    if (!isTaken || read.later !== undefined) socket.pause();
    expect(!isTaken || unread !== '');
    if (read.later !== undefined) afterwards(read.later);
  };
  const afterwards = (later: Promise<string>): void => {
    isWaiting = true;
    later.then(
      (reply) => {
        isWaiting = false;
        if (socket.destroyed) return;
        if (socket.write(reply, 'latin1')) socket.resume();
        answer(unread);
        if (isEnding) end();
      },
      (error: unknown) => {
        log.error({ err: error }, 'a request could not be answered');
        socket.destroy();
      },
    );
  };
  const end = (): void => {
    isEnding = true;
    if (!isWaiting) socket.destroySoon();
  };
  socket.setEncoding('latin1');
  socket.setTimeout(patience, () => socket.destroy());
  socket.on('error', () => socket.destroy());
  socket.on('drain', () => {
    if (isWaiting) return;
    expect(unread !== '');
    socket.resume();
  });
  socket.on('data', (chunk: string) => {
    // What was on its way when it was paused waits its turn.
    if (isWaiting) unread += chunk;
    else answer(unread + chunk);
  });
  return end;
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

/** Answers what was sent before anybody could know of the stop, then takes no more and ends each connection. */
async function stop(server: Server, open: ReadonlySet<Connection>): Promise<void> {
  let news = 0;
  const more = () => {
    news += 1;
  };
  server.on('connection', (socket) => {
    more();
    socket.on('data', more);
  });
  for (const { socket } of open) socket.on('data', more);
  await untilQuiet(() => news, LAST_REQUESTS_MS);
  const closed = once(server, 'close');
  server.close();
  for (const { end } of open) end();
  const force = setTimeout(() => {
    for (const { socket } of open) socket.destroy();
  }, LAST_ANSWERS_MS);
  await closed;
  clearTimeout(force);
}
