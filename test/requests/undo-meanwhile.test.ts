// What a pending decision keeps, who knows of it, and what happens around it before it takes effect.

import { act } from '../../src/act.ts';
import type { Db } from '../../src/database.ts';
import { checkData } from '../../src/invariants/store.ts';
import { changeAccount, closeAccount } from '../../src/requests/account/actions.ts';
import { claimRequest } from '../../src/requests/claims/actions.ts';
import { reference } from '../../src/requests/request.ts';
import { settleDecisions, undoDecision } from '../../src/requests/review/pending/actions.ts';
import { findRequest } from '../../src/requests/store.ts';
import { type TransitionProblem, transition } from '../../src/requests/transition.ts';
import { serveWaitlist } from '../../src/requests/waitlist/background.ts';
import { everythingStored } from '../support/dump.ts';
import * as make from '../support/make.ts';
import { onBothEngines, type World } from '../support/world.ts';
import { decideNow, SECOND, scene, statusOf, UNDO } from './undoing.ts';

const another = async (world: World, name: string): Promise<number> =>
  make.request(world, (await make.account(world, { name })).admin);
const withdrawIps = (world: World, count: number) =>
  world
    .db('ips')
    .whereIn('id', world.db('ips').where({ status: 'free' }).select('id').limit(count))
    .update({ status: 'withdrawn' });
const lapsedMails = (world: World): Promise<{ to_address: string; facts: string }[]> =>
  world.db('outbox').where({ template: 'request-lapsed' });
const versionOf = async (world: World, id: number): Promise<number> =>
  (await world.db('accounts').where({ id }).first('version')).version;

onBothEngines('an undo holds until the very instant of the effect, and not from then on', async (t, world) => {
  const { id, reviewer } = await scene(world);
  await decideNow(world, reviewer, id);
  const late = await undoDecision(world.db, { person: reviewer, at: world.now + UNDO }, id);
  t.regex(late.ok || late.problem.name !== 'not-possible' ? '' : late.problem.sentence, /too late to undo/);
  t.true((await undoDecision(world.db, { person: reviewer, at: world.now + UNDO - 1 }, id)).ok);
  const again = await undoDecision(world.db, { person: reviewer, at: world.now + UNDO - 1 }, id);
  t.regex(again.ok || again.problem.name !== 'not-possible' ? '' : again.problem.sentence, /nothing to undo/);
});

onBothEngines('a decision that was undone and made again meanwhile has its own thirty seconds', async (t, world) => {
  const { id, reviewer } = await scene(world);
  await decideNow(world, reviewer, id);
  // It is due as it is listed, and another one by the time it is locked.
  const instants = [world.now + UNDO, world.now + UNDO - 1];
  t.is(await settleDecisions({ ...world.deps, now: () => instants.shift() ?? 0 }), 0);
  t.is(await statusOf(world, id), 'submitted');
  t.is((await world.db('pending_decisions')).length, 1);
});

onBothEngines('of two decided at one instant the earlier request has its IP', async (t, world) => {
  const { id, reviewer } = await scene(world);
  const second = await another(world, 'Birch');
  for (const one of [id, second]) await decideNow(world, reviewer, one);
  await withdrawIps(world, 2);
  world.now += UNDO;
  t.is(await settleDecisions(world.deps), 2);
  t.deepEqual([await statusOf(world, id), await statusOf(world, second)], ['fulfilled', 'waitlisted']);
});

onBothEngines('a decision that meets a fault keeps its IP while it is tried again', async (t, world) => {
  const { id, reviewer } = await scene(world);
  const second = await another(world, 'Birch');
  for (const one of [id, second]) await decideNow(world, reviewer, one);
  await withdrawIps(world, 2);
  await world.db('pending_decisions').where({ request_id: id }).update({ form: '{}' });
  world.now += UNDO;
  t.is(await settleDecisions(world.deps), 1);
  t.is(await statusOf(world, second), 'waitlisted', 'the one IP is the first one’s');
});

onBothEngines('what was approved onto the waitlist, or declined, keeps no IP', async (t, world) => {
  const { id, reviewer } = await scene(world);
  await withdrawIps(world, 3);
  const waiting = await make.requestIn(world, 'waitlisted', (await make.account(world, { name: 'Cedar' })).admin);
  const declined = await another(world, 'Birch');
  await decideNow(world, reviewer, id);
  await decideNow(world, reviewer, declined, { decision: 'decline', reason: 'Not yet.' });
  t.deepEqual(await world.db('pending_decisions').pluck('ips'), [0, 0]);
  await make.ips(world, 'us', 1);
  world.now += UNDO;
  t.is(await settleDecisions(world.deps), 2);
  t.is(await statusOf(world, id), 'waitlisted', 'somebody waits already');
  t.is(await serveWaitlist(world.db, world.now), 1);
  t.is(await statusOf(world, waiting), 'fulfilled');
});

onBothEngines('a database that is busy delays a decision, and a fault that lasts is logged', async (t, world) => {
  const { id, reviewer } = await scene(world);
  await decideNow(world, reviewer, id);
  world.now += UNDO + 60 * SECOND;
  const busy = Object.assign(new Error('busy'), { code: '40001' });
  let left = 3;
  const db = new Proxy(world.db, {
    get: (real, key) => (key === 'transaction' && left-- > 0 ? () => Promise.reject(busy) : Reflect.get(real, key)),
  }) as Db;
  t.is(await settleDecisions({ ...world.deps, db }), 0);
  t.true(left <= 0, 'it was busy');
  t.is((await world.db('pending_decisions')).length, 1, 'it is tried again, however late it is');
  await world.db('pending_decisions').update({ form: '{}' });
  t.is(await settleDecisions(world.deps), 0);
  t.true(world.logLines.some((line) => line.includes('did not take effect') && line.includes(reference(id))));
});

onBothEngines('whose role no longer lets them review decides nothing, and is not mailed', async (t, world) => {
  const { id, path, reviewer, reviewer2 } = await scene(world);
  await decideNow(world, reviewer, id);
  await world.db('people').where({ id: reviewer.id }).update({ staff_role: 'billing' });
  world.now += UNDO;
  t.is(await settleDecisions(world.deps), 0);
  t.is(await statusOf(world, id), 'submitted');
  t.regex((await (await world.signedIn(reviewer2.email)).get(path)).text, /may not review requests any more\./);
  t.deepEqual(await lapsedMails(world), []);
});

onBothEngines(
  'with a closed account the decision lapses at once, with its text in the mail to its reviewer',
  async (t, world) => {
    const { id, ash, admin, reviewer } = await scene(world);
    await decideNow(world, reviewer, id, { decision: 'decline', reason: 'We clean up first.' });
    const decision = { id: ash.id, version: await versionOf(world, ash.id), reason: 'They asked for it.' };
    const { document } = world.deps.policy;
    t.true((await closeAccount(world.db, { person: admin, at: world.now }, document, decision)).ok);
    t.deepEqual(await world.db('pending_decisions'), []);
    const [mail, ...more] = await lapsedMails(world);
    t.deepEqual([mail?.to_address, more], [reviewer.email, []]);
    t.like(JSON.parse(mail?.facts ?? ''), { decision: 'decline', reason: 'We clean up first.' });
    world.now += UNDO;
    t.is(await settleDecisions(world.deps), 0);
    t.is(await statusOf(world, id), 'withdrawn');
    t.deepEqual(await checkData(world.db, world.now), []);
  },
);

onBothEngines('a decision made since the request was read ends with it', async (t, world) => {
  const { id, reviewer } = await scene(world);
  const read = await findRequest(world.db, id);
  if (!read) return t.fail();
  await decideNow(world, reviewer, id);
  const details = { change: { dueAt: null }, facts: {}, notifications: { 'request-withdrawn': { by: 'Ana' } } };
  await act<unknown, TransitionProblem>(world.db, { person: null, at: world.now }, (act) =>
    transition(act, 'closeAccount', read, details),
  );
  t.is(await statusOf(world, id), 'withdrawn');
  t.deepEqual(await world.db('pending_decisions'), []);
});

onBothEngines('a new price ends a pending second decision, and all reviewers hear of it', async (t, world) => {
  const { id: _, admin, reviewer, reviewer2 } = await scene(world);
  const cedar = await make.account(world, { name: 'Cedar' });
  await make.counts(world, cedar.domains[0]?.id ?? 0, { weekly: 180_000, bounced: 0.225 });
  const id = await make.requestIn(world, 'second_review', cedar.admin);
  await decideNow(world, reviewer2, id, { decision: 'confirm' });
  const before = await world.db('outbox').max('id as id').first();
  const version = await versionOf(world, cedar.id);
  const change = { id: cedar.id, name: cedar.name, region: null, plan: 'essentials', version };
  t.true((await changeAccount(world.db, { person: admin, at: world.now }, world.deps.policy.document, change)).ok);
  t.is(await statusOf(world, id), 'submitted');
  const mailed = await world.db('outbox').where('id', '>', before?.id).orderBy('to_address');
  const of = (template: string) => mailed.filter((mail) => mail.template === template).map((mail) => mail.to_address);
  t.deepEqual(of('request-to-review'), [reviewer.email, reviewer2.email].sort());
  t.deepEqual(of('request-lapsed'), [reviewer2.email]);
});

onBothEngines(
  'an offer of fewer IPs waits, is undone without a trace, and holds when nobody undoes it',
  async (t, world) => {
    const { reviewer } = await scene(world);
    const cedar = await make.account(world, { name: 'Cedar' });
    const id = await make.request(world, cedar.admin, { ipCount: 3, weeklyVolume: 180_000 });
    // All but the decision itself and the record of it.
    const kept = async () =>
      Object.entries(await everythingStored(world.db)).filter(
        ([table]) => !/^(pending_decisions|audit_|messages|event_words)/.test(table),
      );
    const before = await kept();
    const offer = { decision: 'offer', reason: 'Two are enough.', approvedCount: 2 } as const;
    await decideNow(world, reviewer, id, offer);
    t.deepEqual(await kept(), before);
    t.true((await undoDecision(world.db, { person: reviewer, at: world.now + 12 * SECOND }, id)).ok);
    t.deepEqual(await kept(), before);
    await decideNow(world, reviewer, id, offer);
    t.deepEqual(await world.db('pending_decisions').pluck('ips'), [0]);
    world.now += UNDO;
    t.is(await settleDecisions(world.deps), 1);
    const { status, granted_count: granted } = await world.db('requests').where({ id }).first();
    t.deepEqual([status, granted], ['offered', 2]);
    t.deepEqual(await checkData(world.db, world.now), []);
  },
);

onBothEngines('staff of the account that asks neither see nor undo what is pending (R-05)', async (t, world) => {
  const { id, path, ash, reviewer, reviewer2 } = await scene(world);
  await world.db('people').where({ id: reviewer2.id }).update({ account_id: ash.id, account_role: 'member' });
  t.true((await claimRequest(world.db, { person: reviewer, at: world.now }, id, null)).ok);
  await decideNow(world, reviewer, id);
  const insider = await world.signedIn(reviewer2.email);
  for (const address of [path, '/review']) {
    const { text } = await insider.get(address);
    t.notRegex(text, /in effect|Staff reviewer /, address);
  }
  t.notRegex((await insider.get('/review.csv')).text, /,approve/);
  const answer = await insider.post(`${path}/undo`, {});
  t.regex(answer.text, /your own request, or your own account’s/);
  t.notRegex(answer.text, /Staff reviewer /);
  t.is((await world.db('pending_decisions')).length, 1);
});

onBothEngines('“next” leaves out what is decided, also where nobody has opened it', async (t, world) => {
  const { id, reviewer, reviewer2 } = await scene(world);
  const colleague = await world.signedIn(reviewer2.email);
  await decideNow(world, reviewer, id);
  t.is((await colleague.get('/review/next')).location, '/review?note=no-next');
  t.true((await undoDecision(world.db, { person: reviewer, at: world.now }, id)).ok);
  t.is((await colleague.get('/review/next')).location, `/review/${reference(id)}`);
});
