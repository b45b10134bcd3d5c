// A request that its customer changes while nobody has decided on it, and what they write without being asked.
import test from 'ava';
import { adoptPolicy } from '../../src/policy/actions.ts';
import { claimRequest } from '../../src/requests/claims/actions.ts';
import { addComment } from '../../src/requests/comments/actions.ts';
import { editRequest } from '../../src/requests/editing/actions.ts';
import { changesInWords, changesOf, formerTexts } from '../../src/requests/editing/changes.ts';
import { gatherEdited } from '../../src/requests/editing/gather.ts';
import type { IpRequest } from '../../src/requests/request.ts';
import { askForInformation } from '../../src/requests/review/actions.ts';
import { approveRequest } from '../../src/requests/review/decide.ts';
import { decide } from '../../src/requests/review/pending/actions.ts';
import { readQueueFilter } from '../../src/requests/review/queue/filter.ts';
import { gatherQueue } from '../../src/requests/review/queue/gather.ts';
import { findRequest } from '../../src/requests/store.ts';
import { findQuote, listHistory } from '../../src/requests/store-decisions.ts';
import * as make from '../support/make.ts';
import type { Dedicated } from '../support/make-requests.ts';
import { lastNotified } from '../support/notified.ts';
import { HOUR, onBothEngines, type World } from '../support/world.ts';

/** Changes a request as its form would, by somebody of its account. */
async function edit(world: World, id: number, person: make.Account['admin'], wish: Partial<Dedicated>) {
  const request = (await findRequest(world.db, id)) as IpRequest;
  const answers = await make.dedicated(world, person, {
    ...(request.answers as Dedicated),
    ...wish,
    domainIds: wish.domainIds ?? (await idsOf(world, id)),
  });
  const shown = await gatherEdited(world.db, request, answers, world.now);
  const shownCents = shown?.quote?.monthlyCents ?? null;
  return editRequest(world.db, { person, at: world.now }, id, { answers, shownCents, version: request.version });
}

const idsOf = (world: World, id: number): Promise<number[]> =>
  world.db('request_domains').where({ request_id: id }).pluck('domain_id');

onBothEngines('R-03: a change makes a new version, and who saw the old one does not decide on it', async (t, world) => {
  await make.ips(world, 'us', 4);
  const { reviewer } = await make.staff(world);
  const acme = await make.account(world, { weekly: 180_000 });
  const id = await make.request(world, acme.admin);
  const seen = await make.seen(world, id);
  t.true((await edit(world, id, acme.admin, { ipCount: 2, weeklyVolume: 190_000, sends: 'Order news alone.' })).ok);
  const late = await approveRequest(world.db, { person: reviewer, at: world.now }, id, { seen, reason: 'Fine.' });
  t.false(late.ok);
  if (!late.ok && late.problem.name === 'changed')
    t.is(late.problem.differences[0], 'The request moved on since you opened the page.');
  const now = (await findRequest(world.db, id)) as IpRequest;
  t.like(now, { status: 'submitted', version: 2 });
  t.like(now.answers, { ipCount: 2, weeklyVolume: 190_000, sends: 'Order news alone.' });
  t.is((await findQuote(world.db, id))?.ipCount, 2, 'quoted again');
  t.true(
    (
      await approveRequest(world.db, { person: reviewer, at: world.now }, id, {
        seen: await make.seen(world, id),
        reason: '',
      })
    ).ok,
  );
});

onBothEngines('the history shows what changed to both sides, and keeps what was written before', async (t, world) => {
  const { reviewer } = await make.staff(world);
  const acme = await make.account(world, { weekly: 180_000 });
  const id = await make.request(world, acme.admin, { sends: 'Weekly quokka news.' });
  await edit(world, id, acme.admin, { weeklyVolume: 190_000, region: 'eu', sends: 'Order news alone.' });
  for (const [email, path] of [
    [acme.admin.email, 'requests'],
    [reviewer.email, 'review'],
  ] as const) {
    const { text } = await (await world.signedIn(email)).get(`/${path}/WD-${1000 + id}`);
    t.regex(text, /changed the request: Expected weekly volume: 180,000 → 190,000; Region: the US → the EU/, path);
    t.regex(text, /What you send, before: Weekly quokka news\./, path);
    t.regex(text, /Order news alone\./, path);
  }
  const [event] = (await listHistory(world.db, id)).filter(({ name }) => name === 'request.edited');
  t.deepEqual(event?.facts.changes, [
    { what: 'Expected weekly volume', before: '180,000', after: '190,000' },
    { what: 'Region', before: 'the US', after: 'the EU' },
  ]);
  const found = async (q: string) =>
    (await gatherQueue(world.db, readQueueFilter({ q }), { person: reviewer, at: world.now })).rows.map(
      ({ said }) => said?.where,
    );
  t.deepEqual(await found('quokka'), ['in a message'], 'as it was');
  t.deepEqual(await found('order alone'), ['in the request'], 'as it is');
});

onBothEngines(
  'only its sender and those who pay change a request, and only until somebody decided',
  async (t, world) => {
    await make.ips(world, 'us', 4);
    const acme = await make.account(world, { weekly: 180_000 });
    const other = await make.account(world);
    const colleague = await make.person(world, { email: 'c@acme.example', accountId: acme.id, accountRole: 'member' });
    const id = await make.request(world, acme.member);
    const problem = async (person: make.Account['admin'], wish: Partial<Dedicated> = { weeklyVolume: 190_000 }) => {
      const done = await edit(world, id, person, wish);
      return done.ok ? null : done.problem.name;
    };
    t.is(await problem(colleague), 'not-yours');
    t.is(await problem(other.admin), 'not-yours');
    t.is(await problem(acme.member, {}), 'unchanged');
    t.is(await problem(acme.member, { domainIds: [other.domains[0]?.id ?? 0] }), 'not-found');
    t.is(await problem(acme.billing), null);
    t.is(await problem(acme.member, { weeklyVolume: 191_000 }), null);
    await make.decided(world, id);
    t.is(await problem(acme.member, { weeklyVolume: 192_000 }), 'not-open');
  },
);

onBothEngines(
  'a change answers an open question, and the person who has the request keeps it and is mailed',
  async (t, world) => {
    const { reviewer, reviewer2 } = await make.staff(world);
    const acme = await make.account(world, { weekly: 180_000 });
    const id = await make.request(world, acme.admin);
    await askForInformation(world.db, { person: reviewer, at: world.now }, id, 'Is the volume right?');
    world.now += HOUR;
    t.true((await edit(world, id, acme.admin, { weeklyVolume: 190_000 })).ok);
    t.deepEqual(await lastNotified(world, id), ['Acme admin: request-changed', `${reviewer.name}: request-edited`]);
    const now = (await findRequest(world.db, id)) as IpRequest;
    t.is(now.status, 'submitted');
    t.true((now.dueAt ?? 0) >= world.now + 2 * HOUR, 'there is time to read it');
    await claimRequest(world.db, { person: reviewer2, at: world.now }, id, null);
    t.true((await edit(world, id, acme.admin, { weeklyVolume: 191_000 })).ok);
    t.deepEqual(await lastNotified(world, id), ['Acme admin: request-changed', `${reviewer2.name}: request-edited`]);
    t.is((await world.db('requests').where({ id }).first()).claimed_by, reviewer2.id);
  },
);

onBothEngines(
  'a decision that has not taken effect lapses where the customer changes the request',
  async (t, world) => {
    await make.ips(world, 'us', 1);
    const { reviewer } = await make.staff(world);
    const acme = await make.account(world, { weekly: 180_000 });
    const id = await make.request(world, acme.admin);
    const form = { seen: await make.seen(world, id), reason: '', approvedCount: 0 };
    const made = await decide(world.db, { person: reviewer, at: world.now }, id, {
      decision: 'approve',
      form,
      ms: 30_000,
    });
    t.true(made.ok);
    t.true((await edit(world, id, acme.admin, { weeklyVolume: 190_000 })).ok);
    t.is((await world.db('pending_decisions')).length, 0);
    const page = await (await world.signedIn(reviewer.email)).get(`/review/WD-${1000 + id}`);
    t.regex(page.text, /Before it took effect, its customer changed the request\./);
  },
);

onBothEngines('of two changes made at once one holds, and the other is told', async (t, world) => {
  const acme = await make.account(world, { weekly: 180_000 });
  const id = await make.request(world, acme.admin);
  const both = await Promise.all([
    edit(world, id, acme.admin, { weeklyVolume: 190_000 }),
    edit(world, id, acme.billing, { weeklyVolume: 191_000 }),
  ]);
  t.is(both.filter(({ ok }) => ok).length, 1);
  t.deepEqual(
    both.flatMap((one) => (one.ok ? [] : one.problem.name)),
    ['not-open'],
  );
});

onBothEngines(
  'the form is filled with what was sent, shows the price before it is saved, and keeps what is typed',
  async (t, world) => {
    await make.ips(world, 'us', 4);
    const acme = await make.account(world, { weekly: 180_000 });
    const id = await make.request(world, acme.admin);
    const visitor = await world.signedIn(acme.admin.email);
    const path = `/requests/WD-${1000 + id}`;
    t.regex((await visitor.get(path)).html, new RegExp(`href="${path}/edit"`));
    const form = await visitor.get(`${path}/edit`);
    t.regex(form.html, /name="weeklyVolume"[^>]*value="180,000"/);
    const typed = { ...visitorFields(form.html), ipCount: '2', step: 'check' };
    const wrong = await visitor.post(`${path}/edit`, { ...typed, weeklyVolume: 'many' });
    t.is(wrong.status, 422);
    t.regex(wrong.html, /name="weeklyVolume"[^>]*value="many"/);
    const led = await visitor.post(`${path}/edit`, typed);
    t.is(led.status, 303);
    const checked = await visitor.get(led.location ?? '');
    t.regex(checked.text, /Check your change/);
    const saved = await visitor.submit(checked, `${path}/edit`, { step: 'send' });
    t.is(saved.location, `${path}?note=request-changed`);
    t.is(((await findRequest(world.db, id)) as IpRequest).approvedCount, null);
    t.like(((await findRequest(world.db, id)) as IpRequest).answers, { ipCount: 2 });
    const again = await visitor.submit(checked, `${path}/edit`, { step: 'send' });
    t.is(again.status, 409, 'that was the version before');
    t.regex(again.text, /has moved on since you opened this form/);
    await make.decided(world, id);
    t.is((await visitor.get(`${path}/edit`)).location, `${path}?note=moved-on`);
    t.notRegex((await visitor.get(path)).html, /\/edit"/);
  },
);

onBothEngines(
  'S-12: who changes a request reads whether it is approved automatically now, or reviewers see what changed',
  async (t, world) => {
    const value = { afterMinutes: 10, maxIps: 1, in30Days: 1 };
    const automaticApproval = { value, rule: 'own choice' };
    const document = { ...world.deps.policy.document, automaticApproval };
    await adoptPolicy(world.db, { person: null, at: world.now }, document);
    await world.deps.reload();
    await make.ips(world, 'us', 3);
    const acme = await make.account(world);
    const id = await make.request(world, acme.admin);
    const visitor = await world.signedIn(acme.admin.email);
    const path = `/requests/WD-${1000 + id}`;
    const said = async (change: Record<string, string>) => {
      const typed = visitorFields((await visitor.get(`${path}/edit`)).html);
      const checked = await visitor.post(`${path}/edit`, { ...typed, ...change, step: 'check' });
      const page = await visitor.get(checked.location ?? '');
      const { location } = await visitor.submit(page, `${path}/edit`, { step: 'send' });
      return (await visitor.get(location ?? '')).text;
    };
    const byItself = await said({ sends: 'Order news and offers.' });
    t.regex(byItself, /Your change is saved\. Every check passes, so it is approved automatically/);
    t.notRegex(byItself, /reviewers see what changed/);
    t.regex(await said({ ipCount: '2' }), /Your change is saved\. The reviewers see what changed/);
    t.is((await world.db('requests').where({ id }).first()).automatic_at, null);
  },
);

/** The fields of the form that is on a page, as a browser would send them. */
function visitorFields(html: string): Record<string, string | string[]> {
  const fields: Record<string, string[]> = {};
  const form = /<form class="form card[\s\S]*?<\/form>/.exec(html)?.[0] ?? '';
  for (const [tag] of form.matchAll(/<input\b[^>]*>/g)) {
    const name = /name="([^"]*)"/.exec(tag)?.[1] ?? '';
    const isChosen = !/type="(?:radio|checkbox)"/.test(tag) || / checked/.test(tag);
    if (isChosen) fields[name] = [...(fields[name] ?? []), /value="([^"]*)"/.exec(tag)?.[1] ?? ''];
  }
  for (const [, name = '', text = ''] of form.matchAll(/<textarea[^>]*name="([^"]*)"[^>]*>\n?([\s\S]*?)<\/textarea>/g))
    fields[name] = [text];
  return fields;
}

onBothEngines('a customer comments on an open request, and the person who has it gets one mail', async (t, world) => {
  const { reviewer, reviewer2, admin } = await make.staff(world);
  const acme = await make.account(world);
  const id = await make.request(world, acme.admin);
  const visitor = await world.signedIn(acme.member.email);
  const path = `/requests/WD-${1000 + id}`;
  const mailsOf = async () =>
    (await world.db('outbox').where({ template: 'request-commented' }).orderBy('id').pluck('recipient_id')) as number[];
  t.is((await visitor.post(`${path}/comments`, { comment: ' ' })).status, 422);
  t.is(
    (await visitor.post(`${path}/comments`, { comment: 'The catalogue is late.' })).location,
    `${path}?note=commented`,
  );
  t.deepEqual(
    (await mailsOf()).toSorted(),
    [reviewer.id, reviewer2.id, admin.id].toSorted(),
    'nobody has it: all who may decide',
  );
  await claimRequest(world.db, { person: reviewer2, at: world.now }, id, null);
  await visitor.post(`${path}/comments`, { comment: 'It is here.' });
  t.is((await mailsOf()).length, 4);
  t.is((await mailsOf()).at(-1), reviewer2.id);
  const request = (await findRequest(world.db, id)) as IpRequest;
  t.like(request, { status: 'submitted', version: 1 }, 'nobody’s open page is stale');
  for (const [email, page] of [
    [acme.admin.email, path],
    [reviewer.email, `/review/WD-${1000 + id}`],
  ] as const) {
    t.regex((await (await world.signedIn(email)).get(page)).text, /commented .*The catalogue is late\./s);
  }
});

onBothEngines(
  'what is closed, or another customer’s, takes no comment, and what was written is shown',
  async (t, world) => {
    const acme = await make.account(world);
    const other = await make.account(world);
    const id = await make.requestIn(world, 'withdrawn', acme.admin);
    const visitor = await world.signedIn(acme.admin.email);
    const answer = await visitor.post(`/requests/WD-${1000 + id}/comments`, { comment: 'One more thing.' });
    t.is(answer.status, 409);
    t.regex(answer.text, /One more thing\./);
    const foreign = await addComment(world.db, { person: other.admin, at: world.now }, id, 'Mine');
    t.deepEqual(foreign, { ok: false, problem: { name: 'not-found' } });
    const { reviewer } = await make.staff(world);
    const open = await make.request(world, acme.admin);
    const staff = await addComment(world.db, { person: reviewer, at: world.now }, open, 'Mine');
    t.deepEqual(staff, { ok: false, problem: { name: 'not-found' } }, 'staff have no account');
    t.is((await world.db('audit_events').where({ name: 'request.commented' })).length, 0);
  },
);

onBothEngines('a request that is decided is copied into a new form', async (t, world) => {
  await make.ips(world, 'us', 1);
  const acme = await make.account(world, { weekly: 180_000 });
  const id = await make.requestIn(world, 'fulfilled', acme.admin, { sends: 'Order news & offers.' });
  const visitor = await world.signedIn(acme.admin.email);
  const { html } = await visitor.get(`/requests/WD-${1000 + id}`);
  const href = /href="(\/requests\/new\/[^"]*\?from=[^"]*)"/.exec(html)?.[1];
  t.is(href, `/requests/new/dedicated-ips?from=WD-${1000 + id}`);
  t.regex((await visitor.get(href ?? '')).html, /Order news &amp; offers\./);
});

const version = (answers: Partial<Dedicated> = {}) => ({
  answers: {
    kind: 'dedicated_ip' as const,
    ...{ ipCount: 1, region: 'us' as const, stream: 'both' as const, startsOn: 20_780 },
    ...{ weeklyVolume: 60_000, peakWeeklyVolume: 60_000, sends: 'News.', signup: 'Shop.' },
    ...{ mailing: null, automatedWarmup: true, domainIds: [] },
    ...answers,
  },
  domains: ['b.example', 'a.example'],
});

test('what changed is told by its label, before and after, and texts are kept as they were', (t) => {
  t.deepEqual(changesInWords(version(), { ...version(), domains: ['a.example', 'b.example'] }), []);
  const after = version({
    ipCount: 3,
    peakWeeklyVolume: 90_000,
    stream: 'marketing',
    automatedWarmup: false,
    startsOn: 20_781,
  });
  t.deepEqual(
    changesOf(version(), after).map(({ what, before, after: now }) => `${what}: ${before} → ${now}`),
    [
      'Number of IPs: one → three',
      'Highest weekly volume: not given → 90,000',
      'What goes over them: marketing and transactional → marketing',
      'Preferred start: 2026-11-23 → 2026-11-24',
      'Warm-up: automated → their own',
    ],
  );
  const written = version({ sends: 'Offers.' });
  t.deepEqual(changesInWords(version(), written), ['What you send: rewritten']);
  t.is(formerTexts(version().answers, written.answers), 'What you send, before:\nNews.');
});
