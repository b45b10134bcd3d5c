import { approveRequest, declineRequest } from '../../src/requests/decide.ts';
import * as make from '../support/make.ts';
import { onBothEngines } from '../support/world.ts';

onBothEngines('S-03: what blocks a request after it was sent keeps everybody from approving it', async (t, world) => {
  const acme = await make.account(world);
  const { reviewer } = await make.staff(world);
  await make.ips(world, 'us', 1);
  const id = await make.request(world, acme.admin);
  await world.db('accounts').where({ id: acme.id }).update({ plan: 'no longer sold' });
  const actor = { person: reviewer, at: world.now };
  const form = { seen: await make.seen(world, id), reason: 'They will be back on Premium soon.' };
  const approved = await approveRequest(world.db, actor, id, form);
  t.like(approved, { ok: false, problem: { name: 'not-possible' } });
  t.is(await world.db('allocations').first(), undefined);
  const page = await (await world.signedIn(reviewer.email)).get(`/review/WD-${1000 + id}`);
  t.regex(page.text, /It cannot be approved as things stand/);
  t.notRegex(page.html, /action="[^"]*\/approval"/);
  t.true((await declineRequest(world.db, actor, id, form)).ok);
});
