// What programs read of subusers and of the IPs that are assigned to them.
import { addSystem } from '../../src/systems/actions.ts';
import * as make from '../support/make.ts';
import { onBothEngines } from '../support/world.ts';
import { assign, warmIp } from './scene.ts';

onBothEngines(
  'S-18: programs read an account’s subusers, its IPs, and which subusers may send over which',
  async (t, world) => {
    const acme = await make.account(world, { name: 'Acme' });
    const ip = await warmIp(world, acme, 'us');
    const labs = await make.subuser(world, acme, { name: 'Labs' });
    const club = await make.subuser(world, acme, { name: 'Club', region: 'eu' });
    t.true((await assign(world, acme.admin, ip, { subuserIds: [labs.id], ownerSends: false })).ok);
    const system = await addSystem(world.db, { person: null, at: world.now }, 'mta-1');
    if (!system.ok) throw new Error(system.problem);
    const headers = { authorization: `Bearer ${system.value.token}` };
    const api = (id: number) => fetch(`${world.url}/api/v1/accounts/${id}/subusers`, { headers });
    const own = { address: ip.address, region: 'us', status: 'active', ownerSends: false, subusers: [labs.id] };
    t.deepEqual(await (await api(acme.id)).json(), {
      ...{ account: { id: acme.id, name: 'Acme', region: null }, parent: null },
      subusers: [
        { id: club.id, name: 'Club', region: 'eu', status: 'active', ips: [] },
        { id: labs.id, name: 'Labs', region: 'us', status: 'active', ips: [ip.address] },
      ],
      ips: [own],
    });
    t.deepEqual(await (await api(labs.id)).json(), {
      account: { id: labs.id, name: 'Labs', region: 'us' },
      parent: { id: acme.id, name: 'Acme', region: null },
      ...{ subusers: [], ips: [own] },
    });
    const route = await fetch(`${world.url}/api/v1/route?sender=a@d0.labs.example&recipient=b@shop.example`, {
      headers,
    });
    t.like(await route.json(), { via: 'ip', ip: ip.address });
    t.is((await api(999_999)).status, 404);
    t.is((await fetch(`${world.url}/api/v1/accounts/${acme.id}/subusers`)).status, 401);
  },
);
