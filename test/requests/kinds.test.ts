// Requests of both kinds for one domain: what the one brings about, the other must see.
import { mayCarry } from '../../src/domains/domain.ts';
import { findDomainOf } from '../../src/domains/store.ts';
import { approveRequest } from '../../src/requests/review/decide.ts';
import * as make from '../support/make.ts';
import { onBothEngines, type World } from '../support/world.ts';

const payDomain = async (world: World) => {
  const acme = await make.account(world);
  const pay = await make.domain(world, acme.id, 'pay.acme.example', { usage: 'transactional', weekly: 30_000 });
  return { acme, pay };
};

onBothEngines(
  'C-06: an open page for IPs does not take a domain out of the pool that it came into',
  async (t, world) => {
    const { acme, pay } = await payDomain(world);
    const { reviewer } = await make.staff(world);
    await make.ips(world, 'us', 1);
    const forIps = await make.request(world, acme.admin);
    const forPool = await make.poolRequest(world, acme.admin, pay.id);
    const seen = await make.seen(world, forIps);
    await make.approve(world, forPool);
    const actor = { person: reviewer, at: world.now };
    const result = await approveRequest(world.db, actor, forIps, { seen, reason: '' });
    t.false(result.ok);
    t.regex(JSON.stringify(result), /Leaves the transactional pool: it was not checked, it is pay\.acme\.example/);
    const still = await findDomainOf(world.db, acme.id, pay.id);
    t.is(still?.route, 'transactional');
    t.false(mayCarry({ name: pay.name, route: still?.route ?? 'default' }, 'campaign').ok);
  },
);

onBothEngines('a reviewer who sees it can let a domain leave the pool for the IPs', async (t, world) => {
  const { acme, pay } = await payDomain(world);
  await make.ips(world, 'us', 1);
  const forIps = await make.request(world, acme.admin);
  await make.approve(world, await make.poolRequest(world, acme.admin, pay.id));
  t.is((await make.approve(world, forIps)).request.status, 'fulfilled');
  t.is((await findDomainOf(world.db, acme.id, pay.id))?.route, 'dedicated');
});
