// Sending a request through the pages: once, whatever the browser does.

import { deleteOldTyped } from '../../src/requests/customer/store-typed.ts';
import { reference } from '../../src/requests/request.ts';
import { checked, DEDICATED, dedicatedForm, followed, heldBy, POOL, poolForm, send } from '../support/asking.ts';
import { everythingStored } from '../support/dump.ts';
import * as make from '../support/make.ts';
import { DAY, HOUR, onBothEngines, type World } from '../support/world.ts';

onBothEngines('R-01: what somebody typed is what is stored, and a receipt follows', async (t, world) => {
  const acme = await make.account(world, { usage: 'transactional' });
  const visitor = await world.signedIn(acme.billing.email);
  const sent = await send(visitor, DEDICATED, await checked(visitor, DEDICATED, dedicatedForm(acme.domains)));
  t.is(sent.location, '/requests/WD-1001?note=request-sent');
  t.true((await visitor.get(sent.location ?? '')).text.includes('Your request is sent.'));
  const stored = { weekly_volume: 180_000, peak_weekly_volume: 200_000, ip_count: 1, region: 'us', stream: 'both' };
  t.like(await world.db('requests').first(), { ...stored, requester_id: acme.billing.id, status: 'submitted' });
  t.is((await world.db('request_domains')).length, 2);
  t.is((await world.db('outbox').where({ recipient_id: acme.billing.id, template: 'request-received' })).length, 1);
  const pool = await send(visitor, POOL, await checked(visitor, POOL, poolForm(acme.domains[0])));
  t.is(pool.location, '/requests/WD-1002?note=request-sent');
});

onBothEngines('twenty posts of one form at once make one request, and all land on its receipt', async (t, world) => {
  const acme = await make.account(world);
  const visitor = await world.signedIn(acme.admin.email);
  const check = await checked(visitor, DEDICATED, dedicatedForm(acme.domains));
  const answers = await Promise.all(Array.from({ length: 20 }, () => send(visitor, DEDICATED, check)));
  for (const { status, location } of answers) {
    t.is(status, 303);
    t.regex(location ?? '', new RegExp(`^/requests/${await theOne(world)}\\?note=(request-sent|already-sent)$`));
  }
  t.is(answers.filter(({ location }) => location?.endsWith('request-sent')).length, 1);
  t.is((await world.db('requests')).length, 1);
  t.is((await world.db('outbox').where({ recipient_id: acme.admin.id })).length, 1);
});

/** The reference of the only request. On PostgreSQL an insert that lost may have used up a number. */
async function theOne(world: World): Promise<string> {
  const [request] = await world.db('requests').select('id');
  return reference(request.id);
}

onBothEngines('twenty forms at once make one request: one is open at a time', async (t, world) => {
  const acme = await make.account(world);
  const visitor = await world.signedIn(acme.admin.email);
  const colleague = await world.signedIn(acme.billing.email);
  const form = dedicatedForm(acme.domains);
  const checks = await Promise.all(Array.from({ length: 20 }, () => checked(visitor, DEDICATED, form)));
  const answers = await Promise.all(checks.map((check, i) => send(i % 2 ? visitor : colleague, DEDICATED, check)));
  t.is(answers.filter(({ status }) => status === 303).length, 1);
  const open = await theOne(world);
  for (const answer of answers.filter(({ status }) => status !== 303)) {
    t.is(answer.status, 409);
    t.true(answer.text.includes(open), 'it names the open one');
    t.deepEqual(heldBy(answer.html, DEDICATED).sends, [form.sends as string]);
  }
  t.is((await world.db('requests')).length, 1);
});

onBothEngines('a form that was sent leads to its first receipt, whatever it says now', async (t, world) => {
  const acme = await make.account(world);
  const visitor = await world.signedIn(acme.admin.email);
  const check = await checked(visitor, DEDICATED, dedicatedForm(acme.domains));
  await send(visitor, DEDICATED, check);
  const before = await everythingStored(world.db);
  const changes = [{}, { weeklyVolume: '90,000' }, { weeklyVolume: 'none' }, { domains: [] }, { shownCents: '999' }];
  for (const change of changes) {
    const again = await visitor.submit(check, DEDICATED, { ...change, step: 'send' });
    t.is(again.location, '/requests/WD-1001?note=already-sent', JSON.stringify(change));
  }
  t.true((await visitor.get('/requests/WD-1001?note=already-sent')).text.includes('Nothing was sent twice.'));
  t.deepEqual(await everythingStored(world.db), before);
});

onBothEngines('a form without its token comes back fresh, with all that was typed', async (t, world) => {
  const acme = await make.account(world, { usage: 'transactional' });
  const visitor = await world.signedIn(acme.admin.email);
  const forms = { [DEDICATED]: dedicatedForm(acme.domains), [POOL]: poolForm(acme.domains[0]) };
  for (const [path, typed] of Object.entries(forms)) {
    for (const token of [{}, { formToken: '' }, { formToken: 'made up' }, { formToken: 'x'.repeat(5_000) }]) {
      const answer = await visitor.post(path, { ...typed, ...token, step: 'send' });
      t.is(answer.status, 422);
      t.true(answer.text.includes('Nothing was sent.'));
      const { formToken, ...held } = heldBy(answer.html, path);
      t.deepEqual(held, Object.fromEntries(Object.entries(typed).map(([name, value]) => [name, [value].flat()])));
      t.regex(formToken?.[0] ?? '', /^[0-9a-f-]{36}$/);
    }
  }
  t.is((await world.db('requests')).length, 0);
});

onBothEngines('what was checked can be changed, and keeps what was typed and its token', async (t, world) => {
  const acme = await make.account(world);
  const visitor = await world.signedIn(acme.admin.email);
  const form = dedicatedForm(acme.domains);
  const typed = { ...form, sends: ' Two\n\nparagraphs & <i>more</i> "quoted" ' };
  const check = await checked(visitor, DEDICATED, typed);
  const again = await followed(visitor, await visitor.submit(check, DEDICATED, { step: 'change' }));
  t.is(again.status, 200);
  const { formToken, ...held } = heldBy(again.html, DEDICATED);
  t.deepEqual(formToken, check.hidden(DEDICATED).formToken);
  t.deepEqual(held.sends, [typed.sends]);
  t.deepEqual(held.domains, form.domains as string[]);
});

onBothEngines('the page with the checks has an address of its own, to be loaded and gone back to', async (t, world) => {
  const acme = await make.account(world);
  const visitor = await world.signedIn(acme.admin.email);
  const form = await visitor.get('/requests/new/dedicated-ips');
  const answer = await visitor.submit(form, DEDICATED, { ...dedicatedForm(acme.domains), step: 'check' });
  const place = answer.location ?? '';
  t.regex(place, /^\/requests\/dedicated-ips\/[0-9a-f-]{36}$/);
  const [check, loaded] = [await visitor.get(place), await visitor.get(place)];
  t.deepEqual([check.status, loaded.status], [200, 200]);
  t.deepEqual(loaded.hidden(DEDICATED), check.hidden(DEDICATED));
  const colleague = await world.signedIn(acme.billing.email);
  t.is((await colleague.get(place)).location, '/requests/new/dedicated-ips', 'nobody else sees what was typed');
  t.is((await visitor.get(place.replace('dedicated-ips', 'transactional-pool'))).status, 303);
  const taken = await colleague.submit(form, DEDICATED, { ...dedicatedForm(acme.domains), step: 'check' });
  t.not(taken.location, place, 'a token that somebody else has is replaced');
  t.is((await visitor.get(place)).status, 200);
  t.is((await send(visitor, DEDICATED, check)).location, '/requests/WD-1001?note=request-sent');
  t.is((await visitor.get(place)).location, '/requests/WD-1001?note=already-sent', 'the Back button leads to it');
});

onBothEngines('drafts are kept for a week, and twenty of each person', async (t, world) => {
  const acme = await make.account(world);
  const visitor = await world.signedIn(acme.admin.email);
  const ask = async () => (await visitor.post(DEDICATED, { ...dedicatedForm(acme.domains), step: 'check' })).location;
  const first = (await ask()) ?? '';
  world.now += HOUR;
  for (let nth = 0; nth < 19; nth += 1) await ask();
  t.is((await visitor.get(first)).status, 200);
  await ask();
  t.is((await visitor.get(first)).status, 303, 'the oldest makes room');
  t.is((await world.db('drafts')).length, 20);
  t.is(await deleteOldTyped(world.db, world.now + 7 * DAY), 0);
  t.is(await deleteOldTyped(world.db, world.now + 7 * DAY + 1), 20);
});

onBothEngines('a price that changed since the page was shown is shown before anything is sent', async (t, world) => {
  const acme = await make.account(world, { weekly: 400_000 });
  const visitor = await world.signedIn(acme.admin.email);
  const check = await checked(visitor, DEDICATED, { ...dedicatedForm(acme.domains), ipCount: '3' });
  t.deepEqual(check.hidden(DEDICATED).shownCents, ['0']);
  const answer = await visitor.submit(check, DEDICATED, { step: 'send', shownCents: '5000' });
  t.is(answer.status, 409);
  t.true(answer.text.includes('the price is no longer the one that you saw'));
  t.is((await world.db('requests')).length, 0);
  t.is((await send(visitor, DEDICATED, answer)).status, 303, 'the page that shows the price can be sent');
});

onBothEngines('signed out in between, somebody signs in again and sends what was checked', async (t, world) => {
  const acme = await make.account(world);
  const visitor = await world.signedIn(acme.admin.email);
  const typed = { ...dedicatedForm(acme.domains), sends: 'Ä "quoted" <b>text</b>\nwith a second line' };
  const check = await checked(visitor, DEDICATED, typed);
  await world.db('sessions').delete();
  const asked = await send(visitor, DEDICATED, check);
  t.is(asked.status, 401);
  const resumed = await visitor.submit(asked, '/sign-in', { email: acme.admin.email, password: 'warmdesk-demo' });
  t.is((await visitor.submit(resumed, DEDICATED, {})).location, '/requests/WD-1001?note=request-sent');
  t.is((await world.db('requests').first()).sends, typed.sends);
});
