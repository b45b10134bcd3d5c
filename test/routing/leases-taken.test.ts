// Blocks of a cap as they are taken from a real database and given back to it.
import { dayOf } from '../../src/day.ts';
import { Leases } from '../../src/routing/cap-leases.ts';
import { Router } from '../../src/routing/router.ts';
import { listSpentHours } from '../../src/routing/store.ts';
import { MINUTE, onBothEngines, type World } from '../support/world.ts';
import { granted, ONE, question } from './asking.ts';
import { routerOver, spentOf, warmingAccount } from './scene.ts';

onBothEngines('S-26: what a router held and did not use is given back when it stops', async (t, world) => {
  const warming = await warmingAccount(world, { cap: 1_000, target: 1_000 });
  const desk = await routerOver(world);
  const used = await granted(desk, warming, 7, 'first-');
  await desk.leases.settled();
  const held = desk.leases.left(question(desk, warming.domain, '').sender.ips[0] as never, ONE);
  t.true(used > 0 && held > 0, `${used} used, ${held} held`);
  t.is(await spentOf(world, warming.ipId), used + held);
  await desk.leases.close();
  t.is(await spentOf(world, warming.ipId), used);
  t.is((await listSpentHours(world.db, warming.ipId, dayOf(world.now)))[9], used);
  t.is(await granted(await routerOver(world), warming, 2_000, 'rest-'), 1_000 - used);
});

onBothEngines('what cannot be given back is lost for today and logged, and ends nothing', async (t, world) => {
  const warming = await warmingAccount(world, { cap: 1_000, target: 1_000 });
  let isAway = false;
  const db = new Proxy(world.db, {
    get: (target, name) =>
      name === 'transaction' && isAway ? () => Promise.reject(new Error('away')) : Reflect.get(target, name),
  });
  const { state, mail } = await routerOver(world);
  const leases = new Leases(db, world.deps.log, () => world.now);
  const desk = { state, leases, mail, router: new Router(state, leases, mail, world.deps.policy.document) };
  t.true((await granted(desk, warming, 7, 'first-')) > 0);
  await leases.settled();
  const spent = await spentOf(world, warming.ipId);
  isAway = true;
  await leases.giveBack();
  t.is(await spentOf(world, warming.ipId), spent);
  const lost = world.logLines.map((line) => JSON.parse(line)).filter(({ msg }) => /could not be given back/.test(msg));
  t.deepEqual(
    lost.map(({ err }) => err.message),
    ['away'],
  );
  const other = await routerOver(world);
  const used = await granted(other, warming, 7, 'second-');
  await other.leases.giveBack();
  t.is(await spentOf(world, warming.ipId), spent + used);
});

/** What has been handed out after one question for this many recipients at a provider. */
async function blockFor(world: World, provider: string, ...counts: readonly number[]): Promise<number> {
  const cap = { cap: 1_000, slowed: { gmail: 12 } };
  const { domain, ipId } = await warmingAccount(world, cap);
  const { router, leases } = await routerOver(world);
  const ip = router.senderOf(`a@${domain}`)?.ips[0];
  if (ip === undefined) throw new Error('the domain has no IP');
  for (const count of counts) {
    leases.left(ip, [{ provider, count }]);
    await leases.settled();
  }
  return spentOf(world, ipId, provider === 'gmail' ? 'gmail' : '');
}

onBothEngines(
  'S-26: a block is as large as the message needs and half of one ahead, at most the limit',
  async (t, world) => {
    world.now += MINUTE;
    t.is(await blockFor(world, 'other', 1), 10, '1 % of the cap');
    t.is(await blockFor(world, 'other', 30), 35);
    t.is(await blockFor(world, 'other', 1, 30), 35, 'what is held already is not asked for again');
    t.is(await blockFor(world, 'gmail', 1), 5, 'of the provider’s limit, not of the cap');
    t.is(await blockFor(world, 'gmail', 12), 12);
    t.is(await blockFor(world, 'gmail', 13), 5, 'more than all that it may get is never granted');
  },
);
