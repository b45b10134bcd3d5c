// Caps are never exceeded, by however many routers at once; a message that is asked about again is counted once.

import { act } from '../../src/act.ts';
import { dayOf } from '../../src/day.ts';
import { blockOf, Leases } from '../../src/routing/cap-leases.ts';
import type { Question, RouteDecision } from '../../src/routing/question.ts';
import { Router } from '../../src/routing/router.ts';
import { listSpentHours } from '../../src/routing/store.ts';
import { type Block, deleteOldSpending, type Taken, takeBlocks } from '../../src/routing/store-caps.ts';
import { DAY, onBothEngines, type World } from '../support/world.ts';
import { granted, ONE, question } from './asking.ts';
import { pause, routerOver, spentOf, type Warming, warmingAccount } from './scene.ts';

onBothEngines(
  'S-26: several routers at once never grant more than the day’s cap, and together all of it',
  async (t, world) => {
    const warming = await warmingAccount(world, { cap: 137 });
    const desks = await Promise.all([1, 2, 3, 4].map(() => routerOver(world)));
    const got = await Promise.all(desks.map((desk, i) => granted(desk, warming, 300, `${i}-`)));
    t.is(
      got.reduce((a, b) => a + b, 0),
      137,
    );
    t.is(await spentOf(world, warming.ipId), 137);
    const hours = await listSpentHours(world.db, warming.ipId, dayOf(world.now));
    t.is(hours.length, 24);
    t.deepEqual([hours[9], hours.reduce((a, b) => a + b, 0)], [137, 137]);
  },
);

onBothEngines('S-26: midnight within an answer costs no message its answer', async (t, world) => {
  const warming = await warmingAccount(world, { cap: 1_000, target: 1_000 });
  const midnight = Math.ceil(world.now / DAY) * DAY;
  for (let reads = 1; reads <= 12; reads += 1) {
    world.now = midnight - 1;
    let left = Number.POSITIVE_INFINITY;
    // Yesterday ends after this many readings of the clock.
    const clock = () => {
      left -= 1;
      return left < 0 ? midnight : midnight - 1;
    };
    const desk = await routerOver(world, clock);
    for (let n = 0; n < 20; n += 1) desk.router.answer(question(desk, warming.domain, `${reads}-before-${n}`));
    await desk.leases.settled();
    left = reads;
    for (let n = 0; n < 20; n += 1)
      t.notThrows(() => desk.router.answer(question(desk, warming.domain, `${reads}-${n}`)), `${reads} readings`);
    await desk.leases.settled();
  }
});

onBothEngines('S-26: a slowed provider gets at most its limit, the others the rest of the cap', async (t, world) => {
  const warming = await warmingAccount(world, { cap: 100, slowed: { gmail: 12 } });
  const desk = await routerOver(world);
  const ask = async (recipient: string, message: string, change: Partial<Question> = {}) => {
    const answer = desk.router.answer(question(desk, warming.domain, message, { recipients: [recipient], ...change }));
    await desk.leases.settled();
    return answer.via === 'ip';
  };
  let [gmail, others] = [0, 0];
  for (let i = 0; i < 60; i += 1) if (await ask('x@gmail.com', `g${i}`)) gmail += 1;
  for (let i = 0; i < 200; i += 1) if (await ask('x@outlook.com', `o${i}`)) others += 1;
  t.is(gmail, 12);
  t.is(others, 88);
  t.is(await spentOf(world, warming.ipId, 'gmail'), 12);
  t.is(await spentOf(world, warming.ipId), 100);
});

onBothEngines('S-26: blocks that are taken together keep to one cap, in their order', async (t, world) => {
  const slow = await warmingAccount(world, { cap: 100, slowed: { gmail: 30 } });
  const plain = await warmingAccount(world, { cap: 50 });
  const take = (...blocks: readonly Block[]) => world.db.transaction((trx) => takeBlocks(trx, blocks, world.now));
  const block = ({ ipId }: Warming, provider: string, want: number): Block => ({ ipId, provider, want });
  t.deepEqual(await take(block(slow, 'gmail', 20), block(plain, '', 10), block(slow, '', 75)), [
    { granted: 20, left: 10 },
    { granted: 10, left: 40 },
    { granted: 75, left: 5 },
  ]);
  t.deepEqual(await take(block(slow, '', 1), block(slow, 'gmail', 20), block(plain, '', 60)), [
    { granted: 1, left: 4 },
    { granted: 4, left: 0 },
    { granted: 40, left: 0 },
  ]);
  t.deepEqual([await spentOf(world, slow.ipId), await spentOf(world, slow.ipId, 'gmail')], [100, 24]);
  const hour = new Date(world.now).getUTCHours();
  const hours = await listSpentHours(world.db, slow.ipId, dayOf(world.now));
  t.is(hours[hour], 100, 'the hour counts each message once');
});

onBothEngines(
  'S-26: of routers that take blocks of the same IPs in another order, each gets some',
  async (t, world) => {
    const [one, other] = [await warmingAccount(world, { cap: 60 }), await warmingAccount(world, { cap: 60 })];
    const take = (ids: readonly number[]) =>
      act<Taken[], never>(world.db, { person: null, at: world.now }, ({ trx }) =>
        takeBlocks(
          trx,
          ids.map((ipId) => ({ ipId, provider: '', want: 1, carried: new Map([['gmail', 1]]) })),
          world.now,
        ),
      );
    const all = await Promise.all(
      Array.from({ length: 40 }, (_, nth) => take(nth % 2 === 0 ? [one.ipId, other.ipId] : [other.ipId, one.ipId])),
    );
    t.true(all.every((taken) => taken.ok && taken.value.every(({ granted }) => granted === 1)));
    t.deepEqual([await spentOf(world, one.ipId), await spentOf(world, other.ipId)], [40, 40]);
  },
);

onBothEngines(
  'S-26: of a message whose recipients are not named nothing goes over an IP with a slowed provider',
  async (t, world) => {
    const warming = await warmingAccount(world, { cap: 100, slowed: { gmail: 12 } });
    const desk = await routerOver(world);
    for (let i = 0; i < 20; i += 1) {
      const answer = desk.router.answer(question(desk, warming.domain, `${i}`, { recipients: [], count: 3 }));
      t.is(answer.via, 'pool');
      await desk.leases.settled();
    }
  },
);

onBothEngines('a message that is asked about again keeps its way and is counted once', async (t, world) => {
  const warming = await warmingAccount(world, { cap: 50, target: 100 });
  const desk = await routerOver(world);
  const messages = Array.from({ length: 40 }, (_, i) => `m${i}`);
  const first = new Map<string, RouteDecision['via']>();
  for (const message of messages) {
    first.set(message, desk.router.answer(question(desk, warming.domain, message)).via);
    await desk.leases.settled();
  }
  t.deepEqual([...new Set(first.values())].sort(), ['ip', 'pool']);
  const held = () => desk.leases.leftToday(question(desk, warming.domain, '').sender.ips[0] as never, ONE);
  const before = held();
  for (const message of messages)
    t.is(desk.router.answer(question(desk, warming.domain, message)).via as string | undefined, first.get(message));
  t.is(held(), before);
});

onBothEngines('each recipient of a message counts, and all go over one egress', async (t, world) => {
  const warming = await warmingAccount(world, { cap: 5 });
  const desk = await routerOver(world);
  desk.router.answer(question(desk, warming.domain, 'opens'));
  await desk.leases.settled();
  const to = (recipient: string, change: Partial<Question> = {}) =>
    desk.router.answer(question(desk, warming.domain, 'm', { recipients: [recipient], ...change }));
  for (const recipient of ['a@x.example', 'b@x.example', 'a@x.example', 'c@x.example', 'd@x.example']) {
    t.like(to(recipient), { via: 'ip', moved: false }, recipient);
  }
  t.like(to('', { recipients: [], count: 4 }), { via: 'ip', left: 1 });
  t.like(to('e@x.example'), { via: 'ip', left: 0 });
  t.like(to('f@x.example'), { via: 'pool', moved: true }, 'the cap is spent: the message goes the other way');
  t.like(to('g@x.example'), { via: 'pool', moved: false });
  t.like(to('a@x.example'), { via: 'pool' });
});

onBothEngines('S-26: what was held at midnight is void, and the new day has its own cap', async (t, world) => {
  const warming = await warmingAccount(world, { cap: 20 });
  const desk = await routerOver(world);
  t.true((await granted(desk, warming, 4, 'eve-')) > 0);
  world.now += DAY;
  t.is(
    desk.router.answer(question(desk, warming.domain, 'first')).via,
    'pool',
    'yesterday’s block carries nothing today',
  );
  await desk.leases.settled();
  t.is(await granted(desk, warming, 200, 'today-'), 20);
});

onBothEngines(
  'after a pause nothing is granted that is not leased, and nothing at all once it is seen',
  async (t, world) => {
    const warming = await warmingAccount(world, { cap: 1000 });
    const desk = await routerOver(world);
    await granted(desk, warming, 4, 'before-');
    await pause(world, warming.allocationId);
    const late = await granted(desk, warming, 100, 'late-');
    t.true(late <= 1.5 * blockOf(1000), `${late}`);
    await desk.state.refresh();
    t.is(await granted(desk, warming, 100, 'after-'), 0);
  },
);

onBothEngines(
  'S-26: a message that began before a pause is taken back by name: its further recipients go the other way',
  async (t, world) => {
    const warming = await warmingAccount(world, { cap: 1000 });
    const desk = await routerOver(world);
    await granted(desk, warming, 4, 'before-');
    const to = (recipient: string) =>
      desk.router.answer(question(desk, warming.domain, 'm', { recipients: [recipient] }));
    t.like(to('a@x.example'), { via: 'ip', moved: false });
    await pause(world, warming.allocationId);
    await desk.state.refresh();
    t.like(to('b@x.example'), { via: 'pool', moved: true });
    t.like(to('c@x.example'), { via: 'pool', moved: false });
  },
);

onBothEngines(
  'a cap that is cut holds for blocks from then on, for a router that does not know of it too',
  async (t, world) => {
    const warming = await warmingAccount(world, { cap: 100 });
    const desk = await routerOver(world);
    const early = await granted(desk, warming, 20, 'early-');
    await world
      .db('warmups')
      .where({ allocation_id: warming.allocationId })
      .update({ cap_percent: 30, changed_at: world.now });
    t.true(early + (await granted(desk, warming, 200, 'late-')) <= 30);
  },
);

onBothEngines('what was handed out is kept for sixty days', async (t, world) => {
  const warming = await warmingAccount(world, { cap: 20 });
  await granted(await routerOver(world), warming, 10, 'm');
  t.is(await deleteOldSpending(world.db, world.now + 60 * DAY), 0);
  t.is(await deleteOldSpending(world.db, world.now + 61 * DAY), 3);
  t.is(await spentOf(world, warming.ipId), 0);
});

onBothEngines(
  'a lookup does not wait for the database: while it is away, mail goes the other way',
  async (t, world) => {
    const warming = await warmingAccount(world, { cap: 100 });
    const { state, mail } = await routerOver(world);
    const away = { transaction: () => Promise.reject(new Error('away')) } as unknown as World['db'];
    const leases = new Leases(away, world.deps.log, () => world.now);
    const desk = { state, leases, mail, router: new Router(state, leases, mail, world.deps.policy.document) };
    for (let i = 0; i < 10; i += 1) t.is(desk.router.answer(question(desk, warming.domain, `${i}`)).via, 'pool');
    await leases.settled();
    t.true(world.logLines.some((line) => /no block of the cap could be taken/.test(line)));
  },
);
