// Who is told of a warm-up: who asked for the IP, whatever their role is by now, and who pays for it.
import test from 'ava';
import { lockingRows } from '../../src/database.ts';
import { evaluateDue } from '../../src/warmup/daily/run.ts';
import { claimPlans } from '../../src/warmup/daily/store.ts';
import { takeStaffStep } from '../../src/warmup/staff/actions.ts';
import { sendWeeklyProgress } from '../../src/warmup/weekly/background.ts';
import * as make from '../support/make.ts';
import { somebody } from '../support/people.ts';
import { acmeWithIp } from '../support/scene.ts';
import { atThree, begun, goodDay, mailedTo, step, warmupNow } from '../support/warm.ts';
import { createWorld, onBothEngines } from '../support/world.ts';

onBothEngines(
  'R-07: who asked for an IP is told of its warm-up, also as a plain member of the account',
  async (t, world) => {
    const scene = await acmeWithIp(world);
    const { acme, staff, warmupId } = scene;
    await somebody(world, { email: 'admin@acme.example', accountId: acme.id, accountRole: 'admin' });
    await world.db('people').where({ id: acme.owner.id }).update({ account_role: 'member' });
    const notified = ['admin@acme.example', 'billing@acme.example', 'owner@acme.example'];
    await begun(world, scene);
    t.deepEqual(await mailedTo(world, 'warmup-started'), notified, 'the other member did not ask for it');
    for (let nth = 0; nth < 7; nth += 1) await goodDay(world, scene);
    await sendWeeklyProgress(world.db, world.deps.policy.document, world.now, world.deps.log);
    t.deepEqual(await mailedTo(world, 'warmup-progress'), notified);
    const seen = await warmupNow(world, warmupId);
    const form = { id: warmupId, name: 'pause', seen, reason: 'A list was bought.' } as const;
    await takeStaffStep(world.db, { person: staff.reviewer, at: world.now }, form, world.deps.policy.document);
    t.deepEqual(await mailedTo(world, 'warmup-paused'), notified);
  },
);

onBothEngines(
  'R-07: several IPs of one account that begin, or complete, in the same night are one mail for each person',
  async (t, world) => {
    await make.ips(world, 'us', 4);
    const acme = await make.account(world, { weekly: 700_000 });
    const other = await make.account(world, { weekly: 700_000 });
    await make.decided(world, await make.request(world, acme.admin, { ipCount: 3, weeklyVolume: 700_000 }));
    await make.decided(world, await make.request(world, other.admin, { weeklyVolume: 200_000 }));
    const all = await world.db('warmups').select('id', 'starts_on', 'caps', 'target_per_day');
    const [{ starts_on: startsOn }] = all;
    const mails = async (template: string) =>
      (await world.db('outbox').where({ template, to_address: acme.admin.email })).map(({ facts }) =>
        JSON.parse(facts),
      );
    const addresses = (facts: { address: string; also?: { address: string }[] }) =>
      [facts, ...(facts.also ?? [])].map(({ address }) => address).toSorted();
    const own = (
      await world
        .db('ips as i')
        .join('allocations as a', 'a.ip_id', 'i.id')
        .where({ account_id: acme.id })
        .pluck('address')
    ).toSorted();
    t.is(own.length, 3);

    atThree(world, startsOn);
    await step(world);
    const begun = await mails('warmup-started');
    t.deepEqual(begun.map(addresses), [own]);
    t.is((await world.db('audit_events').where({ name: 'warmup.began' })).length, 4, 'each is recorded');
    t.is((await mailedTo(world, 'warmup-started')).filter((to) => to === other.admin.email).length, 1);

    const last = startsOn + 29;
    for (const { id, caps, target_per_day: target } of all)
      await world
        .db('warmups')
        .where({ id })
        .update({
          stage: JSON.parse(caps).length,
          progress: target,
          carried: target,
          next_day: last,
          judged_from: last,
        });
    atThree(world, last + 1);
    await step(world);
    t.deepEqual((await mails('warmup-complete')).map(addresses), [own]);
    t.is((await mailedTo(world, 'warmup-complete')).filter((to) => to === other.admin.email).length, 1);
    const page = await (await world.signedIn(acme.admin.email)).get('/ips');
    for (const address of own) t.true(page.text.includes(`${address} `));
  },
);

test('R-07: IPs of one account that begin in the same night are one mail, though several desks look for them at once (PostgreSQL)', async (t) => {
  const world = await createWorld(t, 'PostgreSQL');
  await make.ips(world, 'us', 4);
  const acme = await make.account(world, { weekly: 700_000 });
  const other = await make.account(world, { weekly: 700_000 });
  await make.decided(world, await make.request(world, acme.admin, { ipCount: 3, weeklyVolume: 700_000 }));
  await make.decided(world, await make.request(world, other.admin, { weeklyVolume: 200_000 }));
  const { starts_on: startsOn } = await world.db('warmups').first('starts_on');
  atThree(world, startsOn);
  const evaluate = () => evaluateDue(world.db, world.deps.policy.document, world.now);
  const due = { status: 'planned', until: startsOn } as const;
  await world.db.transaction(async (first) => {
    await lockingRows(first, first('accounts').where({ id: acme.id }), 'accounts');
    await world.db.transaction(async (second) => {
      t.is((await claimPlans(second, due, 10)).length, 1, 'the other account’s');
      t.is((await claimPlans(first, due, 10)).length, 3, 'who looked in vain holds nothing of it');
    });
  });
  await world.db.transaction(async (elsewhere) => {
    const claimed = await claimPlans(elsewhere, due, 1);
    t.is(claimed.length, 1);
    t.is(await evaluate(), 1, 'what belongs to that account is left to the desk that has some of it');
  });
  t.deepEqual(
    (await mailedTo(world, 'warmup-started')).filter((to) => to === acme.admin.email),
    [],
  );
  t.is(await evaluate(), 3);
  t.is((await mailedTo(world, 'warmup-started')).filter((to) => to === acme.admin.email).length, 1);
});
