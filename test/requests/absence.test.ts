// A reviewer who is away: until when, who gets their requests and mails, and how they come back.

import { comeBack, goAway } from '../../src/requests/absence/actions.ts';
import { claimRequest } from '../../src/requests/claims/actions.ts';
import { listClaims } from '../../src/requests/claims/store.ts';
import { remindOfDue } from '../../src/requests/clock/background.ts';
import { answerRequest } from '../../src/requests/customer/actions.ts';
import { reference } from '../../src/requests/request.ts';
import { askForInformation, sendBack } from '../../src/requests/review/actions.ts';
import * as make from '../support/make.ts';
import { DAY, HOUR, onBothEngines, type World } from '../support/world.ts';

const holder = async ({ db, now }: World, id: number): Promise<string | null> =>
  (await listClaims(db, [id], now)).get(id)?.name ?? null;

/** Who got mails of a template, by name. */
const mailed = async ({ db }: World, template: string): Promise<string[]> =>
  db('outbox as o').join('people as p', 'p.id', 'o.recipient_id').where({ template }).orderBy('p.name').pluck('p.name');

async function scene(world: World) {
  const staff = await make.staff(world);
  const ash = await make.account(world, { name: 'Ash' });
  const birch = await make.account(world, { name: 'Birch' });
  const [one, two] = [await make.request(world, ash.admin), await make.request(world, birch.admin)];
  for (const id of [one, two]) await claimRequest(world.db, { person: staff.reviewer, at: world.now }, id, null);
  return { ...staff, ash, birch, one, two };
}

onBothEngines('what a reviewer had goes to the stand-in, who is mailed, and their mails follow', async (t, world) => {
  const { reviewer, reviewer2, birch, one, two } = await scene(world);
  const at = world.now;
  await askForInformation(world.db, { person: reviewer, at }, two, 'How much?');
  const away = await goAway(world.db, { person: reviewer, at }, { until: at + 5 * DAY, standInId: reviewer2.id });
  t.deepEqual(away, { ok: true, value: { handedOver: 1, givenBack: 0 } });
  t.is(await holder(world, one), reviewer2.name);
  t.deepEqual(await mailed(world, 'stand-in'), [reviewer2.name]);
  const form = await (await world.signedIn(reviewer.email)).get('/absence');
  t.regex(form.html, new RegExp(`<option value="${reviewer2.id}" selected>`), 'a change of the day keeps the stand-in');
  t.deepEqual(await mailed(world, 'request-passed-on'), [reviewer2.name]);
  world.now += HOUR;
  await answerRequest(world.db, { person: birch.admin, at: world.now }, two, 'This much.');
  t.true((await mailed(world, 'request-answered')).includes(reviewer2.name));
  t.false((await mailed(world, 'request-answered')).includes(reviewer.name));
  const mail = await world.db('outbox').where({ template: 'request-answered', recipient_id: reviewer2.id }).first();
  t.is(JSON.parse(mail.facts).insteadOf, reviewer.name);
});

onBothEngines(
  'without a stand-in it goes back to the queue, and who is away gets no mail about new requests',
  async (t, world) => {
    const { reviewer, reviewer2, admin, one, two } = await scene(world);
    const at = world.now;
    const away = await goAway(world.db, { person: reviewer, at }, { until: at + DAY, standInId: null });
    t.deepEqual(away, { ok: true, value: { handedOver: 0, givenBack: 2 } });
    t.deepEqual([await holder(world, one), await holder(world, two)], [null, null]);
    const { admin: cedar } = await make.account(world, { name: 'Cedar' });
    const before = await mailed(world, 'request-to-review');
    await make.request(world, cedar);
    const after = await mailed(world, 'request-to-review');
    t.is(after.length - before.length, 2);
    t.is(count(after, reviewer.name), count(before, reviewer.name));
    t.is(count(after, reviewer2.name), count(before, reviewer2.name) + 1);
    t.is(count(after, admin.name), count(before, admin.name) + 1);
    world.now = at + DAY;
    const { admin: elm } = await make.account(world, { name: 'Elm' });
    await make.request(world, elm);
    t.is(
      count(await mailed(world, 'request-to-review'), reviewer.name),
      count(before, reviewer.name) + 1,
      'back by then',
    );
  },
);

const count = (names: readonly string[], name: string): number => names.filter((one) => one === name).length;

onBothEngines(
  'a decision that is due is told to the stand-in; where everybody is away, to everybody',
  async (t, world) => {
    const { reviewer, reviewer2, admin, one, two } = await scene(world);
    const until = world.now + 9 * DAY;
    for (const person of [reviewer, reviewer2, admin])
      t.true((await goAway(world.db, { person, at: world.now }, { until, standInId: null })).ok);
    world.now += 22 * HOUR;
    t.is(await remindOfDue(world.db, world.now), 2);
    t.deepEqual((await mailed(world, 'request-due-soon')).length, 6);
    // One of them claims one all the same, and names somebody who came back.
    await comeBack(world.db, { person: reviewer2, at: world.now });
    await goAway(world.db, { person: reviewer, at: world.now }, { until, standInId: reviewer2.id });
    await claimRequest(world.db, { person: reviewer, at: world.now }, one, null);
    await world.db('requests').where({ id: two }).update({ notice: null, notice_at: null });
    world.now += 2 * HOUR;
    t.is(await remindOfDue(world.db, world.now), 1);
    t.deepEqual(await mailed(world, 'request-overdue'), [reviewer2.name]);
  },
);

onBothEngines('a stand-in reviews requests and is not away; what was typed is kept', async (t, world) => {
  const { reviewer, reviewer2 } = await scene(world);
  await goAway(world.db, { person: reviewer2, at: world.now }, { until: world.now + 9 * DAY, standInId: null });
  const desk = await world.signedIn(reviewer.email);
  const page = await desk.get('/absence');
  t.notRegex(page.html, new RegExp(`<option[^>]*>${reviewer2.name}`));
  const typed = { backOn: '2026-11-30', standIn: String(reviewer2.id) };
  const refused = await desk.submit(page, '/absence', typed);
  t.is(refused.status, 422);
  t.regex(refused.text, /away too, or no longer reviews requests/);
  t.regex(refused.html, /value="2026-11-30"/);
  const early = await desk.submit(page, '/absence', { backOn: '2026-11-23', standIn: '' });
  t.regex(early.text, /Back on must be a day after today/);
  t.is((await desk.submit(early, '/absence', { backOn: '2026-11-30', standIn: '' })).location, '/absence?note=away');
  t.regex((await desk.get('/absence')).text, /You are away until 30 Nov 2026, 00:00/);
  t.regex(
    (await desk.get('/absence')).html,
    /name="backOn"[^>]* value="2026-11-30"|value="2026-11-30"[^>]* name="backOn"/,
  );
  t.is((await desk.submit(await desk.get('/absence'), '/absence/ending', {})).location, '/absence?note=back');
  t.notRegex((await desk.get('/absence')).text, /You are away until/);
  t.regex((await desk.get('/audit')).text, /is away until 2026-11-30, with nobody as stand-in/);
});

onBothEngines('two who name each other at once: one of them is refused, 10 rounds', async (t, world) => {
  const { reviewer, reviewer2 } = await scene(world);
  const until = world.now + 9 * DAY;
  for (let round = 0; round < 10; round += 1) {
    const outcomes = await Promise.all([
      goAway(world.db, { person: reviewer, at: world.now }, { until, standInId: reviewer2.id }),
      goAway(world.db, { person: reviewer2, at: world.now }, { until, standInId: reviewer.id }),
    ]);
    t.is(outcomes.filter(({ ok }) => ok).length, 1);
    for (const person of [reviewer, reviewer2]) await comeBack(world.db, { person, at: world.now });
  }
});

onBothEngines('the staff read who is away, until when and who the stand-in is; customers do not', async (t, world) => {
  const { reviewer, reviewer2, admin, ash } = await scene(world);
  await world.db('people').where({ id: reviewer.id }).update({ account_id: ash.id, account_role: 'member' });
  await goAway(world.db, { person: reviewer, at: world.now }, { until: world.now + DAY, standInId: reviewer2.id });
  const office = await world.signedIn(admin.email);
  const customer = await world.signedIn(ash.admin.email);
  const row = async (path: string, visitor = office): Promise<string> =>
    new RegExp(`data-person="${reviewer.email}".*?</tr>`, 's').exec((await visitor.get(path)).html)?.[0] ?? '';
  t.regex(await row('/staff'), new RegExp(`Away.*until 24 Nov 2026, 09:00 UTC; stand-in: ${reviewer2.name}`, 's'));
  t.regex((await office.get(`/staff/${reviewer.id}`)).text, /Away until 24 Nov 2026, 09:00 UTC/);
  t.regex(await row('/people', customer), /Can sign in/);
  t.notRegex(await row('/people', customer), /Away/);
  world.now += DAY;
  t.notRegex(await row('/staff'), /Away/, 'it is over');
});

onBothEngines('a colleague who is away is not offered for a handover', async (t, world) => {
  const { reviewer, reviewer2, one } = await scene(world);
  const desk = await world.signedIn(reviewer.email);
  const offered = async () =>
    (await desk.get(`/review/${reference(one)}`)).html.includes(`>${reviewer2.name}</option>`);
  t.true(await offered());
  await goAway(world.db, { person: reviewer2, at: world.now }, { until: world.now + DAY, standInId: null });
  t.false(await offered());
});

onBothEngines('R-05: a stand-in of the customer’s own account is not told what colleagues wrote', async (t, world) => {
  const { reviewer, reviewer2 } = await make.staff(world);
  const acme = await make.account(world, { weekly: 10_000 });
  const insider = await make.insider(world, acme.id);
  const id = await make.request(world, acme.admin);
  await make.approve(world, id, 'They asked by phone.');
  const until = world.now + DAY;
  t.true((await goAway(world.db, { person: reviewer, at: world.now }, { until, standInId: insider.id })).ok);
  t.true((await sendBack(world.db, { person: reviewer2, at: world.now }, id, 'They bought the list.')).ok);
  t.deepEqual(await mailed(world, 'request-sent-back'), [reviewer.name]);
});

onBothEngines('who takes a request over while its holder goes away has it', async (t, world) => {
  const { reviewer, reviewer2, one } = await scene(world);
  const at = world.now;
  const [, claimed] = await Promise.all([
    goAway(world.db, { person: reviewer, at }, { until: at + DAY, standInId: null }),
    claimRequest(world.db, { person: reviewer2, at }, one, reviewer.id),
  ]);
  t.is(await holder(world, one), claimed.ok ? reviewer2.name : null);
});
