// A decline that its customer appeals.
import { appealDecline } from '../../src/requests/appeals/actions.ts';
import { findNextFor } from '../../src/requests/claims/store-next.ts';
import type { IpRequest } from '../../src/requests/request.ts';
import { approveRequest, declineRequest } from '../../src/requests/review/decide.ts';
import { findRequest } from '../../src/requests/store.ts';
import * as make from '../support/make.ts';
import { lastNotified } from '../support/notified.ts';
import { DAY, HOUR, onBothEngines, type World } from '../support/world.ts';

const appeal = (world: World, id: number, person: make.Account['admin'], reason = 'The list is cleaned.') =>
  appealDecline(world.db, { person, at: world.now }, id, reason);

onBothEngines('a decline is appealed once, and somebody else than who declined it decides', async (t, world) => {
  await make.ips(world, 'us', 1);
  const { reviewer, reviewer2 } = await make.staff(world);
  const acme = await make.account(world);
  const id = await make.requestIn(world, 'declined', acme.admin);
  world.now += DAY;
  t.true((await appeal(world, id, acme.admin)).ok);
  const now = (await findRequest(world.db, id)) as IpRequest;
  t.like(now, { status: 'submitted', decidedAt: null, wasAppealed: true, declinedBy: reviewer.id });
  t.is(now.dueAt, world.now + 24 * HOUR);
  t.deepEqual(await lastNotified(world, id), [
    `${acme.admin.name}: request-appealed`,
    'Staff admin: request-to-review',
    'Staff reviewer2: request-to-review',
  ]);
  const mail = await world.db('outbox').where({ template: 'request-to-review' }).orderBy('id', 'desc').first();
  t.is(JSON.parse(mail.facts).appeal, 'The list is cleaned.');
  const form = { seen: await make.seen(world, id), reason: '' };
  const same = await approveRequest(world.db, { person: reviewer, at: world.now }, id, form);
  t.deepEqual(same, { ok: false, problem: { name: 'own-decline' } });
  t.is(await findNextFor(world.db, reviewer, world.now, null), null);
  t.is(await findNextFor(world.db, reviewer2, world.now, null), id);
  const page = await (await world.signedIn(reviewer.email)).get(`/review/WD-${1000 + id}`);
  t.regex(page.text, /You declined this\. Another reviewer decides on the appeal\./);
  t.regex(page.text, /appealed the decline .*The list is cleaned\./s);
  const again = { ...form, seen: await make.seen(world, id), reason: 'Still too much bounces.' };
  t.true((await declineRequest(world.db, { person: reviewer2, at: world.now }, id, again)).ok);
  const twice = await appeal(world, id, acme.admin);
  t.is(twice.ok ? '' : twice.problem.name, 'not-possible');
  t.notRegex((await (await world.signedIn(acme.admin.email)).get(`/requests/WD-${1000 + id}`)).text, /Appeal this/);
});

onBothEngines('a decline is appealed within 30 days, by its sender or who pays, and in words', async (t, world) => {
  const acme = await make.account(world);
  const other = await make.account(world);
  const id = await make.requestIn(world, 'declined', acme.admin);
  const problem = async (person: make.Account['admin'], reason?: string) => {
    const done = await appeal(world, id, person, reason);
    return done.ok ? null : done.problem.name;
  };
  t.is(await problem(acme.member), 'not-yours');
  t.is(await problem(other.admin), 'not-yours');
  t.is(await problem(acme.admin, ' '), 'reason-missing');
  world.now += 30 * DAY;
  t.is(await problem(acme.admin), 'not-possible');
  world.now -= 1;
  t.is(await problem(acme.billing), null);
  t.is(await problem(acme.billing), 'not-open');
});

onBothEngines('an appeal waits for another request of its kind that is open', async (t, world) => {
  const acme = await make.account(world);
  const id = await make.requestIn(world, 'declined', acme.admin);
  await make.request(world, acme.admin);
  const done = await appeal(world, id, acme.admin);
  t.regex(
    done.ok || done.problem.name !== 'not-possible' ? '' : done.problem.sentence,
    /Another request of this kind is open/,
  );
  t.is(((await findRequest(world.db, id)) as IpRequest).status, 'declined');
});

onBothEngines(
  'the page of a declined request takes the appeal, and says where a reason is missing',
  async (t, world) => {
    const acme = await make.account(world);
    const id = await make.requestIn(world, 'declined', acme.admin);
    const visitor = await world.signedIn(acme.admin.email);
    const path = `/requests/WD-${1000 + id}`;
    t.regex((await visitor.get(path)).text, /Appeal this decision You can appeal once, until/);
    const missing = await visitor.post(`${path}/appeal`, { appeal: '' });
    t.is(missing.status, 422);
    t.regex(missing.text, /Your reason is missing/);
    t.is((await visitor.post(`${path}/appeal`, { appeal: 'It is better now.' })).location, `${path}?note=appealed`);
    t.regex((await visitor.get(path)).text, /In review/);
  },
);
