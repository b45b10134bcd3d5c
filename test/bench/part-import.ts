// Importing many customers with their people and domains: the file looked at, staged and taken in, each for itself.
//   npm run bench -- --part import --customers 100000 --engine postgres
import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Person } from '../../src/accounts/person.ts';
import { findPersonById } from '../../src/accounts/store.ts';
import { type Db, migrate, openDatabase } from '../../src/database.ts';
import { runImports, stageImport } from '../../src/imports/actions.ts';
import { checkCustomers } from '../../src/imports/customers/actions.ts';
import type { Policy } from '../../src/policy/document/policy.ts';
import { startPostgres } from '../support/postgres.ts';
import { printed } from './table.ts';

const LINES_TOGETHER = 500;
const HEAD = ['', 'seconds', 'processor s', 'a second', 'RSS before, MB', 'RSS most, MB'];

/** Prints one table: seconds and memory of each part, and of all. Half of the customers have somebody for billing; each has two domains. */
export async function run(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      customers: { type: 'string', default: '100000' },
      engine: { type: 'string', default: 'sqlite' },
      markdown: { type: 'boolean', default: false },
    },
  });
  const customers = Number(values.customers);
  if (!Number.isInteger(customers) || customers < 2) throw new Error('--customers: a whole number from 2 on');
  const folder = mkdtempSync(join(tmpdir(), 'warmdesk-import-bench-'));
  const postgres = values.engine === 'postgres' ? startPostgres() : null;
  const db = await openDatabase(postgres?.url ?? join(folder, 'import.sqlite'));
  try {
    await migrate(db);
    const person = await staff(db);
    const [cpu] = cpus();
    const load = loadavg()[0]?.toFixed(0);
    const day = new Date().toISOString().slice(0, 10);
    console.log(`${day}, Node ${process.version}, ${values.engine}, ${cpu?.model.trim()}, load ${load}`);
    console.log(printed(await measure(db, person, customers), values.markdown));
  } finally {
    await db.destroy();
    postgres?.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Who imports. */
async function staff(db: Db): Promise<Person> {
  const row = { staff_role: 'admin', email: 'admin@warmdesk.example', name: 'Admin', name_key: 'admin' };
  const [added] = await db('people')
    .insert({ ...row, password_hash: '', time_zone: 'UTC', created_at: 1 })
    .returning('id');
  const person = await findPersonById(db, added.id);
  if (!person) throw new Error('the person was not added');
  return person;
}

async function* fileOf(customers: number): AsyncGenerator<Buffer> {
  let text = 'customer,plan,region,email,name,role,domains\n';
  for (let n = 1; n <= customers; n += 1) {
    const who = `Customer ${n} Mailings,premium,any`;
    text += `${who},owner@c${n}.example,Owner of ${n},admin,news.c${n}.example notify.c${n}.example:transactional\n`;
    if (n % 2 === 0) text += `${who},billing@c${n}.example,Billing of ${n},billing,\n`;
    if (n % LINES_TOGETHER > 0 && n < customers) continue;
    yield Buffer.from(text);
    text = '';
  }
}

async function measure(db: Db, person: Person, customers: number): Promise<string[][]> {
  const known = { plans: ['essentials', 'premium'], regions: ['us', 'eu'] };
  // Only holdings ask what the policy says.
  const importing = { db, now: Date.now, sessionSecret: 'bench', policy: { document: {} as Policy } };
  const lines: string[][] = [];
  const timed = async <T>(name: string, work: () => Promise<T>): Promise<T> => {
    const before = megabytes();
    let most = before;
    const watch = setInterval(() => {
      most = Math.max(most, megabytes());
    }, 50);
    const [begun, used] = [performance.now(), process.cpuUsage()];
    const value = await work();
    const seconds = (performance.now() - begun) / 1000;
    const { user, system } = process.cpuUsage(used);
    clearInterval(watch);
    const rate = String(Math.round(customers / seconds));
    const memory = [String(before), String(Math.max(most, megabytes()))];
    lines.push([name, seconds.toFixed(1), ((user + system) / 1e6).toFixed(1), rate, ...memory]);
    return value;
  };
  await timed('all', async () => {
    const checked = await timed('looked at', () => checkCustomers(db, known, fileOf(customers)));
    if (checked.rejected > 0) throw new Error(`rejected: ${checked.rejectedLines[0]?.sentence}`);
    const { items, spool } = checked;
    const ready = { kind: 'customers', file: 'bench.csv', items, invites: false, spool } as const;
    await timed('staged', () => stageImport(db, { person, at: Date.now() }, ready));
    await timed('taken in', async () => void (await runImports(importing)));
    await spool.close();
  });
  const made = Number((await db('accounts').count({ n: '*' }).first())?.['n']);
  const named = Number((await db('domains').count({ n: '*' }).first())?.['n']);
  if (made !== customers || named !== 2 * customers) throw new Error(`${made} accounts and ${named} domains were made`);
  return [HEAD, ...lines];
}

const megabytes = (): number => Math.round(process.memoryUsage.rss() / 1_048_576);
