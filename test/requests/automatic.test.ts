// Requests that Warmdesk approves by itself: only on measured facts, only where the policy says so, and never a decline.

import ava, { type ExecutionContext } from 'ava';
import { changeRole, disablePerson } from '../../src/accounts/people/actions.ts';
import { adoptPolicy } from '../../src/policy/actions.ts';
import type { Policy } from '../../src/policy/document/policy.ts';
import { suspendAccount } from '../../src/requests/account/actions.ts';
import { approveDue } from '../../src/requests/automatic/background.ts';
import { claimRequest, releaseClaim } from '../../src/requests/claims/actions.ts';
import { addComment } from '../../src/requests/comments/actions.ts';
import { reference } from '../../src/requests/request.ts';
import { addNote } from '../../src/requests/review/actions.ts';
import { decide, undoDecision } from '../../src/requests/review/pending/actions.ts';
import { listTimesToDecision } from '../../src/requests/store-decisions.ts';
import { addSystem } from '../../src/systems/actions.ts';
import * as make from '../support/make.ts';
import { lastNotified, recordsOf } from '../support/notified.ts';
import { createWorld, DAY, MINUTE, onBothEngines, type World } from '../support/world.ts';

const SETTING = { afterMinutes: 10, maxIps: 1, in30Days: 1 };

/** From now on a policy is in force that approves automatically; null: one that does not. */
async function automatic(world: World, setting: Policy['automaticApproval']['value'] = SETTING, more = {}) {
  const document = {
    ...world.deps.policy.document,
    automaticApproval: { value: setting, rule: 'own choice' },
    ...more,
  };
  await adoptPolicy(world.db, { person: null, at: world.now }, document);
  await world.deps.reload();
}

/** A policy that approves automatically, staff, free IPs, and a customer of whom every check passes. */
async function scene(world: World, sending: Parameters<typeof make.account>[1] = {}) {
  await automatic(world);
  const staff = await make.staff(world);
  const acme = await make.account(world, sending);
  await make.ips(world, 'us', 3);
  return { staff, acme, by: (person: make.Account['admin']) => ({ person, at: world.now }) };
}

const wait = (world: World, minutes = 10): Promise<number> => {
  world.now += minutes * MINUTE;
  return approveDue(world.deps);
};
const rowOf = (world: World, id: number) => world.db('requests').where({ id }).first();
const toReviewers = (world: World): Promise<string[]> =>
  world.db('outbox').whereIn('template', ['request-to-review', 'request-assigned']).orderBy('id').pluck('to_address');

onBothEngines(
  'S-12: what passes every check on measured facts is approved ten minutes later, as by a reviewer, with nobody as the one who decided',
  async (t, world) => {
    const { acme } = await scene(world);
    const id = await make.request(world, acme.admin);
    t.deepEqual(await toReviewers(world), [], 'nothing for them to do yet');
    t.is(await wait(world, 9), 0);
    t.is((await rowOf(world, id)).status, 'submitted');
    t.is(await wait(world, 1), 1);
    t.is(await wait(world, 0), 0, 'once');
    t.like(await rowOf(world, id), {
      status: 'fulfilled',
      granted_count: 1,
      decided_at: world.now,
      automatic_at: null,
    });
    const records = await recordsOf(world, id);
    t.deepEqual(
      records.map(({ name, to, who }) => [name, to, who]),
      [
        ['request.submitted', 'submitted', 'Acme admin'],
        ['request.fulfilled', 'fulfilled', null],
      ],
    );
    t.like(records[1]?.facts, { step: 'approveAutomatically', monthlyCents: 0 });
    t.deepEqual(await lastNotified(world, id), ['Acme admin: request-approved', 'Acme billing: request-approved']);
    t.like(await world.db('decisions').where({ request_id: id }).first(), {
      ...{ reviewer_id: null, verdict: 'approve', rank: 1, granted_count: 1, failed_checks: 0 },
    });
    t.is((await world.db('allocations').where({ request_id: id })).length, 1);
    t.is((await world.db('warmups')).length, 1, 'R-06: with its warm-up');
  },
);

onBothEngines('S-12: it is marked wherever it is shown: to its customer, to staff, to programs', async (t, world) => {
  const { acme, staff } = await scene(world);
  const customer = await world.signedIn(acme.admin.email);
  const desk = await world.signedIn(staff.reviewer.email);
  t.regex((await customer.get('/policy')).text, /Automatic approval A request from an admin .* for one IP is approved/);
  const id = await make.request(world, acme.admin);
  const [theirs, ours] = [`/requests/${reference(id)}`, `/review/${reference(id)}`];
  const received = JSON.parse((await world.db('outbox').where({ template: 'request-received' }).first()).facts);
  t.is(received.automaticAt, world.now + 10 * MINUTE);
  t.regex(
    (await customer.get(theirs)).text,
    /it is approved automatically once the time for changes is over, if that is still so\./,
  );
  t.regex((await desk.get(ours)).text, /It is approved automatically at .* unless you claim or decide it before\./);
  t.regex((await desk.get('/review')).text, /In review automatic at/);
  t.is((await desk.get('/review/next')).location, '/review?note=no-next', 'it may need nobody');
  await wait(world);
  const approved = JSON.parse((await world.db('outbox').where({ template: 'request-approved' }).first()).facts);
  t.true(approved.automatic);
  t.regex((await customer.get(theirs)).text, /was approved automatically, because every check passed, and is set up\./);
  t.regex((await customer.get(theirs)).text, /Warmdesk approved it automatically: /);
  const page = (await desk.get(ours)).text;
  t.regex(page, /Approved automatically: every check passed on measured facts, and no reviewer decided\./);
  t.regex(page, /Checks at the time of the decision/, 'R-03: with the evidence');
  t.regex((await desk.get('/review?tab=decided')).text, /Approved automatically/);
  t.regex((await desk.get('/review.csv?tab=decided')).text, /,automatic,.*,yes,/s);
  await foundInQueue(t, world, id);
  t.regex((await desk.get('/report')).text, /Warmdesk, automatically 1 0 0 0 0 1/);
  t.regex((await desk.get('/report.csv')).text, /reviewer,"?Warmdesk, automatically"?,approved,1/);
  const system = await addSystem(world.db, { person: null, at: world.now }, 'mta-1');
  const headers = { authorization: `Bearer ${system.ok ? system.value.token : ''}` };
  const answer = await fetch(`${world.url}/api/v1/allocations`, { headers });
  t.like(await answer.json(), { allocations: [{ account: 'Acme', automatic: true }] });
  const admin = await world.signedIn(staff.admin.email);
  t.regex((await admin.get('/audit')).text, /automatically approved WD-/);
  t.regex((await customer.get('/history')).text, /automatically approved WD-/);
});

for (const [policy, wish] of [
  ['customerio', {}],
  ['sendgrid', { automatedWarmup: false }],
] as const) {
  ava(`S-12: ${policy} as it ships approves nothing automatically`, async (t) => {
    const world = await createWorld(t, 'SQLite', { POLICY: policy });
    t.is(world.deps.policy.document.automaticApproval.value, null);
    const { reviewer } = await make.staff(world);
    await make.ips(world, 'us', 1);
    const acme = await make.account(world, { plan: policy === 'sendgrid' ? 'pro' : 'premium' });
    const id = await make.request(world, acme.admin, wish);
    t.true((await toReviewers(world)).includes(reviewer.email));
    t.is(await wait(world, 24 * 60), 0);
    t.like(await rowOf(world, id), { status: 'submitted', automatic_at: null });
  });
}

/** Other customers get the IPs of the scene. */
async function takeAll(world: World): Promise<void> {
  for (let n = 0; n < 3; n += 1) {
    const { admin } = await make.account(world);
    await make.decided(world, await make.request(world, admin));
  }
}

/** The billing contact becomes an admin, as a team keeps one. */
const secondAdmin = ({ world, acme, by }: Sent) =>
  changeRole(
    world.db,
    by(acme.admin),
    { kind: 'account', ...acme },
    { id: acme.billing.id, from: 'billing', to: 'admin' },
  );

type Scene = Awaited<ReturnType<typeof scene>>;
type Sent = Scene & { readonly world: World; readonly id: number };

/** What never even waits: it goes to the reviewers when it is sent. */
const NEVER: Readonly<Record<string, (world: World, scene: Scene) => Promise<number>>> = {
  'S-11: a request of a member': (world, { acme }) => make.request(world, acme.member),
  'S-10: more IPs than the policy leaves to it': (world, { acme }) => make.request(world, acme.admin, { ipCount: 2 }),
  'C-05: a request for the transactional pool, which says in words what will be sent': async (world, { acme }) => {
    const pay = await make.domain(world, acme.id, 'pay.acme.example', { usage: 'transactional', weekly: 30_000 });
    return make.poolRequest(world, acme.admin, pay.id);
  },
  'C-08: volume that is stated and not measured': async (world) =>
    make.request(world, (await make.account(world, { weekly: null })).admin, { weeklyVolume: 9_000_000 }),
  'C-14: a sending pattern that is stated, as mail is measured for three weeks only': async (world, { acme }) => {
    await world
      .db('sending_counts')
      .where('day', '<', Math.floor(world.now / DAY) - 21)
      .delete();
    const mailing = { everyDays: 7, weekdays: [0, 1, 2, 3, 4, 5, 6], busiest: 30_000 };
    return make.request(world, acme.admin, { mailing });
  },
  'a forecast far above what was measured': (world, { acme }) =>
    make.request(world, acme.admin, { weeklyVolume: 900_000, peakWeeklyVolume: 900_000 }),
  'R-04: a failed check': async (world) => make.request(world, (await make.account(world, { bounced: 0.2 })).admin),
  'an IP in a region where none is free': (world, { acme }) => make.request(world, acme.admin, { region: 'eu' }),
};

for (const [what, send] of Object.entries(NEVER)) {
  const title = /^[A-Z]-\d\d: /.test(what) ? what : `R-03: ${what}`;
  onBothEngines(`${title} waits for a reviewer as always`, async (t, world) => {
    const found = await scene(world);
    const id = await send(world, found);
    t.like(await rowOf(world, id), { status: 'submitted', automatic_at: null });
    t.is((await toReviewers(world)).length, 3);
    t.is(await wait(world, 60), 0);
    t.is((await rowOf(world, id)).status, 'submitted');
  });
}

/** What comes in between, and why it is then left to the reviewers. */
const BETWEEN: Readonly<Record<string, readonly [change: (sent: Sent) => Promise<unknown>, why: RegExp]>> = {
  'C-08: the measured volume falls': [
    async ({ world, acme }) => {
      for (const { id } of acme.domains) await make.counts(world, id, { weekly: 10_000 });
    },
    /Measured volume: 20,000 a week/,
  ],
  'too many messages bounce': [
    async ({ world, acme }) => {
      for (const { id } of acme.domains) await make.counts(world, id, { weekly: 90_000, bounced: 0.08 });
    },
    /Bounce rate, 28 days: 8 %; needed: ≤ 5 %/,
  ],
  'DNS no longer has the DKIM key': [
    ({ world, acme }) => world.db('domains').where({ id: acme.domains[0]?.id }).update({ dkim: false }),
    /Domains proven: news\.acme\.example lacks DKIM/,
  ],
  'DNS does not answer': [
    ({ world, acme }) =>
      world
        .db('domains')
        .where({ id: acme.domains[0]?.id })
        .update({ checked_at: world.now - DAY }),
    /DNS has not answered since it was sent: news\.acme\.example\./,
  ],
  'nothing was reported for days': [
    ({ world }) => world.db('sending_counts').update({ recorded_at: world.now - 9 * DAY }),
    /What was sent has not been reported for more than eight days\./,
  ],
  'no IP is free any more': [({ world }) => takeAll(world), /Free IPs in the US: 0; needed: ≥ 1\./],
  'R-03: the policy is switched': [
    ({ world }) => automatic(world, { ...SETTING, maxIps: 2 }),
    /The policy changed since it was sent\./,
  ],
  'R-03: automatic approval is switched off': [
    ({ world }) => automatic(world, null),
    /The policy changed since it was sent\./,
  ],
  'its customer writes a comment': [
    ({ world, acme, by, id }) => addComment(world.db, by(acme.admin), id, 'Can it wait until January?'),
    /Somebody wrote about it or took it up\./,
  ],
  'R-03: a reviewer writes a note': [
    ({ world, staff, by, id }) => addNote(world.db, by(staff.reviewer), id, 'I know them from elsewhere.'),
    /Somebody wrote about it or took it up\./,
  ],
  'the person who asked is disabled': [
    async (sent) => {
      const { world, acme, by } = sent;
      await secondAdmin(sent);
      await disablePerson(world.db, by(acme.billing), { kind: 'account', ...acme }, acme.admin.id);
    },
    /The person who asked can no longer sign in\./,
  ],
  'S-11: the person who asked is no longer an admin': [
    async (sent) => {
      const { world, acme, by } = sent;
      await secondAdmin(sent);
      const change = { id: acme.admin.id, from: 'admin', to: 'member' } as const;
      await changeRole(world.db, by(acme.billing), { kind: 'account', ...acme }, change);
    },
    /Acme admin is neither an admin nor a billing contact of the account\./,
  ],
  'C-02: a domain is stopped': [
    ({ world, acme }) => world.db('domains').where({ id: acme.domains[0]?.id }).update({ stopped_at: world.now }),
    /news\.acme\.example is stopped\./,
  ],
  'C-02: a shared pool warns about a domain': [
    ({ world, acme }) =>
      world
        .db('domain_tiers')
        .insert({ domain_id: acme.domains[0]?.id, tier: 1, pool: 'shared-us', warned_on: 20_000 }),
    /The shared pool warned about news\.acme\.example\./,
  ],
  'the account is suspended': [
    async ({ world, acme, staff, by }) => {
      const { version } = await world.db('accounts').where({ id: acme.id }).first('version');
      await suspendAccount(world.db, by(staff.admin), { id: acme.id, version, reason: 'Unpaid.' });
    },
    /Account: suspended; needed: active\./,
  ],
  'R-06: the price rises': [
    async ({ world, acme }) => {
      await world.db('accounts').where({ id: acme.id }).update({ plan: 'essentials' });
    },
    /The price rose since the customer saw it\./,
  ],
};

for (const [what, [change, why]] of Object.entries(BETWEEN)) {
  const title = /^[A-Z]-\d\d: /.test(what) ? what : `S-12: ${what}`;
  onBothEngines(`${title} before it is approved: a reviewer decides, reads why, and is told once`, async (t, world) => {
    const found = await scene(world);
    const id = await make.request(world, found.acme.admin);
    await change({ ...found, world, id });
    t.is(await wait(world), 0);
    t.like(await rowOf(world, id), { status: 'submitted', automatic_at: null });
    const left = (await recordsOf(world, id)).at(-1);
    t.is(left?.name, 'request.leftToReviewers');
    t.regex(JSON.stringify(left?.facts), why);
    t.is((await toReviewers(world)).length, 3);
    t.is(await wait(world, 60), 0, 'nobody but a person decides from now on');
    t.is((await toReviewers(world)).length, 3);
    const own = await (await world.signedIn(found.acme.billing.email)).get(`/requests/${reference(id)}`);
    t.notRegex(own.text, /left it to the reviewers/, 'for staff alone');
  });
}

onBothEngines(
  'S-12: an account gets as many automatic approvals in 30 days as the policy says; the next is for a reviewer',
  async (t, world) => {
    const { acme } = await scene(world, { weekly: 300_000 });
    const first = await make.request(world, acme.admin);
    t.is(await wait(world), 1);
    world.now += 29 * DAY;
    for (const { id } of acme.domains) {
      await make.counts(world, id, { weekly: 150_000 });
      await world.db('domains').where({ id }).update({ checked_at: world.now });
    }
    const second = await make.request(world, acme.billing, { weeklyVolume: 300_000, peakWeeklyVolume: 300_000 });
    t.is((await rowOf(world, second)).automatic_at, null);
    await make.decided(world, second);
    // The first one is more than 30 days ago, and the second was a person's.
    world.now += 2 * DAY;
    for (const { id } of acme.domains) await world.db('domains').where({ id }).update({ checked_at: world.now });
    const third = await make.request(world, acme.admin, { weeklyVolume: 300_000, peakWeeklyVolume: 300_000 });
    t.not((await rowOf(world, third)).automatic_at, null);
    t.is(await wait(world), 1);
    t.deepEqual(await world.db('decisions').whereNull('reviewer_id').pluck('request_id'), [first, third]);
  },
);

onBothEngines(
  'R-03: a request of the account that was declined lately makes a reviewer look at the next',
  async (t, world) => {
    const { acme } = await scene(world);
    await make.requestIn(world, 'declined', acme.admin);
    t.is((await rowOf(world, await make.request(world, acme.admin))).automatic_at, null);
  },
);

onBothEngines('S-12: what those who wait for an IP get next is not given away automatically', async (t, world) => {
  const { acme } = await scene(world);
  await takeAll(world);
  const earlier = await make.account(world);
  t.is((await make.decided(world, await make.request(world, earlier.admin))).request.status, 'waitlisted');
  await make.ips(world, 'us', 1);
  t.is((await rowOf(world, await make.request(world, acme.admin))).automatic_at, null);
});

onBothEngines(
  'a reviewer who claims a request decides it, also when the claim has been given back',
  async (t, world) => {
    const { acme, staff, by } = await scene(world);
    const id = await make.request(world, acme.admin);
    t.true((await claimRequest(world.db, by(staff.reviewer), id, null)).ok);
    t.is((await rowOf(world, id)).automatic_at, null);
    t.true((await releaseClaim(world.db, by(staff.reviewer), id)).ok);
    t.is(await wait(world, 60), 0);
    t.is((await rowOf(world, id)).status, 'submitted');
  },
);

onBothEngines('a decision that a reviewer may still undo is left to them, undone or not', async (t, world) => {
  const { acme, staff, by } = await scene(world);
  const id = await make.request(world, acme.admin);
  world.now += 10 * MINUTE - 1_000;
  const form = { seen: await make.seen(world, id), reason: 'No.', approvedCount: 0 };
  t.true((await decide(world.db, by(staff.reviewer), id, { decision: 'decline', form, ms: 30_000 })).ok);
  world.now += 2_000;
  t.is(await approveDue(world.deps), 0);
  t.is((await world.db('pending_decisions')).length, 1, 'it takes effect when its time comes');
  t.true((await undoDecision(world.db, by(staff.reviewer), id)).ok);
  t.is(await wait(world, 60), 0);
  t.is((await rowOf(world, id)).status, 'submitted');
});

onBothEngines('R-07: with assignment by load, only what is left to the reviewers is assigned', async (t, world) => {
  const { acme, by } = await scene(world);
  await automatic(world, SETTING, { assignByLoad: { value: true, rule: 'own choice' } });
  const id = await make.request(world, acme.admin);
  t.is((await rowOf(world, id)).claimed_by, null);
  await addComment(world.db, by(acme.admin), id, 'Can it wait until January?');
  await wait(world);
  t.not((await rowOf(world, id)).claimed_by, null);
  t.is((await toReviewers(world)).length, 1);
});

onBothEngines('decisions without a person count for no reviewer’s time', async (t, world) => {
  const { acme } = await scene(world);
  await make.request(world, acme.admin);
  t.is(await wait(world), 1);
  t.deepEqual(await listTimesToDecision(world.db, 'dedicated_ip', 0, 10), []);
  const other = await make.account(world, { weekly: 40_000 });
  const id = await make.request(world, other.admin);
  world.now += MINUTE;
  await make.decided(world, id);
  t.deepEqual(await listTimesToDecision(world.db, 'dedicated_ip', 0, 10), [MINUTE]);
});

onBothEngines('a fault with one holds up no other, and after ten minutes the reviewers have it', async (t, world) => {
  const { acme, staff } = await scene(world);
  const id = await make.request(world, acme.admin);
  await world.db.schema.renameTable('domain_tiers', 'tiers_away');
  t.is(await wait(world), 0);
  t.not((await rowOf(world, id)).automatic_at, null, 'tried again');
  t.deepEqual(await toReviewers(world), []);
  t.is(await wait(world), 0);
  await world.db.schema.renameTable('tiers_away', 'domain_tiers');
  t.like(await rowOf(world, id), { status: 'submitted', automatic_at: null });
  t.true((await toReviewers(world)).includes(staff.reviewer.email));
  t.is((await world.db('allocations')).length, 0);
  t.true(world.logLines.some((line) => line.includes('could not be approved automatically')));
});

/** The queue's filter leaves what was approved without a person, combines with others, and a saved view knows it. */
async function foundInQueue(t: ExecutionContext, world: World, id: number): Promise<void> {
  const birch = await make.account(world, { name: 'Birch', weekly: 10_000 });
  const declined = await make.requestIn(world, 'declined', birch.admin);
  const desk = await world.signedIn('reviewer@warmdesk.example');
  const refs = async (query: string) =>
    [...(await desk.get(`/review?${query}`)).html.matchAll(/class="row-link" href="\/review\/([^"]+)"/g)].map(
      ([, ref]) => ref,
    );
  t.deepEqual(await refs('tab=decided'), [reference(declined), reference(id)]);
  t.deepEqual(await refs('tab=decided&approved=automatically'), [reference(id)]);
  t.deepEqual(await refs('tab=decided&approved=automatically&region=eu'), []);
  t.deepEqual(await refs('approved=automatically'), []);
  const kept = await desk.post('/review/views', { name: 'By itself', query: 'approved=automatically&tab=decided' });
  t.is(kept.location, '/review?tab=decided&approved=automatically&note=view-kept');
  t.regex((await desk.get('/review?tab=decided&approved=automatically')).html, /aria-current="page">By itself</);
}
