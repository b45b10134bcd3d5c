import { expireUnanswered } from '../../src/requests/background.ts';
import { addNote } from '../../src/requests/review/actions.ts';
import * as make from '../support/make.ts';
import { DAY, onBothEngines } from '../support/world.ts';

onBothEngines('R-05: staff of the customer’s own account read and write no notes on its requests', async (t, world) => {
  const acme = await make.account(world);
  const { reviewer } = await make.staff(world);
  const insider = await make.insider(world, acme.id);
  const id = await make.request(world, acme.admin);
  t.true((await addNote(world.db, { person: reviewer, at: world.now }, id, 'They asked by phone, too.')).ok);
  const own = await addNote(world.db, { person: insider, at: world.now }, id, 'Please be quick.');
  t.deepEqual(own, { ok: false, problem: { name: 'own-account' } });
  const path = `/review/WD-${1000 + id}`;
  t.notRegex((await (await world.signedIn(insider.email)).get(path)).text, /by phone/);
  t.regex((await (await world.signedIn(reviewer.email)).get(path)).text, /by phone/);
});

onBothEngines('R-05: nor do they read who proposed an approval, and why', async (t, world) => {
  const acme = await make.account(world, { weekly: 10_000 });
  const { reviewer } = await make.staff(world);
  const insider = await make.insider(world, acme.id);
  const id = await make.request(world, acme.admin);
  t.is((await make.approve(world, id, 'They asked by phone, too.')).request.status, 'second_review');
  const path = `/review/WD-${1000 + id}`;
  const page = (await (await world.signedIn(insider.email)).get(path)).text;
  t.notRegex(page, /by phone/);
  t.notRegex(page, new RegExp(reviewer.name));
  t.regex((await (await world.signedIn(reviewer.email)).get(path)).text, /by phone/);
});

onBothEngines('one request that cannot be closed holds up none behind it', async (t, world) => {
  const [bad, good] = [await make.account(world), await make.account(world)];
  const badId = await make.requestIn(world, 'needs_info', bad.admin);
  const goodId = await make.requestIn(world, 'needs_info', good.admin);
  await world.db('people').where({ id: bad.admin.id }).update({ email: 'no address' });
  world.now += 30 * DAY;
  await t.throwsAsync(expireUnanswered(world.db, world.now), { message: '1 of 2 requests could not be moved on' });
  const states = await world.db('requests').whereIn('id', [badId, goodId]).orderBy('id').pluck('status');
  t.deepEqual(states, ['needs_info', 'expired']);
  await world.db('people').where({ id: bad.admin.id }).update({ email: bad.admin.email });
});
