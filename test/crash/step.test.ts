// The day's step, killed again and again while it judges: each day is judged once, and nobody is told twice.

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import test, { type ExecutionContext } from 'ava';
import { actIn } from '../../src/act.ts';
import { lockingRows } from '../../src/database.ts';
import { dayOf, weekStart } from '../../src/day.ts';
import type { Deps } from '../../src/deps.ts';
import { checkData } from '../../src/invariants/store.ts';
import { adoptPolicy } from '../../src/policy/actions.ts';
import type { Policy } from '../../src/policy/document/policy.ts';
import { recordCounts } from '../../src/sending/actions.ts';
import { type DayCount, plainCount, sumOf } from '../../src/sending/counts.ts';
import { evaluateDay } from '../../src/warmup/daily/judge.ts';
import { evaluateDue } from '../../src/warmup/daily/run.ts';
import { atTheStart } from '../../src/warmup/plan.ts';
import { listWarmups, type Warmup } from '../../src/warmup/store.ts';
import { sendWeeklyProgress } from '../../src/warmup/weekly/background.ts';
import * as make from '../support/make.ts';
import { itself } from '../support/people.ts';
import { createWorld, DAY, type Engine, HOUR, MINUTE, type World } from '../support/world.ts';
import { after } from '../warmup/plan-state.ts';

const PLANS = 120;
const SETTINGS: Readonly<Record<Engine, { readonly rounds: number; readonly processes: number }>> = {
  // A SQLite file belongs to one process.
  SQLite: { rounds: 50, processes: 1 },
  PostgreSQL: { rounds: 25, processes: 3 },
};

for (const engine of ['SQLite', 'PostgreSQL'] as const) {
  test.serial(`the day’s step killed at random points judges each day once (${engine})`, async (t) => {
    t.timeout(15 * MINUTE);
    const { rounds, processes } = SETTINGS[engine];
    const world = await createWorld(t, engine);
    const first = await manyPlans(world);
    const counts = await countsOf(world, first, rounds);
    let finished = 0;
    for (let round = 0; round < rounds; round += 1) {
      // Now and then some days pass at once.
      world.now += (round % 5 === 0 ? 2 : 1) * DAY;
      if (world.now >= (first + rounds) * DAY) world.now -= DAY;
      finished += await killedSometime(t, world, processes);
      t.deepEqual(await checkData(world.db, world.now), [], `round ${round}`);
    }
    t.true(finished < rounds * processes, 'some were killed before their end');
    // A Monday, on which the weekly mail is due whatever was killed before.
    world.now = (weekStart(dayOf(world.now)) + 7) * DAY + 3 * HOUR;
    // The server ends a killed client's transaction a moment later, and until then its account is left alone.
    await world.db.transaction(async (trx) => void (await lockingRows(trx, trx('accounts'), 'accounts')));
    await evaluateDue(world.db, world.deps.policy.document, world.now);
    await sendWeeklyProgress(world.db, world.deps.policy.document, world.now);
    await everyDayJudgedOnce(t, world, first, counts);
    await everybodyToldOnce(t, world);
    t.deepEqual(await checkData(world.db, world.now), []);
    t.log(`${finished} of ${rounds * processes} runs came to their end`);
  });
}

/** An account with many IPs whose plans begin on the same day, which is given. The clock shows 03:00 of it. */
async function manyPlans(world: World): Promise<number> {
  const { document } = world.deps.policy;
  const many: Policy = {
    ...document,
    maxIpsPerRequest: { value: PLANS, rule: 'own choice' },
    weeklyVolumePerIp: { value: 1, rule: 'own choice' },
  };
  const policy = await adoptPolicy(world.db, { person: null, at: world.now - 1 }, many);
  const account = await make.account(world);
  await make.staff(world);
  await make.ips(world, 'us', PLANS);
  Object.assign(world.deps, { policy } satisfies Partial<Deps>);
  const id = await make.request(world, account.admin, { ipCount: PLANS, weeklyVolume: 70_000 * PLANS });
  await make.approve(world, id, 'The volume moves over from another provider.');
  if ((await world.db('warmups').first()) === undefined) await make.decided(world, id);
  const { starts_on } = await world.db('warmups').first('starts_on');
  world.now = starts_on * DAY + 3 * HOUR;
  return starts_on;
}

/** Counts of all days to come: most go well, on some IPs one day in a while bounces or nothing is sent. */
async function countsOf(world: World, first: number, days: number): Promise<Map<number, DayCount[]>> {
  const { id: domainId } = await world.db('domains').first('id');
  const found = new Map<number, DayCount[]>();
  for (const { ipId } of await listWarmups(world.db, {}, PLANS)) {
    const counts = Array.from({ length: days + 10 }, (_, nth) => {
      const isBad = (ipId * 7 + nth) % 23 === 0;
      // Each day has all that any stage may carry, so that it does not matter when a day is judged.
      const sent = (ipId + nth) % 11 === 0 ? 0 : 20_000;
      return plainCount({
        day: first + nth,
        ipId,
        pool: '',
        provider: 'gmail',
        sent,
        bounced: isBad ? sent / 4 : 0,
        complained: 0,
      });
    });
    found.set(ipId, counts);
    await world.db.transaction((trx) => recordCounts(actIn(trx, itself(world)), domainId, counts));
  }
  return found;
}

/** Runs the step in several processes and kills them after a while. Returns how many came to their end before. */
async function killedSometime(t: ExecutionContext, world: World, processes: number): Promise<number> {
  const running = Array.from({ length: processes }, () => start(t, world));
  await Promise.all(running.map(({ begins }) => begins));
  await pause(400 * Math.random() ** 2);
  for (const { child } of running) child.kill('SIGKILL');
  const ended = await Promise.all(running.map(({ end }) => end));
  return ended.filter(Boolean).length;
}

function start(t: ExecutionContext, world: World) {
  const child: ChildProcess = spawn(process.execPath, ['test/crash/stepper.ts', world.databaseUrl, String(world.now)]);
  let said = '';
  let complaint = '';
  child.stderr?.on('data', (chunk) => {
    complaint += chunk;
  });
  const begins = new Promise<void>((resolve) => {
    child.stdout?.on('data', (chunk) => {
      said += chunk;
      if (said.includes('begins')) resolve();
    });
    child.once('close', () => resolve());
  });
  const end = once(child, 'close').then(() => {
    t.is(complaint, '');
    return said.includes('done');
  });
  t.teardown(() => child.kill('SIGKILL'));
  return { child, begins, end };
}

/** Each plan stands where the pure step, day after day, puts it, and has each of its days once. */
async function everyDayJudgedOnce(
  t: ExecutionContext,
  world: World,
  first: number,
  counts: ReadonlyMap<number, readonly DayCount[]>,
): Promise<void> {
  const days = Math.floor(world.now / DAY) - first;
  const judgedAs = world.db('warmup_days').groupBy('verdict').select('verdict', world.db.raw('count(*) as n'));
  const verdicts: { verdict: string; n: number }[] = await judgedAs;
  t.log(days, 'days', verdicts.map(({ verdict, n }) => `${verdict} ${n}`).join(', '));
  const plans = await listWarmups(world.db, {}, PLANS);
  t.is(plans.length, PLANS);
  for (const plan of plans) {
    const judged: number[] = await world.db('warmup_days').where({ warmup_id: plan.id }).orderBy('day').pluck('day');
    t.deepEqual(
      judged,
      Array.from({ length: judged.length }, (_, nth) => first + nth),
    );
    const expected = walked(plan, counts.get(plan.ipId) ?? [], judged.length, world.deps.policy.document);
    t.like(plan, expected, `warm-up ${plan.id}`);
    if (plan.status !== 'complete') t.is(judged.length, days);
  }
}

function walked(plan: Warmup, counts: readonly DayCount[], days: number, policy: Policy) {
  const { startsOn } = plan.plan;
  const begins = { status: 'running' as Warmup['status'], capPercent: 100, slowed: {}, idleDays: 0 };
  let at = { ...plan, ...begins, ...atTheStart(startsOn), warmedTo: null as number | null };
  at = { ...at, nextDay: startsOn, judgedFrom: startsOn };
  for (let nth = 0; nth < days; nth += 1) {
    const from = Math.max(at.judgedFrom, at.nextDay - policy.warmup.brakes.windowDays.value + 1);
    const window = counts.filter(({ day }) => day >= from && day <= at.nextDay);
    const ofDay = counts.filter(({ day }) => day === at.nextDay);
    const facts = { day: at.nextDay, counts: { gmail: sumOf(ofDay) }, window: { '': sumOf(window) } };
    at = { ...at, ...after(at, evaluateDay(at, facts, policy)) };
  }
  const { status, stage, progress, carried, capPercent, idleDays, nextDay, judgedFrom } = at;
  return { status, stage, progress, carried, capPercent, idleDays, nextDay, judgedFrom };
}

/** One mail for each person concerned about each thing that happened, and one a week. */
async function everybodyToldOnce(t: ExecutionContext, world: World): Promise<void> {
  const mails = await world
    .db('outbox as o')
    .join('audit_events as e', 'e.id', 'o.event_id')
    .where('e.name', 'like', 'warmup.%')
    .select('e.name', 'e.subject_id', 'e.seq', 'o.recipient_id', 'o.facts');
  const payers = await world.db('people').whereNotNull('account_id').whereNot({ account_role: 'member' }).pluck('id');
  const began = mails.filter(({ name }) => name === 'warmup.began');
  // All of them begin in one night, of which each person has one mail.
  t.deepEqual(began.map((one) => one.recipient_id).toSorted(), payers.toSorted());
  t.is((await world.db('audit_events').where({ name: 'warmup.began' })).length, PLANS, 'each began once');
  const weekly = mails.filter(({ name }) => name === 'warmup.reported');
  const weeks = weekly.map((one) => `${one.recipient_id} ${JSON.parse(one.facts).week}`);
  t.is(new Set(weeks).size, weeks.length);
  t.true(weeks.length > 0);
  const paused = await world.db('audit_events').where({ name: 'warmup.paused' });
  const plans = await world.db('warmup_days').where({ verdict: 'pause' });
  t.is(paused.length, plans.length, 'each pause was recorded once');
  const staff = await world.db('people').whereNotNull('staff_role').pluck('id');
  t.true(staff.length > 0);
  t.is(
    mails.filter(({ name }) => name === 'warmup.paused').length,
    paused.length * (payers.length + staff.length),
    'the customer of each, and the staff who may resume it',
  );
}
