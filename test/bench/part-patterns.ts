// Learning how many domains mail, beside one aggregate query over the same rows.
//   npm run bench -- --part patterns --domains 100000 --engine postgres
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type Db, isPostgres, migrate, openDatabase } from '../../src/database.ts';
import { learnPattern, PATTERN_DAYS } from '../../src/sending/pattern.ts';
import { listDaysSent } from '../../src/sending/store-patterns.ts';
import { startPostgres } from '../support/postgres.ts';
import { numbers } from './filling.ts';
import { printed } from './table.ts';

const TODAY = 20_780;
const PAGE = 1_000;
const ROUNDS = 3;

/** Prints one table: seconds of learning all patterns, of one plain aggregate of the same rows, and their ratio. */
export async function run(args: string[]): Promise<void> {
  const options = {
    domains: { type: 'string', default: '100000' },
    engine: { type: 'string', default: 'sqlite' },
    markdown: { type: 'boolean', default: false },
  } as const;
  const { values } = parseArgs({ args, options });
  const domains = Number(values.domains);
  if (!Number.isInteger(domains) || domains < 1) throw new Error('--domains: a whole number from 1 on');
  const folder = mkdtempSync(join(tmpdir(), 'warmdesk-patterns-'));
  const postgres = values.engine === 'postgres' ? startPostgres() : null;
  const db = await openDatabase(postgres?.url ?? join(folder, 'patterns.sqlite'));
  try {
    await migrate(db);
    const rows = await fill(db, domains);
    const lines = [['round', 'learning, s', 'domains a second', 'one aggregate, s', 'ratio']];
    for (let round = 1; round <= ROUNDS; round += 1) lines.push(await measure(db, domains, round));
    console.log(`${values.engine}, ${domains} domains, ${rows} rows`);
    console.log(printed(lines, values.markdown));
  } finally {
    await db.destroy();
    postgres?.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A newsletter a week for three domains in four, mail on every day for the fourth; half a year of it. */
async function fill(db: Db, domains: number): Promise<number> {
  const part = async (sql: string) => void (await db.raw(sql));
  await part("insert into accounts (id, name, plan, created_at) values (1, 'Bench', 'premium', 1)");
  await part(`insert into domains (id, account_id, name, usage, route, created_at) ${numbers(domains)}
    select i, 1, 'd' || i || '.bench.example', 'both', 'default', 1 from n`);
  for (let day = TODAY - PATTERN_DAYS; day < TODAY; day += 1)
    await part(`insert into sending_counts (domain_id, day, ip_id, pool, provider, stream, sent, delivered, deferred,
      bounced, complained, recorded_at) ${numbers(domains)}
      select i, ${day}, 0, 'shared-us', 'other', 'marketing', 1000 + i % 977, 1000, 0, 0, 0, 1 from n
      where i % 4 = 0 or i % 7 = ${day % 7}`);
  await part(isPostgres(db) ? 'vacuum analyze' : 'analyze');
  const row = await db('sending_counts').count({ n: '*' }).first();
  return Number(row?.['n']);
}

async function measure(db: Db, domains: number, round: number): Promise<string[]> {
  let begun = performance.now();
  let learned = 0;
  for (let from = 1; from <= domains; from += PAGE) {
    const ids = Array.from({ length: Math.min(PAGE, domains - from + 1) }, (_, i) => from + i);
    const days = await listDaysSent(db, ids, { since: TODAY - PATTERN_DAYS, until: TODAY - 1 });
    for (const list of days.values()) if (learnPattern(list, TODAY) !== null) learned += 1;
  }
  const took = (performance.now() - begun) / 1000;
  if (learned !== domains) throw new Error(`${learned} patterns were learned`);
  begun = performance.now();
  await db.raw(`select domain_id, day, sum(sent) as sent from sending_counts
    where day between ${TODAY - PATTERN_DAYS} and ${TODAY - 1} group by domain_id, day order by 3 desc limit 1`);
  const plain = (performance.now() - begun) / 1000;
  return [
    String(round),
    took.toFixed(2),
    String(Math.round(domains / took)),
    plain.toFixed(2),
    (took / plain).toFixed(1),
  ];
}
