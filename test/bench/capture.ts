// Looks over the application's shoulder: which statements a page takes, so that a bare server can read the same rows.

import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createApp } from '../../src/app.ts';
import { ROUND_THE_CLOCK } from '../../src/calendar/calendar.ts';
import { readConfig } from '../../src/config.ts';
import { type Db, isPostgres } from '../../src/database.ts';
import { openResolver } from '../../src/dns/resolver.ts';
import { NO_RECORD_SETTING } from '../../src/domains/records/setting.ts';
import { createLog } from '../../src/log.ts';
import { findNewestPolicy } from '../../src/policy/store.ts';
import { sessionSecret } from './people.ts';

export type Statement = {
  readonly sql: string;
  readonly bindings: readonly unknown[];
  readonly columns: readonly string[];
};

/** What a bare server needs to give the same answer: its bytes, and one statement that reads the same rows. */
export type BarePage = {
  readonly path: string;
  readonly body: string;
  readonly sql: string;
  readonly bindings: readonly unknown[];
};

/** The application in this process, over `db`, with every statement that it sends noted. */
export async function watchedApp(db: Db) {
  const read = readConfig({ NODE_ENV: 'test' });
  const policy = await findNewestPolicy(db, 'customerio');
  if (!read.ok || !policy) throw new Error('the database is not filled');
  const log = createLog('silent');
  const own = {
    provider: { name: 'Warmdesk', colour: null, logo: null, records: NO_RECORD_SETTING },
    calendar: ROUND_THE_CLOCK,
    isSettingUp: false,
    reload: async () => {},
  };
  const dns = openResolver(['127.0.0.1:9']);
  const fixed = { db, config: read.value, log, dns, policy, now: Date.now, sessionSecret, passwordMemory: 19_456 };
  const deps = { ...fixed, ...own };
  const server = createServer(createApp(deps)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  let seen: Statement[] = [];
  db.on('query-response', (rows: unknown, { sql, bindings }: { sql: string; bindings: unknown[] }) => {
    const [first] = (Array.isArray(rows) ? rows : [rows]) as (Record<string, unknown> | undefined)[];
    seen.push({ sql, bindings: bindings ?? [], columns: first && typeof first === 'object' ? Object.keys(first) : [] });
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    /** The statements since the last call. */
    seen: (): Statement[] => {
      const all = seen;
      seen = [];
      return all;
    },
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

/** Asks for a page once, and makes one statement of all that it read. */
export async function barePage(
  app: Awaited<ReturnType<typeof watchedApp>>,
  db: Db,
  page: { path: string; cookie: string },
): Promise<BarePage & { readonly queries: number }> {
  app.seen();
  const answer = await fetch(app.url + page.path, { headers: { cookie: page.cookie }, redirect: 'manual' });
  const body = await answer.text();
  if (answer.status !== 200) throw new Error(`${page.path} answers ${answer.status}`);
  const statements = app.seen().filter(({ sql }) => /^(select|with)/i.test(sql));
  const parts = statements.map((one) => (isPostgres(db) ? partForPostgres(one) : partForSqlite(one)));
  let no = 0;
  const sql = `select ${parts.join(', ')}`.replace(/\$\d+/g, () => `$${++no}`);
  return {
    path: page.path,
    body,
    sql,
    bindings: statements.flatMap(({ bindings }) => bindings),
    queries: statements.length,
  };
}

function partForSqlite({ sql, columns }: Statement): string {
  if (columns.length === 0) return `(select count(*) from (${sql}))`;
  return `(select json_group_array(json_array(${columns.map((name) => `"${name}"`).join(', ')})) from (${sql}))`;
}

const partForPostgres = ({ sql }: Statement): string => `(select json_agg(x) from (${sql}) as x)`;
