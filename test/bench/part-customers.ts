// Finding customers by how something of theirs begins, among many accounts beside few.
//   npm run bench -- --part customers --accounts 1000000 --engine postgres
import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { findCustomers } from '../../src/accounts/customers/store.ts';
import { type Db, migrate, openDatabase, unhurried } from '../../src/database.ts';
import { startPostgres } from '../support/postgres.ts';
import { numbers } from './filling.ts';
import { median } from './load.ts';
import { printed } from './table.ts';

const FEW = 10_000;
const ROUNDS = 41;
/** IPs in use among the many free ones of 172. */
const HELD_AMONG_FREE = 40;

/** What is typed, and how many customers it finds. `n`: the number of an account that both databases have. */
const SEARCHES: readonly (readonly [name: string, text: (n: number) => string, found: number])[] = [
  ['name', (n) => `Customer ${n} mail`, 1],
  ['name, many', () => 'cust', 50],
  ['person', (n) => `Owner of ${n} at`, 1],
  ['address', (n) => `owner@c${n}.ex`, 1],
  ['address, many', () => 'owner@', 50],
  ['domain', (n) => `news.c${n}.ex`, 1],
  ['domain, many', () => 'news.', 50],
  ['IP', (n) => addressOf(n), 1],
  ['IP, many', () => '10.', 50],
  ['IP, most of them free', () => '172.', HELD_AMONG_FREE],
  ['nothing', (n) => `zz${n}`, 0],
];

/** Prints one table: the milliseconds of each search among few accounts, among many, and how many times as long. */
export async function run(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      accounts: { type: 'string', default: '1000000' },
      engine: { type: 'string', default: 'sqlite' },
      markdown: { type: 'boolean', default: false },
    },
  });
  const accounts = Number(values.accounts);
  if (!Number.isInteger(accounts) || accounts <= FEW) throw new Error(`--accounts: a whole number above ${FEW}`);
  const folder = mkdtempSync(join(tmpdir(), 'warmdesk-customers-'));
  const stops = [() => rmSync(folder, { recursive: true, force: true })];
  try {
    const dbs: Db[] = [];
    for (const size of [FEW, accounts]) {
      const postgres = values.engine === 'postgres' ? startPostgres() : null;
      if (postgres !== null) stops.unshift(postgres.stop);
      const db = await openDatabase(postgres?.url ?? join(folder, `${size}.sqlite`));
      dbs.push(db);
      await migrate(db);
      await db.transaction(async (trx) => {
        await unhurried(trx);
        await fill(trx, size);
      });
    }
    const [cpu] = cpus();
    const load = loadavg()[0]?.toFixed(0);
    const day = new Date().toISOString().slice(0, 10);
    console.log(`${day}, Node ${process.version}, ${values.engine}, ${cpu?.model.trim()}, load ${load}`);
    console.log(printed(await measure(dbs, accounts), values.markdown));
    for (const db of dbs) await db.destroy();
  } finally {
    for (const stop of stops) stop();
  }
}

/** An IP in use with whose address no other begins. */
const addressOf = (n: number): string => `10.0.${n % 9}.${100 + (n % 100)}`;

/** People, two domains an account, an IP for one account in four, and as many free ones in a block of their own. */
async function fill(db: Db, accounts: number): Promise<void> {
  const part = async (sql: string) => void (await db.raw(sql));
  const ips = accounts / 4;
  const block = (first: number) => `'${first}.' || (i / 65536) || '.' || (i / 256 % 256) || '.' || (i % 256)`;
  await part(`insert into accounts (id, name, name_key, plan, created_at) ${numbers(accounts)}
    select i, 'Customer ' || i || ' Mailings', 'customer ' || i || ' mailings', 'premium', 1 from n`);
  await part(`insert into people (id, account_id, account_role, email, name, name_key, password_hash, time_zone, created_at)
    ${numbers(accounts)} select i, i, 'admin', 'owner@c' || i || '.example', 'Owner of ' || i || ' at home',
      'owner of ' || i || ' at home', '', 'UTC', 1 from n`);
  await part(`insert into domains (id, account_id, name, usage, created_at) ${numbers(2 * accounts)}
    select i, (i + 1) / 2, (case when i % 2 = 0 then 'notify' else 'news' end) || '.c' || ((i + 1) / 2) || '.example',
      'both', 1 from n`);
  await part(`insert into ips (id, address, region, status, created_at) ${numbers(ips)}
    select i, ${block(10)}, 'us', 'allocated', 1 from n`);
  await part(`insert into ips (id, address, region, status, created_at) ${numbers(ips)}
    select ${ips} + i, ${block(172)}, 'us', case when i > ${ips - HELD_AMONG_FREE} then 'allocated' else 'free' end, 1 from n`);
  await part(`insert into allocations (id, ip_id, account_id, status, monthly_cents, currency, allocated_at, changed_at)
    select id, id, case when id > ${ips} then id - ${ips} else 4 * id end, 'active', 5000, 'USD', 1, 1
    from ips where status = 'allocated'`);
  await part('analyze');
}

async function measure(dbs: readonly Db[], accounts: number): Promise<string[][]> {
  const lines = [['', `${FEW}, ms`, `${accounts}, ms`, 'times']];
  for (const [name, text, found] of SEARCHES) {
    const took = dbs.map((): number[] => []);
    for (let round = 0; round <= ROUNDS; round += 1) {
      for (const [index, db] of dbs.entries()) {
        const begun = performance.now();
        const rows = await findCustomers(db, text(1000 + round * 97));
        const ms = performance.now() - begun;
        if (rows.length !== found) throw new Error(`${name}: ${rows.length} customers were found`);
        // The first reads pages and prepares statements.
        if (round > 0) took[index]?.push(ms);
      }
    }
    const [few = Number.NaN, many = Number.NaN] = took.map((all) => median(all));
    lines.push([name, few.toFixed(2), many.toFixed(2), (many / few).toFixed(2)]);
  }
  return lines;
}
