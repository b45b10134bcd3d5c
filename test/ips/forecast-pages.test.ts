// How long the stock lasts, on the inventory: from allocations, the waitlist and what rests or drains.
import { gatherStock } from '../../src/requests/stock/gather.ts';
import * as make from '../support/make.ts';
import { DAY, onBothEngines, type World } from '../support/world.ts';

const stockOf = async (world: World, region: 'us' | 'eu') =>
  (await gatherStock(world.db, world.deps.policy.document, world.now)).get(region);

onBothEngines('the inventory says how long each region lasts, and by what', async (t, world) => {
  const { admin } = await make.staff(world);
  await make.ips(world, 'us', 5);
  await make.ips(world, 'eu', 1);
  for (let n = 0; n < 3; n += 1)
    await make.decided(world, await make.request(world, (await make.account(world)).admin));
  const pinned = await make.account(world, { region: 'eu' });
  for (const one of [pinned, await make.account(world, { region: 'eu' })])
    await make.decided(world, await make.request(world, one.admin, { region: 'eu' }));
  const desk = await world.signedIn(admin.email);
  const { text } = await desk.get('/inventory');
  t.regex(text, /US lasts 18 days\. Three IPs allocated in 28 days\./);
  t.regex(
    text,
    /EU is used up: one IP is missing for those who wait\. One IP allocated in 28 days, one IP waited for\./,
  );
});

onBothEngines(
  'what drains comes back after its quarantine, what rests on its day, and what was taken long ago does not count',
  async (t, world) => {
    await make.ips(world, 'us', 4);
    const acme = await make.account(world);
    await make.decided(world, await make.request(world, acme.admin));
    const other = await make.account(world);
    await make.decided(world, await make.request(world, other.admin));
    t.like(await stockOf(world, 'us'), { free: 2, waiting: 0, taken: 2, returning: [] });
    const resting = await world.db('ips').where({ status: 'free' }).first('id');
    const until = world.now + 12 * DAY - 1;
    await world.db('ips').where({ id: resting.id }).update({ status: 'quarantined', quarantined_until: until });
    const { ip_id: id } = await world.db('allocations').where({ account_id: acme.id }).first('ip_id');
    const owner = await world.signedIn(acme.admin.email);
    const path = `/ips/${id}/release`;
    t.is((await owner.submit(await owner.get(path), path, {})).status, 303);
    t.like(await stockOf(world, 'us'), {
      free: 1,
      taken: 2,
      returning: [
        { count: 1, inDays: 12 },
        { count: 1, inDays: 37 },
      ],
    });
    await world.db('allocations').update({ allocated_at: world.now - 91 * DAY });
    t.like(await stockOf(world, 'us'), { taken: 0, lasts: null });
    t.like(await stockOf(world, 'eu'), { free: 0, taken: 0, waiting: 0, lasts: null });
  },
);
