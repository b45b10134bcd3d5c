// Views of the queue that reviewers keep under a name.
import ava from 'ava';
import { keepView } from '../../src/requests/review/views/actions.ts';
import { MOST_VIEWS, queryOf } from '../../src/requests/review/views/view.ts';
import * as make from '../support/make.ts';
import type { Visitor } from '../support/visitor.ts';
import { onBothEngines } from '../support/world.ts';

const names = async (desk: Visitor): Promise<string[]> => {
  const list = /<ul class="view-list">([\s\S]*?)<\/ul>/.exec((await desk.get('/review')).html)?.[1] ?? '';
  return [...list.matchAll(/<a href="[^"]*"[^>]*>([^<]*)<\/a>/g)].map(([, name]) => name ?? '');
};

onBothEngines('what the queue shows is kept under a name, and its address leads there again', async (t, world) => {
  const { reviewer, reviewer2 } = await make.staff(world);
  const desk = await world.signedIn(reviewer.email);
  const other = await world.signedIn(reviewer2.email);
  const query = 'sort=volume&region=eu&tab=all&page=3&note=noted&nonsense=1';
  const kept = await desk.post('/review/views', { name: ' EU,  big first ', query });
  t.is(kept.location, '/review?tab=all&region=eu&sort=volume&note=view-kept');
  t.deepEqual(await names(desk), ['EU, big first']);
  t.deepEqual(await names(other), [], 'nobody else sees it');
  const { html } = await desk.get('/review?tab=all&region=eu&sort=volume');
  t.regex(html, /<a href="\/review\?tab=all&amp;region=eu&amp;sort=volume" aria-current="page">EU, big first<\/a>/);
  t.notRegex(html, /Save this view/, 'it is kept already');
  t.regex((await desk.get('/review?tab=all')).html, /Save this view/);
  t.is(
    (await world.db('audit_events').whereIn('name', ['view.shared', 'view.unshared'])).length,
    0,
    'nobody else’s affair',
  );
});

onBothEngines(
  'a shared view is seen by all reviewers with its owner’s name, and changed by its owner or an admin',
  async (t, world) => {
    const { reviewer, reviewer2, admin } = await make.staff(world);
    const owner = await world.signedIn(reviewer.email);
    const other = await world.signedIn(reviewer2.email);
    const head = await world.signedIn(admin.email);
    await owner.post('/review/views', { name: 'Mine, overdue', query: 'desk=mine&due=overdue', shared: 'yes' });
    const { id } = await world.db('queue_views').first('id');
    const path = `/review/views/${id}`;
    t.deepEqual(await names(other), ['Mine, overdue']);
    t.regex((await other.get('/review')).text, new RegExp(`Mine, overdue by ${reviewer.name}`));
    for (const address of [path, `${path}/removal`]) t.is((await other.post(address, { name: 'Theirs' })).status, 404);
    t.is((await other.get(path)).status, 404);
    t.is((await head.post(path, { name: 'Overdue', shared: 'yes' })).status, 303);
    t.deepEqual(await names(other), ['Overdue']);
    t.is((await owner.post(path, { name: 'Overdue' })).status, 303);
    t.deepEqual(await names(other), [], 'no longer shared');
    t.deepEqual(await names(owner), ['Overdue']);
    t.is((await head.get(path)).status, 404, 'what is not shared is its owner’s alone');
    t.is((await owner.post(`${path}/removal`, {})).location, '/review/views?note=view-deleted');
    t.is((await owner.post(`${path}/removal`, {})).status, 404);
    t.deepEqual(await names(owner), []);
    const records = await world.db('audit_events').whereIn('name', ['view.shared', 'view.unshared']).orderBy('id');
    t.deepEqual(
      records.map(({ name, actor_id, facts }) => [name, actor_id, JSON.parse(facts).view]),
      [
        ['view.shared', reviewer.id, 'Mine, overdue'],
        ['view.shared', admin.id, 'Overdue'],
        ['view.unshared', reviewer.id, 'Overdue'],
      ],
    );
    t.regex((await head.get('/audit')).text, /shared the view “Overdue” of the queue with all reviewers/);
  },
);

onBothEngines(
  'a name that is missing or taken is refused at its field, and what was chosen is kept',
  async (t, world) => {
    const { reviewer, reviewer2 } = await make.staff(world);
    const desk = await world.signedIn(reviewer.email);
    const save = (name: string, query = 'region=eu') => desk.post('/review/views', { name, query, shared: 'yes' });
    const missing = await save('  ');
    t.is(missing.status, 422);
    t.regex(missing.text, /Name is missing\. Fill it in\./);
    t.regex(missing.html, /<input type="hidden" name="query" value="region=eu">/);
    t.regex(missing.html, /name="shared"[^>]*checked/);
    t.is((await save('Europe')).status, 303);
    const taken = await save('EUROPE', 'region=us');
    t.is(taken.status, 422);
    t.regex(taken.text, /You already have a view with this name/);
    t.is(
      (await (await world.signedIn(reviewer2.email)).post('/review/views', { name: 'Europe', query: '' })).status,
      303,
    );
    await save('America', 'region=us');
    const { id } = await world.db('queue_views').where({ name: 'America' }).first('id');
    t.is((await desk.post(`/review/views/${id}`, { name: 'Europe' })).status, 422);
  },
);

onBothEngines('one person keeps a bounded number of views, however many are saved at once', async (t, world) => {
  const { reviewer } = await make.staff(world);
  const actor = { person: reviewer, at: world.now };
  const save = (nth: number) => keepView(world.db, actor, { name: `View ${nth}`, query: '', isShared: false });
  for (let nth = 2; nth < MOST_VIEWS; nth += 1) t.true((await save(nth)).ok);
  const last = await Promise.all([save(100), save(101), save(102)]);
  t.is(last.filter(({ ok }) => ok).length, 2);
  t.deepEqual(
    last.flatMap((one) => (one.ok ? [] : one.problem)),
    ['too-many'],
  );
});

ava('a view keeps what the queue knows, in one order', (t) => {
  t.is(queryOf('sort=volume&tab=all&page=7'), 'tab=all&sort=volume');
  t.is(queryOf('tab=review&nonsense=1'), '');
  t.is(queryOf('q=a%26b&kind=dedicated_ip'), queryOf('kind=dedicated_ip&q=a%26b'));
});
