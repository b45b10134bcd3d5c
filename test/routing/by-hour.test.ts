// S-20: a table of hourly limits holds in each hour, not for the day alone.
import test from 'ava';
import { evenPattern } from '../../src/sending/pattern.ts';
import { planWarmup } from '../../src/warmup/plan.ts';
import { hourCapNow } from '../../src/warmup/state.ts';
import { sendgrid } from '../policy/facts.ts';
import { HOUR, onBothEngines, type World } from '../support/world.ts';
import { routerOver, spentOf, type Warming, warmingAccount } from './scene.ts';
import { planState } from './senders.ts';

/** An account whose IP is at the first stage of SendGrid's table. */
async function firstStage(world: World, change: object = {}): Promise<Warming> {
  const account = await warmingAccount(world, { cap: 480, target: 672 });
  await world
    .db('warmups')
    .where({ allocation_id: account.allocationId })
    .update({ by_hour: true, changed_at: world.now, ...change });
  return account;
}

/** How many of `count` messages, each to `recipients`, went over the IP. */
async function over(world: World, { domain, address }: Warming, count: number, recipients = 1): Promise<number> {
  const { router, leases } = await routerOver(world);
  const sender = router.senderOf(`news@${domain}`);
  if (sender === undefined) throw new Error(`${domain} is not known`);
  const addresses = Array.from({ length: recipients }, (_, nth) => `${nth}@shop.example`);
  let got = 0;
  for (let nth = 0; nth < count; nth += 1) {
    const question = { sender, recipients: addresses, stream: 'marketing', message: `${world.now} ${nth}` } as const;
    const told = await router.decide({ ...question, count: recipients }, 60_000);
    if (told.via === 'ip' && told.ip.address === address) got += recipients;
  }
  await leases.close();
  return got;
}

onBothEngines('S-20: the first hour carries 20 messages, not 480 at once, and so does each hour', async (t, world) => {
  const warming = await firstStage(world);
  t.is(await over(world, warming, 200), 20);
  t.is(await over(world, warming, 50), 0, 'of another router in the same hour');
  world.now += HOUR;
  t.is(await over(world, warming, 200), 20);
  world.now += 3 * HOUR;
  t.is(await over(world, warming, 5), 5);
  t.is(await over(world, warming, 200), 15);
  t.is(await spentOf(world, warming.ipId), 60);
});

onBothEngines(
  'S-20, S-26: an hour that is cut carries its part; a message of more than an hour none',
  async (t, world) => {
    const warming = await firstStage(world, { cap_percent: 50 });
    t.is(await over(world, warming, 100), 10);
    world.now += HOUR;
    t.is(await over(world, warming, 20, 21), 0);
  },
);

onBothEngines('S-20: what a router held at the end of an hour is void in the next', async (t, world) => {
  const warming = await firstStage(world);
  const { router, leases } = await routerOver(world);
  const sender = router.senderOf(`news@${warming.domain}`);
  if (sender === undefined) return t.fail();
  const ask = (message: string) =>
    router.decide({ sender, recipients: ['a@shop.example'], stream: 'marketing', message, count: 1 }, 60_000);
  const viaIp = async (prefix: string) => {
    let got = 0;
    for (let nth = 0; nth < 60; nth += 1) if ((await ask(`${prefix}${nth}`)).via === 'ip') got += 1;
    return got;
  };
  t.is((await ask('first')).via, 'ip');
  await leases.settled();
  world.now += HOUR;
  t.is(await viaIp('second'), 20);
  world.now += HOUR;
  t.is(await viaIp('third'), 20);
});

test('S-20: a plan by SendGrid’s table is by the hour, and climbs with mail in one hour of the day', (t) => {
  const plan = planWarmup(sendgrid, evenPattern(700_000, 'measured'), 20_000);
  t.true(plan.byHour);
  const at = (stage: number, change: object = {}) => planState(480, 672, { plan, stage, ...change });
  t.deepEqual(
    [1, 2, 3, 13].map((stage) => hourCapNow(at(stage))),
    [20, 28, 39, 1_000],
  );
  t.is(hourCapNow(at(2, { carried: 20 })), 28, 'whatever a day carried before');
  t.is(hourCapNow(at(2, { status: 'complete' })), null);
  t.is(hourCapNow(planState(480, 672)), null);
});
