// The reviewers' checklist: items of the policy by kind of request, ticked by name and time, never seen by customers.
import ava from 'ava';
import fc from 'fast-check';
import { adoptPolicy } from '../../src/policy/actions.ts';
import { whyNotClear } from '../../src/requests/automatic/clear.ts';
import { addComment } from '../../src/requests/comments/actions.ts';
import { editRequest } from '../../src/requests/editing/actions.ts';
import { gatherEdited } from '../../src/requests/editing/gather.ts';
import { gatherEvidenceFor } from '../../src/requests/evidence/gather.ts';
import { type IpRequest, reference } from '../../src/requests/request.ts';
import { tickChecklist } from '../../src/requests/review/checklist/actions.ts';
import { ticksOf } from '../../src/requests/review/checklist/checklist.ts';
import { findRequest } from '../../src/requests/store.ts';
import * as make from '../support/make.ts';
import { everything, recordsOf } from '../support/notified.ts';
import { MINUTE, onBothEngines, type World } from '../support/world.ts';

const [SITE, TALK] = ['The sign-up form asks before it mails', 'Somebody talked to the customer'];

async function withChecklist(world: World, extra: { readonly required?: true } = {}): Promise<void> {
  const items = { dedicated_ip: [SITE, TALK], transactional_pool: ['The samples are receipts'] };
  const checklist = { value: { ...items, ...extra } };
  const document = { ...world.deps.policy.document, checklist: { ...checklist, rule: 'own choice' } };
  await adoptPolicy(world.db, { person: null, at: world.now }, document);
  await world.deps.reload();
}

ava('what a colleague ticked while the form was open stays, whatever the form says', (t) => {
  const items = ['a', 'b', 'c', 'd'];
  const some = fc.subarray(items);
  fc.assert(
    fc.property(some, some, some, (shown, chosen, now) => {
      const { ticked, unticked } = ticksOf(items, { shown, chosen, now });
      const after = items.filter((item) => (now.includes(item) || ticked.includes(item)) && !unticked.includes(item));
      return items.every((item) => {
        const meant = chosen.includes(item);
        // What the form changed is as it says; what it left alone is as it was by then.
        return after.includes(item) === (meant === shown.includes(item) ? now.includes(item) : meant);
      });
    }),
  );
  t.pass();
});

onBothEngines(
  'R-08: an item is ticked and unticked by name and time, in the record and on the page',
  async (t, world) => {
    await withChecklist(world);
    const { reviewer, reviewer2 } = await make.staff(world);
    const { admin } = await make.account(world);
    const id = await make.request(world, admin);
    const path = `/review/${reference(id)}`;
    const desk = await world.signedIn(reviewer.email);
    const page = await desk.get(path);
    t.regex(page.text, /Checklist 0 of 2 /);
    t.notRegex(page.text, /samples are receipts/, 'of the other kind of request');
    world.now += MINUTE;
    t.is((await desk.submit(page, `${path}/checklist`, { item: SITE })).location, `${path}?note=checklist-saved`);
    const [, ticked] = await recordsOf(world, id);
    t.like(ticked, { name: 'request.checked', who: reviewer.name, at: world.now, to: null });
    t.deepEqual(ticked?.facts, { ticked: [SITE], unticked: [] });
    const after = await desk.get(path);
    t.regex(after.text, new RegExp(`Checklist 1 of 2 .*${SITE} ${reviewer.name}, .*09:01`));
    t.regex(after.text, new RegExp(`${reviewer.name} ticked “${SITE}”`));
    await (await world.signedIn(reviewer2.email)).submit(after, `${path}/checklist`, { item: TALK });
    t.deepEqual((await recordsOf(world, id)).at(-1)?.facts, { ticked: [TALK], unticked: [SITE] });
    await desk.submit(await desk.get(path), `${path}/checklist`, { item: TALK });
    t.is((await recordsOf(world, id)).length, 3, 'nothing changed');
  },
);

onBothEngines('what a customer changes marks what was ticked before', async (t, world) => {
  await withChecklist(world);
  const { reviewer } = await make.staff(world);
  const { admin } = await make.account(world);
  const id = await make.request(world, admin);
  const by = { person: reviewer, at: world.now };
  t.true((await tickChecklist(world.db, by, id, { shown: [], chosen: [SITE] })).ok);
  const desk = await world.signedIn(reviewer.email);
  t.notRegex((await desk.get(`/review/${reference(id)}`)).text, /before the request was changed/);
  const request = (await findRequest(world.db, id)) as IpRequest;
  const answers = await make.dedicated(world, admin, { weeklyVolume: 170_000 });
  const shown = await gatherEdited(world.db, request, answers, world.now);
  const edit = { answers, shownCents: shown?.quote?.monthlyCents ?? null, version: request.version };
  t.true((await editRequest(world.db, { person: admin, at: world.now }, id, edit)).ok);
  t.regex((await desk.get(`/review/${reference(id)}`)).text, /, before the request was changed/);
});

onBothEngines(
  'no customer sees the checklist: on no page, in no file, mail or history; nor can anybody of theirs tick it',
  async (t, world) => {
    await withChecklist(world);
    const { reviewer } = await make.staff(world);
    const acme = await make.account(world);
    const insider = await make.insider(world, acme.id);
    const id = await make.request(world, acme.admin);
    const form = { shown: [], chosen: [SITE, 'not on the list'] };
    t.like(await tickChecklist(world.db, { person: reviewer, at: world.now }, id, form), {
      ok: true,
      value: { ticked: [SITE] },
    });
    await addComment(world.db, { person: acme.admin, at: world.now }, id, 'When will it be?');
    for (const person of [acme.admin, acme.member, insider]) {
      const visitor = await world.signedIn(person.email);
      const pages = ['/', '/policy', '/history', `/requests/${reference(id)}`];
      if (person === insider) pages.push(`/review/${reference(id)}`);
      for (const page of pages) t.notRegex((await visitor.get(page)).html, /Checklist|sign-up form asks/, page);
    }
    for (const { facts } of await world.db('outbox')) t.notRegex(facts, /sign-up form asks/);
    const refused = await tickChecklist(world.db, { person: insider, at: world.now }, id, form);
    t.like(refused, { ok: false, problem: { name: 'own-account' } });
    t.is((await (await world.signedIn(acme.admin.email)).post(`/review/${reference(id)}/checklist`, {})).status, 404);
  },
);

onBothEngines('a closed request shows its checklist, and nobody changes it', async (t, world) => {
  await withChecklist(world);
  const { reviewer } = await make.staff(world);
  const { admin } = await make.account(world);
  const id = await make.requestIn(world, 'declined', admin);
  const page = await (await world.signedIn(reviewer.email)).get(`/review/${reference(id)}`);
  t.regex(page.text, /Checklist 0 of 2/);
  t.notRegex(page.html, /\/checklist"[^>]*>.*Save the checklist/s);
  const form = { shown: [], chosen: [SITE] };
  t.like(await tickChecklist(world.db, { person: reviewer, at: world.now }, id, form), {
    ok: false,
    problem: { name: 'not-open' },
  });
});

onBothEngines('R-08: two reviewers tick the same item at once: it is recorded once', async (t, world) => {
  await withChecklist(world);
  const { reviewer, reviewer2 } = await make.staff(world);
  const { admin } = await make.account(world);
  const id = await make.request(world, admin);
  const tick = (person: make.Staff['admin']) =>
    tickChecklist(world.db, { person, at: world.now }, id, { shown: [], chosen: [SITE] });
  const done = await Promise.all([tick(reviewer), tick(reviewer2)]);
  t.true(done.every(({ ok }) => ok));
  t.is((await recordsOf(world, id)).filter(({ name }) => name === 'request.checked').length, 1);
});

onBothEngines(
  'what is not ticked of a required checklist holds up an approval, with a sentence at its field',
  async (t, world) => {
    await withChecklist(world, { required: true });
    await make.ips(world, 'us', 1);
    const { reviewer } = await make.staff(world);
    const { admin } = await make.account(world);
    const id = await make.request(world, admin);
    const path = `/review/${reference(id)}`;
    const desk = await world.signedIn(reviewer.email);
    const page = await desk.get(path);
    const before = await everything(world);
    const heldUp = await desk.submit(page, `${path}/approval`, { reason: ' ' });
    t.is(heldUp.status, 422);
    const sentence = `Two items of the checklist are not ticked: “${SITE}” and “${TALK}”. Tick them, or write why`;
    t.true(heldUp.text.includes(sentence));
    t.regex(heldUp.html, /<p class="field-error" id="reason-error">/);
    t.deepEqual(await everything(world), before);
    await desk.submit(page, `${path}/checklist`, { item: [SITE, TALK] });
    const ticked = await desk.get(path);
    t.notRegex(ticked.html, /name="reason"/);
    t.is((await desk.submit(ticked, `${path}/approval`, {})).location, `${path}?note=approved`);
  },
);

onBothEngines(
  'a reason approves without the whole checklist, and neither its customer nor another list of requests goes past it',
  async (t, world) => {
    await withChecklist(world, { required: true });
    await make.ips(world, 'us', 1);
    const { reviewer } = await make.staff(world);
    const { admin } = await make.account(world);
    const id = await make.request(world, admin);
    const path = `/review/${reference(id)}`;
    const desk = await world.signedIn(reviewer.email);
    t.regex(
      (await desk.get(`/review/approvals?request=${id}`)).text,
      /It has a checklist, which is ticked on its own page/,
    );
    t.notRegex((await desk.get('/review')).html, /name="request"/);
    const one = await desk.get(path);
    await desk.submit(one, `${path}/checklist`, { item: SITE });
    const half = await desk.submit(await desk.get(path), `${path}/approval`, {});
    t.true(half.text.includes(`One item of the checklist is not ticked: “${TALK}”. Tick it, or write why`));
    const reason = 'I met them at a fair.';
    t.is((await desk.submit(half, `${path}/approval`, { reason })).location, `${path}?note=approved`);
    t.regex((await desk.get(path)).text, /I met them at a fair/);
    const theirs = await (await world.signedIn(admin.email)).get(`/requests/${reference(id)}`);
    t.notRegex(theirs.text, /at a fair/);
  },
);

onBothEngines('a checklist that is not required holds up nothing', async (t, world) => {
  await withChecklist(world);
  await make.ips(world, 'us', 1);
  const { reviewer } = await make.staff(world);
  const { admin } = await make.account(world);
  const path = `/review/${reference(await make.request(world, admin))}`;
  const desk = await world.signedIn(reviewer.email);
  const page = await desk.get(path);
  t.notRegex(page.html, /name="reason"/);
  t.is((await desk.submit(page, `${path}/approval`, {})).location, `${path}?note=approved`);
});

onBothEngines('S-12: nothing is approved automatically where a checklist is required', async (t, world) => {
  const { document } = world.deps.policy;
  const automatic = { value: { afterMinutes: 10, maxIps: 1, in30Days: 1 }, rule: 'S-12' };
  const items = { dedicated_ip: [SITE], transactional_pool: [], required: true };
  const acme = await make.account(world);
  const [request] = await gatherEvidenceFor(
    world.db,
    [(await findRequest(world.db, await make.request(world, acme.admin))) as IpRequest],
    world.now,
  );
  if (!request) return t.fail();
  const why = (checklist: typeof document.checklist) =>
    whyNotClear(
      { ...request, policy: { ...request.policy, document: { ...document, automaticApproval: automatic, checklist } } },
      world.now,
    );
  const sentence = 'The policy has reviewers go through a checklist.';
  t.deepEqual(why({ value: items, rule: 'own choice' }), [sentence]);
  t.false(why(document.checklist).includes(sentence));
});
