// What customers, staff and billing systems are shown of charges.
import { closeDueMonths } from '../../src/charges/actions.ts';
import { dayOf } from '../../src/day.ts';
import { addSystem } from '../../src/systems/actions.ts';
import * as make from '../support/make.ts';
import { somebody } from '../support/people.ts';
import { onBothEngines, type World } from '../support/world.ts';

/** Acme pays for both of its IPs from 23 November on; Beta's IP is included. */
async function scene(world: World) {
  const acme = await make.account(world, { name: 'Acme', plan: 'essentials' });
  const beta = await make.account(world, { name: 'Beta' });
  await make.ips(world, 'us', 3);
  await make.decided(world, await make.request(world, acme.admin, { ipCount: 2, startsOn: dayOf(world.now) }));
  await make.requestIn(world, 'fulfilled', beta.admin, { startsOn: dayOf(world.now) });
  const name = '=Acme, "Mailings"';
  await world.db('accounts').where({ id: acme.id }).update({ name, name_key: name.toLowerCase() });
  return { acme, beta };
}

/** What a program with a token is answered. */
async function asked(world: World, path: string) {
  const made = await addSystem(world.db, { person: null, at: world.now }, `billing ${path}`.slice(0, 60));
  if (!made.ok) throw new Error('no token');
  const headers = { authorization: `Bearer ${made.value.token}` };
  const answer = await fetch(new URL(path, world.url), { headers });
  // biome-ignore lint/suspicious/noExplicitAny: tests read answers as programs do
  return { status: answer.status, body: (await answer.json()) as any };
}

onBothEngines('a customer sees what it owes up to today, and by the end of the month', async (t, world) => {
  const { acme } = await scene(world);
  const billing = await world.signedIn(acme.billing.email);
  const page = await billing.get('/charges');
  t.regex(page.text, /\$3\.34 ?up to today/, 'one day of two IPs');
  t.regex(page.text, /\$26\.68 by the end of the month if nothing changes/);
  t.regex(page.text, /23 Nov 2026/);
  world.now = Date.UTC(2026, 11, 2, 12);
  await closeDueMonths(world.db, world.now);
  const later = await world.signedIn(acme.billing.email);
  const closed = await later.get('/charges?month=2026-11');
  t.regex(closed.text, /\$26\.68 ?in all/);
  t.regex(closed.text, /Closed on 2 Dec 2026/);
  t.regex((await later.get('/charges?month=2026-10')).text, /December 2026/, 'a month without a ledger is not shown');
  t.regex((await (await world.signedIn(acme.admin.email)).get('/ips')).html, /href="\/charges"/);
});

onBothEngines('S-11: a member sees no charges, and nobody those of another account', async (t, world) => {
  const { acme, beta } = await scene(world);
  const member = await world.signedIn(acme.member.email);
  t.is((await member.get('/charges')).status, 404);
  t.notRegex((await member.get('/ips')).html, /href="\/charges"/);
  const other = await world.signedIn(beta.admin.email);
  for (const path of [`/customers/${acme.id}/charges`, `/customers/${acme.id}/charges.csv`, '/ledger', '/ledger.csv'])
    t.is((await other.get(path)).status, 404, path);
  t.notRegex((await other.get('/charges.csv')).html, /Acme/);
});

onBothEngines('the file has integer cents, and nothing that a spreadsheet takes for a formula', async (t, world) => {
  const { acme } = await scene(world);
  const { admin } = await make.staff(world);
  world.now = Date.UTC(2026, 11, 2, 12);
  await closeDueMonths(world.db, world.now);
  const staff = await world.signedIn(admin.email);
  const own = await (await world.signedIn(acme.billing.email)).get('/charges.csv?month=2026-11');
  t.is(own.headers.get('content-disposition'), 'attachment; filename=charges-2026-11.csv');
  t.regex(own.headers.get('content-type') ?? '', /^text\/csv/);
  const [head, first, ...rest] = own.html.split('\r\n');
  t.is(head, 'month,closed,account_id,account,ip,from,to,days,monthly_cents,cents,currency,kind,line,credits_line');
  const name = `"'=Acme, ""Mailings"""`;
  t.regex(
    first ?? '',
    new RegExp(
      `^2026-11,yes,${acme.id},${name},198\\.18\\.\\d+\\.\\d+,2026-11-23,2026-11-30,8,5000,1334,USD,charge,\\d+,$`,
    ),
  );
  t.is(rest.length, 2, 'two IPs, and the end of the last line');
  const all = await staff.get('/ledger.csv?month=2026-11');
  t.is(all.html.trim().split('\r\n').length, 4);
  t.regex(all.html, /,0,0,USD,included,/);
  t.is((await staff.get(`/customers/${acme.id}/charges.csv?month=2026-11`)).html, own.html);
});

onBothEngines('staff search the ledger, and close a month that has ended', async (t, world) => {
  const { acme, beta } = await scene(world);
  const { admin } = await make.staff(world);
  const early = await world.signedIn(admin.email);
  t.is((await early.post('/ledger/closing', { month: '2026-11' })).status, 409);
  t.is((await early.post('/ledger/closing', { month: 'now' })).status, 409);
  t.is((await world.db('charge_months')).length, 0);
  world.now = Date.UTC(2026, 11, 1, 9);
  const staff = await world.signedIn(admin.email);
  const open = await staff.get('/ledger?month=2026-11');
  t.regex(open.text, /Close November 2026/);
  const done = await staff.submit(open, '/ledger/closing', {});
  t.is(done.location, '/ledger?month=2026-11&note=month-closed');
  const page = await staff.get('/ledger?month=2026-11');
  t.regex(page.text, /\$26\.68 ?from 2 customers, 3 lines/);
  t.notRegex(page.text, /Close November/);
  t.is((await staff.post('/ledger/closing', { month: '2026-11' })).status, 303, 'twice does nothing more');
  t.is((await world.db('charge_lines')).length, 3);
  const found = await staff.get('/ledger?month=2026-11&q=beta');
  t.regex(found.html, /data-customer="Beta"/);
  t.notRegex(found.html, /Acme/);
  t.regex((await staff.get(`/customers/${beta.id}/charges?month=2026-11`)).text, /Included/);
  t.regex((await staff.get(`/customers/${acme.id}`)).html, new RegExp(`/customers/${acme.id}/charges`));
});

onBothEngines('a billing system reads what accounts owe for a month', async (t, world) => {
  const { acme, beta } = await scene(world);
  world.now = Date.UTC(2026, 11, 2, 12);
  await closeDueMonths(world.db, world.now);
  const all = await asked(world, '/api/v1/charges?month=2026-11');
  t.deepEqual(all.body, {
    ...{ month: '2026-11', state: 'closed', closedAt: '2026-12-02T12:00:00.000Z', next: null },
    accounts: [
      { id: acme.id, name: '=Acme, "Mailings"', totals: [{ currency: 'USD', cents: 2_668 }] },
      { id: beta.id, name: 'Beta', totals: [{ currency: 'USD', cents: 0 }] },
    ],
  });
  const one = await asked(world, `/api/v1/accounts/${acme.id}/charges?month=2026-11`);
  t.like(one.body, { state: 'closed', account: { id: acme.id }, totals: [{ currency: 'USD', cents: 2_668 }] });
  t.like(one.body.lines[0], { from: '2026-11-23', to: '2026-11-30', days: 8, monthlyCents: 5_000, cents: 1_334 });
  t.like(one.body.lines[0], { currency: 'USD', kind: 'charge', credits: null });
  const now = await asked(world, `/api/v1/accounts/${acme.id}/charges?month=2026-12`);
  t.like(now.body, { state: 'open', closedAt: null, totals: [{ currency: 'USD', cents: 644 }] });
  t.is(now.body.lines[0].line, null, 'not written yet');
  for (const month of ['', '2026-13', '2027-01'])
    t.is((await asked(world, `/api/v1/charges?month=${month}`)).status, 422, month);
  t.is((await asked(world, '/api/v1/accounts/99/charges?month=2026-11')).status, 404);
});

onBothEngines(
  'charges of a customer that is not there are not found, for staff of an account too',
  async (t, world) => {
    const { acme } = await scene(world);
    const of = { accountId: acme.id, accountRole: 'member', staffRole: 'billing' } as const;
    await somebody(world, { email: 'both@acme.example', ...of });
    const both = await world.signedIn('both@acme.example');
    for (const path of ['/customers/99999/charges', '/customers/99999/charges.csv'])
      t.is((await both.get(path)).status, 404, path);
    t.is((await both.get(`/customers/${acme.id}/charges`)).status, 200);
  },
);
