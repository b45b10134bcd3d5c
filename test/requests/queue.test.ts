import ava from 'ava';
import { EVERYTHING, readQueueFilter } from '../../src/requests/review/queue/filter.ts';
import { gatherQueue } from '../../src/requests/review/queue/gather.ts';
import { TABS } from '../../src/requests/review/queue/queue.ts';
import { countQueueRows, listQueueRows } from '../../src/requests/review/queue/store.ts';
import * as make from '../support/make.ts';
import { NOBODY } from '../support/people.ts';
import { HOUR, onBothEngines, type World } from '../support/world.ts';

const nobody = (world: World) => ({ person: NOBODY, at: world.now });

const namesFound = async (world: World, q: string): Promise<string[]> => {
  const { rows } = await gatherQueue(world.db, readQueueFilter({ tab: 'all', q }), nobody(world));
  return rows.map(({ request }) => request.account.name);
};

onBothEngines('a customer is found by part of the name, whatever its letters', async (t, world) => {
  for (const name of ['Die Österreicher', 'Acme 100% net', 'acme_two']) {
    await make.request(world, (await make.account(world, { name })).admin);
  }
  t.deepEqual(await namesFound(world, 'Österreich'), ['Die Österreicher']);
  t.deepEqual(await namesFound(world, 'REICHER'), ['Die Österreicher']);
  t.deepEqual(await namesFound(world, 'ACME'), ['acme_two', 'Acme 100% net']);
  t.deepEqual(await namesFound(world, '0%'), ['Acme 100% net']);
  t.deepEqual(await namesFound(world, 'e_t'), ['acme_two']);
  t.deepEqual(await namesFound(world, "\\' or 1=1 --"), []);
  t.deepEqual(await namesFound(world, 'wd-1002'), ['Acme 100% net']);
});

onBothEngines(
  'a request is found by its number, and by a person, address, domain or IP of its customer',
  async (t, world) => {
    await make.ips(world, 'us', 1);
    const birch = await make.account(world, { name: 'Birch' });
    const id = await make.requestIn(world, 'fulfilled', birch.admin);
    await make.request(world, (await make.account(world, { name: 'Cedar' })).admin);
    const { address } = await world.db('ips as i').join('allocations as a', 'a.ip_id', 'i.id').first('i.address');
    const [domain] = birch.domains;
    const typed = [`${1000 + id}`, birch.admin.email, birch.admin.name, domain?.name ?? '', address];
    for (const q of [...typed, birch.admin.email.toUpperCase(), address.slice(0, -1)]) {
      t.true((await namesFound(world, q)).includes('Birch'), q);
    }
    for (const q of [birch.admin.email, domain?.name ?? '', address])
      t.deepEqual(await namesFound(world, q), ['Birch'], q);
    for (const q of [`wd-${1000 + id}`, `WD ${1000 + id}`, `wd${1000 + id}`, `#${1000 + id}`])
      t.deepEqual(await namesFound(world, q), ['Birch'], q);
    t.deepEqual(await namesFound(world, `${2000 + id}`), []);
  },
);

onBothEngines('a search that no database takes finds nothing, and is not a fault', async (t, world) => {
  const { reviewer } = await make.staff(world);
  const desk = await world.signedIn(reviewer.email);
  t.is((await desk.get('/review?q=%00')).status, 200);
  t.is((await desk.get('/review?q=a%00b&tab=all&kind=x&page=1e9')).status, 200);
});

ava('what the address of the queue does not know counts as not given', (t) => {
  t.deepEqual(readQueueFilter({}), EVERYTHING);
  t.deepEqual(readQueueFilter({ tab: 'nowhere', kind: 'shared', q: ['a', 'b'], page: '-1' }), EVERYTHING);
  t.deepEqual(readQueueFilter({ tab: 'all', kind: 'dedicated_ip', q: ' Acme ', page: '12' }), {
    ...EVERYTHING,
    tab: 'all',
    kind: 'dedicated_ip',
    search: 'Acme',
    page: 12,
  });
});

onBothEngines('page after page the queue shows every request once, in its order', async (t, world) => {
  for (const name of ['Ash', 'Birch', 'Cedar', 'Elm', 'Fir']) {
    await make.request(world, (await make.account(world, { name })).admin);
    world.now += HOUR;
  }
  const { page: _, tab: __, search: ___, ...everything } = EVERYTHING;
  const apart = { accountId: null, isAutomatic: false, dueBefore: null, soonAt: null, desk: null, found: null };
  const whole = { ...everything, ...apart };
  for (const { statuses } of Object.values(TABS)) {
    const by = { ...whole, statuses };
    const total = await countQueueRows(world.db, by);
    const page = async (offset: number, limit: number) =>
      (await listQueueRows(world.db, by, { offset, limit, total })).map((request) => request.account.name);
    const all = await page(0, 100);
    t.is(all.length, total);
    t.deepEqual([...(await page(0, 2)), ...(await page(2, 2)), ...(await page(4, 2)), ...(await page(6, 2))], all);
  }
  const { rows } = await gatherQueue(world.db, readQueueFilter({}), nobody(world));
  t.deepEqual(
    rows.map(({ request }) => request.account.name),
    ['Ash', 'Birch', 'Cedar', 'Elm', 'Fir'],
  );
});
