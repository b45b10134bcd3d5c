// The bare server that pages and acts are compared with: node:http and the driver, nothing else. Its own process.
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { verifyPassword } from '../../src/accounts/password.ts';
import { openDatabase, sqliteFile } from '../../src/database.ts';
import type { BarePage } from './capture.ts';
import { passwordOfAll } from './filling.ts';

/** What the bench sends at the start. `writes`: for each act the texts of its rows, a statement each. */
export type BareWork = {
  readonly databaseUrl: string;
  readonly scratchUrl: string;
  readonly pages: readonly BarePage[];
  readonly writes: Readonly<Record<string, readonly string[]>>;
  readonly passwordHash: string;
};

type Sqlite = { all(sql: string, bindings: unknown[], done: (error: Error | null, rows: unknown[]) => void): void };
type Postgres = { query(sql: string, bindings: unknown[]): Promise<unknown> };

process.once('message', (work: BareWork) => void serve(work));

/** A function that runs one statement on a connection as the product opens it, by the driver alone. */
async function connect(url: string): Promise<(sql: string, bindings?: readonly unknown[]) => Promise<unknown>> {
  const db = await openDatabase(url);
  const connection: Sqlite | Postgres = await db.client.acquireConnection();
  if ('query' in connection) return (sql, bindings = []) => connection.query(sql, [...bindings]);
  return (sql, bindings = []) =>
    new Promise((done, fail) =>
      connection.all(sql, [...bindings], (error, rows) => (error ? fail(error) : done(rows))),
    );
}

async function serve({ databaseUrl, scratchUrl, pages, writes, passwordHash }: BareWork): Promise<void> {
  const read = await connect(databaseUrl);
  const write = await connect(scratchUrl);
  await write('create table written (id integer primary key generated always as identity, body text)').catch(() =>
    write('create table written (id integer primary key, body text)'),
  );
  const byPath = new Map(pages.map((page) => [page.path, { ...page, bytes: Buffer.from(page.body) }]));
  let turn: Promise<unknown> = Promise.resolve();
  const server = createServer((req, res) => {
    const page = byPath.get(req.url ?? '');
    if (page) {
      read(page.sql, page.bindings).then(() => {
        res.setHeader('Content-Type', 'text/html; charset=utf-8');
        res.end(page.bytes);
      }, fail(res));
      return;
    }
    // One connection: an act waits for the one before it.
    const act = (req.url ?? '').slice(1);
    const ready = act === 'sign-in' ? verifyPassword(passwordOfAll, passwordHash, 0) : Promise.resolve(true);
    ready.then(() => {
      turn = turn.then(() => commit(writes[act] ?? [])).then(() => res.writeHead(303).end(), fail(res));
    }, fail(res));
  });
  const fail = (res: ServerResponse) => (error: Error) => res.writeHead(500).end(error.message);
  const insert = `insert into written (body) values (${sqliteFile(scratchUrl) === null ? '$1' : '?'})`;
  async function commit(bodies: readonly string[]): Promise<void> {
    await write('BEGIN');
    for (const body of bodies) await write(insert, [body]);
    await write('COMMIT');
  }
  server.listen(0, '127.0.0.1', () => process.send?.({ port: (server.address() as AddressInfo).port }));
}
