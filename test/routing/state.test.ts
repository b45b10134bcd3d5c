// What routers know: loaded whole, kept fresh by what changed, and held while the database is away.
import ava from 'ava';
import { actIn, actingNow } from '../../src/act.ts';
import { listRows } from '../../src/dialect.ts';
import { addDomain, moveDomain } from '../../src/domains/actions.ts';
import { findDomainOf } from '../../src/domains/store.ts';
import { State } from '../../src/routing/snapshot.ts';
import * as make from '../support/make.ts';
import { createWorld, MINUTE, onBothEngines, type World } from '../support/world.ts';
import { complete, routerOver, warmingAccount } from './scene.ts';

onBothEngines('C-01: a new domain is known with the next look, and so is everything that changes', async (t, world) => {
  const { account, domain, allocationId } = await warmingAccount(world, { cap: 100 });
  const { state } = await routerOver(world);
  t.like(state.find(domain), { route: 'dedicated', sharedPool: 'default' });
  t.is(state.find('new.acme.example'), undefined);
  const actor = () => ({ person: account.admin, at: world.now });
  // Long after the last look that read everything.
  world.now += 60 * MINUTE;
  const added = await world.db.transaction((trx) =>
    addDomain(actIn(trx, actor()), { accountId: account.id, name: 'new.acme.example', usage: 'transactional' }),
  );
  await state.refresh();
  t.like(state.find('new.acme.example'), { route: 'default', usage: 'transactional' });
  world.now += 60 * MINUTE;
  await world.db.transaction((trx) => moveDomain(actIn(trx, actor()), added, 'transactional'));
  await state.refresh();
  t.like(state.find('new.acme.example'), { route: 'transactional', sharedPool: 'transactional' });
  world.now += 60 * MINUTE;
  const pooled = await findDomainOf(world.db, account.id, added.id);
  if (pooled) await world.db.transaction((trx) => moveDomain(actIn(trx, actor()), pooled, 'dedicated'));
  await state.refresh();
  t.like(
    state.find('new.acme.example'),
    { route: 'dedicated', sharedPool: 'transactional' },
    'C-15: it keeps its pool beside IPs',
  );
  const dedicated = await findDomainOf(world.db, account.id, added.id);
  if (dedicated) await world.db.transaction((trx) => moveDomain(actIn(trx, actor()), dedicated, 'default'));
  world.now += 60 * MINUTE;
  await complete(world, allocationId);
  await state.refresh();
  t.is(state.find(domain)?.ips[0]?.status, 'active');
});

onBothEngines(
  'a new IP reaches the domains that use it, and C-06: one that moves to the pool loses it',
  async (t, world) => {
    const acme = await make.account(world, { usage: 'transactional' });
    const { state } = await routerOver(world);
    world.now += 60 * MINUTE;
    await make.ips(world, 'us', 1);
    await make.requestIn(world, 'fulfilled', acme.admin);
    await state.refresh();
    const [one, other] = acme.domains.map(({ name }) => name) as [string, string];
    t.deepEqual(
      [one, other].map((name) => state.find(name)?.ips.length),
      [1, 1],
    );
    world.now += 60 * MINUTE;
    await make.decided(world, await make.poolRequest(world, acme.admin, Number(acme.domains[0]?.id)));
    await state.refresh();
    t.deepEqual(
      [one, other].map((name) => state.find(name)?.ips.length),
      [0, 1],
    );
  },
);

onBothEngines('what an act changed that began before the last look and ended after it is seen', async (t, world) => {
  const { account, domain } = await warmingAccount(world, { cap: 100 });
  const { state } = await routerOver(world);
  const before = (await findDomainOf(world.db, account.id, state.find(domain)?.id ?? 0)) ?? t.fail();
  // Ten seconds of an act, or as much of a difference between the clocks of two machines.
  const begun = world.now + 5_000;
  world.now += 15_000;
  await state.refresh();
  await world.db.transaction((trx) => moveDomain(actIn(trx, { person: null, at: begun }), before, 'default'));
  world.now += 1_000;
  await state.refresh();
  t.is(state.find(domain)?.route, 'default');
  const moved = (await findDomainOf(world.db, account.id, before.id)) ?? t.fail();
  await world.db.transaction((trx) => moveDomain(actIn(trx, { person: null, at: world.now }), moved, 'dedicated'));
});

ava('what an act changed that took minutes is seen once it commits (PostgreSQL)', async (t) => {
  const world = await createWorld(t, 'PostgreSQL');
  const { account, domain } = await warmingAccount(world, { cap: 100 });
  const { state } = await routerOver(world);
  const before = (await findDomainOf(world.db, account.id, state.find(domain)?.id ?? 0)) ?? t.fail();
  const { promise: gate, resolve: end } = Promise.withResolvers<void>();
  // A transaction that stays open would keep the world from ending.
  t.teardown(end);
  const { promise: moved, resolve: isMoved } = Promise.withResolvers<void>();
  const long = world.db.transaction(async (trx) => {
    // It began long ago by the server's clock; the world's is moved to where it is now.
    await moveDomain(actIn(trx, { person: null, at: world.now }), before, 'default');
    isMoved();
    await gate;
  });
  await moved;
  const [running] = await listRows<{ ms: number }>(
    world.db,
    `select extract(epoch from clock_timestamp() - min(xact_start)) * 1000 as ms from pg_stat_activity
      where backend_xid is not null`,
    [],
  );
  t.true(Number(running?.ms) > 0);
  // What the server would say then.
  const fiveMinutesLater = (answer: { rows: { ms: number }[] }) => {
    for (const row of answer.rows) if (Number(row.ms) > 0) row.ms += 5 * MINUTE;
    return answer;
  };
  const late = new Proxy(world.db, {
    get: (db, name) =>
      name === 'raw'
        ? (sql: string, ...rest: unknown[]) => {
            const asked = db.raw(sql, ...(rest as []));
            return sql.includes('pg_stat_activity') ? asked.then(fiveMinutesLater) : asked;
          }
        : Reflect.get(db, name),
  });
  const watching = new State(late, world.deps.log, () => world.now);
  t.true(await watching.refresh());
  world.now += 5 * MINUTE;
  t.true(await watching.refresh());
  t.is(watching.find(domain)?.route, 'dedicated', 'not committed yet');
  end();
  await long;
  t.true(await watching.refresh());
  t.is(watching.find(domain)?.route, 'default');
});

ava('what an act changed that took minutes is seen once it commits (SQLite)', async (t) => {
  const world = await createWorld(t, 'SQLite');
  const { account, domain } = await warmingAccount(world, { cap: 100 });
  const { state } = await routerOver(world);
  const before = (await findDomainOf(world.db, account.id, state.find(domain)?.id ?? 0)) ?? t.fail();
  const { promise: gate, resolve: end } = Promise.withResolvers<void>();
  // A transaction that stays open would keep the world from ending.
  t.teardown(end);
  const { promise: moved, resolve: isMoved } = Promise.withResolvers<void>();
  const long = world.db.transaction(async (trx) => {
    await moveDomain(actIn(trx, { person: null, at: world.now }), before, 'default');
    isMoved();
    await gate;
  });
  await moved;
  world.now += 5 * MINUTE;
  const looking = state.refresh();
  end();
  await long;
  t.true(await looking);
  t.true(await state.refresh());
  t.is(state.find(domain)?.route, 'default');
});

ava('an act that waited for its transaction stamps its rows with the time at which it began', async (t) => {
  const actor = { person: null, at: 1_000_000 };
  t.is(actingNow(actor, performance.now()).at, 1_000_000);
  t.true(actingNow(actor, performance.now() - 5 * MINUTE).at >= 1_000_000 + 5 * MINUTE);
});

onBothEngines('a name that its account no longer has is not ours any more', async (t, world) => {
  const { account, domain } = await warmingAccount(world, { cap: 100 });
  const { state } = await routerOver(world);
  world.now += MINUTE;
  await world.db('domains').where({ name: domain }).update({ name: 'renamed.acme.example', changed_at: world.now });
  await state.refresh();
  t.is(state.find(domain), undefined);
  t.like(state.find('renamed.acme.example'), { account: { id: account.id } });
  t.truthy(state.find(account.domains[1]?.name ?? ''), 'its other names stay');
});

onBothEngines('while the database is away what was known last holds, and it is told once', async (t, world) => {
  const acme = await make.account(world);
  let isAway = false;
  const db = new Proxy(world.db, {
    apply(target, self, args) {
      if (isAway) throw Object.assign(new Error('away'), { code: 'ECONNREFUSED' });
      return Reflect.apply(target as never, self, args);
    },
  });
  const state = new State(db, world.deps.log, () => world.now);
  t.true(await state.refresh());
  isAway = true;
  t.false(await state.refresh());
  t.false(await state.refresh());
  t.truthy(state.find(acme.domains[0]?.name ?? ''));
  t.is(timesLogged(world, /does not answer/), 1);
  isAway = false;
  t.true(await state.refresh());
  t.is(timesLogged(world, /answers again/), 1);
});

const timesLogged = (world: World, pattern: RegExp): number =>
  world.logLines.filter((line) => pattern.test(line)).length;
