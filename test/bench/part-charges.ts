// Closing months of many accounts, beside one aggregate query over the same rows.
//   npm run bench -- --part charges --accounts 100000 --engine postgres
import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { closeMonth } from '../../src/charges/actions.ts';
import { firstDayOf, isoMonth, lastDayOf, type Month } from '../../src/charges/ledger.ts';
import { type Db, isPostgres, migrate, openDatabase } from '../../src/database.ts';
import { dayLength } from '../../src/day.ts';
import { startPostgres } from '../support/postgres.ts';
import { numbers } from './filling.ts';
import { processorMs } from './processor.ts';
import { printed } from './table.ts';

const FIRST: Month = 2026 * 12;
const MONTHS = 7;
/** In the middle of the third month a tenth of the IPs get another price and a twentieth is given back. */
const CHANGES: Month = FIRST + 2;

/** Prints one table: seconds and memory of each closing, and of the aggregate, which says the same sum. */
export async function run(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      accounts: { type: 'string', default: '100000' },
      engine: { type: 'string', default: 'sqlite' },
      markdown: { type: 'boolean', default: false },
    },
  });
  const accounts = Number(values.accounts);
  if (!Number.isInteger(accounts) || accounts < 1) throw new Error('--accounts: a whole number from 1 on');
  const folder = mkdtempSync(join(tmpdir(), 'warmdesk-charges-'));
  const postgres = values.engine === 'postgres' ? startPostgres() : null;
  const db = await openDatabase(postgres?.url ?? join(folder, 'charges.sqlite'));
  try {
    await migrate(db);
    await fill(db, accounts);
    const [cpu] = cpus();
    console.log(
      `${new Date().toISOString().slice(0, 10)}, Node ${process.version}, ${values.engine}, ${cpu?.model.trim()}`,
    );
    console.log(printed(await measure(db), values.markdown));
  } finally {
    await db.destroy();
    postgres?.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** An account for each IP, in use since before the ledger began. */
async function fill(db: Db, accounts: number): Promise<void> {
  const at = (firstDayOf(FIRST) - 40) * dayLength;
  const part = async (sql: string) => void (await db.raw(sql));
  await part(`insert into accounts (id, name, plan, created_at) ${numbers(accounts)}
    select i, 'Customer ' || i, 'essentials', ${at} from n`);
  await part(`insert into ips (id, address, region, status, created_at) ${numbers(accounts)}
    select i, '10.' || (i / 65536) || '.' || (i / 256 % 256) || '.' || (i % 256), 'us', 'allocated', ${at} from n`);
  await part(`insert into allocations (id, ip_id, account_id, status, monthly_cents, currency, allocated_at, changed_at)
    ${numbers(accounts)} select i, i, i, 'warming', case when i % 3 = 0 then 0 else 5000 end, 'USD', ${at}, ${at} from n`);
  await part(`insert into warmups (id, allocation_id, status, schedule, clock, target_per_day, starts_on, caps, stage,
    next_day, judged_from, changed_at, carried, stage_since, limited_on) ${numbers(accounts)}
    select i, i, 'running', 'growth', 'progress', 10000, ${firstDayOf(FIRST) - 30}, '[200]', 1, 1, 1, ${at}, 0, 1, 1 from n`);
  await part(`insert into audit_events (subject_type, subject_id, seq, name, at, facts)
    values ('allocation', 1, 1, 'allocation.made', ${firstDayOf(FIRST) * dayLength}, '{}')`);
  await part(isPostgres(db) ? 'vacuum analyze' : 'analyze');
}

/** Another price for a tenth, a twentieth given back. */
async function change(db: Db): Promise<void> {
  const day = firstDayOf(CHANGES) + 10;
  const at = day * dayLength;
  await db.raw(`insert into allocation_prices (allocation_id, monthly_cents, currency, from_day, event_id, applied_at)
    select id, 7000, 'USD', ${day}, (select min(id) from audit_events), ${at} from allocations where id % 10 = 1`);
  await db.raw(`update allocations set approved_cents = monthly_cents, monthly_cents = 7000 where id % 10 = 1`);
  await db.raw(
    `update allocations set status = 'releasing', released_on = ${day}, changed_at = ${at} where id % 20 = 2`,
  );
}

async function measure(db: Db): Promise<string[][]> {
  const lines: string[][] = [
    [
      ...['month', 'lines', 'closing, s', 'aggregate, s', 'ratio', 'closing, processor s', 'aggregate, processor s'],
      ...['ratio', 'RSS before, MB', 'RSS most, MB'],
    ],
  ];
  for (let month = FIRST; month < FIRST + MONTHS; month += 1) {
    if (month === CHANGES) await change(db);
    const before = megabytes();
    let most = before;
    const watch = setInterval(() => {
      most = Math.max(most, megabytes());
    }, 50);
    const begun = await started(db);
    const done = await closeMonth(db, { person: null, at: (lastDayOf(month) + 1) * dayLength }, month);
    const closing = await begun();
    clearInterval(watch);
    if (!done.ok) throw new Error(done.problem);
    const plain = await leastAggregate(db, month);
    const total = await db('charge_totals').where({ month }).first();
    if (Number(total?.charged_cents) !== plain.cents)
      throw new Error(`${isoMonth(month)}: ${total?.charged_cents} cents were written instead of ${plain.cents}`);
    lines.push([
      ...[isoMonth(month), String(total?.lines), closing.seconds.toFixed(2), plain.seconds.toFixed(2)],
      ...[(closing.seconds / plain.seconds).toFixed(1), closing.processor.toFixed(2), plain.processor.toFixed(2)],
      ...[(closing.processor / plain.processor).toFixed(1), String(before), String(most)],
    ]);
  }
  return lines;
}

type Took = { readonly seconds: number; readonly processor: number };

/**
 * Begins to measure. Returns what tells how long it took: by the clock, and of processor time that of this process (all of
 * SQLite's) and of PostgreSQL's own.
 */
async function started(db: Db): Promise<() => Promise<Took>> {
  const [begun, before] = [performance.now(), await processorOf(db)];
  return async () => {
    const seconds = (performance.now() - begun) / 1000;
    return { seconds, processor: (await processorOf(db)) - before };
  };
}

async function processorOf(db: Db): Promise<number> {
  const { user, system } = process.cpuUsage();
  const seconds = (user + system) / 1e6;
  if (!isPostgres(db)) return seconds;
  const pids: number[] = await db('pg_stat_activity').whereNotNull('datname').pluck('pid');
  for (const pid of pids) ofPostgres.set(pid, processorMs(pid) / 1000);
  return [...ofPostgres.values()].reduce((sum, one) => sum + one, seconds);
}

/** What each process of PostgreSQL had used when it was last seen: connections end when nothing uses them. */
const ofPostgres = new Map<number, number>();

const megabytes = (): number => Math.round(process.memoryUsage.rss() / 1_048_576);

const ROUNDS = 7;

/** The least of several: what disturbs a query only makes it longer. */
async function leastAggregate(db: Db, month: Month): Promise<Took & { readonly cents: number }> {
  const all: Awaited<ReturnType<typeof aggregate>>[] = [];
  for (let round = 0; round < ROUNDS; round += 1) all.push(await aggregate(db, month));
  const least = (of: keyof Took) => Math.min(...all.map((one) => one[of]));
  return { seconds: least('seconds'), processor: least('processor'), cents: all[0]?.cents ?? Number.NaN };
}

/** What one statement takes that sums up the same days at the same prices, by account, and says what they come to. */
async function aggregate(db: Db, month: Month): Promise<Took & { readonly cents: number }> {
  const [first, last] = [firstDayOf(month), lastDayOf(month)];
  const days = last - first + 1;
  const part = (cents: string, to: string, from: string): string =>
    `${cents} * (${to} - ${first} + 1) / ${days} - ${cents} * (${from} - ${first}) / ${days}`;
  const end = `case when a.released_on < ${last} then a.released_on else ${last} end`;
  const old = 'coalesce(a.approved_cents, a.monthly_cents)';
  const begun = await started(db);
  const sums: { cents: number }[] = await db(
    db.raw(`(select a.account_id, sum(case
        when w.starts_on > ${last} or a.released_on < ${first} then 0
        when p.from_day between ${first} + 1 and ${last} then ${part(old, '(p.from_day - 1)', `${first}`)} + ${part('p.monthly_cents', end, 'p.from_day')}
        else ${part(`case when p.from_day <= ${first} then p.monthly_cents else ${old} end`, end, `${first}`)} end) as cents
      from allocations a join warmups w on w.allocation_id = a.id left join allocation_prices p on p.allocation_id = a.id
      group by a.account_id) as x`),
  ).sum({ cents: 'cents' });
  return { ...(await begun()), cents: Number(sums[0]?.cents) };
}
