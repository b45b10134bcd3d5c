import ava from 'ava';
import { addressOf, deleteExpiredCounts, takeTries } from '../../src/accounts/store-throttle.ts';
import { account, acme, somebody } from '../support/people.ts';
import { MINUTE, onBothEngines, PASSWORD, type World } from '../support/world.ts';

const OWNER = 'owner@acme.example';
const tryOnce = async (world: World, email: string, password: string) =>
  (await world.visitor().post('/sign-in', { email, password })).status;
const times = <T>(count: number, work: (index: number) => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: count }, (_, index) => work(index)));

onBothEngines('of 40 wrong tries at once at most ten get as far as the password', async (t, world) => {
  await acme(world);
  const statuses = await times(40, (i) => tryOnce(world, i % 2 ? OWNER : OWNER.toUpperCase(), 'a-wrong-one'));
  t.is(statuses.filter((status) => status === 422).length, 10);
  t.is(statuses.filter((status) => status === 429).length, 30);
});

onBothEngines('too many tries keep out the right password too, but only for a while', async (t, world) => {
  await acme(world);
  await times(10, () => tryOnce(world, OWNER, 'a-wrong-one'));
  const answer = await world.visitor().post('/sign-in', { email: OWNER, password: PASSWORD });
  t.is(answer.status, 429);
  t.is(answer.headers.get('retry-after'), '900');
  t.true(answer.text.includes('Try again in 15 minutes'));
  t.true(answer.html.includes(`value="${OWNER}"`));
  t.is(await tryOnce(world, 'billing@acme.example', PASSWORD), 303, 'others are not kept out');
  world.now += 14 * MINUTE;
  t.is(await tryOnce(world, OWNER, PASSWORD), 429);
  world.now += MINUTE;
  t.is(await tryOnce(world, OWNER, PASSWORD), 303);
});

onBothEngines('signing in well is never counted', async (t, world) => {
  await acme(world);
  for (let i = 0; i < 12; i++) t.is(await tryOnce(world, OWNER, PASSWORD), 303);
});

onBothEngines('from one network address 50 wrong tries are taken, over whatever accounts', async (t, world) => {
  const id = await account(world, 'Acme');
  await times(6, (i) => somebody(world, { email: `p${i}@acme.example`, accountId: id, accountRole: 'member' }));
  const statuses = await times(60, (i) => tryOnce(world, `p${i % 6}@acme.example`, 'a-wrong-one'));
  t.is(statuses.filter((status) => status === 422).length, 50);
});

onBothEngines('a whole office behind one address may sign in on the same morning', async (t, world) => {
  const id = await account(world, 'Acme');
  const emails = Array.from({ length: 6 }, (_, i) => `p${i}@acme.example`);
  for (const email of emails) await somebody(world, { email, accountId: id, accountRole: 'member' });
  for (let i = 0; i < 60; i++) t.is(await tryOnce(world, emails[i % 6] ?? '', PASSWORD), 303, `sign-in ${i + 1}`);
});

onBothEngines('a count is over exactly when its time is', async (t, world) => {
  const limit = { name: 'once', most: 1, windowMs: MINUTE };
  const tryAt = (at: number) => takeTries(world.db, [[limit, OWNER]], at);
  t.is(await tryAt(world.now), 0);
  t.is(await tryAt(world.now + MINUTE - 1), 1);
  t.is(await tryAt(world.now + MINUTE), 0);
  t.is(await tryAt(world.now + MINUTE + 1), MINUTE - 1, 'and a new time began with that try');
});

onBothEngines('counting breaks no transaction that runs at the same time', async (t, world) => {
  await acme(world);
  const opened = times(30, (i) => account(world, `Customer ${i}`));
  const tried = times(30, () => tryOnce(world, OWNER, 'a-wrong-one'));
  t.is((await opened).length, 30);
  t.is((await tried).filter((status) => status === 422).length, 10);
});

ava('an IPv6 network counts as one address, an IPv4 address is itself', (t) => {
  t.is(addressOf('203.0.113.7'), '203.0.113.7');
  t.is(addressOf('::ffff:203.0.113.7'), '203.0.113.7');
  t.is(addressOf('2001:db8::1'), addressOf('2001:0db8:0:0:ffff::2'));
  t.not(addressOf('2001:db8:0:1::1'), addressOf('2001:db8:0:2::1'));
  t.is(addressOf('::1'), '0:0:0:0::/64');
  t.is(addressOf(undefined), '');
});

onBothEngines('counts whose time is over are deleted, others stay', async (t, world) => {
  await tryOnce(world, OWNER, 'a-wrong-one');
  world.now += 10 * MINUTE;
  await tryOnce(world, 'billing@acme.example', 'a-wrong-one');
  world.now += 5 * MINUTE;
  await deleteExpiredCounts(world.db, world.now);
  t.is((await world.db('rate_limits')).length, 1);
});
