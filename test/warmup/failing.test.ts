import { NOTHING } from '../../src/sending/counts.ts';
import { evaluateDay } from '../../src/warmup/daily/judge.ts';
import { evaluateDue } from '../../src/warmup/daily/run.ts';
import { claimPlans, duePlan, writeJudged } from '../../src/warmup/daily/store.ts';
import * as make from '../support/make.ts';
import { atThree, overIp, step, warmupNow } from '../support/warm.ts';
import { onBothEngines, type World } from '../support/world.ts';

/** Three accounts, each with a planned warm-up; the clock shows the first day of all. */
async function three(world: World) {
  await make.ips(world, 'us', 3);
  const accounts = [];
  for (let nth = 0; nth < 3; nth += 1) {
    const account = await make.account(world);
    const requestId = await make.requestIn(world, 'fulfilled', account.admin);
    const { id } = await world.db('allocations').where({ request_id: requestId }).first('id');
    const warmup = await world.db('warmups').where({ allocation_id: id }).first('id', 'starts_on');
    const [domain] = account.domains;
    if (!domain) throw new Error('the account has no domain');
    accounts.push({ ...account, domain, warmupId: warmup.id as number, day: warmup.starts_on as number });
  }
  const [first, bad, last] = accounts;
  if (!first || !bad || !last) throw new Error('there are no three');
  atThree(world, first.day);
  return { first, bad, last, day: first.day };
}

type Account = Awaited<ReturnType<typeof three>>['bad'];

/** Lets no mail be queued to the account's billing contact, so that what has to tell them fails. */
const unreachable = (world: World, { billing }: Account) =>
  world.db('people').where({ id: billing.id }).update({ email: 'billing@one.example, two' });
const reachable = (world: World, { billing }: Account) =>
  world.db('people').where({ id: billing.id }).update({ email: billing.email });

const statuses = async (world: World) => world.db('warmups').orderBy('id').pluck('status');
const days = async (world: World) => world.db('warmups').orderBy('id').pluck('next_day');

/** The warm-ups of which the log says that they could not be moved, as often as it does. */
const failures = (world: World): number[] =>
  world.logLines
    .map((line) => JSON.parse(line))
    .filter(({ msg }) => msg === 'could not move a warm-up')
    .map(({ warmup, err }) => (err.message ? warmup : -1));

onBothEngines('a plan that cannot begin is logged once in a run, and all others begin', async (t, world) => {
  const { bad } = await three(world);
  await unreachable(world, bad);
  t.is(await step(world), 2);
  t.deepEqual(await statuses(world), ['running', 'planned', 'running']);
  t.deepEqual(failures(world), [bad.warmupId]);
  t.is(await step(world), 0);
  t.deepEqual(failures(world), [bad.warmupId, bad.warmupId], 'each run tries it again');
  await reachable(world, bad);
  t.is(await step(world), 1);
  t.deepEqual(await statuses(world), ['running', 'running', 'running']);
});

onBothEngines(
  'a plan whose day cannot be told is left as it was, and all others move, day by day',
  async (t, world) => {
    const { first, bad, last, day } = await three(world);
    t.is(await step(world), 3);
    for (const one of [first, bad, last]) await overIp(world, one, day, { sent: 200, bounced: one === bad ? 60 : 0 });
    await unreachable(world, bad);
    atThree(world, day + 3);
    t.is(await step(world), 6);
    t.deepEqual(await days(world), [day + 3, day, day + 3]);
    t.deepEqual(failures(world), [bad.warmupId]);
    t.is(await world.db('warmup_days').where({ warmup_id: bad.warmupId }).first(), undefined);
    await reachable(world, bad);
    t.is(await step(world), 3);
    t.deepEqual(await statuses(world), ['running', 'paused', 'running']);
  },
);

onBothEngines('a plan that cannot be read does not stop the others', async (t, world) => {
  const { bad, day } = await three(world);
  await step(world);
  await world.db('warmups').where({ id: bad.warmupId }).update({ slowed: '{' });
  atThree(world, day + 1);
  t.is(await step(world), 2);
  t.deepEqual(await days(world), [day + 1, day, day + 1]);
  t.deepEqual(failures(world), [bad.warmupId]);
});

onBothEngines('without a log what fails is thrown', async (t, world) => {
  const { bad, first } = await three(world);
  await unreachable(world, bad);
  await t.throwsAsync(evaluateDue(world.db, world.deps.policy.document, world.now), { message: /address/ });
  t.is((await warmupNow(world, first.warmupId)).status, 'running');
});

onBothEngines('a day that was judged while its plan was claimed is not judged over', async (t, world) => {
  const { first, day } = await three(world);
  await step(world);
  await overIp(world, first, day, { sent: 200 });
  const [row] = (await claimPlans(world.db, { status: 'running', until: day }, 3)).filter(
    ({ id }) => id === first.warmupId,
  );
  const before = duePlan(row ?? t.fail());
  const counts = { gmail: { ...NOTHING, sent: 200, delivered: 200 } };
  const judged = evaluateDay(before, { day, counts, window: counts }, world.deps.policy.document);
  const late = { before, after: { ...before, stage: 99, nextDay: day + 1 }, step: judged, sent: 200, delivered: 200 };
  atThree(world, day + 1);
  await step(world);
  const now = await warmupNow(world, first.warmupId);
  // Without its row, which alone would refuse a second one.
  await world.db('warmup_days').where({ warmup_id: first.warmupId }).delete();
  await t.throwsAsync(
    world.db.transaction((trx) => writeJudged(trx, [late], world.now)),
    { message: /judged while it was claimed/ },
  );
  t.deepEqual(await warmupNow(world, first.warmupId), now);
});
