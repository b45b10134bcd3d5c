// Post/Redirect/Get: what a browser goes back to was loaded, never posted, also where a form was rejected.
import test from 'ava';
import { forgetRejected } from '../../src/rejected/actions.ts';
import { idOf, newKey, open, seal } from '../../src/rejected/sealed.ts';
import { secretOn, wrongCode } from '../support/authenticator.ts';
import * as make from '../support/make.ts';
import { DAY, onBothEngines } from '../support/world.ts';

const BROWSER = { 'sec-fetch-dest': 'document' };
const IPS = '/requests/dedicated-ips';

onBothEngines(
  'a rejected form leads a browser to a page of its own, with its status and all that was typed',
  async (t, world) => {
    const acme = await make.account(world);
    const visitor = await world.signedIn(acme.admin.email);
    const form = await visitor.get('/requests/new/dedicated-ips');
    const typed = { step: 'check', ipCount: 'fifty', sends: 'Notes on <gardens>' };
    const answer = await visitor.submit(form, IPS, typed, BROWSER);
    t.is(answer.status, 303);
    t.regex(answer.location ?? '', /^\/rejected\/[\w-]{43}$/);
    const direct = await visitor.submit(form, IPS, typed);
    t.is(direct.status, 422, 'a program gets its answer at once');
    for (const time of ['first', 'again']) {
      const page = await visitor.get(answer.location ?? '');
      t.is(page.status, 422, time);
      t.true(page.html.includes('value="fifty"'));
      t.true(page.html.includes('Notes on &lt;gardens&gt;'));
      t.is(page.html.length, direct.html.length);
    }
  },
);

onBothEngines(
  'a rejected page is its own person’s alone, for a day, and the newest twenty of them',
  async (t, world) => {
    const acme = await make.account(world);
    const visitor = await world.signedIn(acme.admin.email);
    const reject = async () =>
      (await visitor.post(IPS, { step: 'check', sends: 'Secret plans' }, BROWSER)).location ?? t.fail();
    const first = await reject();
    const other = await (await world.signedIn(acme.billing.email)).get(first);
    t.is(other.location, '/?note=rejected-gone');
    t.is((await world.visitor().get(first)).location, `/sign-in?next=${encodeURIComponent(first)}`);
    for (let i = 0; i < 20; i += 1) {
      world.now += 1;
      await reject();
    }
    t.is((await visitor.get(first)).location, '/?note=rejected-gone');
    t.regex((await visitor.get('/?note=rejected-gone')).text, /That page is not kept any more/);
    t.is((await world.db('rejected_pages')).length, 20);
    const rows = await world.db('rejected_pages').select('sealed');
    for (const { sealed } of rows) t.false(Buffer.from(sealed).toString('latin1').includes('Secret'));
    t.is(await forgetRejected(world.db, world.now + DAY + 1), 20);
  },
);

onBothEngines('an action that is no longer possible leads a browser to its page too', async (t, world) => {
  const acme = await make.account(world);
  const id = await make.requestIn(world, 'withdrawn', acme.admin);
  const visitor = await world.signedIn(acme.admin.email);
  const answer = await visitor.post(`/requests/WD-${1000 + id}/withdrawal`, {}, BROWSER);
  t.is(answer.status, 303);
  const page = await visitor.get(answer.location ?? '');
  t.is(page.status, 409);
  t.regex(page.text, /Nothing was changed\./);
});

onBothEngines('the secret of an authenticator app is kept nowhere where its code is wrong', async (t, world) => {
  const visitor = await world.signedIn((await make.account(world)).admin.email);
  const page = await visitor.get('/profile/sign-in/app');
  const secret = secretOn(page);
  const answer = await visitor.submit(page, '/profile/sign-in/app', { code: wrongCode(secret, world.now) }, BROWSER);
  t.is(answer.status, 422);
  t.is(secretOn(answer), secret, 'the form is there again');
  t.deepEqual(await world.db('rejected_pages'), []);
});

onBothEngines('a page that cannot be kept is sent at once, with all that was typed', async (t, world) => {
  const visitor = await world.signedIn((await make.account(world)).admin.email);
  await world.db.schema.renameTable('rejected_pages', 'out_of_reach');
  const answer = await visitor.post(IPS, { step: 'check', sends: 'Notes on gardens' }, BROWSER);
  t.is(answer.status, 422);
  t.true(answer.html.includes('Notes on gardens'));
  t.is((await visitor.post('/nothing-here', {}, BROWSER)).status, 404);
  await world.db.schema.renameTable('out_of_reach', 'rejected_pages');
});

onBothEngines('with another role somebody does not see the rejected page of the earlier one', async (t, world) => {
  const { reviewer } = await make.staff(world);
  const id = await make.request(world, (await make.account(world, { name: 'Elm' })).admin);
  const visitor = await world.signedIn(reviewer.email);
  const answer = await visitor.post(`/review/WD-${1000 + id}/notes`, { note: '' }, BROWSER);
  t.regex((await visitor.get(answer.location ?? '')).text, /Elm/);
  await world.db('people').where({ id: reviewer.id }).update({ staff_role: 'billing' });
  t.is((await visitor.get(answer.location ?? '')).location, '/?note=rejected-gone');
});

test('a sealed page opens with its own key alone, and not where a byte of it was changed', (t) => {
  const [key, other] = [newKey(), newKey()];
  const sealed = seal(key, '<p>Ünïcode</p>');
  t.is(open(key, sealed), '<p>Ünïcode</p>');
  t.is(open(other, sealed), null);
  const roles = { accountId: null, accountRole: null, staffRole: 'reviewer' } as const;
  t.not(idOf(key, roles), idOf(other, roles));
  t.not(idOf(key, roles), idOf(key, { ...roles, staffRole: 'billing' }));
  for (const at of [0, 12, 20, sealed.length - 1]) {
    const changed = Buffer.from(sealed);
    changed[at] = (changed[at] ?? 0) ^ 1;
    t.is(open(key, changed), null, `${at}`);
  }
});
