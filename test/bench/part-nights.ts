// The night's scores and moves of all domains, beside one aggregate over the same rows: 90 days of counts, of which the
// policy's window is read.
//   npm run bench -- --part nights --domains 100000 --engine postgres
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type Db, isPostgres, migrate, openDatabase } from '../../src/database.ts';
import { dayLength } from '../../src/day.ts';
import type { Policy } from '../../src/policy/document/policy.ts';
import { rateDue } from '../../src/reputation/background.ts';
import { sendgrid } from '../policy/facts.ts';
import { startPostgres } from '../support/postgres.ts';
import { numbers } from './filling.ts';
import { printed } from './table.ts';

const TODAY = 20_780;
const DAYS = 90;

/** Prints one table: seconds and memory of a first night and of two later ones, and of the aggregate. */
export async function run(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      domains: { type: 'string', default: '100000' },
      engine: { type: 'string', default: 'sqlite' },
      markdown: { type: 'boolean', default: false },
    },
  });
  const domains = Number(values.domains);
  if (!Number.isInteger(domains) || domains < 2) throw new Error('--domains: a whole number from 2 on');
  const folder = mkdtempSync(join(tmpdir(), 'warmdesk-nights-'));
  const postgres = values.engine === 'postgres' ? startPostgres() : null;
  const db = await openDatabase(postgres?.url ?? join(folder, 'nights.sqlite'));
  try {
    await migrate(db);
    await fill(db, domains);
    const [cpu] = cpus();
    const day = new Date().toISOString().slice(0, 10);
    console.log(`${day}, Node ${process.version}, ${values.engine}, ${cpu?.model.trim()}, ${domains} domains`);
    console.log(printed(await measure(db, sendgrid, domains), values.markdown));
  } finally {
    await db.destroy();
    postgres?.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Two domains an account, each with mail on each day; one in twenty is bad. */
async function fill(db: Db, domains: number): Promise<void> {
  const part = async (sql: string) => void (await db.raw(sql));
  const at = (TODAY - DAYS) * dayLength;
  await part(`insert into accounts (id, name, plan, created_at) ${numbers(Math.ceil(domains / 2))}
    select i, 'Customer ' || i, 'pro', ${at} from n`);
  await part(`insert into domains (id, account_id, name, usage, route, created_at) ${numbers(domains)}
    select i, (i + 1) / 2, 'd' || i || '.example', 'both', 'default', ${at} from n`);
  for (let day = TODAY - DAYS; day < TODAY; day += 1)
    await part(`insert into sending_counts (domain_id, day, ip_id, pool, provider, stream, sent, delivered, deferred,
      bounced, complained, recorded_at) ${numbers(domains)} select i, ${day}, 0, 'shared-us', 'gmail', 'marketing', 2000,
      2000 - case when i % 20 = 0 then 240 else 10 end, 40, case when i % 20 = 0 then 240 else 10 end, 0, ${at} from n`);
  await part(isPostgres(db) ? 'vacuum analyze' : 'analyze');
}

async function measure(db: Db, policy: Policy, domains: number): Promise<string[][]> {
  const lines = [['night', 'seconds', 'aggregate, s', 'ratio', 'RSS before, MB', 'RSS most, MB']];
  for (const [nth, name] of ['first', 'second', 'third'].entries()) {
    const plain = await leastAggregate(db, policy, TODAY + nth);
    const before = megabytes();
    let most = before;
    const watch = setInterval(() => {
      most = Math.max(most, megabytes());
    }, 50);
    const begun = performance.now();
    const rated = await rateDue(db, policy, (TODAY + nth) * dayLength + dayLength / 2);
    const seconds = (performance.now() - begun) / 1000;
    clearInterval(watch);
    if (rated !== domains) throw new Error(`${rated} domains were rated instead of ${domains}`);
    lines.push([name, seconds.toFixed(1), plain.toFixed(1), (seconds / plain).toFixed(1), `${before}`, `${most}`]);
  }
  return lines;
}

const megabytes = (): number => Number(/VmRSS:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]) >> 10;

const ROUNDS = 3;

/** Seconds of one statement that sums up the same days by domain; the least of several. */
async function leastAggregate(db: Db, { reputation }: Policy, today: number): Promise<number> {
  let least = Number.POSITIVE_INFINITY;
  for (let round = 0; round < ROUNDS; round += 1) {
    const begun = performance.now();
    await db('sending_counts')
      .where('day', '>=', today - reputation.windowDays.value)
      .where('day', '<', today)
      .groupBy('domain_id')
      .select('domain_id')
      .sum({ sent: 'sent', deferred: 'deferred', bounced: 'bounced', complained: 'complained' });
    least = Math.min(least, (performance.now() - begun) / 1000);
  }
  return least;
}
