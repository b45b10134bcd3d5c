// Customers: added, found, changed, suspended, reopened, closed; by the pages and by two at once.
import type { ExecutionContext } from 'ava';
import { applyDuePrices } from '../../src/ips/prices/actions.ts';
import { finishReleases } from '../../src/release/background.ts';
import { closeAccount, suspendAccount } from '../../src/requests/account/actions.ts';
import { egressOf } from '../../src/routing/egress.ts';
import { loadSenders } from '../../src/routing/snapshot.ts';
import { checked, DEDICATED, dedicatedForm } from '../support/asking.ts';
import { everythingStored } from '../support/dump.ts';
import * as make from '../support/make.ts';
import type { Visitor } from '../support/visitor.ts';
import { DAY, onBothEngines, PASSWORD, type World } from '../support/world.ts';

const mailsTo = async (world: World, template: string): Promise<string[]> =>
  (await world.db('outbox').where({ template }).pluck('to_address')).sort();

const found = async (visitor: Visitor, text: string): Promise<string[]> => {
  const { html } = await visitor.get(`/customers?q=${encodeURIComponent(text)}`);
  return [...html.matchAll(/data-customer="([^"]*)"/g)].map(([, name = '']) => name);
};

onBothEngines('R-07, R-08: an administrator adds a customer, whose admin is invited', async (t, world) => {
  const { admin } = await make.staff(world);
  const visitor = await world.signedIn(admin.email);
  const form = { name: 'Zoë & Söhne', plan: 'premium', region: 'eu', email: 'Zoe@Soehne.example', person: 'Zoë' };
  const page = await visitor.get('/customers/new');
  const wrong = await visitor.submit(page, '/customers', { ...form, plan: 'gold', email: 'no address' });
  t.is(wrong.status, 422);
  t.regex(wrong.text, /Choose a plan\..*Email must be an address/);
  t.true(wrong.html.includes('value="Zoë &amp; Söhne"'), 'what was typed is kept');
  const added = await visitor.submit(page, '/customers', form);
  t.regex(added.location ?? '', /^\/customers\/\d+\?note=customer-added$/);
  t.is((await visitor.submit(page, '/customers', form)).status, 422, 'sent twice it is added once');
  t.regex(
    (await visitor.get(added.location ?? '')).text,
    /Zoë & Söhne Premium plan.*Region EU.*Zoë, admin zoe@soehne\.example/,
  );
  t.deepEqual(await mailsTo(world, 'invitation'), ['zoe@soehne.example']);
  t.deepEqual(await found(visitor, 'ZOË &'), ['Zoë &amp; Söhne']);
  t.regex((await visitor.get('/audit')).text, /Staff admin opened the account Zoë & Söhne/);
});

onBothEngines(
  'a search finds by the beginning of a name, a person, an address, a domain or an IP',
  async (t, world) => {
    const acme = await make.account(world, { name: 'Acme' });
    const acorn = await make.account(world, { name: 'Acorn' });
    await world.db('accounts').where({ id: acorn.id }).update({ name: 'Acorn %_', name_key: 'acorn %_' });
    await make.ips(world, 'us', 1);
    await make.requestIn(world, 'fulfilled', acme.admin);
    const { address } = await world.db('ips').first('address');
    const { reviewer } = await make.staff(world);
    const visitor = await world.signedIn(reviewer.email);
    t.deepEqual(await found(visitor, 'ac'), ['Acme', 'Acorn %_']);
    for (const text of ['ACME', 'acme adm', 'billing@acme', 'news.acme', address, address.slice(0, -1)])
      t.deepEqual(await found(visitor, text), ['Acme'], text);
    for (const odd of ['%', '_c', "'", 'cme', '\u0000', '\u{10ffff}', '*', 'x'.repeat(500)]) {
      const answer = await visitor.get(`/customers?q=${encodeURIComponent(odd)}`);
      t.is(answer.status, 200, odd);
      t.regex(answer.text, /No customer found/, odd);
    }
    t.deepEqual(await found(visitor, 'acorn %_'), ['Acorn %_']);
    await make.ips(world, 'us', 1);
    const free = await world.db('ips').where({ status: 'free' }).first('address');
    t.deepEqual(await found(visitor, free.address), [], "a free IP is nobody's");
    await make.domain(world, acorn.id, 'xn--bcher-kva.test', { weekly: null });
    await world.db('ips').where({ address }).update({ address: '2001:db8::1' });
    for (const text of ['Bücher.test', 'xn--bcher']) t.deepEqual(await found(visitor, text), ['Acorn %_'], text);
    for (const text of ['2001:db8:', '2001:0DB8:0::0001']) t.deepEqual(await found(visitor, text), ['Acme'], text);
    t.regex((await visitor.get('/customers?q=news.acme')).text, /Acme news\.acme\.example Premium any 3 2 1 Active/);
  },
);

onBothEngines('customers are listed by name, page after page', async (t, world) => {
  const rows = Array.from({ length: 120 }, (_, n) => ({
    name: `C ${n}`,
    name_key: `c ${String(n).padStart(3, '0')}`,
    plan: 'premium',
    created_at: 0,
  }));
  for (let from = 0; from < rows.length; from += 40) await world.db('accounts').insert(rows.slice(from, from + 40));
  const { reviewer } = await make.staff(world);
  const visitor = await world.signedIn(reviewer.email);
  const seen: string[] = [];
  let path: string | undefined = '/customers';
  while (path) {
    const { html }: { html: string } = await visitor.get(path);
    seen.push(...[...html.matchAll(/data-customer="([^"]*)"/g)].map(([, name = '']) => name));
    path = /href="(\/customers\?[^"]*after=[^"]*)"/.exec(html)?.[1]?.replaceAll('&amp;', '&');
  }
  t.deepEqual(
    seen,
    rows.map(({ name }) => name),
  );
});

onBothEngines(
  'C-09, C-10: a smaller plan charges for IPs after notice and takes none away; a larger one includes them at once',
  async (t, world) => {
    const acme = await make.account(world, { name: 'Acme' });
    await make.ips(world, 'us', 2);
    await make.requestIn(world, 'fulfilled', acme.admin);
    const { admin } = await make.staff(world);
    const visitor = await world.signedIn(admin.email);
    const path = `/customers/${acme.id}/plan`;
    const shown = await visitor.submit(await visitor.get(path), path, {
      name: 'Acme',
      plan: 'essentials',
      region: 'any',
      step: 'check',
    });
    t.regex(
      shown.text,
      /is charged at \$50 a month from 23 Dec 2026 \(UTC\); the customer gets a mail now\..*No IP is taken away\./,
    );
    t.is((await world.db('accounts').where({ id: acme.id }).first()).plan, 'premium', 'nothing is done yet');
    const done = await visitor.submit(shown, path, { step: 'change' });
    t.is(done.location, `/customers/${acme.id}?note=customer-changed`);
    t.deepEqual(await mailsTo(world, 'account-changed'), [acme.admin.email, acme.billing.email].sort());
    const price = async () => (await world.db('allocations').first('monthly_cents')).monthly_cents;
    t.is(await price(), 0);
    world.now = Date.UTC(2026, 11, 22, 23, 59);
    t.is(await applyDuePrices(world.db, world.now), 0, 'not before its day');
    world.now = Date.UTC(2026, 11, 23);
    t.is(
      (await Promise.all([applyDuePrices(world.db, world.now), applyDuePrices(world.db, world.now)])).reduce(
        (a, b) => a + b,
      ),
      1,
      'once, no matter who does it',
    );
    t.is(await price(), 5000);
    await world.visitor().post('/sign-in', { email: admin.email, password: PASSWORD });
    const again = await world.signedIn(admin.email);
    const back = await again.submit(await again.get(path), path, {
      name: 'Acme',
      plan: 'premium',
      region: 'any',
      step: 'change',
    });
    t.is(back.status, 303);
    t.is(await price(), 0);
    t.is(Number((await world.db('allocations').whereNot({ status: 'released' }).count({ n: '*' }).first())?.['n']), 1);
  },
);

onBothEngines('a notice of a price is taken back with the plan', async (t, world) => {
  const acme = await make.account(world, { name: 'Acme' });
  await make.ips(world, 'us', 1);
  await make.requestIn(world, 'fulfilled', acme.admin);
  const { admin } = await make.staff(world);
  const visitor = await world.signedIn(admin.email);
  const path = `/customers/${acme.id}/plan`;
  for (const plan of ['essentials', 'premium']) {
    const answer = await visitor.submit(await visitor.get(path), path, {
      name: 'Acme',
      plan,
      region: 'any',
      step: 'change',
    });
    t.is(answer.status, 303);
  }
  const rows = await world.db('allocation_prices');
  t.is(rows.length, 1);
  t.not(rows[0].cancelled_at, null);
});

for (const [status, expected] of [
  ['submitted', 'submitted'],
  ['needs_info', 'needs_info'],
  ['second_review', 'submitted'],
  ['offered', 'submitted'],
  ['waitlisted', 'submitted'],
] as const) {
  onBothEngines(`a plan by which it costs more prices a request again that is ${status}`, async (t, world) => {
    const acme = await make.account(world, { name: 'Acme', weekly: status === 'second_review' ? 12_000 : 180_000 });
    const id = await make.requestIn(world, status, acme.admin);
    const { admin } = await make.staff(world);
    const visitor = await world.signedIn(admin.email);
    const path = `/customers/${acme.id}/plan`;
    const shown = await visitor.submit(await visitor.get(path), path, {
      name: 'Acme',
      plan: 'essentials',
      region: 'any',
      step: 'check',
    });
    t.regex(shown.text, new RegExp(`WD-${1000 + id} costs \\$\\d+ a month instead of \\$0`));
    t.is((await visitor.submit(shown, path, { step: 'change' })).status, 303);
    t.is((await world.db('requests').where({ id }).first()).status, expected);
    const quote = await world.db('quotes').where({ request_id: id }).orderBy('id', 'desc').first();
    t.true(quote.monthly_cents > 0);
    const told = await mailsTo(world, 'request-requoted');
    t.deepEqual(told, [acme.admin.email, acme.billing.email].sort());
  });
}

onBothEngines('a plan by which it costs less keeps what was decided, at the lower price', async (t, world) => {
  const acme = await make.account(world, { name: 'Acme', plan: 'essentials' });
  const id = await make.requestIn(world, 'waitlisted', acme.admin);
  const { admin } = await make.staff(world);
  const visitor = await world.signedIn(admin.email);
  const path = `/customers/${acme.id}/plan`;
  await visitor.submit(await visitor.get(path), path, { name: 'Acme', plan: 'premium', region: 'any', step: 'change' });
  t.is((await world.db('requests').where({ id }).first()).status, 'waitlisted', 'its place is kept');
  const quote = await world.db('quotes').where({ request_id: id }).orderBy('id', 'desc').first();
  t.is(quote.monthly_cents, 0);
});

onBothEngines(
  'of two administrators who change one customer at once, one is told that the other was faster',
  async (t, world) => {
    const acme = await make.account(world, { name: 'Acme' });
    const { admin } = await make.staff(world);
    const second = await make.person(world, { email: 'admin2@warmdesk.example', staffRole: 'admin' });
    const path = `/customers/${acme.id}/plan`;
    const visitors = [await world.signedIn(admin.email), await world.signedIn(second.email)];
    const pages = await Promise.all(visitors.map((one) => one.get(path)));
    const plans = ['essentials', 'enterprise'];
    const answers = await Promise.all(
      visitors.map((one, n) =>
        one.submit(pages[n] as never, path, { name: 'Acme', plan: plans[n] ?? '', region: 'any', step: 'change' }),
      ),
    );
    t.deepEqual(answers.map(({ status }) => status).sort(), [303, 409]);
    const late = answers.find(({ status }) => status === 409);
    t.regex(late?.text ?? '', /Somebody changed this customer since you opened the page/);
    t.is(
      Number((await world.db('audit_events').where({ name: 'account.changed' }).count({ n: '*' }).first())?.['n']),
      1,
    );
  },
);

onBothEngines(
  'a suspended account keeps what it has, asks for nothing and is granted nothing, until it is reopened',
  async (t, world) => {
    const acme = await make.account(world, { name: 'Acme' });
    await make.ips(world, 'us', 2);
    const request = await make.request(world, acme.admin);
    const { admin, reviewer } = await make.staff(world);
    const visitor = await world.signedIn(admin.email);
    const path = `/customers/${acme.id}/suspension`;
    const page = await visitor.get(path);
    t.regex(page.text, /Mail from news\.acme\.example and shop\.acme\.example is refused at once/);
    t.is((await visitor.submit(page, path, { reason: ' ' })).status, 422);
    t.is(
      (await visitor.submit(page, path, { reason: 'Too many complaints.' })).location,
      `/customers/${acme.id}?note=customer-suspended`,
    );
    t.deepEqual(await mailsTo(world, 'account-suspended'), [acme.admin.email, acme.billing.email].sort());
    const customer = await world.signedIn(acme.admin.email);
    t.regex((await customer.get('/')).text, /Your account is suspended/);
    const review = await (await world.signedIn(reviewer.email)).get(`/review/WD-${1000 + request}`);
    t.regex(review.text, /Account suspended/i);
    t.notRegex(review.html, /action="\/review\/WD-\d+\/approval"/);
    await routes(t, world, 'news.acme.example', /suspended/);
    const customerPage = await visitor.get(`/customers/${acme.id}`);
    t.is(
      (await visitor.submit(customerPage, `/customers/${acme.id}/reopening`, {})).location,
      `/customers/${acme.id}?note=customer-reopened`,
    );
    await routes(t, world, 'news.acme.example', /^(?!.*suspended)/);
  },
);

/** What programs are told about a domain's mail. */
async function routes(t: ExecutionContext, world: World, domain: string, expected: RegExp): Promise<void> {
  const sender = (await loadSenders(world.db)).get(domain);
  if (!sender) return t.fail(`${domain} is not routed`);
  t.regex(egressOf(sender, 'marketing', world.deps.policy.document).refusal ?? '', expected);
}

onBothEngines(
  'closing lists what follows, withdraws what is open, and lets nobody in; the history stays',
  async (t, world) => {
    const acme = await make.account(world, { name: 'Acme' });
    const request = await make.requestIn(world, 'waitlisted', acme.billing);
    const { admin } = await make.staff(world);
    const visitor = await world.signedIn(admin.email);
    const customer = await world.signedIn(acme.member.email);
    const path = `/customers/${acme.id}/closing`;
    const page = await visitor.get(path);
    t.regex(
      page.text,
      new RegExp(
        `no dedicated IP to give back.*Domains: mail from news\\.acme\\.example and shop\\.acme\\.example is refused.*WD-${1000 + request} is withdrawn.*last mail.*Charges: there are none`,
      ),
    );
    t.is(
      (await visitor.submit(page, path, { reason: 'You asked for it.' })).location,
      `/customers/${acme.id}?note=customer-closed`,
    );
    t.is((await world.db('requests').where({ id: request }).first()).status, 'withdrawn');
    t.is((await customer.get('/')).status, 303, 'signed out at once');
    t.is((await customer.post('/sign-in', { email: acme.member.email, password: PASSWORD })).status, 422);
    await world.visitor().post('/password-reset', { email: acme.member.email });
    t.deepEqual(await mailsTo(world, 'password-reset'), [], 'no link either');
    t.deepEqual(await mailsTo(world, 'account-closed'), [acme.admin.email, acme.billing.email].sort());
    const after = await visitor.get(`/customers/${acme.id}`);
    t.regex(after.text, /Acme Closed/);
    t.is((await visitor.submit(after, `/customers/${acme.id}/reopening`, {})).status, 303);
    t.is((await customer.post('/sign-in', { email: acme.member.email, password: PASSWORD })).status, 303);
  },
);

onBothEngines(
  'closing gives an account’s IPs back, which drain and rest; of two who stop one at once the second is told',
  async (t, world) => {
    const acme = await make.account(world, { name: 'Acme' });
    const other = await make.account(world, { name: 'Other' });
    await make.ips(world, 'us', 1);
    await make.requestIn(world, 'fulfilled', acme.admin);
    const { address } = await world.db('ips').first('address');
    const { admin } = await make.staff(world);
    const visitor = await world.signedIn(admin.email);
    const path = `/customers/${acme.id}/closing`;
    const page = await visitor.get(path);
    t.regex(
      page.text,
      new RegExp(
        `IPs: ${address} is given back\\. No new mail goes over it; what is queued may leave until 30 Nov 2026`,
      ),
    );
    t.regex(page.text, /you can reopen it, but not get its IPs back\./);
    t.is((await visitor.submit(page, path, { reason: 'You asked for it.' })).status, 303);
    t.like(await world.db('allocations').first(), {
      status: 'releasing',
      released_on: Math.floor(world.now / 86_400_000),
    });
    t.deepEqual(await world.db('domains').where({ account_id: acme.id }).distinct('route').pluck('route'), ['default']);
    t.is((await world.db('warmups').first()).status, 'ended');
    t.deepEqual(await mailsTo(world, 'ip-releasing'), [], 'the mail of the closing tells of it');
    const { facts } = await world.db('outbox').where({ template: 'account-closed' }).first('facts');
    t.deepEqual(JSON.parse(facts).ips, [address]);
    world.now += 7 * DAY;
    t.is(await finishReleases(world.db, world.deps.policy.document, world.now), 1);
    t.deepEqual(await mailsTo(world, 'ip-released'), [], 'nobody of a closed account gets a mail');
    t.like(await world.db('ips').first(), { status: 'quarantined' });
    const actor = { person: admin, at: world.now };
    const decision = { id: other.id, version: 1, reason: 'So.' };
    const done = await Promise.all([
      suspendAccount(world.db, actor, decision),
      closeAccount(world.db, actor, world.deps.policy.document, decision),
    ]);
    t.deepEqual(done.map(({ ok }) => ok).sort(), [false, true]);
  },
);

onBothEngines('R-05: nobody changes, suspends or closes their own account', async (t, world) => {
  const acme = await make.account(world, { name: 'Acme' });
  const who = { email: 'both@acme.example', accountId: acme.id, accountRole: 'member', staffRole: 'admin' } as const;
  const visitor = await world.signedIn((await make.person(world, who)).email);
  const before = await everythingStored(world.db);
  const form = { name: 'Acme', plan: 'enterprise', region: 'any', version: '1', step: 'change', reason: 'So.' };
  for (const what of ['plan', 'suspension', 'closing'])
    t.regex(
      (await visitor.post(`/customers/${acme.id}/${what}`, form)).text,
      /Nobody decides about their own account/,
      what,
    );
  t.deepEqual(await everythingStored(world.db), before);
});

onBothEngines(
  'S-11: a member hands a prepared request to a colleague by name, who sends it',
  async (t, world) => {
    const acme = await make.account(world, { name: 'Acme', plan: 'pro' });
    const other = await make.account(world, { name: 'Other' });
    const member = await world.signedIn(acme.member.email);
    const page = await checked(member, DEDICATED, { ...dedicatedForm(acme.domains), warmup: 'own' });
    t.regex(page.text, /You may not commit to the cost.*Hand it to.*Acme admin, admin.*Acme billing, billing/);
    const foreign = await member.submit(page, DEDICATED, { handTo: String(other.admin.id), step: 'hand' });
    t.regex(foreign.text, /Nothing was handed over: choose a colleague/);
    const handed = await member.submit(page, DEDICATED, { handTo: String(acme.billing.id), step: 'hand' });
    t.is(handed.location, '/requests?note=handed-over');
    await member.submit(page, DEDICATED, { handTo: String(acme.billing.id), step: 'hand' });
    t.is(Number((await world.db('request_drafts').count({ n: '*' }).first())?.['n']), 1, 'sent twice it is one');
    const { id } = await world.db('request_drafts').first('id');
    const billing = await world.signedIn(acme.billing.email);
    t.regex((await billing.get('/')).text, /A request that Acme member prepared/);
    const draft = await billing.get(`/requests/drafts/${id}`);
    t.regex(draft.text, /Check your request.*Send request/);
    const sent = await billing.submit(draft, DEDICATED, { step: 'send' });
    t.regex(sent.location ?? '', /^\/requests\/WD-\d+\?note=request-sent$/);
    t.regex((await billing.get(`/requests/drafts/${id}`)).location ?? '', /note=already-sent$/);
    t.notRegex((await billing.get('/')).text, /prepared/);
    const stranger = await world.signedIn(other.admin.email);
    t.is((await stranger.get(`/requests/drafts/${id}`)).status, 404);
  },
  { POLICY: 'sendgrid' },
);
