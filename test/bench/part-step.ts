// The day's step over many plans, beside one plain SQL update of the same rows; and in turn with another build's step.
//   npm run bench -- --part step --plans 100000 --engine postgres --before ../the-build-before
import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { type Db, isPostgres, migrate, openDatabase } from '../../src/database.ts';
import { dayLength } from '../../src/day.ts';
import { loadPolicy, policyPath } from '../../src/policy/document/load.ts';
import type { Policy } from '../../src/policy/document/policy.ts';
import { evaluateDue } from '../../src/warmup/daily/run.ts';
import { startPostgres } from '../support/postgres.ts';
import { numbers } from './filling.ts';
import { printed } from './table.ts';

const FIRST = 20_780;
const WINDOW = 7;
const ROUNDS = 3;
const CAPS = JSON.stringify(Array.from({ length: 38 }, (_, i) => Math.round(200 * 1.11 ** i)));
const PROVIDERS = ['gmail', 'microsoft', 'yahoo', 'other'];

/** Prints one table: seconds and memory of the step, of reading the counts alone, and of the plain update. */
export async function run(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      plans: { type: 'string', default: '100000' },
      engine: { type: 'string', default: 'sqlite' },
      markdown: { type: 'boolean', default: false },
      before: { type: 'string' },
    },
  });
  const plans = Number(values.plans);
  if (!Number.isInteger(plans) || plans < 1) throw new Error('--plans: a whole number from 1 on');
  const folder = mkdtempSync(join(tmpdir(), 'warmdesk-step-'));
  if (values.before !== undefined) {
    if (values.engine !== 'sqlite')
      throw new Error('--before: on SQLite alone, where each build has a file of its own');
    try {
      console.log(printed(await inTurn(values.before, folder, plans), values.markdown));
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
    return;
  }
  const postgres = values.engine === 'postgres' ? startPostgres() : null;
  const db = await openDatabase(postgres?.url ?? join(folder, 'step.sqlite'));
  try {
    await migrate(db);
    await fill(db, plans);
    const [cpu] = cpus();
    console.log(
      `${new Date().toISOString().slice(0, 10)}, Node ${process.version}, ${values.engine}, ${cpu?.model.trim()}`,
    );
    console.log(printed(await measure(db, plans), values.markdown));
  } finally {
    await db.destroy();
    postgres?.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Another build of the same program, as far as its step is measured. */
type Build = Pick<typeof import('../../src/database.ts'), 'migrate' | 'openDatabase'> &
  Pick<typeof import('../../src/warmup/daily/run.ts'), 'evaluateDue'> & { readonly policy: Policy };

async function buildIn(root: string): Promise<Build> {
  const from = (path: string) => import(pathToFileURL(resolve(root, 'src', path)).href);
  const { migrate: migrateBy, openDatabase: openBy } = await from('database.ts');
  const { evaluateDue: stepBy } = await from('warmup/daily/run.ts');
  const { loadPolicy: loadBy, policyPath: pathBy } = await from('policy/document/load.ts');
  const loaded = loadBy(pathBy('customerio'));
  if (!loaded.ok) throw new Error(loaded.problem.join('\n'));
  return { migrate: migrateBy, openDatabase: openBy, evaluateDue: stepBy, policy: loaded.value };
}

/** Seconds of this build's step and of another's, in turn, each on a database of its own; their ratio is wanted at most 1. */
async function inTurn(before: string, folder: string, plans: number): Promise<string[][]> {
  const builds = [await buildIn('.'), await buildIn(before)];
  const sides = [];
  for (const [nth, build] of builds.entries()) {
    const db = await build.openDatabase(join(folder, `${nth}.sqlite`));
    await build.migrate(db);
    await fill(db, plans);
    sides.push({ ...build, db });
  }
  const lines = [['round', 'step, s', 'step before, s', 'ratio']];
  for (let round = 0; round < ROUNDS; round += 1) {
    const now = (FIRST + round + 1) * dayLength + 3 * (dayLength / 24);
    const took: number[] = [];
    // The first in a round is second in the next.
    for (const side of round % 2 === 0 ? sides : sides.toReversed()) {
      const begun = performance.now();
      const judged = await side.evaluateDue(side.db, side.policy, now);
      if (judged !== plans) throw new Error(`${judged} days were judged`);
      took.push((performance.now() - begun) / 1000);
    }
    const [ours = 0, theirs = 0] = round % 2 === 0 ? took : took.toReversed();
    lines.push([String(round + 1), ours.toFixed(2), theirs.toFixed(2), (ours / theirs).toFixed(2)]);
  }
  for (const { db } of sides) await db.destroy();
  return lines;
}

/** Plans in the middle of their schedule, each with a week of counts by provider; the days after it come one a round. */
async function fill(db: Db, plans: number): Promise<void> {
  const at = FIRST * dayLength;
  const part = async (sql: string) => void (await db.raw(sql));
  await part(`insert into accounts (id, name, plan, created_at) values (1, 'Bench', 'premium', ${at})`);
  await part(`insert into people (id, account_id, account_role, email, name, password_hash, time_zone, created_at)
    values (1, 1, 'admin', 'owner@bench.example', 'Owner', '-', 'UTC', ${at})`);
  await part(
    `insert into policy_versions (id, name, number, document, effective_from) values (1, 'bench', 1, '{}', ${at})`,
  );
  await part(`insert into domains (id, account_id, name, usage, route, created_at) ${numbers(plans)}
    select i, 1, 'd' || i || '.bench.example', 'both', 'dedicated', ${at} from n`);
  await part(`insert into ips (id, address, region, status, created_at) ${numbers(plans)}
    select i, '10.' || (i / 65536) || '.' || (i / 256 % 256) || '.' || (i % 256), 'us', 'allocated', ${at} from n`);
  await request(db, at);
  await part(`insert into allocations (id, ip_id, account_id, request_id, status, monthly_cents, currency, allocated_at)
    ${numbers(plans)} select i, i, 1, 1, 'warming', 0, 'USD', ${at} from n`);
  await part(`insert into warmups (id, allocation_id, status, schedule, clock, target_per_day, starts_on, caps, stage,
    next_day, judged_from, changed_at, carried, stage_since, limited_on) ${numbers(plans)}
    select i, i, 'running', 'growth', 'progress', 10000, ${FIRST - 10}, '${CAPS}', 10, ${FIRST}, ${FIRST - 10}, ${at}, 470, ${FIRST - 1}, ${FIRST - 1} from n`);
  for (let day = FIRST - WINDOW + 1; day < FIRST + ROUNDS; day += 1) await countDay(db, plans, day);
  await part(isPostgres(db) ? 'vacuum analyze' : 'analyze');
}

async function request(db: Db, at: number): Promise<void> {
  await db('requests').insert({
    id: 1,
    kind: 'dedicated_ip',
    account_id: 1,
    requester_id: 1,
    policy_version_id: 1,
    form_token: 'bench',
    status: 'withdrawn',
    version: 1,
    region: 'us',
    stream: 'both',
    ip_count: 1,
    weekly_volume: 70_000,
    peak_weekly_volume: 70_000,
    starts_on: FIRST,
    sends: '',
    submitted_at: at,
  });
}

async function countDay(db: Db, plans: number, day: number): Promise<void> {
  const share = Math.round((200 * 1.11 ** 9) / PROVIDERS.length);
  for (const provider of PROVIDERS) {
    await db.raw(`insert into sending_counts (domain_id, day, ip_id, pool, provider, stream, sent, delivered, deferred, bounced,
      complained, recorded_at) ${numbers(plans)}
      select i, ${day}, i, '', '${provider}', 'marketing', ${share}, ${share - 1}, i % 5, 1, 0, 0 from n`);
  }
}

async function measure(db: Db, plans: number): Promise<string[][]> {
  const policy = shippedPolicy();
  const lines: string[][] = [
    ['round', 'step, s', 'plans a second', 'plain update, s', 'ratio', 'RSS before, MB', 'RSS most, MB'],
  ];
  for (let round = 0; round < ROUNDS; round += 1) {
    const now = (FIRST + round + 1) * dayLength + 3 * (dayLength / 24);
    const before = megabytes();
    let most = before;
    const watch = setInterval(() => {
      most = Math.max(most, megabytes());
    }, 50);
    const begun = performance.now();
    const judged = await evaluateDue(db, policy, now);
    const step = (performance.now() - begun) / 1000;
    clearInterval(watch);
    if (judged !== plans) throw new Error(`${judged} days were judged`);
    const plain = await plainUpdate(db);
    lines.push([
      String(round + 1),
      step.toFixed(2),
      String(Math.round(plans / step)),
      plain.toFixed(2),
      (step / plain).toFixed(1),
      String(before),
      String(most),
    ]);
  }
  return lines;
}

const megabytes = (): number => Math.round(process.memoryUsage.rss() / 1_048_576);

/** Seconds of one statement that writes what the step writes into the plans, and commits. */
async function plainUpdate(db: Db): Promise<number> {
  const begun = performance.now();
  await db.raw(`update warmups set stage = stage + 1, next_day = next_day + 1, idle_days = 0, verdict = 'advance',
    why = '468 of 472 messages were delivered: on to stage 11.', changed_at = changed_at + 1`);
  const took = (performance.now() - begun) / 1000;
  // The step finds the plans as it left them.
  await db.raw('update warmups set stage = stage - 1, next_day = next_day - 1, changed_at = changed_at - 1');
  if (isPostgres(db)) await db.raw('vacuum warmups');
  return took;
}

function shippedPolicy(): Policy {
  const loaded = loadPolicy(policyPath('customerio'));
  if (!loaded.ok) throw new Error(loaded.problem.join('\n'));
  return loaded.value;
}
