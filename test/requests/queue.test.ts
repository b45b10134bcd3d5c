import ava from 'ava';
import { readQueueFilter } from '../../src/requests/queue.ts';
import { gatherQueue } from '../../src/requests/queue-store.ts';
import * as make from '../support/make.ts';
import { onBothEngines, type World } from '../support/world.ts';

const namesFound = async (world: World, q: string): Promise<string[]> => {
  const { rows } = await gatherQueue(world.db, readQueueFilter({ tab: 'all', q }), world.now);
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

onBothEngines('a search that no database takes finds nothing, and is no fault', async (t, world) => {
  const { reviewer } = await make.staff(world);
  const desk = await world.signedIn(reviewer.email);
  t.is((await desk.get('/review?q=%00')).status, 200);
  t.is((await desk.get('/review?q=a%00b&tab=all&kind=x&page=1e9')).status, 200);
});

ava('what the address of the queue does not know counts as not given', (t) => {
  const plain = { tab: 'review', kind: null, search: '', page: 1 };
  t.deepEqual(readQueueFilter({}), plain);
  t.deepEqual(readQueueFilter({ tab: 'nowhere', kind: 'shared', q: ['a', 'b'], page: '-1' }), plain);
  t.deepEqual(readQueueFilter({ tab: 'all', kind: 'dedicated_ip', q: ' Acme ', page: '12' }), {
    tab: 'all',
    kind: 'dedicated_ip',
    search: 'Acme',
    page: 12,
  });
});
