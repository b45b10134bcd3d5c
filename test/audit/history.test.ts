import test from 'ava';
import { actIn } from '../../src/act.ts';
import { record } from '../../src/audit/actions.ts';
import { changes } from '../../src/audit/changes.ts';
import { sentence, who } from '../../src/audit/sentence.ts';
import { isPostgres } from '../../src/database.ts';
import { addNote } from '../../src/requests/review/actions.ts';
import { account, acme, itself, somebody, staff } from '../support/people.ts';
import { acmeWithIp, dedicatedAnswers, freeIps, sendingDomain, sent } from '../support/scene.ts';
import { HOUR, onBothEngines } from '../support/world.ts';

onBothEngines('R-08: the history says who did what and when, and what it was before and is after', async (t, world) => {
  await acmeWithIp(world);
  const page = await (await world.signedIn('reviewer@warmdesk.example')).get('/audit');
  const when = '23 Nov 2026, 09:00 UTC';
  t.regex(page.text, new RegExp(`${when} owner sent request WD-1001 In review Acme`));
  t.regex(
    page.text,
    new RegExp(
      `${when} reviewer approved WD-1001: 192\\.0\\.2\\.1 for shop\\.acme\\.example, \\$0 a month In review → Approved Acme`,
    ),
  );
  t.regex(page.text, /reviewer allocated 192\.0\.2\.1 in US for WD-1001 Warming up/);
  t.regex(page.text, /reviewer moved shop\.acme\.example to other mail servers Default shared pool → Dedicated IPs/);
  t.regex(page.text, /Warmdesk added owner@acme\.example as admin/);
});

onBothEngines('R-08: the database refuses to change or to remove a record', async (t, world) => {
  await acmeWithIp(world);
  const count = async () => Number((await world.db('audit_events').count({ n: '*' }).first())?.['n']);
  const before = await count();
  for (const attempt of [
    () => world.db('audit_events').update({ name: 'request.declined' }),
    () => world.db('audit_events').where({ seq: 1 }).update({ actor_id: null }),
    () => world.db('audit_events').delete(),
    () => world.db('audit_events').where({ seq: 1 }).delete(),
    ...(isPostgres(world.db) ? [() => world.db.raw('truncate audit_events cascade')] : []),
  ]) {
    await t.throwsAsync(async () => attempt(), { message: /the audit history is only ever added to/ });
  }
  t.is(await count(), before);
});

onBothEngines(
  'R-08: who waited for another is recorded after them, no matter who read the clock first',
  async (t, world) => {
    const { requestId, staff: people } = await acmeWithIp(world);
    await addNote(world.db, { person: people.reviewer2, at: world.now + 5 }, requestId, 'First in the database.');
    await addNote(world.db, { person: people.reviewer, at: world.now + 1 }, requestId, 'First at the clock.');
    await addNote(world.db, { person: people.reviewer, at: world.now + 9 }, requestId, 'Later.');
    const notes = await world.db('audit_events').where({ name: 'request.noted' }).orderBy('seq').pluck('at');
    t.deepEqual(notes, [world.now + 5, world.now + 5, world.now + 9]);
  },
);

onBothEngines('R-08: what is undone leaves no record, and what is recorded was done', async (t, world) => {
  await acmeWithIp(world);
  const before = await world.db('audit_events').max({ id: 'id' }).first();
  await t.throwsAsync(
    world.db.transaction(async (trx) => {
      const subject = { type: 'ip', id: 1 } as const;
      await record(actIn(trx, itself(world)), {
        name: 'ip.added',
        subject,
        accountId: null,
        facts: { address: 'x', region: 'us' },
      });
      throw new Error('undone');
    }),
    { message: 'undone' },
  );
  t.deepEqual(await world.db('audit_events').max({ id: 'id' }).first(), before);
});

onBothEngines(
  'customers’ admins read their account’s history, without names of staff and without notes',
  async (t, world) => {
    const { staff, requestId } = await acmeWithIp(world);
    await addNote(world.db, { person: staff.reviewer, at: world.now }, requestId, 'They pay late.');
    const other = await account(world, 'Other');
    await somebody(world, { email: 'owner@other.example', accountId: other, accountRole: 'admin' });
    const page = await (await world.signedIn('owner@acme.example')).get('/history');
    t.regex(page.text, /owner sent request WD-1001 In review/);
    t.regex(page.text, /A reviewer approved WD-1001.*In review → Approved/);
    t.notRegex(page.text, /note|They pay late|Other|to the inventory/);
    t.notRegex(page.text, /\breviewer@|[^A] reviewer (approved|allocated)/);
    t.true(page.html.includes('href="/requests/WD-1001"'));
    t.is((await (await world.signedIn('member@acme.example')).get('/history')).status, 404);
    t.is((await (await world.signedIn('owner@acme.example')).get('/audit')).status, 404);
  },
);

onBothEngines('staff look at one customer’s history', async (t, world) => {
  const { acme } = await acmeWithIp(world);
  const other = await account(world, 'Other');
  const reviewer = await world.signedIn('reviewer@warmdesk.example');
  const page = await reviewer.get(`/audit?account=${other}`);
  t.regex(page.text, /Audit history of Other.*opened the account Other/);
  t.notRegex(page.text, /WD-1001/);
  t.regex((await reviewer.get(`/audit?account=${acme.id}`)).text, /WD-1001/);
  t.is((await reviewer.get('/audit?account=999')).status, 404);
  t.is((await reviewer.get('/audit?account=x&before=y')).status, 200);
});

onBothEngines('a long history comes page by page, every record once', async (t, world) => {
  await staff(world);
  await freeIps(
    world,
    Array.from({ length: 120 }, (_, i) => `198.51.100.${i + 1}`),
  );
  const reviewer = await world.signedIn('reviewer@warmdesk.example');
  const seen: string[] = [];
  let path: string | undefined = '/audit';
  for (let pages = 0; path !== undefined && pages < 9; pages += 1) {
    const page = await reviewer.get(path);
    seen.push(...[...page.html.matchAll(/data-event="(\d+)"/g)].map(([, id]) => String(id)));
    path = /href="(\/audit\?before=\d+)"/.exec(page.html)?.[1];
  }
  const all = await world.db('audit_events').orderBy('id', 'desc').pluck('id');
  t.deepEqual(seen, all.map(String));
  t.regex((await reviewer.get('/audit?before=1')).text, /Nothing older/);
});

onBothEngines('a request that was withdrawn shows each step in the order in which it happened', async (t, world) => {
  const people = await acme(world);
  await staff(world);
  await freeIps(world, ['192.0.2.1']);
  const domain = await sendingDomain(world, people.id, { name: 'shop.acme.example' });
  await sent(world, people.owner, dedicatedAnswers(world, [domain.id]));
  world.now += HOUR;
  const owner = await world.signedIn('owner@acme.example');
  await owner.post('/requests/WD-1001/withdrawal', {});
  const { text } = await owner.get('/history');
  t.regex(text, /10:00 UTC owner withdrew WD-1001 In review → Withdrawn.*09:00 UTC owner sent request WD-1001/);
});

onBothEngines('the history leads to a domain as long as it has a page', async (t, world) => {
  const people = await acme(world);
  const domain = await sendingDomain(world, people.id, { name: 'shop.acme.example' });
  const owner = await world.signedIn('owner@acme.example');
  const link = `href="/domains/${domain.id}"`;
  t.true((await owner.get('/history')).html.includes(link));
  const path = `/domains/${domain.id}/removal`;
  t.is((await owner.submit(await owner.get(path), path, {})).status, 303);
  const { html, text } = await owner.get('/history');
  t.regex(text, /shop\.acme\.example/);
  t.false(html.includes(link));
});

const reader = { staff: false, accountId: 1 };
const reference = (id: number) => `WD-${1000 + id}`;

test('customers do not read which checks an approval was proposed against; staff do', (t) => {
  const event = {
    name: 'request.proposed',
    subject: { type: 'request', id: 7 },
    facts: { failedChecks: ['Measured volume'] },
    about: null,
  } as const;
  const facts = { failedChecks: ['Measured volume'] };
  t.is(
    sentence({ ...event, facts }, reader, reference),
    'proposed approval of WD-1007; a second reviewer must confirm',
  );
  t.regex(
    sentence({ ...event, facts }, { staff: true, accountId: null }, reference),
    /although it fails Measured volume/,
  );
});

test('what Warmdesk did by itself is said to be its doing, and customers read names of their own people only', (t) => {
  const actor = { id: 9, name: 'Rita', staff: true, accountId: null };
  t.is(who({ actor: null }, reader), 'Warmdesk');
  t.is(who({ actor }, reader), 'A reviewer');
  t.is(who({ actor: { ...actor, accountId: 1 } }, reader), 'Rita');
  t.is(who({ actor: { ...actor, accountId: 2 } }, reader), 'A reviewer');
  t.is(who({ actor }, { staff: true, accountId: null }), 'Rita');
});

test('a changed profile shows each field that changed, before and after', (t) => {
  const facts = { before: { name: 'Ola', timeZone: 'UTC' }, after: { name: 'Ola Acme', timeZone: 'UTC' } };
  const event = { name: 'person.profileChanged', subject: { type: 'person', id: 1 }, facts } as const;
  t.deepEqual(
    changes(event, (_, value) => value),
    [{ what: 'Name', before: 'Ola', after: 'Ola Acme' }],
  );
});
