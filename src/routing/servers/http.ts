// The API's questions about messages, answered by the router itself: out of memory, without the desk's pages around it.
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { parse } from 'node:querystring';
import type { Db } from '../../database.ts';
import { dayOf } from '../../day.ts';
import { lastRequests } from '../../last-requests.ts';
import type { Log } from '../../log.ts';
import { hashOfBearer, usesNoted } from '../../systems/bearer.ts';
import { answerTo } from '../answer.ts';
import { readQuestion } from '../form.ts';
import type { Router } from '../router.ts';
import { listSpent } from '../store.ts';
import type { Listening } from './tcp.ts';

const IDLE_MS = 100_000;
const MOST_CONNECTIONS = 20_000;
/** Long enough for a question about some hundred recipients. */
const LONGEST_HEAD = 65_536;

export type HttpParts = {
  readonly router: Router;
  readonly db: Db;
  readonly now: () => number;
  readonly log: Log;
  /** Hashes of the tokens that are good. */
  readonly tokens: () => ReadonlySet<string>;
  /** Whether mail systems may ask from this address (S-27). */
  readonly isAllowed: (address: string | undefined) => boolean;
};

/** Listens for `GET /api/v1/route`. Rejects where the port cannot be had. */
export async function listenHttp(parts: HttpParts, { host, port }: { host: string; port: number }): Promise<Listening> {
  const noteUse = usesNoted(parts);
  const server = createServer({ maxHeaderSize: LONGEST_HEAD, keepAliveTimeout: IDLE_MS }, (req, res) => {
    req.resume();
    handle(parts, noteUse, req, res).catch((err: unknown) => {
      parts.log.error({ err }, 'a question could not be answered');
      refuse(res, 500, 'Something went wrong on our side. Send the message as you always did.');
    });
  });
  server.maxConnections = MOST_CONNECTIONS;
  server.requestTimeout = IDLE_MS;
  server.on('clientError', (_error, socket) => socket.destroy());
  server.listen({ host, port, backlog: 4096 });
  await once(server, 'listening');
  server.on('error', (err) => parts.log.error({ err }, 'the listener failed'));
  return { port: (server.address() as AddressInfo).port, stop: () => stop(server) };
}

async function handle(
  parts: HttpParts,
  noteUse: (hash: string) => void,
  req: IncomingMessage,
  res: ServerResponse,
): Promise<void> {
  // Whatever follows the first question mark is the query, as on the desk.
  const [, path, query = ''] = /^([^?]*)\??(.*)$/s.exec(req.url ?? '') ?? [];
  if (req.method !== 'GET' || path !== '/api/v1/route') {
    return refuse(res, 404, 'There is only GET /api/v1/route here; all else is at the desk’s own address.');
  }
  if (!parts.isAllowed(req.socket.remoteAddress)) return refuseOutsider(parts, req, res);
  const hash = hashOfBearer(req.headers.authorization);
  if (hash === undefined || !parts.tokens().has(hash)) {
    return refuse(res, 401, 'Send a good token as the header Authorization: Bearer TOKEN.');
  }
  noteUse(hash);
  const asked = readQuestion({ ...parse(query) });
  if (!asked.ok) return refuse(res, 422, asked.problem.join('; '));
  const { router, db, now } = parts;
  const spentToday = (ids: readonly number[], provider?: string) => listSpent(db, ids, dayOf(now()), provider);
  const answer = answerTo({ router, spentToday }, asked.value);
  send(res, 200, answer instanceof Promise ? await answer : answer);
}

function refuseOutsider({ log }: HttpParts, req: IncomingMessage, res: ServerResponse): void {
  const reference = randomUUID();
  log.warn({ refusedFrom: req.socket.remoteAddress, reference }, 'a question from an address that is not allowed');
  refuse(res, 403, 'The API can be reached from certain addresses only, and this is not one of them.', reference);
}

const refuse = (res: ServerResponse, status: number, message: string, reference: string = randomUUID()): void =>
  send(res, status, { error: { status, message, reference } });

function send(res: ServerResponse, status: number, json: object): void {
  if (res.headersSent) return;
  const body = Buffer.from(JSON.stringify(json));
  res.writeHead(status, {
    'content-type': 'application/json; charset=utf-8',
    'content-length': body.length,
    'cache-control': 'no-store',
  });
  res.end(body);
}

const LAST_REQUESTS_MS = 1_000;

async function stop(server: Server): Promise<void> {
  await lastRequests(server, LAST_REQUESTS_MS);
  const closed = once(server, 'close');
  server.close();
  server.closeIdleConnections();
  const force = setTimeout(() => server.closeAllConnections(), 2_000);
  await closed;
  clearTimeout(force);
}
