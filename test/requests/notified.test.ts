import type { Person } from '../../src/accounts/person.ts';
import type { IpRequest } from '../../src/requests/request.ts';
import { confirmApproval } from '../../src/requests/review/decide.ts';
import { gatherDossier } from '../../src/requests/review/gather.ts';
import { findRequest } from '../../src/requests/store.ts';
import * as make from '../support/make.ts';
import { lastNotified } from '../support/notified.ts';
import { onBothEngines } from '../support/world.ts';

const by = (world: { now: number }, person: Person) => ({ person, at: world.now });

onBothEngines('C-05: an approved pool request tells of the pool, not of IPs', async (t, world) => {
  const acme = await make.account(world);
  const pay = await make.domain(world, acme.id, 'pay.acme.example', { usage: 'transactional', weekly: 30_000 });
  const id = await make.poolRequest(world, acme.member, pay.id);
  await make.decided(world, id);
  const notified = ['Acme admin', 'Acme billing', 'Acme member'].map((name) => `${name}: request-approved-pool`);
  t.deepEqual(await lastNotified(world, id), notified);
});

onBothEngines('before deciding, a reviewer reads exactly who will be told', async (t, world) => {
  const { reviewer, reviewer2 } = await make.staff(world);
  const toldBy = async (person: Person, id: number) => {
    const request = (await findRequest(world.db, id)) as IpRequest;
    return [...(await gatherDossier(world.db, person, request, world.now)).notified].sort();
  };
  const names = async (id: number) => (await lastNotified(world, id)).map((line) => line.split(':')[0] ?? '');
  for (const weekly of [180_000, 40_000]) {
    const { billing } = await make.account(world, { weekly });
    const id = await make.request(world, billing);
    const announced = await toldBy(reviewer, id);
    await make.approve(world, id, 'So.');
    t.deepEqual(await names(id), announced);
    if (weekly === 180_000) continue;
    const confirming = await toldBy(reviewer2, id);
    await confirmApproval(world.db, by(world, reviewer2), id, { seen: await make.seen(world, id), reason: '' });
    t.deepEqual(await names(id), confirming);
  }
});
