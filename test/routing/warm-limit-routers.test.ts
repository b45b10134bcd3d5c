// S-26: an IP is warm up to a volume, also for routers that share it: what is much more goes the way that the mail had.
import { dayOf } from '../../src/day.ts';
import { answerTo } from '../../src/routing/answer.ts';
import { Leases } from '../../src/routing/cap-leases.ts';
import { Router } from '../../src/routing/router.ts';
import { listSpent } from '../../src/routing/store.ts';
import { onBothEngines, type World } from '../support/world.ts';
import { complete, routerOver, spentOf, type Warming, warmingAccount } from './scene.ts';

/** An account whose IP has completed its warm-up at `level` messages a day. */
async function warmAccount(world: World, level: number): Promise<Warming> {
  const account = await warmingAccount(world, { cap: 20, target: level });
  await complete(world, account.allocationId);
  await world
    .db('warmups')
    .where({ allocation_id: account.allocationId })
    .update({ warmed_to: level, changed_at: world.now });
  return account;
}

type Desk = Awaited<ReturnType<typeof routerOver>>;

async function ask({ router }: Desk, { domain }: Warming, message: string, recipients = ['a@shop.example']) {
  const from = router.senderOf(`news@${domain}`);
  if (from === undefined) throw new Error(`${domain} is not known`);
  const question = { sender: from, recipients, stream: 'marketing', message, count: recipients.length } as const;
  const told = await router.decide(question, 60_000);
  return told.via === 'ip' ? told.ip.address : told.via === 'pool' ? told.pool.key : told.via;
}

/** How many of `count` messages went over what. */
async function sentOver(desk: Desk, warm: Warming, count: number, prefix = 'm') {
  const over: Record<string, number> = {};
  for (let nth = 0; nth < count; nth += 1) {
    const where = await ask(desk, warm, `${prefix}${nth}`);
    over[where] = (over[where] ?? 0) + 1;
  }
  return over;
}

onBothEngines(
  'S-26: a completed IP carries twice what it is warmed to on the first day with more, the rest goes over the pool',
  async (t, world) => {
    const warm = await warmAccount(world, 60);
    const desk = await routerOver(world);
    t.deepEqual(await sentOver(desk, warm, 300), { [warm.address]: 120, 'shared-us': 180 });
    t.is(await spentOf(world, warm.ipId), 120);
    const other = await routerOver(world);
    t.deepEqual(await sentOver(other, warm, 30, 'other'), { 'shared-us': 30 }, 'of another router, too');
  },
);

onBothEngines(
  'C-17: within that all mail goes over the IP; asked again a message keeps its way and counts once',
  async (t, world) => {
    const warm = await warmAccount(world, 60);
    const desk = await routerOver(world);
    t.deepEqual(await sentOver(desk, warm, 100), { [warm.address]: 100 });
    t.deepEqual(await sentOver(desk, warm, 100), { [warm.address]: 100 });
    t.deepEqual(await sentOver(desk, warm, 40, 'more'), { [warm.address]: 20, 'shared-us': 20 });
    t.deepEqual(await sentOver(desk, warm, 40, 'more'), { [warm.address]: 20, 'shared-us': 20 });
    await desk.leases.close();
    t.is(await spentOf(world, warm.ipId), 120);
  },
);

onBothEngines('S-26: a message with more recipients than are left goes whole over the pool', async (t, world) => {
  const warm = await warmAccount(world, 60);
  const desk = await routerOver(world);
  const fifty = Array.from({ length: 50 }, (_, nth) => `${nth}@shop.example`);
  for (const message of ['a', 'b']) t.is(await ask(desk, warm, message, fifty), warm.address);
  t.is(await ask(desk, warm, 'c', fifty), 'shared-us');
  t.is(await ask(desk, warm, 'd', fifty.slice(0, 20)), warm.address);
  t.is(await ask(desk, warm, 'e'), 'shared-us');
});

onBothEngines(
  'C-17: while the database is away a warm IP goes on carrying its mail, up to its limit for each process',
  async (t, world) => {
    const warm = await warmAccount(world, 60);
    const { state, mail } = await routerOver(world);
    const away = { transaction: () => Promise.reject(new Error('away')) } as unknown as World['db'];
    const leases = new Leases(away, world.deps.log, () => world.now);
    const desk = { state, leases, mail, router: new Router(state, leases, mail, world.deps.policy.document) };
    t.deepEqual(await sentOver(desk, warm, 150), { [warm.address]: 120, 'shared-us': 30 });
    await leases.giveBack();
    t.is(await spentOf(world, warm.ipId), 0, 'what was never taken is not given back');
  },
);

onBothEngines(
  'S-26: a provider that was slowed when warm-up ended gets its limit over the warm IP, all others all they have',
  async (t, world) => {
    const warm = await warmAccount(world, 60);
    const slowed = JSON.stringify({ microsoft: 20 });
    await world.db('warmups').where({ allocation_id: warm.allocationId }).update({ slowed, changed_at: world.now });
    const desk = await routerOver(world);
    const over: Record<string, number> = {};
    for (let nth = 0; nth < 60; nth += 1) {
      const to = nth % 2 === 0 ? 'outlook.com' : 'gmail.com';
      const where = await ask(desk, warm, `m${nth}`, [`${nth}@${to}`]);
      over[`${to} ${where}`] = (over[`${to} ${where}`] ?? 0) + 1;
    }
    t.deepEqual(over, {
      [`outlook.com ${warm.address}`]: 20,
      'outlook.com shared-us': 10,
      [`gmail.com ${warm.address}`]: 30,
    });
    const preview = async (recipient: string) => {
      const asked = { sender: `news@${warm.domain}`, recipients: [recipient] };
      const spentToday = (ids: readonly number[], provider?: string) =>
        listSpent(world.db, ids, dayOf(world.now), provider);
      return answerTo({ router: desk.router, spentToday }, asked);
    };
    t.like(await preview('a@outlook.com'), { via: 'pool', pool: 'shared-us' });
    t.like(await preview('a@gmail.com'), { via: 'ip', ip: warm.address });
  },
);

onBothEngines(
  'S-26: recipients that Postfix names one by one count at their providers on a warm IP that is slowed at some',
  async (t, world) => {
    const warm = await warmAccount(world, 60);
    const slowed = JSON.stringify({ microsoft: 20 });
    await world.db('warmups').where({ allocation_id: warm.allocationId }).update({ slowed, changed_at: world.now });
    const { router } = await routerOver(world);
    const from = router.senderOf(`news@${warm.domain}`);
    if (from === undefined) return t.fail();
    const over = async (message: string, to: string, count: number): Promise<string> => {
      const asked = { sender: from, stream: 'marketing', message } as const;
      for (let nth = 0; nth < count; nth += 1) router.note({ ...asked, recipients: [`${nth}@${to}`] });
      const told = await router.decide({ ...asked, recipients: [], count }, 60_000);
      return told.via === 'ip' ? told.ip.address : told.via === 'pool' ? told.pool.key : told.via;
    };
    for (let nth = 0; nth < 10; nth += 1) t.is(await over(`g${nth}`, 'gmail.com', 2), warm.address);
    t.is(await over('m1', 'outlook.com', 15), warm.address);
    t.is(await over('m2', 'outlook.com', 6), 'shared-us', 'more than is left of its limit');
    t.is(await over('m3', 'outlook.com', 5), warm.address);
    t.is(await spentOf(world, warm.ipId, 'microsoft'), 20);
  },
);

onBothEngines('S-26: bad rates of a warm IP cut what it carries to its level’s part', async (t, world) => {
  const warm = await warmAccount(world, 60);
  await world
    .db('warmups')
    .where({ allocation_id: warm.allocationId })
    .update({ cap_percent: 50, changed_at: world.now });
  t.deepEqual(await sentOver(await routerOver(world), warm, 100), { [warm.address]: 30, 'shared-us': 70 });
});
