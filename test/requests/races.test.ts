// Acts at the same moment. On PostgreSQL they run on connections of their own; on SQLite they take turns.
import ava from 'ava';
import type { Person } from '../../src/accounts/person.ts';
import { checkData } from '../../src/invariants/store.ts';
import { expireUnanswered } from '../../src/requests/background.ts';
import { acceptOffer, answerRequest, withdrawRequest } from '../../src/requests/customer/actions.ts';
import { sendBack } from '../../src/requests/review/actions.ts';
import { approveRequest, confirmApproval, declineRequest } from '../../src/requests/review/decide.ts';
import type { Taken, TransitionProblem } from '../../src/requests/transition.ts';
import { serveWaitlist } from '../../src/requests/waitlist/background.ts';
import type { Result } from '../../src/result.ts';
import * as make from '../support/make.ts';
import { everything, recordsOf } from '../support/notified.ts';
import { createWorld, onBothEngines, type World } from '../support/world.ts';

type Outcome = Result<Taken, TransitionProblem>;
const by = (world: World, person: Person) => ({ person, at: world.now });
const LOST = ['not-open', 'changed'];

/** One of them was taken; the loser is told that it is not open any more, or has changed. */
function onlyWinner(outcomes: readonly Outcome[]): Taken {
  const taken = outcomes.flatMap((outcome) => (outcome.ok ? [outcome.value] : []));
  const lost = outcomes.flatMap((outcome) => (outcome.ok ? [] : [outcome.problem.name]));
  const [winner] = taken;
  if (taken.length !== 1 || !winner || lost.some((name) => !LOST.includes(name))) {
    throw new Error(`${taken.length} won; the others: ${lost.join(', ')}`);
  }
  return winner;
}

onBothEngines('R-06: two reviewers at once, 200 rounds: one decision, its effects once', async (t, world) => {
  t.timeout(600_000);
  const { reviewer, reviewer2 } = await make.staff(world);
  const acme = await make.account(world);
  const won = { fulfilled: 0, waitlisted: 0, declined: 0 };
  for (let round = 0; round < 200; round += 1) {
    // Every tenth round there is an IP to be had, by a customer who has none.
    const { admin } = round % 10 === 0 ? await make.account(world) : acme;
    if (round % 10 === 0) await make.ips(world, 'us', 1);
    const id = await make.request(world, admin);
    const seen = await make.seen(world, id);
    const approve = (person: Person) => approveRequest(world.db, by(world, person), id, { seen, reason: 'So.' });
    const decline = (person: Person) => declineRequest(world.db, by(world, person), id, { seen, reason: 'No.' });
    const acts = round % 2 ? [approve(reviewer), decline(reviewer2)] : [approve(reviewer), approve(reviewer2)];
    const { request } = onlyWinner(await Promise.all(round % 4 === 3 ? acts.reverse() : acts));
    won[request.status as keyof typeof won] += 1;
    t.is((await world.db('decisions').where({ request_id: id })).length, 1);
    t.deepEqual(
      (await recordsOf(world, id)).map((one) => one.to),
      ['submitted', request.status],
    );
    if (request.status === 'waitlisted') await withdrawRequest(world.db, by(world, acme.admin), id);
  }
  t.is(won.fulfilled, 20);
  t.is((await everything(world)).allocations, 20);
  t.is((await everything(world)).warmups, 20);
  t.is(won.waitlisted + won.declined, 180);
});

onBothEngines('R-06: one confirms while another sends back, 50 rounds: one of both', async (t, world) => {
  t.timeout(600_000);
  const { reviewer2, admin } = await make.staff(world);
  const acme = await make.account(world, { weekly: 40_000 });
  for (let round = 0; round < 50; round += 1) {
    const id = await make.request(world, acme.admin);
    await make.approve(world, id, 'So.');
    const seen = await make.seen(world, id);
    const confirm = (person: Person) => confirmApproval(world.db, by(world, person), id, { seen, reason: '' });
    const other = round % 2 ? () => sendBack(world.db, by(world, admin), id, 'No.') : () => confirm(admin);
    const { request } = onlyWinner(await Promise.all([other(), confirm(reviewer2)]));
    t.is((await recordsOf(world, id)).length, 3);
    t.is(
      (await world.db('decisions').where({ request_id: id, rank: 2 })).length,
      request.status === 'submitted' ? 0 : 1,
    );
    await withdrawRequest(world.db, by(world, acme.admin), id);
  }
});

onBothEngines('R-06: the customer withdraws while a reviewer approves, 50 rounds: one of both', async (t, world) => {
  t.timeout(600_000);
  const { reviewer } = await make.staff(world);
  const acme = await make.account(world);
  for (let round = 0; round < 50; round += 1) {
    const id = await make.request(world, acme.admin);
    const seen = await make.seen(world, id);
    const withdraw = () => withdrawRequest(world.db, by(world, acme.billing), id);
    const approve = () => approveRequest(world.db, by(world, reviewer), id, { seen, reason: '' });
    const outcomes = await Promise.all(round % 2 ? [withdraw(), approve()] : [approve(), withdraw()]);
    // What was approved waits for an IP, and may still be withdrawn: both can be, one after the other.
    const states = (await recordsOf(world, id)).map((one) => one.to).join(' ');
    t.true(['submitted withdrawn', 'submitted waitlisted withdrawn'].includes(states), states);
    t.is(outcomes.filter((outcome) => outcome.ok).length, states.split(' ').length - 1);
  }
});

onBothEngines('C-07: 50 approvals race for one free IP: one gets it, 49 wait', async (t, world) => {
  t.timeout(600_000);
  const { reviewer } = await make.staff(world);
  await make.ips(world, 'us', 1);
  const asked: { id: number; seen: Awaited<ReturnType<typeof make.seen>> }[] = [];
  for (let customer = 0; customer < 50; customer += 1) {
    const { admin } = await make.account(world);
    const id = await make.request(world, admin);
    asked.push({ id, seen: await make.seen(world, id) });
  }
  const approve = ({ id, seen }: (typeof asked)[number]) =>
    approveRequest(world.db, by(world, reviewer), id, { seen, reason: '' });
  const outcomes = await Promise.all(asked.map(approve));
  const states = outcomes.map((outcome) => (outcome.ok ? outcome.value.request.status : outcome.problem.name));
  t.is(states.filter((state) => state === 'fulfilled').length, 1);
  t.is(states.filter((state) => state === 'waitlisted').length, 49);
  t.is((await everything(world)).allocations, 1);
  await make.ips(world, 'us', 60);
  const served = await Promise.all([serveWaitlist(world.db, world.now), serveWaitlist(world.db, world.now)]);
  t.true(served.reduce((sum, one) => sum + one, 0) <= 49);
  while ((await serveWaitlist(world.db, world.now)) > 0);
  t.is((await everything(world)).allocations, 50, 'each got one, from two loops at once');
});

onBothEngines('approvals that need several IPs each take all or none', async (t, world) => {
  t.timeout(600_000);
  const { reviewer } = await make.staff(world);
  for (let round = 0; round < 10; round += 1) {
    const ids: number[] = [];
    for (let customer = 0; customer < 3; customer += 1) {
      ids.push(await make.request(world, (await make.account(world)).admin, { ipCount: 2 }));
    }
    const seen = await Promise.all(ids.map((id) => make.seen(world, id)));
    await make.ips(world, 'us', 3);
    const approve = (id: number, index: number) =>
      approveRequest(world.db, by(world, reviewer), id, { seen: seen[index] as (typeof seen)[number], reason: '' });
    await Promise.all(ids.map(approve));
    await make.ips(world, 'us', 3);
    while ((await serveWaitlist(world.db, world.now)) > 0);
    t.deepEqual(await checkData(world.db, world.now), []);
    t.is(Number((await everything(world)).allocations), 6 * (round + 1));
  }
});

onBothEngines('an answer and the end of its time at once: one of both', async (t, world) => {
  const acme = await make.account(world);
  for (let round = 0; round < 20; round += 1) {
    const id = await make.requestIn(world, 'needs_info', acme.admin);
    const { expires_at: end } = await world.db('requests').where({ id }).first();
    world.now = Number(end);
    const [answered, expired] = await Promise.all([
      answerRequest(world.db, by(world, acme.admin), id, 'This much.'),
      expireUnanswered(world.db, world.now),
    ]);
    t.is(expired, answered.ok ? 0 : 1);
    if (answered.ok) await withdrawRequest(world.db, by(world, acme.admin), id);
  }
});

onBothEngines('two who accept one offer at once: one does, and the IP is given once', async (t, world) => {
  await make.ips(world, 'us', 5);
  const acme = await make.account(world);
  const id = await make.requestIn(world, 'offered', acme.admin);
  const people = [acme.admin, acme.billing, acme.admin, acme.billing];
  onlyWinner(await Promise.all(people.map((person) => acceptOffer(world.db, by(world, person), id))));
  t.is((await everything(world)).allocations, 1);
});

onBothEngines(
  'two approvals that move the same domain at once: it ends on one path, and nobody meets a fault',
  async (t, world) => {
    t.timeout(600_000);
    const { reviewer, reviewer2 } = await make.staff(world);
    for (let round = 0; round < 15; round += 1) {
      const acme = await make.account(world);
      const pay = await make.domain(world, acme.id, `pay${round}.example`, { usage: 'transactional', weekly: 30_000 });
      await make.ips(world, 'us', 1);
      const ips = await make.request(world, acme.admin);
      const pool = await make.poolRequest(world, acme.admin, pay.id);
      const [seenIps, seenPool] = [await make.seen(world, ips), await make.seen(world, pool)];
      const outcomes = await Promise.all([
        approveRequest(world.db, by(world, reviewer), ips, { seen: seenIps, reason: '' }),
        approveRequest(world.db, by(world, reviewer2), pool, { seen: seenPool, reason: '' }),
      ]);
      for (const outcome of outcomes) t.true(outcome.ok || outcome.problem.name === 'changed');
      t.true(outcomes.some((outcome) => outcome.ok));
      t.deepEqual(await checkData(world.db, world.now), []);
    }
  },
);

ava('an approval waits for a free IP that a look at its names holds for a moment (PostgreSQL)', async (t) => {
  const world = await createWorld(t, 'PostgreSQL');
  const { admin } = await make.account(world);
  await make.ips(world, 'us', 1);
  const id = await make.request(world, admin);
  const { promise: gate, resolve: end } = Promise.withResolvers<void>();
  const { promise: held, resolve: isHeld } = Promise.withResolvers<void>();
  const look = world.db.transaction(async (trx) => {
    await trx('ips').update({ names_due_at: 1 });
    isHeld();
    await gate;
  });
  await held;
  const decided = make.decided(world, id);
  let isOver = false;
  const over = () => {
    isOver = true;
  };
  decided.then(over, over);
  const isWaiting = () =>
    world
      .db('pg_stat_activity')
      .where({ wait_event_type: 'Lock' })
      .whereRaw('datname = current_database()')
      .first('pid');
  while (!isOver && !(await isWaiting()));
  end();
  await look;
  t.is((await decided).request.status, 'fulfilled');
});
