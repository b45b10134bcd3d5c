// A plan that is cut to what there is, or raised to it: recorded, mailed, and in what happened.
import { evenPattern } from '../../src/sending/pattern.ts';
import { acmeWithIp } from '../support/scene.ts';
import { atThree, begun, mailedTo, overIp, step, warmupNow } from '../support/warm.ts';
import { onBothEngines, type World } from '../support/world.ts';

const PAYERS = ['billing@acme.example', 'owner@acme.example'];
const CUT =
  'For 14 days the IP has carried all there was, 5,000 messages on the busiest day: the plan ends there instead of at 10,000.';

/** A plan that for two weeks has had no more mail than the IP carried, on the last of three such days; judged. */
async function withAllItHas(world: World, change: object = {}) {
  const scene = await acmeWithIp(world);
  const first = await begun(world, scene);
  await world.db('sending_counts').delete();
  await world.db('warmups').update({ limited_on: first - 15, stage: 5, carried: 5_000, ...change });
  for (const day of [first - 2, first - 1, first]) await overIp(world, scene, day, { sent: 5_000 });
  atThree(world, first + 1);
  await step(world);
  return { scene, warmupId: scene.warmupId, first, now: await warmupNow(world, scene.warmupId) };
}

const storyOf = async (world: World, id: number) =>
  (await (await world.signedIn('owner@acme.example')).get(`/warm-ups/${id}`)).text.replace(/^.*What happened/s, '');

onBothEngines(
  'a plan that is cut to its sender’s mail says so: recorded, mailed, and in what happened',
  async (t, world) => {
    const { now, warmupId, first } = await withAllItHas(world);
    t.like(now, { status: 'running', remadeOn: first });
    t.is(now.plan.targetPerDay, 5_000);
    t.true((await storyOf(world, warmupId)).includes(`planned the warm-up of 192.0.2.1 again: ${CUT}`));
    t.deepEqual(await mailedTo(world, 'warmup-followed'), PAYERS);
    const [mail] = await world.db('outbox').where({ template: 'warmup-followed' });
    t.is(JSON.parse(mail.facts).why, CUT);
    t.is(JSON.parse(mail.facts).finishesOn, now.plan.finishesOn, 'its end is forecast again');
  },
);

onBothEngines('a cut that completes a plan is recorded, and told in the one mail of that night', async (t, world) => {
  const { now, warmupId, scene } = await withAllItHas(world, { is_again: true });
  t.is(now.status, 'running', 'at a stage in the midst it is cut alone');
  const last = { limited_on: now.nextDay - 15, stage: now.plan.caps.length, target_per_day: 10_000 };
  await world.db('warmups').update({ ...last, caps: JSON.stringify([...now.plan.caps.slice(0, -1), 10_000]) });
  await overIp(world, scene, now.nextDay, { sent: 5_000 });
  atThree(world, now.nextDay + 1);
  await step(world);
  t.is((await warmupNow(world, warmupId)).status, 'complete');
  t.deepEqual(await mailedTo(world, 'warmup-followed'), PAYERS, 'of the first cut alone');
  t.deepEqual(await mailedTo(world, 'warmup-complete'), PAYERS);
  const [mail] = await world.db('outbox').where({ template: 'warmup-complete' });
  t.is(JSON.parse(mail.facts).reason, CUT);
  t.true((await storyOf(world, warmupId)).includes(CUT));
});

onBothEngines('a plan that is raised to its sender’s mail says so, and once', async (t, world) => {
  const scene = await acmeWithIp(world);
  const first = await begun(world, scene);
  await world.db('warmups').update({ pattern: JSON.stringify(evenPattern(7 * 30_000, 'measured')) });
  for (const day of [first, first + 1]) {
    await overIp(world, scene, day, { sent: 200 });
    atThree(world, day + 1);
    await step(world);
  }
  t.is((await warmupNow(world, scene.warmupId)).plan.targetPerDay, 30_000);
  t.regex(
    await storyOf(world, scene.warmupId),
    /planned the warm-up of 192\.0\.2\.1 again: A usual busiest day brings 30,000 messages now, more than twice the plan’s 10,000/,
  );
  t.deepEqual(await mailedTo(world, 'warmup-followed'), PAYERS);
});
