import ava from 'ava';
import { act } from '../../src/act.ts';
import { dayOf } from '../../src/day.ts';
import { checkData } from '../../src/invariants/store.ts';
import { evaluateDue } from '../../src/warmup/daily/run.ts';
import { capNow } from '../../src/warmup/state.ts';
import { account, somebody } from '../support/people.ts';
import { acmeWithIp } from '../support/scene.ts';
import { atThree, begun, goodDay, judgedDays, mailedTo, overIp, step, warmupNow } from '../support/warm.ts';
import { createWorld, DAY, HOUR, onBothEngines } from '../support/world.ts';

const PAYERS = ['billing@acme.example', 'owner@acme.example'];
const STAFF = ['admin@warmdesk.example', 'reviewer2@warmdesk.example', 'reviewer@warmdesk.example'];

onBothEngines('S-20: a plan begins on its first day, and the customer is told once', async (t, world) => {
  const { warmupId } = await acmeWithIp(world);
  const { startsOn } = (await warmupNow(world, warmupId)).plan;
  world.now = startsOn * DAY - 1;
  t.is(await step(world), 0);
  world.now += 1;
  t.is(await step(world), 1);
  t.is(await step(world), 0);
  const warmup = await warmupNow(world, warmupId);
  t.like(warmup, { status: 'running', stage: 1, nextDay: startsOn });
  t.is(capNow(warmup), 200);
  t.deepEqual(await mailedTo(world, 'warmup-started'), PAYERS);
  t.like(await world.db('audit_events').where({ name: 'warmup.began' }).first(), {
    from_status: 'warming',
    to_status: 'warming',
    actor_id: null,
  });
});

onBothEngines('a day is judged two hours after its end, and once', async (t, world) => {
  const scene = await acmeWithIp(world);
  const day = await begun(world, scene);
  await overIp(world, scene, day, { sent: 150 });
  await overIp(world, scene, day, { sent: 50 }, 'yahoo');
  world.now = (day + 1) * DAY + 2 * HOUR - 1;
  t.is(await step(world), 0);
  world.now += 1;
  t.is(await step(world), 1);
  t.is(await step(world), 0);
  t.deepEqual(await judgedDays(world, scene.warmupId), [{ day, stage: 1, cap: 200, sent: 200, verdict: 'advance' }]);
  const warmup = await warmupNow(world, scene.warmupId);
  t.like(warmup, { stage: 2, nextDay: day + 1, verdict: 'advance' });
  t.is(warmup.why, '200 of 200 messages were delivered: on to stage 2.');
});

onBothEngines('after days of standstill it catches up day by day, as if it had run on each', async (t, world) => {
  const scene = await acmeWithIp(world);
  const day = await begun(world, scene);
  const { caps } = (await warmupNow(world, scene.warmupId)).plan;
  for (let nth = 0; nth < 20; nth += 1) {
    if (nth !== 4) await overIp(world, scene, day + nth, { sent: caps[nth > 4 ? nth - 1 : nth] ?? 0 });
  }
  atThree(world, day + 20);
  t.is(await step(world), 20);
  const days = await judgedDays(world, scene.warmupId);
  t.deepEqual(
    days.map((one) => one.day),
    Array.from({ length: 20 }, (_, nth) => day + nth),
  );
  t.deepEqual(
    days.map((one) => one.stage),
    [1, 2, 3, 4, 5, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19],
  );
  t.like(days[4], { verdict: 'hold', sent: 0 });
  t.like(await warmupNow(world, scene.warmupId), { stage: 20, nextDay: day + 20 });
});

onBothEngines(
  'S-26: after a standstill days under the old cap pass no stage by more than their sum, and open no more than twice one of them',
  async (t, world) => {
    const scene = await acmeWithIp(world);
    const day = await begun(world, scene);
    const { caps } = (await warmupNow(world, scene.warmupId)).plan;
    const [cap = 0] = caps;
    for (let nth = 0; nth < 6; nth += 1) await overIp(world, scene, day + nth, { sent: cap });
    atThree(world, day + 6);
    t.is(await step(world), 6);
    const { stage, carried } = await warmupNow(world, scene.warmupId);
    let [left, reached] = [0, 1];
    for (let nth = 0; nth < 6; nth += 1) {
      left += cap;
      if (left >= 0.9 * (caps[reached - 1] ?? 0)) [left, reached] = [0, reached + 1];
    }
    t.is(stage, reached, 'a stage passes by what was delivered since it began');
    t.is(carried, cap);
    const far = { ...(await warmupNow(world, scene.warmupId)), stage: 20 };
    t.is(capNow(far), Math.floor((cap * 20) / 9), 'however many stages their sum would pass');
  },
);

onBothEngines('S-26: bounces pause the plan, and the customer is told why, once', async (t, world) => {
  const scene = await acmeWithIp(world);
  const day = await begun(world, scene);
  await goodDay(world, scene);
  await overIp(world, scene, day + 1, { sent: 200, bounced: 60 });
  atThree(world, day + 2);
  await step(world);
  const warmup = await warmupNow(world, scene.warmupId);
  t.like(warmup, { status: 'paused', stage: 1, allocationStatus: 'paused', judgedFrom: day + 2 });
  t.regex(warmup.why ?? '', /15 % of the mail bounced \(limit 10 %\)/);
  t.deepEqual(await mailedTo(world, 'warmup-paused'), PAYERS);
  t.deepEqual(await mailedTo(world, 'warmup-to-resume'), STAFF, 'and those who may resume it');
  t.like(await world.db('audit_events').where({ name: 'warmup.paused' }).first(), {
    from_status: 'warming',
    to_status: 'paused',
  });
  atThree(world, day + 6);
  t.is(await step(world), 4, 'the days of a pause are judged as well');
  t.is((await mailedTo(world, 'warmup-paused')).length, 2);
  t.is((await mailedTo(world, 'warmup-to-resume')).length, 3);
  const later = await warmupNow(world, scene.warmupId);
  t.like(later, { status: 'paused', verdict: 'pause', why: warmup.why }, 'the lists go on to say by what');
});

onBothEngines(
  'R-05: staff who belong to the account of a paused warm-up are told as its people, once',
  async (t, world) => {
    const scene = await acmeWithIp(world);
    const both = { staffRole: 'reviewer', accountRole: 'billing' } as const;
    await somebody(world, { email: 'both@acme.example', accountId: scene.acme.id, ...both });
    const elsewhere = await account(world, 'Elsewhere');
    await somebody(world, { email: 'other@warmdesk.example', accountId: elsewhere, ...both });
    const day = await begun(world, scene);
    await overIp(world, scene, day, { sent: 200, bounced: 60 });
    atThree(world, day + 1);
    await step(world);
    t.deepEqual(await mailedTo(world, 'warmup-paused'), ['billing@acme.example', 'both@acme.example', PAYERS[1]]);
    t.deepEqual(
      await mailedTo(world, 'warmup-to-resume'),
      [...STAFF, 'other@warmdesk.example'].toSorted(),
      'who belongs to another account may resume it',
    );
    t.deepEqual(await checkData(world.db, world.now), []);
  },
);

onBothEngines('rates are of seven days and of those since a pause', async (t, world) => {
  const scene = await acmeWithIp(world);
  const day = await begun(world, scene);
  await overIp(world, scene, day, { sent: 200, bounced: 19 });
  for (let nth = 1; nth <= 7; nth += 1) {
    atThree(world, day + nth);
    await step(world);
    await overIp(world, scene, day + nth, { sent: 20 });
  }
  const verdicts = async () => (await judgedDays(world, scene.warmupId)).map((one) => one.verdict);
  t.deepEqual(await verdicts(), Array(7).fill('hold'), 'for seven days the bad day counts');
  t.is((await warmupNow(world, scene.warmupId)).capPercent, 50);
  atThree(world, day + 8);
  await step(world);
  t.is((await warmupNow(world, scene.warmupId)).capPercent, 100, 'then it does not any more');
});

onBothEngines('30 days without mail make an IP cold again, and the customer is told', async (t, world) => {
  const scene = await acmeWithIp(world);
  const day = await begun(world, scene);
  for (let nth = 0; nth < 5; nth += 1) await goodDay(world, scene);
  atThree(world, day + 5 + 29);
  await step(world);
  t.like(await warmupNow(world, scene.warmupId), { stage: 6, idleDays: 29 });
  t.deepEqual(await mailedTo(world, 'warmup-cold'), []);
  atThree(world, day + 5 + 30);
  await step(world);
  t.like(await warmupNow(world, scene.warmupId), { stage: 1, idleDays: 0, status: 'running' });
  t.deepEqual(await mailedTo(world, 'warmup-cold'), PAYERS);
});

onBothEngines('several that run the day’s step at once judge each day once', async (t, world) => {
  const scene = await acmeWithIp(world);
  const day = await begun(world, scene);
  await overIp(world, scene, day, { sent: 200, bounced: 60 });
  atThree(world, day + 3);
  const done = await Promise.all(Array.from({ length: 8 }, () => step(world)));
  t.is(
    done.reduce((sum, one) => sum + one, 0),
    3,
  );
  t.deepEqual(
    (await judgedDays(world, scene.warmupId)).map((one) => [one.day - day, one.verdict]),
    [
      [0, 'pause'],
      [1, 'hold'],
      [2, 'hold'],
    ],
  );
  t.is((await mailedTo(world, 'warmup-paused')).length, 2);
});

onBothEngines('what fails half-way leaves nothing of the day', async (t, world) => {
  const scene = await acmeWithIp(world);
  const day = await begun(world, scene);
  await overIp(world, scene, day, { sent: 200, bounced: 60 });
  atThree(world, day + 1);
  await t.throwsAsync(
    act(world.db, { person: null, at: world.now }, async ({ trx }) => {
      await evaluateDue(trx, world.deps.policy.document, world.now);
      throw new Error('power cut');
    }),
    { message: 'power cut' },
  );
  t.like(await warmupNow(world, scene.warmupId), { status: 'running', nextDay: day });
  t.deepEqual(await judgedDays(world, scene.warmupId), []);
  t.is(await step(world), 1);
});

onBothEngines(
  'C-13 to C-17, S-20: thirty-seven days of normal sending end in complete, with nothing else asked of the customer',
  async (t, world) => {
    const scene = await acmeWithIp(world);
    const day = await begun(world, scene);
    const { plan } = await warmupNow(world, scene.warmupId);
    const length = plan.caps.length;
    t.true(length >= 30 && length <= 45, 'C-14');
    let before = 0;
    for (let nth = 1; nth <= length; nth += 1) {
      const cap = capNow(await warmupNow(world, scene.warmupId)) ?? 0;
      t.true(cap >= before, 'C-16: the share of the IP grows');
      before = cap;
      await goodDay(world, scene);
    }
    t.is(dayOf(world.now), day + length, 'as planned');
    t.like(await warmupNow(world, scene.warmupId), { status: 'complete', allocationStatus: 'active' });
    t.is(capNow(await warmupNow(world, scene.warmupId)), null, 'C-17: nothing limits it');
    t.deepEqual(await mailedTo(world, 'warmup-complete'), PAYERS);
    t.is(await step(world), 0);
    const owner = await world.signedIn('owner@acme.example');
    const page = await owner.get(`/warm-ups/${scene.warmupId}`);
    t.regex(page.text, /Complete\. All mail of the domain goes over 192\.0\.2\.1/);
    t.regex(page.text, /Warmdesk completed the warm-up of 192\.0\.2\.1/);
  },
);

ava('where nothing is due, the step asks little', async (t) => {
  const world = await createWorld(t);
  const scene = await acmeWithIp(world);
  await begun(world, scene);
  const asked: string[] = [];
  world.db.on('query', ({ sql }: { sql: string }) => asked.push(sql));
  t.is(await step(world), 0);
  t.is(asked.filter((sql) => sql.startsWith('select')).length, 4);
  const plan = await world.db.raw(
    "explain query plan select id from warmups where status = 'running' and next_day <= 1 order by next_day, id limit 1000",
  );
  t.regex(JSON.stringify(plan), /USING COVERING INDEX warmups_due/);
});
