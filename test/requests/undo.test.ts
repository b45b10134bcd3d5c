// Thirty seconds of undo: a decision is stored at once and carried out when they are over, in one transaction.
import ava from 'ava';
import { checkData } from '../../src/invariants/store.ts';
import { acceptOffer, withdrawRequest } from '../../src/requests/customer/actions.ts';
import { decisions, reference } from '../../src/requests/request.ts';
import { decide, settleDecisions, undoDecision } from '../../src/requests/review/pending/actions.ts';
import { readDeciding } from '../../src/requests/review/pending/pending.ts';
import { serveWaitlist } from '../../src/requests/waitlist/background.ts';
import { everythingStored } from '../support/dump.ts';
import * as make from '../support/make.ts';
import { onBothEngines, type World } from '../support/world.ts';
import { approval, SECOND, scene, statusOf, UNDO } from './undoing.ts';

/** All that is stored, but for decisions that are pending and the claim that a step ends. */
async function besides(world: World) {
  const { pending_decisions: _, ...stored } = await everythingStored(world.db);
  return stored;
}
const mails = (world: World): Promise<string[]> => world.db('outbox').orderBy('id').pluck('template');

onBothEngines('R-06: an approval changes nothing for thirty seconds, then everything at once', async (t, world) => {
  const { id, path, reviewer, reviewer2, ash } = await scene(world);
  const [desk, colleague] = [await world.signedIn(reviewer.email), await world.signedIn(reviewer2.email)];
  const customer = await world.signedIn(ash.admin.email);
  const before = await besides(world);
  const answer = await desk.submit(await desk.get(path), `${path}/approval`, {});
  t.is(answer.location, `${path}?note=pending`);
  t.deepEqual(await besides(world), before, 'nothing is carried out, nobody is mailed');
  t.regex(
    (await desk.get(path)).text,
    /Approved, not yet in effect You decided this\. It takes effect in 30 seconds \. .*Undo/,
  );
  const seen = await colleague.get(path);
  t.regex(seen.text, /Staff reviewer decided this\. It takes effect in 30 seconds \./);
  t.false(seen.html.includes(`${path}/undo`));
  t.regex((await colleague.get('/review')).text, /Ash .*In review decided by Staff reviewer, not in effect yet/);
  t.regex((await colleague.get('/review.csv')).text, /,In review,.*,approve/);
  t.is((await colleague.get('/review/next')).location, '/review?note=no-next');
  t.regex((await customer.get(`/requests/${reference(id)}`)).text, /In review/);
  world.now += UNDO - 1;
  t.is(await settleDecisions(world.deps), 0);
  t.is(await statusOf(world, id), 'submitted');
  world.now += 1;
  const last = await desk.get(path);
  t.regex(last.text, /You decided this\. It is being carried out now and can no longer be undone\./);
  t.notRegex(last.html, /Until then|\/undo"/, 'there is no time left');
  t.is(await settleDecisions(world.deps), 1);
  t.is(await settleDecisions(world.deps), 0);
  t.is(await statusOf(world, id), 'fulfilled');
  t.is((await world.db('allocations')).length, 1);
  t.is((await world.db('warmups')).length, 1);
  t.true((await mails(world)).includes('request-approved'));
  const { decided_at: at } = await world.db('requests').where({ id }).first();
  t.is(at, world.now);
});

onBothEngines('each decision waits, and can be undone by the one who made it alone', async (t, world) => {
  const { id, path, reviewer, reviewer2, ash } = await scene(world);
  const [desk, colleague] = [await world.signedIn(reviewer.email), await world.signedIn(reviewer2.email)];
  const forms = [
    ['approval', {}, /approved it, and undid that after twelve seconds/],
    ['refusal', { reason: 'Not yet.' }, /declined it, and undid that after twelve seconds/],
    ['question', { question: 'How much?' }, /asked a question, and undid that after twelve seconds/],
  ] as const;
  const modes = { approval: '', refusal: '?decision=decline', question: '?decision=ask' };
  const [events] = await world.db('audit_events').count({ n: '*' });
  for (const [place, typed, told] of forms) {
    const before = await besides(world);
    await desk.submit(await desk.get(path + modes[place]), `${path}/${place}`, typed);
    t.deepEqual(await besides(world), before, place);
    world.now += 12 * SECOND;
    const refused = await colleague.post(`${path}/undo`, {});
    t.is(refused.status, 409);
    t.regex(refused.text, /Staff reviewer decided this, and nobody else can undo it/);
    t.false(refused.html.includes('data-countdown'), 'a page that is kept is not loaded again by itself');
    const undone = await desk.submit(await desk.get(path), `${path}/undo`, {});
    t.is(undone.location, `${path}?note=undone`);
    t.deepEqual(await world.db('pending_decisions'), []);
    t.regex((await desk.get(path)).text, told);
    t.is((await desk.post(`${path}/undo`, {})).status, 409, 'there is nothing left to undo');
    t.is(await settleDecisions({ ...world.deps, now: () => world.now + UNDO }), 0);
  }
  t.is(await statusOf(world, id), 'submitted');
  t.false((await mails(world)).some((name) => /approved|declined|question/.test(name)));
  const [after] = await world.db('audit_events').count({ n: '*' });
  t.is(Number(after?.n) - Number(events?.n), forms.length, 'the record has one entry for both');
  const customer = await world.signedIn(ash.admin.email);
  t.false((await customer.get(`/requests/${reference(id)}`)).text.includes('undid'));
  t.false((await customer.get('/audit')).text.includes('undid'));
});

onBothEngines('what would be refused is refused at once, and two reviewers get one decision', async (t, world) => {
  const { id, reviewer, reviewer2 } = await scene(world);
  const { ms, form } = await approval(world, id);
  const by = (person: typeof reviewer) => ({ person, at: world.now });
  const stale = { decision: 'approve', ms, form: { ...form, seen: { ...form.seen, version: 9 } } } as const;
  const refused = await decide(world.db, by(reviewer), id, stale);
  t.is(refused.ok ? null : refused.problem.name, 'changed');
  t.deepEqual(await world.db('pending_decisions'), []);
  const both = await Promise.all(
    [reviewer, reviewer2].map((person) => decide(world.db, by(person), id, { decision: 'approve', ms, form })),
  );
  t.deepEqual(both.map((one) => (one.ok ? 'decided' : one.problem.name)).sort(), ['decided', 'pending']);
  world.now += UNDO;
  t.is(await settleDecisions(world.deps), 1);
  t.is((await world.db('decisions')).length, 1);
});

onBothEngines('undo against the end of the time: one of them holds, 10 rounds', async (t, world) => {
  const { reviewer } = await scene(world);
  for (let round = 0; round < 10; round += 1) {
    const [open] = await world.db('requests').where({ status: 'submitted' }).pluck('id');
    const id = open ?? (await make.request(world, (await make.account(world, { name: `Ash ${round}` })).admin));
    if (round % 3 === 0) await make.ips(world, 'us', 1);
    await decide(world.db, { person: reviewer, at: world.now }, id, await approval(world, id));
    world.now += UNDO;
    // The two processes' clocks differ.
    const undo = () => undoDecision(world.db, { person: reviewer, at: world.now - 1 }, id);
    const settle = () => settleDecisions(world.deps);
    const [first, second] = round % 2 ? [undo, settle] : [settle, undo];
    const results = await Promise.all([first(), second()]);
    const [undone, settled] = (round % 2 ? results : results.toReversed()) as [
      Awaited<ReturnType<typeof undo>>,
      number,
    ];
    t.is(settled, undone.ok ? 0 : 1);
    t.is((await statusOf(world, id)) === 'submitted', undone.ok);
    t.deepEqual(await world.db('pending_decisions'), []);
  }
});

onBothEngines('the waitlist sees the IPs of a pending approval as taken', async (t, world) => {
  const { id, reviewer, reviewer2 } = await scene(world);
  await world.db('ips').whereIn('id', world.db('ips').select('id').limit(3)).update({ status: 'withdrawn' });
  const cedar = await make.account(world, { name: 'Cedar' });
  const waiting = await make.requestIn(world, 'waitlisted', cedar.admin);
  await world.db('requests').where({ id: waiting }).update({ granted_count: 2 });
  await make.ips(world, 'us', 1);
  const approved = await decide(world.db, { person: reviewer, at: world.now }, id, await approval(world, id));
  t.is(approved.ok && approved.value.request.status, 'fulfilled');
  await world.db('requests').where({ id: waiting }).update({ granted_count: 1 });
  t.is(await serveWaitlist(world.db, world.now), 0, 'the one free IP is promised');
  t.is((await undoDecision(world.db, { person: reviewer2, at: world.now }, id)).ok, false);
  t.is((await undoDecision(world.db, { person: reviewer, at: world.now }, id)).ok, true);
  t.is(await serveWaitlist(world.db, world.now), 1, 'undone, it is free again, without quarantine');
});

onBothEngines(
  'what moved on meanwhile is not decided, which is on record and mailed to who decided',
  async (t, world) => {
    const { id, path, reviewer, ash } = await scene(world);
    const desk = await world.signedIn(reviewer.email);
    await decide(world.db, { person: reviewer, at: world.now }, id, await approval(world, id));
    t.true((await withdrawRequest(world.db, { person: ash.admin, at: world.now + SECOND }, id)).ok);
    t.deepEqual(await world.db('pending_decisions'), [], 'its IPs are free again at once');
    const page = await desk.get(path);
    t.regex(page.text, /Staff reviewer approved it, which did not take effect: .*became “Withdrawn”/);
    t.notRegex(page.text, /not yet in effect|Undo/);
    world.now += UNDO;
    t.is(await settleDecisions(world.deps), 0);
    t.is(await statusOf(world, id), 'withdrawn');
    t.deepEqual(await world.db('allocations'), []);
    const birch = await make.account(world, { name: 'Birch' });
    const second = await make.request(world, birch.admin);
    await decide(world.db, { person: reviewer, at: world.now }, second, await approval(world, second));
    await make.counts(world, birch.domains[0]?.id ?? 0, { weekly: 180_000, bounced: 0.5 });
    world.now += UNDO;
    t.is(await settleDecisions(world.deps), 0, 'what did not take effect is not counted');
    t.true(world.logLines.some((line) => line.includes('did not take effect') && line.includes(reference(second))));
    t.is(await statusOf(world, second), 'submitted');
    t.regex((await desk.get(`/review/${reference(second)}`)).text, /did not take effect: .*Bounce rate/);
    t.false((await mails(world)).includes('request-approved'));
    const told = await world.db('outbox').where({ template: 'request-lapsed' }).pluck('to_address');
    t.deepEqual(told, [reviewer.email, reviewer.email]);
  },
);

onBothEngines('a failing figure that moves within the thirty seconds undoes no decision on it', async (t, world) => {
  const { reviewer, reviewer2 } = await scene(world);
  const cedar = await make.account(world, { name: 'Cedar' });
  const [domain] = cedar.domains;
  const bounces = (bounced: number) => make.counts(world, domain?.id ?? 0, { weekly: 180_000, bounced });
  await bounces(0.184);
  const declined = await make.request(world, cedar.admin);
  const decline = { ...(await approval(world, declined)), decision: 'decline' } as const;
  const form = { ...decline.form, reason: 'Too many bounces.' };
  t.true((await decide(world.db, { person: reviewer, at: world.now }, declined, { ...decline, form })).ok);
  await bounces(0.214);
  world.now += UNDO;
  t.is(await settleDecisions(world.deps), 1);
  t.is(await statusOf(world, declined), 'declined');
  const asked = await make.request(world, cedar.admin);
  for (const [decision, person, bounced] of [
    ['approve', reviewer, 0.225],
    ['confirm', reviewer2, 0.231],
  ] as const) {
    const seen = await make.seen(world, asked);
    const made = { decision, ms: UNDO, form: { seen, reason: 'A list that is cleaned by now.', approvedCount: 0 } };
    const result = await decide(world.db, { person, at: world.now }, asked, made);
    t.true(result.ok, JSON.stringify(result));
    if (decision === 'confirm') await bounces(bounced);
    world.now += UNDO;
    t.is(await settleDecisions(world.deps), 1, decision);
  }
  t.is(await statusOf(world, asked), 'fulfilled');
  // Where the verdict turns the decision lapses, and what was written is kept.
  const again = await make.request(world, (await make.account(world, { name: 'Fir' })).admin);
  const question = { ...(await approval(world, again)), decision: 'decline' } as const;
  const words = { ...question.form, reason: 'Not this month, we are sorry.' };
  await decide(world.db, { person: reviewer, at: world.now }, again, { ...question, form: words });
  const [fir] = await world.db('request_domains').where({ request_id: again }).pluck('domain_id');
  await make.counts(world, fir, { weekly: 180_000, bounced: 0.5 });
  world.now += UNDO;
  t.is(await settleDecisions(world.deps), 0);
  const desk = await world.signedIn(reviewer.email);
  t.regex((await desk.get(`/review/${reference(again)}`)).text, /did not take effect.*Not this month, we are sorry/);
});

onBothEngines('an approval gets the IPs that were kept for it, also where somebody waits by then', async (t, world) => {
  const { id, reviewer, reviewer2 } = await scene(world);
  const [kept, ...others] = await world.db('ips').orderBy('id').pluck('id');
  const birch = await make.account(world, { name: 'Birch' });
  const offered = await make.requestIn(world, 'offered', birch.admin);
  await world.db('ips').whereIn('id', others).update({ status: 'withdrawn' });
  await decide(world.db, { person: reviewer, at: world.now }, id, await approval(world, id));
  t.true((await acceptOffer(world.db, { person: birch.admin, at: world.now + SECOND }, offered)).ok);
  t.is(await statusOf(world, offered), 'waitlisted');
  world.now += UNDO;
  t.is(await settleDecisions(world.deps), 1);
  t.is(await statusOf(world, id), 'fulfilled');
  t.is(await serveWaitlist(world.db, world.now), 0);
  t.is(await statusOf(world, offered), 'waitlisted');
  t.is((await world.db('allocations').first('ip_id')).ip_id, kept);
  // Two are kept, and one of them is withdrawn: the one that was decided first gets the other.
  t.true((await withdrawRequest(world.db, { person: birch.admin, at: world.now }, offered)).ok);
  await world.db('ips').whereIn('id', others).update({ status: 'free' });
  const [first, second] = [
    await make.request(world, (await make.account(world, { name: 'Cedar' })).admin),
    await make.request(world, (await make.account(world, { name: 'Elm' })).admin),
  ];
  await decide(world.db, { person: reviewer, at: world.now }, second, await approval(world, second));
  await decide(world.db, { person: reviewer2, at: world.now + SECOND }, first, await approval(world, first));
  await world.db('ips').where({ id: others[0] }).update({ status: 'withdrawn' });
  world.now += UNDO + SECOND;
  t.is(await settleDecisions(world.deps), 2);
  t.deepEqual([await statusOf(world, second), await statusOf(world, first)], ['fulfilled', 'waitlisted']);
});

onBothEngines(
  'a decision of somebody who may not decide any more is theirs in the history, and lapses',
  async (t, world) => {
    const { id, path, reviewer, reviewer2 } = await scene(world);
    await decide(world.db, { person: reviewer, at: world.now }, id, await approval(world, id));
    await world.db('people').where({ id: reviewer.id }).update({ disabled_at: world.now });
    world.now += UNDO;
    t.is(await settleDecisions(world.deps), 0);
    const desk = await world.signedIn(reviewer2.email);
    t.regex(
      (await desk.get(path)).text,
      /Staff reviewer approved it, which did not take effect: Staff reviewer may not review requests any more\./,
    );
    t.false((await mails(world)).includes('request-lapsed'), 'a disabled reviewer is not mailed');
  },
);

onBothEngines('a decision that meets a fault holds up no other, and lapses after a while', async (t, world) => {
  const { id, path, reviewer } = await scene(world);
  const second = await make.request(world, (await make.account(world, { name: 'Birch' })).admin);
  for (const one of [id, second]) {
    await decide(world.db, { person: reviewer, at: world.now }, one, await approval(world, one));
  }
  await world.db('pending_decisions').where({ request_id: id }).update({ form: '{}' });
  world.now += UNDO;
  t.is(await settleDecisions(world.deps), 1);
  t.is(await statusOf(world, second), 'fulfilled');
  t.is((await world.db('pending_decisions')).length, 1, 'it is tried again');
  world.now += 10 * SECOND;
  t.is(await settleDecisions(world.deps), 0);
  t.deepEqual(await world.db('pending_decisions'), []);
  const desk = await world.signedIn(reviewer.email);
  const page = await desk.get(path);
  t.regex(page.text, /approved it, which did not take effect: A fault kept Warmdesk from carrying it out/);
  t.is((await desk.submit(page, `${path}/approval`, {})).location, `${path}?note=pending`);
});

onBothEngines('each decision takes effect at its own instant, the earlier one first', async (t, world) => {
  const { id, reviewer } = await scene(world);
  const second = await make.request(world, (await make.account(world, { name: 'Birch' })).admin);
  for (const one of [second, id]) {
    await decide(world.db, { person: reviewer, at: world.now }, one, await approval(world, one));
    world.now += SECOND;
  }
  world.now += UNDO;
  const now = () => {
    world.now += SECOND;
    return world.now;
  };
  t.is(await settleDecisions({ ...world.deps, now }), 2);
  const [last, first] = await world.db('requests').whereIn('id', [id, second]).orderBy('id').pluck('decided_at');
  t.is(last - first, SECOND);
});

onBothEngines('several that are approved together can be undone one by one', async (t, world) => {
  const { id, path, reviewer } = await scene(world);
  const desk = await world.signedIn(reviewer.email);
  const second = await make.request(world, (await make.account(world, { name: 'Birch' })).admin);
  await world.db('ips').whereIn('id', world.db('ips').select('id').limit(2)).update({ status: 'withdrawn' });
  const page = await desk.get(`/review/approvals?request=${id}&request=${second}`);
  const done = await desk.submit(page, '/review/approvals', {});
  t.regex(
    done.text,
    /2 of 2 approved; you can undo for 30 seconds .*Approved, not yet in effect .*30 seconds after you made it\..*undo it/,
  );
  t.regex(done.text, /Birch Waitlisted, not yet in effect No IP is free now\./);
  await desk.submit(await desk.get(path), `${path}/undo`, {});
  world.now += UNDO;
  t.is(await settleDecisions(world.deps), 1, 'which gets the IP that is free by then');
  t.deepEqual([await statusOf(world, id), await statusOf(world, second)], ['submitted', 'fulfilled']);
  t.deepEqual(await checkData(world.db, world.now), []);
});

ava('what is stored of a decision is read again as it was, and nothing else is', (t) => {
  const form = { seen: null, reason: 'So.', approvedCount: 0 };
  for (const decision of decisions) t.deepEqual(readDeciding(decision, JSON.stringify(form)), { decision, form });
  t.throws(() => readDeciding('note', JSON.stringify(form)));
  t.throws(() => readDeciding('ask', JSON.stringify({ ...form, ms: 1 })));
});
