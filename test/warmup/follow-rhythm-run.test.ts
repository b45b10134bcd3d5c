// The night in which a plan is made again for its sender's rhythm: what is recorded, mailed and shown.
import { plainCount } from '../../src/sending/counts.ts';
import { upsertCounts } from '../../src/sending/store.ts';
import { learnDue } from '../../src/warmup/learning/background.ts';
import { acmeWithIp } from '../support/scene.ts';
import { atThree, begun, goodDay, mailedTo, overIp, step, warmupNow } from '../support/warm.ts';
import { onBothEngines } from '../support/world.ts';

const newsletters = (first: number, weeks: number) =>
  Array.from({ length: weeks }, (_, nth) =>
    plainCount({ day: first + 7 * nth, sent: 70_000, bounced: 0, complained: 0 }),
  );

onBothEngines(
  'a running plan of 43 even stages is made again for a newsletter a week: audited, mailed, and on its page',
  async (t, world) => {
    const scene = await acmeWithIp(world);
    const first = await begun(world, scene);
    for (let nth = 0; nth < 4; nth += 1) await goodDay(world, scene);
    const before = await warmupNow(world, scene.warmupId);
    t.true(before.plan.caps.length > 40);
    // As it was before patterns were kept.
    await world.db('warmups').update({ pattern: '', learned_on: 0 });
    await world.db('sending_counts').delete();
    await upsertCounts(world.db, scene.domain.id, newsletters(first - 52, 8), world.now);
    t.is(await learnDue(world.db, world.now), 1);
    await goodDay(world, scene);

    const now = await warmupNow(world, scene.warmupId);
    t.like(now, { status: 'running', stage: before.stage + 1, remadeOn: first + 4, allocationStatus: 'warming' });
    t.is(now.plan.targetPerDay, 70_000);
    t.deepEqual(now.plan.caps.slice(0, before.stage), before.plan.caps.slice(0, before.stage));
    t.true(now.plan.caps.length < before.stage + 10, `${now.plan.caps.length} stages`);
    const days = now.plan.finishesOn - first;
    t.true(days > 50 && days < 80, `${days} days`);
    const rhythm = `on fewer days than the plan was made for: eight more stages instead of ${before.plan.caps.length - before.stage}, up to 70,000 messages on the busiest day.`;
    const event = await world.db('audit_events').orderBy('id', 'desc').first();
    t.is(event.name, 'warmup.followed');
    t.true(JSON.parse(event.facts).why.endsWith(rhythm), event.facts);
    t.deepEqual(await mailedTo(world, 'warmup-followed'), ['billing@acme.example', 'owner@acme.example']);
    t.true((now.why ?? '').includes(rhythm), now.why ?? '');
    const page = await (await world.signedIn('owner@acme.example')).get(`/warm-ups/${scene.warmupId}`);
    t.true(page.text.includes(`planned the warm-up of 192.0.2.1 again: Mail goes out on`), page.text);
    t.true(page.text.includes(rhythm), page.text);

    await goodDay(world, scene);
    t.is((await mailedTo(world, 'warmup-followed')).length, 2, 'once');
  },
);

onBothEngines('a day that makes stages again and pauses the plan is told as both', async (t, world) => {
  const scene = await acmeWithIp(world);
  const first = await begun(world, scene);
  await world.db('sending_counts').delete();
  await upsertCounts(world.db, scene.domain.id, newsletters(first - 56, 8), world.now);
  await learnDue(world.db, world.now);
  await overIp(world, scene, first, { sent: 200, bounced: 100 });
  atThree(world, first + 1);
  await step(world);
  const now = await warmupNow(world, scene.warmupId);
  t.like(now, { status: 'paused', allocationStatus: 'paused', remadeOn: first });
  t.deepEqual(await world.db('audit_events').orderBy('id', 'desc').limit(2).pluck('name'), [
    'warmup.paused',
    'warmup.followed',
  ]);
  t.deepEqual(await mailedTo(world, 'warmup-followed'), ['billing@acme.example', 'owner@acme.example']);
});
