// Plans learn how their domains mail, and say so where they stand still.
import { plainCount } from '../../src/sending/counts.ts';
import { upsertCounts } from '../../src/sending/store.ts';
import { learnDue } from '../../src/warmup/learning/background.ts';
import * as make from '../support/make.ts';
import { acmeWithIp } from '../support/scene.ts';
import { atThree, begun, goodDay, mailedTo, overIp, step, warmupNow } from '../support/warm.ts';
import { DAY, onBothEngines } from '../support/world.ts';

onBothEngines('C-08: the pattern of an IP is that of the domains that use it, learned once a day', async (t, world) => {
  const { warmupId, domain, acme } = await acmeWithIp(world);
  await make.domain(world, acme.id, 'elsewhere.example', { weekly: 7_000_000 });
  await make.counts(world, domain.id, { weekly: 140_000 });
  t.is(await learnDue(world.db, world.now), 1);
  t.is(await learnDue(world.db, world.now), 0);
  t.like((await warmupNow(world, warmupId)).pattern, {
    kind: 'weekdays',
    basis: 'measured',
    busiest: 20_000,
    period: 7,
  });
  world.now += DAY;
  t.is(await learnDue(world.db, world.now), 1);
});

onBothEngines('where there is too little to learn from, what was stated stays', async (t, world) => {
  const { warmupId } = await acmeWithIp(world);
  const { pattern } = await warmupNow(world, warmupId);
  await world.db('sending_counts').delete();
  t.is(await learnDue(world.db, world.now), 1);
  t.deepEqual((await warmupNow(world, warmupId)).pattern, pattern);
});

onBothEngines('several that learn at once look at each warm-up', async (t, world) => {
  await acmeWithIp(world);
  const done = await Promise.all(Array.from({ length: 4 }, () => learnDue(world.db, world.now)));
  t.is(Math.max(...done), 1);
});

onBothEngines(
  'a plan that stands for two weeks is told of once: to its people, to staff, in what happened',
  async (t, world) => {
    const scene = await acmeWithIp(world);
    const first = await begun(world, scene);
    await goodDay(world, scene);
    const elsewhere = Array.from({ length: 20 }, (_, nth) =>
      plainCount({ day: first + 1 + nth, sent: 5_000, bounced: 0, complained: 0 }),
    );
    await upsertCounts(world.db, scene.domain.id, elsewhere, world.now);
    for (let nth = 1; nth <= 20; nth += 1) await overIp(world, scene, first + nth, { sent: 3 });
    atThree(world, first + 14);
    await step(world);
    t.deepEqual(await mailedTo(world, 'warmup-stands'), []);
    atThree(world, first + 20);
    await step(world);
    t.deepEqual(await mailedTo(world, 'warmup-stands'), ['billing@acme.example', 'owner@acme.example']);
    t.is((await mailedTo(world, 'warmup-to-look-at')).length, 3);
    const { facts } = await world.db('audit_events').where({ name: 'warmup.stood' }).first();
    t.regex(
      JSON.parse(facts).why,
      /^For 14 days the plan has been at stage 2 of \d+\. 3 of three messages were delivered/,
    );
    const owner = await world.signedIn('owner@acme.example');
    t.regex((await owner.get(`/warm-ups/${scene.warmupId}`)).text, /has stopped at stage 2: For 14 days/);
  },
);
