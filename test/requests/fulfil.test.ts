import { mayCarry } from '../../src/domains/domain.ts';
import { listDomainsOf } from '../../src/domains/store.ts';
import { listHoldings } from '../../src/ips/store.ts';
import { expireUnanswered } from '../../src/requests/background.ts';
import { withdrawRequest } from '../../src/requests/customer/actions.ts';
import { approveRequest, confirmApproval } from '../../src/requests/review/decide.ts';
import { serveWaitlist } from '../../src/requests/waitlist/background.ts';
import * as make from '../support/make.ts';
import { everything, recordsOf } from '../support/notified.ts';
import { DAY, HOUR, onBothEngines, type World } from '../support/world.ts';

const statuses = (world: World) => world.db('requests').orderBy('id').pluck('status');
const routes = (world: World, accountId: number) =>
  listDomainsOf(world.db, accountId).then((domains) => domains.map((domain) => domain.route));

onBothEngines('R-06: approval allocates the IPs, fixes the price and starts warm-up', async (t, world) => {
  const acme = await make.account(world);
  const addresses = await make.ips(world, 'us', 2);
  const id = await make.request(world, acme.admin, { ipCount: 2, startsOn: 20_800 });
  await make.decided(world, id);
  t.like(await world.db('requests').first(), { status: 'fulfilled', granted_count: 2, due_at: null });
  const allocations = await world.db('allocations as a').join('ips as i', 'i.id', 'a.ip_id').orderBy('i.id');
  t.deepEqual(
    allocations.map((one) => one.address),
    addresses,
  );
  t.true(allocations.every((one) => one.account_id === acme.id && one.monthly_cents === 0));
  const warmups = await world.db('warmups');
  t.deepEqual(
    warmups.map((one) => [one.status, one.starts_on]),
    [
      ['planned', 20_800],
      ['planned', 20_800],
    ],
  );
  t.is(JSON.parse(warmups[0].caps).at(-1), warmups[0].target_per_day);
  t.deepEqual(await routes(world, acme.id), ['dedicated', 'dedicated'], 'C-18: the route shown is the one in force');
  t.like((await recordsOf(world, id)).at(-1), { name: 'request.fulfilled', facts: { addresses, monthlyCents: 0 } });
});

onBothEngines('C-09, C-10: three IPs are included in Premium, the fourth costs $50 a month', async (t, world) => {
  const acme = await make.account(world, { weekly: 250_000 });
  await make.ips(world, 'us', 5);
  await make.decided(world, await make.request(world, acme.admin, { weeklyVolume: 250_000, ipCount: 2 }));
  await make.decided(world, await make.request(world, acme.admin, { weeklyVolume: 250_000, ipCount: 3 }));
  t.deepEqual(await world.db('allocations').orderBy('id').pluck('monthly_cents'), [0, 0, 0, 5000, 5000]);
});

onBothEngines('S-14: the IPs come from the region that was asked for', async (t, world) => {
  const acme = await make.account(world, { region: 'eu' });
  await make.ips(world, 'us', 3);
  const [address] = await make.ips(world, 'eu', 1);
  await make.decided(world, await make.request(world, acme.admin, { region: 'eu' }));
  t.deepEqual(await world.db('ips').where({ status: 'allocated' }).pluck('address'), [address]);
});

onBothEngines(
  'R-06: all or nothing: where a mail of the approval cannot be queued, nothing is left of it',
  async (t, world) => {
    const acme = await make.account(world);
    const { reviewer } = await make.staff(world);
    await make.ips(world, 'us', 1);
    const id = await make.request(world, acme.admin);
    const seen = await make.seen(world, id);
    await world.db('people').where({ id: acme.billing.id }).update({ email: 'no address' });
    const before = await everything(world);
    await t.throwsAsync(approveRequest(world.db, { person: reviewer, at: world.now }, id, { seen, reason: '' }));
    t.deepEqual(await everything(world), before);
  },
);

onBothEngines('with no IP free the request is approved and waits, at the price that was shown', async (t, world) => {
  const acme = await make.account(world, { plan: 'essentials' });
  await make.ips(world, 'eu', 1);
  await make.ips(world, 'us', 1);
  await make.decided(world, await make.request(world, acme.admin, { ipCount: 2 }));
  t.like(await world.db('requests').first(), { status: 'waitlisted', granted_count: 2, decided_at: world.now });
  t.deepEqual(await routes(world, acme.id), ['default', 'default']);
  t.is(await serveWaitlist(world.db, world.now), 0, 'one IP does not serve a request for two');
  world.now += 5 * DAY;
  await make.ips(world, 'us', 1);
  t.is(await serveWaitlist(world.db, world.now), 1);
  t.like(await world.db('requests').first(), { status: 'fulfilled', decided_at: world.now - 5 * DAY });
  t.deepEqual(await world.db('allocations').pluck('monthly_cents'), [5000, 5000]);
});

onBothEngines('the waitlist is served in the order of approval; who needs more holds nobody up', async (t, world) => {
  const ids: number[] = [];
  for (const ipCount of [1, 2, 1]) {
    const customer = await make.account(world);
    ids.push(await make.request(world, customer.admin, { ipCount }));
  }
  const [first = 0, second = 0, third = 0] = ids;
  for (const id of [second, first, third]) {
    await make.decided(world, id);
    world.now += HOUR;
  }
  await make.ips(world, 'us', 1);
  t.is(await serveWaitlist(world.db, world.now), 1, 'the one that waits longest needs two');
  t.deepEqual(await statuses(world), ['fulfilled', 'waitlisted', 'waitlisted']);
  await make.ips(world, 'us', 2);
  t.is(await serveWaitlist(world.db, world.now), 1, 'two are free: the longest-waiting gets them');
  t.deepEqual(await statuses(world), ['fulfilled', 'fulfilled', 'waitlisted']);
  await make.ips(world, 'us', 5);
  t.is(await serveWaitlist(world.db, world.now), 1);
  t.is(await serveWaitlist(world.db, world.now), 0);
});

onBothEngines(
  'of two who wait, the one that was approved first is served first, no matter who asked first',
  async (t, world) => {
    const [asksFirst, asksLater] = [await make.account(world), await make.account(world)];
    const ids = [await make.request(world, asksFirst.admin), await make.request(world, asksLater.admin)];
    for (const id of ids.toReversed()) {
      await make.decided(world, id);
      world.now += HOUR;
    }
    await make.ips(world, 'us', 1);
    t.is(await serveWaitlist(world.db, world.now), 1);
    t.deepEqual(await statuses(world), ['waitlisted', 'fulfilled']);
  },
);

onBothEngines('a new approval does not overtake those who wait', async (t, world) => {
  const [waits, comes] = [await make.account(world), await make.account(world)];
  await make.decided(world, await make.request(world, waits.admin, { ipCount: 2 }));
  await make.ips(world, 'us', 2);
  const id = await make.request(world, comes.admin);
  t.is((await make.decided(world, id)).request.status, 'waitlisted', 'both free IPs are promised');
  await make.ips(world, 'us', 2);
  t.is(await serveWaitlist(world.db, world.now), 2);
  const later = await make.account(world);
  t.is((await make.decided(world, await make.request(world, later.admin))).request.status, 'fulfilled');
  t.is(await serveWaitlist(world.db, world.now), 0);
});

onBothEngines('one region’s waitlist does not keep another’s IPs', async (t, world) => {
  const [one, other] = [await make.account(world), await make.account(world)];
  await make.decided(world, await make.request(world, one.admin, { region: 'us' }));
  await make.ips(world, 'eu', 1);
  t.is(await serveWaitlist(world.db, world.now), 0);
  await make.decided(world, await make.request(world, other.admin, { region: 'eu' }));
  t.deepEqual(await statuses(world), ['waitlisted', 'fulfilled']);
});

onBothEngines(
  'C-05, C-06: the approved domain is in the transactional pool, and its campaigns are refused',
  async (t, world) => {
    const acme = await make.account(world);
    const pay = await make.domain(world, acme.id, 'pay.acme.example', { usage: 'transactional', weekly: 30_000 });
    t.true(mayCarry(pay, 'campaign').ok);
    await make.decided(world, await make.poolRequest(world, acme.member, pay.id));
    const moved = (await listDomainsOf(world.db, acme.id)).find((domain) => domain.id === pay.id) ?? pay;
    t.is(moved.route, 'transactional');
    t.false(mayCarry(moved, 'campaign').ok);
    t.false(mayCarry(moved, 'broadcast').ok);
    t.true(mayCarry(moved, 'transactional').ok);
    t.deepEqual(
      (await routes(world, acme.id)).sort(),
      ['default', 'default', 'transactional'],
      'no other domain moves',
    );
  },
);

onBothEngines('C-08: a domain that leaves its IPs for the pool does not count for them any more', async (t, world) => {
  const acme = await make.account(world);
  const pay = await make.domain(world, acme.id, 'pay.acme.example', { usage: 'transactional', weekly: 30_000 });
  await make.ips(world, 'us', 1);
  await make.decided(world, await make.request(world, acme.admin));
  const using = async () =>
    (await listHoldings(world.db, [acme.id], 0)).get(acme.id)?.usedBy.flatMap((of) => of.map(({ id }) => id)) ?? [];
  const before = await using();
  t.true(before.includes(pay.id));
  await make.decided(world, await make.poolRequest(world, acme.admin, pay.id));
  const after = await using();
  t.deepEqual([...after].sort(), before.filter((id) => id !== pay.id).sort());
});

onBothEngines(
  'C-05: a domain that alone uses an IP is not put into the pool: nobody would use the IP',
  async (t, world) => {
    const acme = await make.account(world, { weekly: null });
    const pay = await make.domain(world, acme.id, 'pay.acme.example', { usage: 'transactional', weekly: 90_000 });
    await make.ips(world, 'us', 1);
    const wish = { domainIds: [pay.id], weeklyVolume: 90_000, peakWeeklyVolume: 90_000 };
    await make.decided(world, await make.request(world, acme.admin, wish));
    const id = await make.poolRequest(world, acme.admin, pay.id);
    const { reviewer, reviewer2 } = await make.staff(world);
    const form = async () => ({ seen: await make.seen(world, id), reason: 'So.' });
    const first = await approveRequest(world.db, { person: reviewer, at: world.now }, id, await form());
    const done = first.ok
      ? await confirmApproval(world.db, { person: reviewer2, at: world.now }, id, await form())
      : first;
    t.regex(JSON.stringify(done), /Without pay\.acme\.example no domain would use 198\.18\./);
    t.is((await world.db('domains').where({ id: pay.id }).first('route')).route, 'dedicated');
  },
);

onBothEngines('a domain asked for twice ends where the last decision put it', async (t, world) => {
  const acme = await make.account(world);
  const pay = await make.domain(world, acme.id, 'pay.acme.example', { usage: 'transactional', weekly: 30_000 });
  const ips = await make.request(world, acme.admin);
  const pool = await make.poolRequest(world, acme.admin, pay.id);
  await make.decided(world, pool);
  await make.ips(world, 'us', 1);
  await make.decided(world, ips);
  t.deepEqual(await routes(world, acme.id), ['dedicated', 'dedicated', 'dedicated']);
});

onBothEngines('a request that waits for an IP does not expire', async (t, world) => {
  const acme = await make.account(world);
  await make.requestIn(world, 'waitlisted', acme.admin);
  world.now += 400 * DAY;
  t.is(await expireUnanswered(world.db, world.now), 0);
});

onBothEngines('who leaves the waitlist makes room for the next', async (t, world) => {
  const [large, small] = [await make.account(world), await make.account(world)];
  const id = await make.request(world, large.admin, { ipCount: 3 });
  await make.decided(world, id);
  await make.decided(world, await make.request(world, small.admin));
  await make.ips(world, 'us', 3);
  await withdrawRequest(world.db, { person: large.admin, at: world.now }, id);
  t.is(await serveWaitlist(world.db, world.now), 1);
  t.deepEqual(await statuses(world), ['withdrawn', 'fulfilled']);
});
