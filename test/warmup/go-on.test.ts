// A warm-up that stopped: what its customer meets first, and how they ask to let it go on.
import test from 'ava';
import type { Person } from '../../src/accounts/person.ts';
import { askToGoOn } from '../../src/warmup/customer/actions.ts';
import { withHolds } from '../../src/warmup/pages/holds.ts';
import { reasonOf } from '../../src/warmup/pages/wording.ts';
import { takeStaffStep } from '../../src/warmup/staff/actions.ts';
import { findWarmup } from '../../src/warmup/store.ts';
import { acmeWithIp } from '../support/scene.ts';
import { onBothEngines, type World } from '../support/world.ts';

async function staffStep(world: World, person: Person, id: number, name: 'pause' | 'resume', reason: string) {
  const { status, stage, nextDay } = (await findWarmup(world.db, id)) ?? { status: 'planned', stage: 0, nextDay: 0 };
  const form = { id, name, seen: { status, stage, nextDay }, reason };
  const done = await takeStaffStep(world.db, { person, at: world.now }, form, world.deps.policy.document);
  if (!done.ok) throw new Error(JSON.stringify(done.problem));
}

/** Acme's warm-up, which the reviewer paused for its bounces. */
async function paused(world: World) {
  const scene = await acmeWithIp(world);
  await world.db('warmups').where({ id: scene.warmupId }).update({ status: 'running' });
  await staffStep(world, scene.staff.admin, scene.warmupId, 'pause', 'A tenth of your mail bounced.');
  return { ...scene, visitor: await world.signedIn(scene.acme.owner.email), path: `/warm-ups/${scene.warmupId}` };
}

onBothEngines('Home says first that warm-up stopped, why, and the one thing to do', async (t, world) => {
  const { visitor, path } = await paused(world);
  const home = await visitor.get('/');
  t.regex(
    home.text,
    /Warm-up of 192\.0\.2\.1 is paused since \d+ \w+ ?\. A tenth of your mail bounced\. Clean your list, then/,
  );
  t.true(home.html.includes(`href="${path}#go-on"`));
  t.true(home.html.indexOf('verdict-banner is-bad') < home.html.indexOf('What to do next'));
  t.false(home.text.includes('Your mail goes out as it should'));
  t.true(
    home.text.includes('192.0.2.1 is paused. Clean the list that goes over it, then ask us to resume its warm-up.'),
  );
});

onBothEngines(
  'R-09: please go on, with a note, is recorded, mailed to staff, and waits on their board',
  async (t, world) => {
    const { visitor, path, staff, warmupId } = await paused(world);
    const page = await visitor.get(path);
    t.is((await visitor.submit(page, `${path}/go-on`, { note: ' ' })).status, 422);
    const sent = await visitor.submit(page, `${path}/go-on`, { note: '4,000 dead addresses removed.' });
    t.is(sent.status, 303);
    const { text, html } = await visitor.get(path);
    t.true(text.includes('4,000 dead addresses removed.'), 'in what happened');
    t.notRegex(html, /name="note"/, 'once for each pause');
    const home = (await visitor.get('/')).text;
    t.true(home.includes('You asked us to resume it'));
    t.false(home.includes('Clean the list that goes over'));
    const mails = await world.db('outbox').where({ template: 'warmup-go-on-asked' }).pluck('to_address');
    t.true(mails.includes(staff.admin.email));
    const board = await (await world.signedIn(staff.admin.email)).get('/warm-ups?tab=paused');
    t.true(board.text.includes('Asked to resume on'));
    await staffStep(world, staff.admin, warmupId, 'resume', '');
    t.is((await world.db('warmups').where({ id: warmupId }).first()).go_on_asked_at, null);
    t.false((await visitor.get('/')).text.includes('is paused'));
  },
);

onBothEngines('two of an account who ask at once ask once; strangers and staff cannot', async (t, world) => {
  const { acme, staff, warmupId } = await paused(world);
  const ask = (person: Person) => askToGoOn(world.db, { person, at: world.now }, warmupId, 'The list is cleaned.');
  const done = await Promise.all([ask(acme.owner), ask(acme.owner)]);
  t.deepEqual(done.map(({ ok }) => ok).sort(), [false, true]);
  t.is((await world.db('audit_events').where({ name: 'warmup.goOnAsked' })).length, 1);
  const refused = await ask(staff.reviewer);
  t.is(refused.ok ? '' : refused.problem, 'not-yours');
  const gone = await askToGoOn(world.db, { person: acme.owner, at: world.now }, 99, 'Please.');
  t.is(gone.ok ? '' : gone.problem, 'not-found');
});

test('a pause’s rate is of the days before it, and holds are among what happened', (t) => {
  const why = 'Over the last seven days, 10.96 % of the mail bounced.';
  const records = [{ at: 7, name: 'warmup.paused', facts: { why }, body: null }];
  t.is(
    reasonOf({ status: 'paused', why }, records),
    'Over the seven days before the pause, 10.96 % of the mail bounced.',
  );
  const runs = [
    { mark: 'on-hold', from: 10, to: 11, why: 'Over the last seven days, 6 % bounced.' },
    { mark: 'idle', from: 12, to: 12, why: 'No mail.' },
  ] as const;
  const story = [{ who: null, what: 'began', at: 1 }];
  t.deepEqual(
    withHolds(story, runs).map(({ what }) => what),
    ['kept the stage on hold for two days', 'began'],
  );
});
