// Closing months: once, for good, by the job or by staff, two at a time; and what changes afterwards.
import { findAccount } from '../../src/accounts/store.ts';
import { actIn } from '../../src/act.ts';
import { closeDueMonths, closeMonth, findOpenMonth } from '../../src/charges/actions.ts';
import { readMonth } from '../../src/charges/ledger.ts';
import { type Db, isPostgres } from '../../src/database.ts';
import { dayOf } from '../../src/day.ts';
import { applyDuePrices, repriceIps } from '../../src/ips/prices/actions.ts';
import { listAllocationsOf } from '../../src/ips/store.ts';
import { releaseIp } from '../../src/release/actions.ts';
import { finishReleases } from '../../src/release/background.ts';
import { releaseBasis } from '../../src/release/effects.ts';
import { gatherRelease } from '../../src/release/gather.ts';
import { evaluateDue } from '../../src/warmup/daily/run.ts';
import { takeStaffStep } from '../../src/warmup/staff/actions.ts';
import * as make from '../support/make.ts';
import { warmupNow } from '../support/warm.ts';
import { DAY, onBothEngines, type World } from '../support/world.ts';
import { withChargesRight } from './history.ts';

const month = (text: string): number => readMonth(text) ?? Number.NaN;
const itself = (world: World) => ({ person: null, at: world.now });
const lines = (world: World) =>
  world
    .db('charge_lines')
    .orderBy(['month', 'allocation_id', 'from_day', 'id'])
    .select('month', 'from_day', 'to_day', 'monthly_cents', 'cents', 'credits_id', 'account_id');

/** An account without included IPs has one from 23 November on; its warm-up begins that day. */
async function withIp(world: World, plan = 'essentials') {
  const acme = await make.account(world, { name: 'Acme', plan });
  await make.ips(world, 'us', 1);
  await make.requestIn(world, 'fulfilled', acme.admin, { startsOn: dayOf(world.now) });
  const [ip] = await listAllocationsOf(world.db, acme.id);
  if (!ip) throw new Error('no IP');
  const { starts_on: first } = await world.db('warmups').first('starts_on');
  return { acme, ip, first: Number(first) };
}

const dayOn = (iso: string): number => Date.parse(`${iso}T00:00:00Z`) / DAY;

onBothEngines('C-10: a month is charged by the day from the beginning of warm-up, and then whole', async (t, world) => {
  const { first } = await withIp(world);
  const days = dayOn('2026-11-30') - first + 1;
  world.now = Date.UTC(2027, 0, 2, 1);
  t.is(await closeDueMonths(world.db, world.now), 2);
  const [november, december] = await lines(world);
  t.like(november, { month: month('2026-11'), from_day: first, to_day: dayOn('2026-11-30') });
  t.is(Number(november?.cents), 5_000 - Math.floor((5_000 * (30 - days)) / 30));
  t.like(december, { month: month('2026-12'), from_day: dayOn('2026-12-01'), to_day: dayOn('2026-12-31') });
  t.is(Number(december?.cents), 5_000, 'a whole month costs exactly its price');
  t.is((await lines(world)).length, 2);
});

onBothEngines('C-09: an IP that the plan includes is a line of $0', async (t, world) => {
  await withIp(world, 'premium');
  world.now = Date.UTC(2026, 11, 2);
  t.is(await closeDueMonths(world.db, world.now), 1);
  t.deepEqual(
    (await lines(world)).map((line) => [line.monthly_cents, Number(line.cents)]),
    [[0, 0]],
  );
});

onBothEngines('a month is closed after its end, one after the other, and by itself a day later', async (t, world) => {
  const { reviewer } = await make.staff(world);
  const actor = () => ({ person: reviewer, at: world.now });
  t.is(await findOpenMonth(world.db), null, 'there is nothing to close before the first IP');
  t.is(await closeDueMonths(world.db, world.now), 0);
  await withIp(world);
  world.now = Date.UTC(2026, 11, 1) - 1;
  t.like(await closeMonth(world.db, actor(), month('2026-11')), { ok: false, problem: 'not-over' });
  world.now += 1;
  t.is(await closeDueMonths(world.db, world.now), 0, 'staff still have a day');
  t.like(await closeMonth(world.db, actor(), month('2026-12')), { ok: false, problem: 'not-next' });
  t.like(await closeMonth(world.db, actor(), month('2026-11')), { ok: true });
  t.like(await world.db('charge_months').first(), { closed_at: world.now, closed_by: reviewer.id });
  t.like(await world.db('audit_events').where({ name: 'charges.closed' }).first(), { actor_id: reviewer.id });
  world.now = Date.UTC(2027, 0, 2) - 1;
  t.is(await closeDueMonths(world.db, world.now), 0);
  world.now += 1;
  t.is(await closeDueMonths(world.db, world.now), 1);
});

onBothEngines('a month closed twice, and by four at once, is written once', async (t, world) => {
  t.timeout(600_000);
  await withIp(world);
  world.now = Date.UTC(2027, 1, 5);
  for (const name of ['2026-11', '2026-12', '2027-01']) {
    const at = { person: null, at: world.now };
    const outcomes = await Promise.all([1, 2, 3, 4].map(() => closeMonth(world.db, at, month(name))));
    t.true(outcomes.every(({ ok }) => ok));
  }
  const before = await lines(world);
  t.is(before.length, 3);
  t.like(await closeMonth(world.db, itself(world), month('2026-12')), { ok: true });
  t.deepEqual(await lines(world), before);
  t.is((await world.db('audit_events').where({ name: 'charges.closed' })).length, 3);
});

onBothEngines('a closing that was cut off goes on where it was', async (t, world) => {
  const { first } = await withIp(world);
  world.now = Date.UTC(2026, 11, 2);
  const days = { first_day: dayOn('2026-11-01'), last_day: dayOn('2026-11-30') };
  await world.db('charge_months').insert({ month: month('2026-11'), ...days, begun_at: world.now - 60_000 });
  t.is(await findOpenMonth(world.db), month('2026-11'));
  t.is(await closeDueMonths(world.db, world.now), 1);
  t.deepEqual(
    (await lines(world)).map((line) => line.from_day),
    [first],
  );
});

onBothEngines(
  'C-10: an IP that warms up again is charged on, from the first day of its first warm-up',
  async (t, world) => {
    t.timeout(600_000);
    const { first } = await withIp(world);
    const policy = world.deps.policy.document;
    world.now = Date.UTC(2026, 11, 2, 9);
    await evaluateDue(world.db, policy, world.now);
    const { reviewer, reviewer2 } = await make.staff(world);
    const { id } = await world.db('warmups').first('id');
    for (const [name, person] of [['propose', reviewer] as const, ['agree', reviewer2] as const]) {
      const { status, stage, nextDay } = await warmupNow(world, id);
      const form = { id, name, seen: { status, stage, nextDay }, reason: 'It was warm before.' };
      t.like(await takeStaffStep(world.db, { person, at: world.now }, form, policy), { ok: true });
    }
    await closeDueMonths(world.db, world.now);
    const before = await lines(world);
    t.is(before.length, 1);
    world.now = Date.UTC(2027, 0, 10, 9);
    await evaluateDue(world.db, policy, world.now);
    const again = await warmupNow(world, id);
    t.like(again, { status: 'running', isAgain: true }, 'no mail went over it for a month');
    t.not(again.plan.startsOn, first);
    await closeDueMonths(world.db, world.now);
    const after = await lines(world);
    t.deepEqual(after.slice(0, 1), before);
    t.deepEqual(
      after.slice(1).map((line) => [line.from_day, line.to_day, Number(line.cents)]),
      [[dayOn('2026-12-01'), dayOn('2026-12-31'), 5_000]],
    );
  },
);

withChargesRight(
  'an IP given back back-dated is put right by a credit and a charge of the open month',
  async (t, world) => {
    const { ip } = await withIp(world);
    world.now = Date.UTC(2027, 0, 2);
    await closeDueMonths(world.db, world.now);
    const before = await lines(world);
    world.now = Date.UTC(2027, 0, 20);
    const given = { status: 'releasing', released_on: dayOn('2026-12-10'), changed_at: world.now };
    await world.db('allocations').where({ id: ip.id }).update(given);
    world.now = Date.UTC(2027, 1, 3);
    t.is(await closeDueMonths(world.db, world.now), 1);
    const after = await lines(world);
    t.deepEqual(after.slice(0, 2), before, 'what was written stays');
    const [credit, charge] = after.slice(2);
    t.like(credit, { month: month('2027-01'), from_day: dayOn('2026-12-01'), to_day: dayOn('2026-12-31') });
    t.is(Number(credit?.cents), -5_000);
    t.truthy(credit?.credits_id);
    t.like(charge, { from_day: dayOn('2026-12-01'), to_day: dayOn('2026-12-10'), credits_id: null });
    t.is(Number(charge?.cents), 1_612);
    const total = await world
      .db('charge_totals')
      .where({ month: month('2027-01') })
      .first();
    t.deepEqual([Number(total?.charged_cents), Number(total?.credited_cents)], [1_612, -5_000]);
  },
);

onBothEngines(
  'C-10: a price that changes is charged from its day on, what the approval fixed until then',
  async (t, world) => {
    const { ip } = await withIp(world);
    world.now = Date.UTC(2026, 11, 11, 8);
    const reprice = (monthlyCents: number, fromDay: number | null) =>
      world.db.transaction((trx) => repriceIps(actIn(trx, itself(world)), [{ allocation: ip, monthlyCents, fromDay }]));
    await reprice(0, null);
    world.now = Date.UTC(2027, 0, 1, 8);
    await reprice(9_300, dayOn('2027-01-21'));
    world.now = Date.UTC(2027, 1, 10);
    t.is(await applyDuePrices(world.db, world.now), 1, 'later than its day');
    await closeDueMonths(world.db, world.now);
    const after = (await lines(world)).slice(1);
    t.deepEqual(
      after.map((line) => [line.from_day, line.to_day, line.monthly_cents, Number(line.cents)]),
      [
        [dayOn('2026-12-01'), dayOn('2026-12-10'), 5_000, 1_612],
        [dayOn('2026-12-11'), dayOn('2026-12-31'), 0, 0],
        [dayOn('2027-01-01'), dayOn('2027-01-20'), 0, 0],
        [dayOn('2027-01-21'), dayOn('2027-01-31'), 9_300, 3_300],
      ],
    );
  },
);

onBothEngines('the ledger is only ever added to', async (t, world) => {
  await withIp(world);
  world.now = Date.UTC(2026, 11, 2);
  await closeDueMonths(world.db, world.now);
  await t.throwsAsync(() => world.db('charge_lines').update({ cents: 1 }), { message: /only ever added to/ });
  await t.throwsAsync(() => world.db('charge_lines').delete(), { message: /only ever added to/ });
  const row = await world.db('charge_lines').first();
  await t.throwsAsync(() => world.db('charge_lines').insert({ ...row, id: 99 }), undefined, 'no day twice');
  // On SQLite whose lines they are, and of which month, is seen by check-data (I110, I112).
  const strays = [
    ...[{ allocation_id: 999 }, { credits_id: 999, cents: -row.cents }],
    ...(isPostgres(world.db) ? [{ account_id: 999 }, { month: 1 }, { account_id: 999, allocation_id: 999 }] : []),
  ];
  const { id: _id, ...known } = { ...row, from_day: row.from_day + 1 };
  for (const stray of strays) {
    const inserted = () => world.db('charge_lines').insert([known, { ...known, from_day: row.to_day, ...stray }]);
    await t.throwsAsync(inserted, { message: /foreign key|names a month/i }, JSON.stringify(stray));
  }
  t.is((await lines(world)).length, 1, 'of lines that come together none is kept where one is unknown');
  if (isPostgres(world.db))
    await t.throwsAsync(() => world.db('allocations').where({ id: 999 }).delete(), { message: /ledger of charges/ });
  const { id: _, ...credit } = { ...row, cents: -row.cents, credits_id: row.id };
  const wrongSign = { ...credit, cents: 5 };
  await t.throwsAsync(() => world.db('charge_lines').insert(wrongSign), undefined, 'a credit is below zero');
  const creditedTwice = async (trx: Db) => {
    await trx('charge_lines').insert([credit, known]);
    await trx('charge_lines').insert({ ...credit, from_day: row.to_day });
  };
  await t.throwsAsync(() => world.db.transaction(creditedTwice), { message: /unique/i }, 'a line is taken back once');
});

onBothEngines(
  'C-09, S-10: an IP that is given back is charged up to and including that day, and one is included instead',
  async (t, world) => {
    const acme = await make.account(world, { name: 'Acme' });
    await make.ips(world, 'us', 4);
    await make.decided(world, await make.request(world, acme.admin, { ipCount: 4, startsOn: dayOf(world.now) }));
    const [ip] = await listAllocationsOf(world.db, acme.id);
    const account = await findAccount(world.db, acme.id);
    if (!ip || !account) throw new Error('no IP');
    world.now += 2 * DAY;
    const document = world.deps.policy.document;
    const effects = await gatherRelease(world.db, { document, at: world.now }, account, [ip.id]);
    const form = { accountId: acme.id, allocationId: ip.id, seen: releaseBasis(effects), reason: '' };
    t.like(await releaseIp(world.db, { person: acme.admin, at: world.now }, document, form), { ok: true });
    world.now = Date.UTC(2027, 0, 2);
    await finishReleases(world.db, document, world.now);
    await closeDueMonths(world.db, world.now);
    const [start, given, end] = [dayOn('2026-11-23'), dayOn('2026-11-25'), dayOn('2026-11-30')];
    const rows = (await lines(world)).filter((line) => line.month === month('2026-11'));
    t.deepEqual(
      rows.map((line) => [line.from_day, line.to_day, line.monthly_cents, Number(line.cents)]).sort(),
      [
        [start, given, 0, 0],
        [start, end, 0, 0],
        [start, end, 0, 0],
        [start, given - 1, 5_000, 334],
        [given, end, 0, 0],
      ].sort(),
    );
    t.is((await lines(world)).filter((line) => line.month === month('2026-12')).length, 3, 'three are left');
  },
);
