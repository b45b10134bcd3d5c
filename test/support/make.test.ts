import { statuses } from '../../src/requests/request.ts';
import * as make from './make.ts';
import { onBothEngines } from './world.ts';

for (const status of statuses) {
  onBothEngines(`a request can be brought into the state ${status}`, async (t, world) => {
    const acme = await make.account(world, { weekly: status === 'second_review' ? 40_000 : 180_000 });
    if (status === 'fulfilled') await make.ips(world, 'us', 1);
    const id = await make.requestIn(world, status, acme.admin);
    t.is((await world.db('requests').where({ id }).first()).status, status);
  });
}
