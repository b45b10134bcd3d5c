// S-10, S-11, S-12: an admin or billing contact adds one IP a month at once, where the policy says so and every check passes.
import ava from 'ava';
import { openAccount } from '../../src/accounts/actions.ts';
import { actIn } from '../../src/act.ts';
import { adoptPolicy } from '../../src/policy/actions.ts';
import { buyIp } from '../../src/requests/buying/actions.ts';
import { reference } from '../../src/requests/request.ts';
import { heldBy } from '../support/asking.ts';
import * as make from '../support/make.ts';
import { lastNotified, recordsOf } from '../support/notified.ts';
import type { Answer, Visitor } from '../support/visitor.ts';
import { createWorld, DAY, onBothEngines, type World } from '../support/world.ts';

const SENDGRID = { POLICY: 'sendgrid' };
const PAGE = '/ips/new';
const FORM = '/requests/dedicated-ips';

/** A customer on Pro of whom every check passes, and free IPs. */
async function scene(world: World, free = 3, sending: Parameters<typeof make.account>[1] = {}) {
  const staff = await make.staff(world);
  const acme = await make.account(world, { plan: 'pro', ...sending });
  await make.ips(world, 'us', free);
  return { staff, acme };
}

const choiceOf = ({ domains }: make.Account, more: Record<string, string> = {}): string =>
  `${PAGE}?${new URLSearchParams([
    ...domains.map(({ id }): [string, string] => ['domains', String(id)]),
    ...Object.entries({ region: 'us', warmup: 'own', ...more }),
  ])}`;
const add = (visitor: Visitor, page: Answer): Promise<Answer> => visitor.submit(page, PAGE, { step: 'add' });

/** Adds an IP through the page. Returns the answer to the confirmation. */
async function bought(world: World, acme: make.Account, person = acme.admin): Promise<Answer> {
  const visitor = await world.signedIn(person.email);
  return add(visitor, await visitor.get(choiceOf(acme)));
}

/** The account's first IP is warm. */
async function withWarmIp(world: World, { id, admin }: make.Account): Promise<void> {
  await make.decided(world, await make.request(world, admin, { automatedWarmup: false }));
  await world
    .db('allocations')
    .where({ account_id: id })
    .update({ allocated_at: world.now - 60 * DAY });
}

/** An admin's address, of an account that has no domain yet. */
async function withoutDomains(world: World): Promise<string> {
  const accountId = await openAccount(actIn(world.db, { person: null, at: world.now }), {
    ...{ name: 'New', plan: 'pro', region: null },
  });
  const email = 'admin@new.example';
  await make.person(world, { email, accountId, accountRole: 'admin' });
  return email;
}

/** What adding takes when no page is between. */
async function purchase(world: World, acme: make.Account, automatedWarmup = false) {
  const weekly = { weeklyVolume: 180_000, peakWeeklyVolume: 180_000 };
  const answers = await make.dedicated(world, acme.admin, { ...weekly, automatedWarmup, sends: '', signup: '' });
  return { answers, formToken: make.formToken(), shownCents: 0 };
}

onBothEngines(
  'S-12: one IP is added at once: price, what happens, one button, and a request that was approved automatically',
  async (t, world) => {
    const { acme } = await scene(world);
    const visitor = await world.signedIn(acme.billing.email);
    const page = await visitor.get(choiceOf(acme));
    t.is(page.status, 200);
    t.regex(page.text, /You can add it now\. Every check passes on what was measured/);
    t.regex(page.text, /\$0 a month .*It is included in your plan and costs nothing\./, 'S-08');
    t.regex(page.text, /At once: a free IP in the US is yours, and news\.acme\.example and shop\.acme\.example send/);
    t.is(page.html.match(/class="btn btn-primary"/g)?.length, 1);
    const done = await add(visitor, page);
    const { id, ...row } = await world.db('requests').first();
    t.is(done.location, `/requests/${reference(id)}?note=ip-bought`);
    t.like(row, { status: 'fulfilled', granted_count: 1, automatic_at: null, requester_id: acme.billing.id });
    t.like(await world.db('allocations').first(), { request_id: id, status: 'active', monthly_cents: 0 });
    t.like(await world.db('decisions').first(), { request_id: id, reviewer_id: null, verdict: 'approve', rank: 1 });
    t.deepEqual(
      (await recordsOf(world, id)).map(({ name, who }) => [name, who]),
      [
        ['request.submitted', 'Acme billing'],
        ['request.fulfilled', null],
      ],
    );
    t.deepEqual(await lastNotified(world, id), ['Acme admin: request-approved', 'Acme billing: request-approved']);
    t.deepEqual(await world.db('outbox').where('to_address', 'like', '%warmdesk.example'), [], 'nothing for reviewers');
  },
  SENDGRID,
);

onBothEngines(
  'S-12: it is marked automatic wherever it is shown, to its customer and to staff',
  async (t, world) => {
    const { acme, staff } = await scene(world);
    await bought(world, acme);
    const { id } = await world.db('requests').first('id');
    const customer = await world.signedIn(acme.member.email);
    const desk = await world.signedIn(staff.reviewer.email);
    t.regex((await customer.get(`/requests/${reference(id)}`)).text, /was approved automatically, because every check/);
    t.regex(
      (await desk.get(`/review/${reference(id)}`)).text,
      /Approved automatically: every check passed on measured/,
    );
    t.regex((await desk.get('/review?tab=decided')).text, /Approved automatically/);
    t.regex((await desk.get('/report')).text, /Warmdesk, automatically 1/);
    t.regex((await customer.get('/policy')).text, /Adding an IP yourself An admin or a billing contact can add one IP/);
  },
  SENDGRID,
);

onBothEngines(
  'S-12: a second one in the same month becomes an ordinary request, with what was chosen kept; the next month one is added again',
  async (t, world) => {
    const { acme, staff } = await scene(world);
    const visitor = await world.signedIn(acme.admin.email);
    const early = await visitor.get(choiceOf(acme));
    await bought(world, acme);
    const led = await add(visitor, early);
    t.regex(led.location ?? '', /^\/requests\/new\/dedicated-ips\?draft=[\w-]+&note=second-ip-this-month$/);
    const form = await visitor.get(led.location ?? '');
    t.regex(form.text, /your account has had what it can add itself this month, so a person decides on another IP/);
    t.like(heldBy(form.html, FORM), {
      domains: acme.domains.map(({ id }) => String(id)),
      region: ['us'],
      warmup: ['own'],
      weeklyVolume: ['180,000'],
    });
    t.is((await world.db('requests')).length, 1);
    const page = await visitor.get(choiceOf(acme));
    t.regex(
      page.text,
      /A person has to decide\..*Your account got one IP this month; it can add one IP a month itself/,
    );
    t.notRegex(page.html, /value="add"/);
    const asked = await visitor.submit(page, PAGE, { step: 'ask' });
    t.regex(asked.location ?? '', /&note=ask-for-ip$/);
    const words = { sends: 'Offers.', signup: 'At checkout.', step: 'send' };
    const held = { ...heldBy((await visitor.get(asked.location ?? '')).html, FORM), shownCents: '3000', ...words };
    t.is((await visitor.post(FORM, held)).status, 303);
    const open = await visitor.get(choiceOf(acme));
    t.regex(open.text, /It cannot be added like this\./, 'with an open request, no ordinary one can be sent either');
    t.notRegex(open.html, /value="(add|ask)"/);
    t.like(await world.db('requests').orderBy('id', 'desc').first(), { status: 'submitted', automatic_at: null });
    const { to_address } = await world.db('outbox').where({ template: 'request-to-review' }).orderBy('id').first();
    t.is(to_address, staff.reviewer.email);

    await make.decided(world, (await world.db('requests').orderBy('id', 'desc').first()).id);
    world.now = Date.UTC(2026, 11, 1, 9);
    for (const { id } of acme.domains) await make.counts(world, id, { weekly: 90_000 });
    await world.db('domains').update({ checked_at: world.now });
    t.regex((await bought(world, acme)).location ?? '', /note=ip-bought/);
    t.deepEqual(await world.db('allocations').orderBy('id').pluck('monthly_cents'), [0, 3000, 3000], 'S-10');
  },
  SENDGRID,
);

onBothEngines(
  'S-12: two are confirmed at once, 10 rounds: one is added, the other is for a person',
  async (t, world) => {
    t.timeout(600_000);
    await make.staff(world);
    for (let round = 1; round <= 10; round += 1) {
      const acme = await make.account(world, { plan: 'pro' });
      await make.ips(world, 'us', 2);
      const forms = [await purchase(world, acme), await purchase(world, acme)];
      const buyers = [acme.admin, acme.billing];
      const done = await Promise.all(
        forms.map((form, index) =>
          buyIp(world.db, { person: buyers[index] ?? acme.admin, at: world.now }, world.deps.policy, form),
        ),
      );
      const problems = done.flatMap((one) => (one.ok ? [] : [one.problem]));
      t.is(problems.length, 1);
      t.like(problems[0], { name: 'not-clear', isMonthly: true });
      t.is((await world.db('requests').where({ account_id: acme.id })).length, 1);
      t.is((await world.db('allocations').where({ account_id: acme.id })).length, 1);
    }
  },
  SENDGRID,
);

onBothEngines(
  'C-07: two accounts confirm for the last free IP, 5 rounds: one gets it, the other is for a person',
  async (t, world) => {
    await make.staff(world);
    for (let round = 1; round <= 5; round += 1) {
      const both = [await make.account(world, { plan: 'pro' }), await make.account(world, { plan: 'pro' })];
      await make.ips(world, 'us', 1);
      const forms = await Promise.all(both.map((one) => purchase(world, one)));
      const done = await Promise.all(
        both.map(({ admin }, index) =>
          buyIp(world.db, { person: admin, at: world.now }, world.deps.policy, forms[index] ?? (forms[0] as never)),
        ),
      );
      t.is(done.filter(({ ok }) => ok).length, 1);
      t.is((await world.db('allocations')).length, round);
      t.is((await world.db('requests').whereNot({ status: 'fulfilled' })).length, 0, 'nothing else was stored');
    }
  },
  SENDGRID,
);

onBothEngines(
  'S-16: automated warm-up is added at once where another IP is warm, and not where none is',
  async (t, world) => {
    const { acme } = await scene(world);
    const visitor = await world.signedIn(acme.admin.email);
    const without = await visitor.get(choiceOf(acme, { warmup: 'automated' }));
    t.regex(without.text, /It cannot be added like this\./);
    t.regex(without.text, /Choose to warm the IP up yourself/);
    t.notRegex(without.html, /value="(add|ask)"/);
    await withWarmIp(world, acme);
    const page = await visitor.get(choiceOf(acme, { warmup: 'automated' }));
    t.regex(page.text, /23 November: warm-up begins, with up to [\d,]+ messages a day/, 'S-20');
    t.regex(
      page.text,
      /\$30 a month .*From 23 November on: \$8 for the last eight days of November, then \$30 a month/,
    );
    t.regex((await add(visitor, page)).location ?? '', /note=ip-bought/);
    t.like(await world.db('allocations').orderBy('id', 'desc').first(), { status: 'warming', monthly_cents: 3000 });
    t.is((await world.db('warmups')).length, 1);
  },
  SENDGRID,
);

onBothEngines(
  'S-11: a member of the account and staff find no such page, and nothing to confirm',
  async (t, world) => {
    const { acme, staff } = await scene(world);
    for (const email of [acme.member.email, staff.admin.email]) {
      const visitor = await world.signedIn(email);
      t.is((await visitor.get(PAGE)).status, 404);
      t.is((await visitor.post(PAGE, { region: 'us' })).status, 404);
    }
    t.notRegex((await (await world.signedIn(acme.member.email)).get('/requests/new')).html, /ips\/new/);
    t.regex((await (await world.signedIn(acme.admin.email)).get('/requests/new')).html, /href="\/ips\/new"/);
    t.is((await world.db('requests')).length, 0);
  },
  SENDGRID,
);

onBothEngines(
  'S-11: somebody who lost the role, or was disabled, since the request came in adds nothing',
  async (t, world) => {
    const { acme } = await scene(world);
    const form = await purchase(world, acme);
    const buy = (person: make.Account['admin']) => buyIp(world.db, { person, at: world.now }, world.deps.policy, form);
    await world.db('people').where({ id: acme.billing.id }).update({ account_role: 'member' });
    await world.db('people').where({ id: acme.admin.id }).update({ disabled_at: world.now });
    for (const person of [acme.billing, acme.admin])
      t.deepEqual(await buy(person), { ok: false, problem: { name: 'not-found' } });
    t.is((await world.db('allocations')).length, 0);
  },
  SENDGRID,
);

/** What keeps an IP from being added at once, and why. */
const BARS: Readonly<Record<string, readonly [change: (world: World, acme: make.Account) => unknown, why: RegExp]>> = {
  'C-08: nothing is measured': [
    (world) => world.db('sending_counts').delete(),
    /Too little mail is measured: 0 in 28 days/,
  ],
  'nothing was reported for nine days': [
    (world) => world.db('sending_counts').update({ recorded_at: world.now - 9 * DAY }),
    /What was sent has not been reported for more than eight days/,
  ],
  'R-04: too much of it bounces': [
    async (world, { domains }) => {
      for (const { id } of domains) await make.counts(world, id, { weekly: 90_000, bounced: 0.08 });
    },
    /Bounce rate, 28 days: 8\s% ?; needed: ≤ 5\s%/,
  ],
  'DNS has not answered for three days': [
    (world) => world.db('domains').update({ checked_at: world.now - 3 * DAY }),
    /DNS has not answered for more than two days: news\.acme\.example and shop\.acme\.example/,
  ],
  'no IP is free': [(world) => world.db('ips').update({ status: 'withdrawn' }), /Free IPs in the US: 0; needed: ≥ 1/],
  'C-02: a shared pool warns about a domain': [
    (world, { domains }) =>
      world.db('domain_tiers').insert({ domain_id: domains[0]?.id, tier: 1, pool: 'shared-us', warned_on: 20_000 }),
    /The shared pool warned about news\.acme\.example/,
  ],
};

for (const [what, [change, why]] of Object.entries(BARS)) {
  const title = /^[A-Z]-\d\d: /.test(what) ? what : `S-12: ${what}`;
  onBothEngines(
    `${title}: the page says why a person decides, and a page from before adds nothing`,
    async (t, world) => {
      const { acme } = await scene(world);
      const visitor = await world.signedIn(acme.admin.email);
      const before = await visitor.get(choiceOf(acme));
      t.regex(before.text, /You can add it now\./);
      await change(world, acme);
      t.regex((await visitor.get(choiceOf(acme))).text, why);
      const led = await add(visitor, before);
      t.regex(led.location ?? '', /&note=ask-for-ip-now$/);
      t.is((await world.db('requests')).length, 0);
      t.is((await world.db('allocations')).length, 0);
      t.is((await world.db('audit_events').where({ subject_type: 'request' })).length, 0);
    },
    SENDGRID,
  );
}

onBothEngines(
  'R-06: another price or policy than was shown adds nothing, and shows them again',
  async (t, world) => {
    const { acme } = await scene(world);
    const visitor = await world.signedIn(acme.admin.email);
    const page = await visitor.get(choiceOf(acme));
    const document = { ...world.deps.policy.document };
    const plans = document.plans.map((plan) => ({ ...plan, includedIps: { value: 0, rule: 'own choice' } }));
    await adoptPolicy(world.db, { person: null, at: world.now }, { ...document, plans });
    const again = await add(visitor, page);
    t.is(again.status, 409);
    t.regex(again.text, /Nothing was added: the price or our rules are no longer those that you saw/);
    t.regex(again.text, /Add this IP for \$30 a month/);
    t.is((await world.db('requests')).length, 0);
    t.is((await add(visitor, again)).status, 303);
    t.is((await world.db('allocations').first()).monthly_cents, 3000);
  },
  SENDGRID,
);

onBothEngines(
  'R-07: the same confirmation twice adds one IP, and leads to it; another account’s domain is not found',
  async (t, world) => {
    const { acme } = await scene(world);
    const other = await make.account(world, { plan: 'pro' });
    const visitor = await world.signedIn(acme.admin.email);
    t.is((await visitor.get(choiceOf(other))).status, 404);
    const page = await visitor.get(choiceOf(acme));
    const foreign = { step: 'add', domains: String(other.domains[0]?.id) };
    t.is((await visitor.submit(page, PAGE, foreign)).status, 404);
    const answers = await Promise.all([add(visitor, page), add(visitor, page)]);
    t.deepEqual(answers.map(({ location }) => /note=([\w-]+)/.exec(location ?? '')?.[1]).sort(), [
      'already-sent',
      'ip-bought',
    ]);
    t.is((await world.db('requests')).length, 1);
    const foreignToken = await purchase(world, other);
    const { form_token: formToken } = await world.db('requests').first();
    const actor = { person: other.admin, at: world.now };
    const taken = await buyIp(world.db, actor, world.deps.policy, { ...foreignToken, formToken });
    t.deepEqual(taken, { ok: false, problem: { name: 'not-found' } });
  },
  SENDGRID,
);

onBothEngines(
  'what cannot be read is said, with what was chosen kept',
  async (t, world) => {
    const { acme } = await scene(world);
    const visitor = await world.signedIn(acme.admin.email);
    const none = await visitor.get(`${PAGE}?region=us&warmup=own`);
    t.is(none.status, 422);
    t.regex(none.text, /Domains: choose at least one\./);
    t.is((await visitor.get(choiceOf(acme, { region: 'mars' }))).status, 422);
    t.is((await visitor.get(choiceOf(acme, { warmup: 'hot' }))).status, 422);
    const page = await visitor.get(choiceOf(acme));
    t.is((await visitor.submit(page, PAGE, { step: 'add', formToken: 'x' })).status, 409);
    t.is((await visitor.submit(page, PAGE, { step: 'add', shownCents: '-1' })).status, 409);
    t.is((await world.db('requests')).length, 0);
    const empty = await withoutDomains(world);
    t.regex((await (await world.signedIn(empty)).get(PAGE)).text, /No sending domain yet/);
  },
  SENDGRID,
);

ava('S-12: Customer.io’s policy adds nothing at once: its customers ask (C-12)', async (t) => {
  const world = await createWorld(t);
  const acme = await make.account(world);
  await make.ips(world, 'us', 1);
  t.is(world.deps.policy.document.selfService.value, null);
  const visitor = await world.signedIn(acme.admin.email);
  t.is((await visitor.get(PAGE)).location, '/requests/new/dedicated-ips');
  t.notRegex((await visitor.get('/ips')).html, /href="\/ips\/new"/);
  const { answers } = await purchase(world, acme);
  const form = { answers, formToken: make.formToken(), shownCents: 0 };
  const done = await buyIp(world.db, { person: acme.admin, at: world.now }, world.deps.policy, form);
  t.like(done, { ok: false, problem: { name: 'not-clear', isMonthly: false } });
});

ava('the page takes no more than 16 statements, before and after something is chosen', async (t) => {
  const world = await createWorld(t, 'SQLite', SENDGRID);
  const { acme } = await scene(world);
  await withWarmIp(world, acme);
  const visitor = await world.signedIn(acme.admin.email);
  let statements = 0;
  world.db.on('query', () => (statements += 1));
  for (const path of [PAGE, choiceOf(acme), choiceOf(acme, { warmup: 'automated' })]) {
    statements = 0;
    t.is((await visitor.get(path)).status, 200);
    t.true(statements <= 16, `${path}: ${statements}`);
  }
});
