// How fast domains are looked up in DNS, and what a customer's pages are like meanwhile, beside the same pages before.
//   npm run bench -- --part domains --domains 1000 --engine postgres
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type Db, migrate, openDatabase } from '../../src/database.ts';
import { startPostgres } from '../support/postgres.ts';
import { startNames, startServer, stopAll } from './children.ts';
import { numbers } from './filling.ts';
import { load, type Measured } from './load.ts';
import { signedIn } from './people.ts';
import { printed } from './table.ts';

const PAGES = 300;

/** Prints one table: a page's p50 and p99 before and while domains are looked up, and how many of these a second. */
export async function run(args: string[]): Promise<void> {
  const options = {
    domains: { type: 'string', default: '1000' },
    engine: { type: 'string', default: 'sqlite' },
    markdown: { type: 'boolean', default: false },
  } as const;
  const { values } = parseArgs({ args, options });
  const domains = Number(values.domains);
  if (!Number.isInteger(domains) || domains < 1) throw new Error('--domains: a whole number from 1 on');
  const folder = mkdtempSync(join(tmpdir(), 'warmdesk-domains-'));
  const postgres = values.engine === 'postgres' ? startPostgres() : null;
  const url = postgres?.url ?? join(folder, 'domains.sqlite');
  const db = await openDatabase(url);
  try {
    await migrate(db);
    await fill(db, domains);
    process.env['DNS_SERVERS'] = await startNames(domains);
    const server = await startServer(url, 'smtp://127.0.0.1:9');
    const again = { path: '/domains/1', headers: { cookie: await signedIn(db, 'owner@bench.example') } };
    const pages = () => load(server.url, 1, { again, amount: PAGES }, 200);
    // The first look loads what evaluates records, once.
    await db('domains').where({ id: 1 }).update({ due_at: 0 });
    await allSeen(db, 1, 0);
    await pages();
    const before = await pages();
    await db('domains').whereNot({ id: 1 }).update({ due_at: 0 });
    const begun = Date.now();
    const [during, seconds] = await Promise.all([pages(), allSeen(db, domains, begun)]);
    const row = (name: string, { p50, p99 }: Measured) => [name, p50.toFixed(1), p99.toFixed(1)];
    const lines = [['a domain’s page', 'p50 ms', 'p99 ms'], row('before', before), row('while DNS is asked', during)];
    console.log(`${domains} domains looked up in ${seconds.toFixed(1)} s: ${(domains / seconds).toFixed(0)} a second`);
    console.log(printed(lines, values.markdown));
  } finally {
    await db.destroy();
    await stopAll();
    postgres?.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Seconds from `begun` until all were looked up with success. */
async function allSeen(db: Db, domains: number, begun: number): Promise<number> {
  for (;;) {
    const row = await db('domains')
      .where({ dkim: true, spf: true, dmarc: true })
      .count({ n: '*' })
      .max({ at: 'checked_at' })
      .first();
    if (Number(row?.['n']) === domains) return (Number(row?.['at']) - begun) / 1000;
    await new Promise((done) => setTimeout(done, 200));
  }
}

async function fill(db: Db, domains: number): Promise<void> {
  await db.raw("insert into accounts (id, name, plan, created_at) values (1, 'Bench', 'premium', 1)");
  await db('people').insert({
    ...{ id: 1, account_id: 1, account_role: 'admin', email: 'owner@bench.example', name: 'Owner', name_key: 'owner' },
    ...{ time_zone: 'UTC', password_hash: 'none', created_at: 1 },
  });
  await db.raw(`insert into domains (id, account_id, name, usage, route, selectors, created_at) ${numbers(domains)}
    select i, 1, 'd' || i || '.bench.test', 'both', 'default', 's1', 1 from n`);
  await db.raw(`insert into audit_events (subject_type, subject_id, account_id, seq, name, to_status, at, facts) ${numbers(domains)}
    select 'domain', i, 1, 1, 'domain.added', 'default', 1, '{"domain":"d' || i || '.bench.test"}' from n`);
}
