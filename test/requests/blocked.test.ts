import { adoptPolicy } from '../../src/policy/actions.ts';
import { sendRequest } from '../../src/requests/customer/actions.ts';
import { approveRequest, declineRequest } from '../../src/requests/review/decide.ts';
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
  t.regex(page.text, /It cannot be approved right now/);
  t.notRegex(page.html, /action="[^"]*\/approval"/);
  t.true((await declineRequest(world.db, actor, id, form)).ok);
});

onBothEngines('S-16: without an overflow route no IP can be asked for, and none is approved', async (t, world) => {
  const { document } = world.deps.policy;
  const overflow = { value: ['warm-ips' as const, 'wait' as const], rule: 'own choice' };
  const bare = { ...document, warmup: { ...document.warmup, overflow } };
  const policy = await adoptPolicy(world.db, { person: null, at: world.now }, bare);
  const acme = await make.account(world);
  const { reviewer } = await make.staff(world);
  await make.ips(world, 'us', 2);
  const answers = await make.dedicated(world, acme.admin);
  const ask = (person = acme.admin) =>
    sendRequest(world.db, { person, at: world.now }, policy, {
      answers,
      formToken: crypto.randomUUID(),
      shownCents: 0,
    });
  const refused = await ask();
  t.like(refused, { ok: false, problem: { name: 'blocked' } });
  t.regex(JSON.stringify(refused), /"check":"warm-way-out".*"verdict":"blocks"/);
  t.is(await world.db('requests').first(), undefined);
  // The account's first IP, under the policy that has a pool for it, is warm by now.
  await make.approve(world, await make.request(world, acme.admin));
  await world.db('allocations').update({ status: 'active' });
  const sent = await ask();
  t.true(sent?.ok, JSON.stringify(sent));
  const { id } = await world.db('requests').orderBy('id', 'desc').first('id');
  await world.db('allocations').update({ status: 'warming' });
  const form = { seen: await make.seen(world, id), reason: 'All the same.' };
  const approved = await approveRequest(world.db, { person: reviewer, at: world.now }, id, form);
  t.like(approved, { ok: false, problem: { name: 'not-possible' } });
  t.regex(JSON.stringify(approved), /Where mail above the daily cap goes/);
  const page = await (await world.signedIn(reviewer.email)).get(`/review/WD-${1000 + id}`);
  t.regex(page.text, /Where mail above the daily cap goes none/);
});
