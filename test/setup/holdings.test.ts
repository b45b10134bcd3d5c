// Dedicated IPs that customers had before Warmdesk came: checked whole, moved in piece by piece, and going on from there.
import test from 'ava';
import { findAccount } from '../../src/accounts/store.ts';
import { closeDueMonths } from '../../src/charges/actions.ts';
import { centsOf } from '../../src/charges/ledger.ts';
import { dayOf } from '../../src/day.ts';
import { runImports, stageImport } from '../../src/imports/actions.ts';
import { checkHoldings } from '../../src/imports/holdings/actions.ts';
import { checkData } from '../../src/invariants/store.ts';
import { releaseIp } from '../../src/release/actions.ts';
import { finishReleases } from '../../src/release/background.ts';
import { releaseBasis } from '../../src/release/effects.ts';
import { gatherRelease } from '../../src/release/gather.ts';
import { capNow } from '../../src/warmup/state.ts';
import { listWarmups, type Warmup } from '../../src/warmup/store.ts';
import { everythingStored } from '../support/dump.ts';
import * as make from '../support/make.ts';
import { somebody } from '../support/people.ts';
import { token, uploadCounts } from '../support/reporting.ts';
import { type Answer, hiddenFields, type Visitor } from '../support/visitor.ts';
import { goodDay, judgedDays, mailedTo, overIp, warmupNow } from '../support/warm.ts';
import { createWorld, DAY, onBothEngines, PASSWORD, START, type World } from '../support/world.ts';

const HEADER = 'address,region,customer,domains,state,per_day,target,since,price,charged_from';
const file = (...lines: readonly string[]): string => [HEADER, ...lines, ''].join('\n');
const ACTIVE = '198.51.100.10,us,Acme,shop.acme.example,active,80000,,2025-04-01,59.90,2026-12-01';
const WARMING = '198.51.100.11,us,Acme,news.acme.example,warming,1600,50000,2026-11-10,included,';

async function send(visitor: Visitor, content: string): Promise<Answer> {
  const form = new FormData();
  form.append('file', new Blob([content]), 'ips.csv');
  return visitor.send('/inventory/import', form);
}

const administrator = async (world: World): Promise<Visitor> => world.signedIn((await make.staff(world)).admin.email);
/** The route goes on in the background; this waits until nothing is left. */
const untilDone = async (world: World): Promise<void> => {
  while (await world.db('import_parts').first()) await runImports(world.deps);
  while (await world.db('imports').whereNull('finished_at').first()) await new Promise((soon) => setImmediate(soon));
};

async function movedIn(world: World, ...lines: readonly string[]): Promise<Visitor> {
  const visitor = await administrator(world);
  const answer = await send(visitor, file(...lines));
  if (answer.status !== 303) throw new Error(answer.text);
  await untilDone(world);
  return visitor;
}

const warmupOf = async (world: World, address: string): Promise<Warmup> => {
  const found = (await listWarmups(world.db, {})).find((one) => one.address === address);
  if (!found) throw new Error(`${address} has no warm-up`);
  return found;
};

onBothEngines('IPs that customers have are moved in: no request, no mail to them, each on record', async (t, world) => {
  const acme = await make.account(world);
  const before = Number((await world.db('requests').count({ n: '*' }).first())?.['n']);
  const visitor = await movedIn(world, ACTIVE, WARMING);
  t.is(Number((await world.db('requests').count({ n: '*' }).first())?.['n']), before, 'no request is made up');
  t.deepEqual(await world.db('outbox').pluck('template'), ['import-finished'], 'who sent the file, and nobody else');
  const rows = await world
    .db('allocations as a')
    .join('ips as i', 'i.id', 'a.ip_id')
    .orderBy('a.id')
    .select('a.*', 'i.address');
  t.deepEqual(
    rows.map((row) => [row.address, row.account_id, row.request_id, row.status, row.monthly_cents, row.charged_from]),
    [
      ['198.51.100.10', acme.id, null, 'active', 5_990, dayOf(Date.UTC(2026, 11, 1))],
      ['198.51.100.11', acme.id, null, 'warming', 0, dayOf(world.now)],
    ],
  );
  t.deepEqual(await world.db('domains').orderBy('name').pluck('route'), ['dedicated', 'dedicated']);
  const audit = (await visitor.get('/audit')).text;
  t.regex(audit, /Staff admin moved in 198\.51\.100\.10 in US, warmed to 80,000 messages a day/);
  t.regex(audit, /Staff admin moved in 198\.51\.100\.11 in US, warming up at 1,600 messages a day/);
  t.regex(audit, /Staff admin imported ips\.csv: 2 dedicated IPs/);
});

onBothEngines(
  'all pages that show an IP show one that was moved in, to its customer and to staff',
  async (t, world) => {
    const acme = await make.account(world);
    const staff = await movedIn(world, ACTIVE, WARMING);
    const { id: active } = await warmupOf(world, '198.51.100.10');
    const { id: warming, ipId } = await warmupOf(world, '198.51.100.11');
    const customer = await world.signedIn(acme.admin.email);
    const [news] = acme.domains;
    const ask = await make.requestIn(world, 'submitted', acme.admin);
    for (const path of [
      ...['/inventory', '/warm-ups', `/customers/${acme.id}`, `/customers/${acme.id}/domains/${news?.id}`],
      ...[`/warm-ups/${active}`, `/warm-ups/${warming}`, `/ips/${ipId}/sending`, `/review/WD-${1000 + ask}`],
      ...[`/customers/${acme.id}/closing`, `/customers/${acme.id}/plan`, `/warm-ups/${warming}?step=replan`],
    ]) {
      const page = await staff.get(path);
      t.true(page.status === 200 || page.status === 404, `${path}: ${page.status}`);
      t.notRegex(page.text, /undefined|NaN|null/, path);
    }
    for (const path of [
      '/',
      '/ips',
      `/warm-ups/${warming}`,
      `/warm-ups/${active}`,
      `/domains/${news?.id}`,
      '/history',
    ]) {
      const page = await customer.get(path);
      t.is(page.status, 200, path);
      t.notRegex(page.text, /undefined|NaN|null/, path);
    }
    await world.db('people').update({ time_zone: 'America/New_York' });
    t.regex(
      (await customer.get('/ips')).text,
      /198\.51\.100\.10 .*? 1 Apr 2025/,
      'the day of the file, also west of UTC',
    );
    t.regex((await customer.get(`/warm-ups/${warming}`)).text, /Today up to 1,600 messages go over 198\.51\.100\.11/);
    t.regex((await staff.get(`/warm-ups/${active}`)).text, /warmed to 80,000/i);
  },
);

onBothEngines('each line that cannot be taken is told with its number, and nothing is stored', async (t, world) => {
  const acme = await make.account(world, { region: 'eu' });
  const beta = await make.account(world, { name: 'Beta' });
  const free = '198.51.100.200';
  await world.db('ips').insert({ address: free, region: 'us', status: 'free', created_at: 0 });
  const visitor = await administrator(world);
  const before = await everythingStored(world.db);
  const shop = `shop.beta.example`;
  const answer = await send(
    visitor,
    file(
      'nowhere,mars,Beta,,asleep,0,,,free,tomorrow',
      '10.0.0.1,us,Beta,shop.beta.example,active,100,,2026-01-01,included,',
      `198.51.100.1,us,Acme,${shop},active,100,,2026-01-01,included,`,
      '198.51.100.2,us,Beta,nobody.example,active,100,,2026-01-01,included,',
      '198.51.100.3,us,Acme,shop.acme.example,active,100,,2026-01-01,included,',
      `198.51.100.4,,Beta,${shop},active,100,,2026-01-01,included,`,
      `${free},eu,Beta,${shop},active,100,,2026-01-01,included,`,
      `198.51.100.5,us,Beta,${shop},warming,100,50,,59,`,
      `198.51.100.6,us,Beta,${shop},active,100,,2027-01-01,59.999,2029-01-01`,
      `198.51.100.7,us,Beta,${shop},active,100,,2026-01-01,59,`,
      `198.51.100.7,us,Beta,${shop},active,100,,2026-01-01,59,`,
      'too,few',
      '198.51.100.8,us,Beta,shop.beta.example,active,100,,2026-01-01,59,2026-09-30',
      '198.51.100.9,us,Beta,shop.beta.example,active,100,,2026-11-20,59,2026-11-01',
    ),
  );
  t.is(answer.status, 422);
  const told = answer.text;
  for (const sentence of [
    /The field region must be us or eu, not “mars”/,
    /Line 2: The field address is not an IP address: “nowhere”/,
    /The field state must be active or warming, not “asleep”/,
    /The field per_day must be messages a day, a whole number from 1 on, not “0”/,
    /The field price must be included, or what a month costs, like 59\.90, not “free”/,
    /The field charged_from must be a date like 2026-03-31, not “tomorrow”/,
    /Line 3: 10\.0\.0\.1 is a private address/,
    /Line 4: shop\.beta\.example belongs to Beta, not to Acme/,
    /Line 5: nobody\.example belongs to no customer here/,
    /Line 6: Acme may send from EU alone, and 198\.51\.100\.3 is in US/,
    /Line 7: The field region is missing: the inventory does not know 198\.51\.100\.4/,
    /Line 8: \S+ is in US by the inventory, not in EU/,
    /Line 9: The field target must be at least per_day, 100.*The field since is missing/,
    /Line 10: The field since must be from 2000-01-01 to 2026-11-23.*The field charged_from must be from 2026-10-01 to 2027-11-24/,
    /Line 12: The IP 198\.51\.100\.7 is in line 11 already/,
    /Line 13: It has 2 fields, and the header has 10/,
    /Line 14: The field charged_from must be from 2026-10-01 to 2027-11-24, not “2026-09-30”/,
    /Line 15: The field charged_from must not be before since/,
  ])
    t.regex(told, sentence);
  t.deepEqual(await everythingStored(world.db), before, 'nothing is stored');
  t.truthy(acme.id && beta.id);
});

onBothEngines(
  'C-10: days before the ledger begins are refused at their line, as nobody would ever be charged for them',
  async (t, world) => {
    const acme = await make.account(world);
    const at = (chargedFrom: string) =>
      `198.51.100.10,us,Acme,shop.acme.example,active,80000,,2025-04-01,59.90,${chargedFrom}`;
    const visitor = await administrator(world);
    const early = await send(visitor, file(at('2026-10-31')));
    t.is(early.status, 422);
    t.regex(
      early.text,
      /Line 2: The field charged_from must not be before 2026-11-01, with which the ledger begins: days before it are never charged here\./,
    );
    t.is(
      (await send(visitor, file(at('2026-11-01')))).status,
      303,
      'the month that runs is charged from its first day',
    );
    await untilDone(world);
    world.now += 10 * DAY;
    await visitor.post('/sign-in', { email: 'admin@warmdesk.example', password: PASSWORD });
    const later = await send(visitor, file(at('2026-11-15').replace('.10,', '.11,')));
    t.is(later.status, 303, 'a month of the ledger, though it is over');
    await untilDone(world);
    await closeDueMonths(world.db, world.now);
    const lines = await world
      .db('charge_lines')
      .where({ account_id: acme.id })
      .orderBy('allocation_id')
      .select('from_day', 'cents');
    t.deepEqual(
      lines.map(({ from_day, cents }) => [from_day, Number(cents)]),
      [
        [dayOf(Date.UTC(2026, 10, 1)), 5_990],
        [dayOf(Date.UTC(2026, 10, 15)), centsOf(5_990, dayOf(Date.UTC(2026, 10, 15)), dayOf(Date.UTC(2026, 10, 30)))],
      ],
    );
  },
);

onBothEngines(
  'C-07: an IP is not moved in as if somebody had it before its last release was over',
  async (t, world) => {
    const beta = await make.account(world, { name: 'Beta' });
    await make.account(world, { name: 'Acme' });
    await make.ips(world, 'us', 1);
    await make.requestIn(world, 'fulfilled', beta.admin);
    const address = '198.51.100.99';
    await world.db('ips').update({ address });
    const { document } = world.deps.policy;
    const account = (await findAccount(world.db, beta.id)) ?? t.fail();
    const { id: allocationId } = await world.db('allocations').first('id');
    const seen = releaseBasis(await gatherRelease(world.db, { document, at: world.now }, account, [allocationId]));
    const form = { accountId: beta.id, allocationId, seen, reason: '' };
    t.true((await releaseIp(world.db, { person: beta.admin, at: world.now }, document, form)).ok);
    for (const days of [8, 31]) {
      world.now += days * DAY;
      await finishReleases(world.db, document, world.now);
    }
    t.is((await world.db('ips').first()).status, 'free');
    const of = (since: string, chargedFrom: string) =>
      file(`${address},us,Acme,shop.acme.example,active,100,,${since},59,${chargedFrom}`);
    const visitor = await administrator(world);
    const answer = await send(visitor, of('2026-11-09', '2026-12-01'));
    t.is(answer.status, 422);
    t.regex(answer.text, /The field since must be after 2026-12-01, not 2026-11-09: until then another customer had/);
    t.regex(answer.text, /The field charged_from must be after 2026-12-01, not 2026-12-01/);
    const fits = await send(visitor, of('2026-12-02', '2026-12-02'));
    t.is(fits.status, 303, fits.text);
  },
);

onBothEngines('R-05: nobody moves IPs into their own account', async (t, world) => {
  const acme = await make.account(world);
  await make.account(world, { name: 'Beta' });
  const of = { accountId: acme.id, accountRole: 'member', staffRole: 'admin' } as const;
  await somebody(world, { email: 'both@acme.example', ...of });
  const both = await world.signedIn('both@acme.example');
  const answer = await send(both, file(ACTIVE));
  t.is(answer.status, 422);
  t.regex(answer.text, /Line 2: Acme is your own account: somebody else of the staff has to move its IPs in/);
  const beta = ACTIVE.replace('Acme', 'Beta').replace('shop.acme', 'shop.beta');
  t.is((await send(both, file(beta))).status, 303, 'another account');
});

onBothEngines('an IP that is in use, in a pool or quarantined is not moved in', async (t, world) => {
  await make.account(world);
  const ips = [
    { address: '198.51.100.20', region: 'us', status: 'free', created_at: 0 },
    { address: '198.51.100.21', region: 'us', status: 'quarantined', created_at: 0, quarantined_until: 9e12 },
  ];
  await world.db('ips').insert(ips);
  const of = (ip: string) => `${ip},us,Acme,shop.acme.example,active,100,,2026-01-01,included,`;
  const visitor = await movedIn(world, of('198.51.100.20'));
  await world.db('pool_addresses').insert({ pool: 'shared-us', address: '198.51.100.22', place: 0, added_at: 0 });
  const answer = await send(visitor, file(of('198.51.100.20'), of('198.51.100.21'), of('198.51.100.22')));
  t.is(answer.status, 422);
  t.regex(answer.text, /Line 2: 198\.51\.100\.20 is not free/);
  t.regex(answer.text, /Line 3: 198\.51\.100\.21 is not free/);
  t.regex(answer.text, /Line 4: 198\.51\.100\.22 belongs to the shared pool shared-us/);
});

onBothEngines('a plan that is moved in goes on at its stage, by the day’s mail', async (t, world) => {
  const acme = await make.account(world, { weekly: null });
  await movedIn(world, WARMING);
  const [domain] = acme.domains;
  if (!domain) throw new Error('Acme has domains');
  const { id: warmupId, ...before } = await warmupOf(world, '198.51.100.11');
  t.is(capNow(before), 1_600);
  t.is(before.plan.startsOn, dayOf(Date.UTC(2026, 10, 10)));
  await goodDay(world, { domain, warmupId });
  const after = await warmupNow(world, warmupId);
  t.is(after.stage, before.stage + 1, 'the next stage');
  t.true((capNow(after) ?? 0) > 1_600 && (capNow(after) ?? 0) <= 3_556);
});

onBothEngines('mail goes over IPs that were moved in, at once', async (t, world) => {
  await make.account(world);
  await movedIn(world, ACTIVE, WARMING);
  const mx = await token(world);
  const over = async (domain: string, n = 0): Promise<string> => {
    const query = new URLSearchParams({
      sender: `news@${domain}`,
      recipient: 'ann@gmail.com',
      message: `<${n}@acme.example>`,
    });
    const answer = await fetch(`${world.url}/api/v1/route?${query}`, { headers: { authorization: `Bearer ${mx}` } });
    return JSON.stringify(await answer.json());
  };
  // Until the first block of its limit is there, messages go over the pool.
  let warm = '';
  for (let n = 0; n < 100 && !warm.includes('"ip":"198.51.100.10"'); n += 1) warm = await over('shop.acme.example', n);
  t.regex(warm, /"ip":"198\.51\.100\.10"/);
  let warming = 0;
  for (let n = 0; n < 200; n += 1)
    if ((await over('news.acme.example', n)).includes('"ip":"198.51.100.11"')) warming += 1;
  t.true(warming > 0 && warming < 60, `${warming} of 200 over the warming one: 1,600 of the 50,000 that are expected`);
});

onBothEngines(
  'what was taken between check and piece is left out and named; a crash in between loses nothing',
  async (t, world) => {
    const acme = await make.account(world);
    const beta = await make.account(world, { name: 'Beta' });
    const visitor = await administrator(world);
    // Staged as the page stages it, and taken in only after somebody else got one of the addresses.
    const rules = { policy: world.deps.policy.document, today: dayOf(world.now), own: null };
    const content = file(ACTIVE, WARMING, '198.51.100.12,us,Beta,shop.beta.example,active,500,,2026-01-01,included,');
    const checked = await checkHoldings(
      world.db,
      rules,
      (async function* () {
        yield Buffer.from(content);
      })(),
    );
    t.is(checked.rejected, 0, JSON.stringify(checked.rejectedLines));
    const { admin } = await make.staff(world);
    const ready = {
      kind: 'holdings',
      file: 'ips.csv',
      items: checked.items,
      invites: false,
      spool: checked.spool,
    } as const;
    const id = await stageImport(world.db, { person: admin, at: world.now }, ready);
    await checked.spool.close();
    await world.db('ips').insert({
      address: '198.51.100.10',
      region: 'us',
      status: 'quarantined',
      created_at: 0,
      quarantined_until: 9e12,
    });
    t.is(await runImports(world.deps), 1, 'the next process goes on with it');
    t.is(await runImports(world.deps), 0, 'and does it once');
    const page = (await visitor.get(`/imports/${id}`)).text;
    t.regex(page, /Done 3 of 3 dedicated IPs/);
    t.regex(page, /1 dedicated IP left out.*198\.51\.100\.10/s);
    t.deepEqual(await world.db('allocations').orderBy('id').pluck('account_id'), [acme.id, beta.id]);
  },
);

onBothEngines('pieces that several processes take at once are each taken in once', async (t, world) => {
  const accounts = [await make.account(world), await make.account(world), await make.account(world)];
  const lines = Array.from({ length: 240 }, (_, n) => {
    const { name, domains } = accounts[n % 3] as make.Account;
    return `198.51.100.${n},us,${name},${domains[0]?.name},active,${100 + n},,2026-01-01,included,`;
  });
  const checked = await checkHoldings(
    world.db,
    { policy: world.deps.policy.document, today: dayOf(world.now), own: null },
    (async function* () {
      yield Buffer.from(file(...lines));
    })(),
  );
  const { admin } = await make.staff(world);
  const ready = { kind: 'holdings', file: 'ips.csv', items: 240, invites: false, spool: checked.spool } as const;
  await stageImport(world.db, { person: admin, at: world.now }, ready);
  await checked.spool.close();
  const done = await Promise.all([runImports(world.deps), runImports(world.deps), runImports(world.deps)]);
  t.is(
    done.reduce((sum, pieces) => sum + pieces, 0),
    3,
  );
  t.is((await world.db('allocations')).length, 240);
  t.is((await world.db('imports').first()).done, 240);
});

onBothEngines(
  'the counts of the last twelve weeks come in by the upload, over the IP from the day they have it',
  async (t, world) => {
    await make.account(world, { weekly: null });
    const visitor = await movedIn(world, ACTIVE, WARMING);
    const upload = (day: string, ip: string, domain: string) => {
      const header = 'day,domain,via,provider,stream,sent,delivered,deferred,bounced,complained';
      return uploadCounts(world, visitor, `${header}\n${day},${domain},${ip},gmail,marketing,900,890,4,10,0\n`);
    };
    t.is((await upload('2026-09-08', '198.51.100.10', 'shop.acme.example')).status, 200);
    t.is((await upload('2026-11-11', '198.51.100.11', 'news.acme.example')).status, 200);
    const before = await upload('2026-11-09', '198.51.100.11', 'news.acme.example');
    t.is(before.status, 422, 'the day before warm-up began');
    const { ipId } = await warmupOf(world, '198.51.100.10');
    t.regex((await visitor.get(`/ips/${ipId}/sending`)).text, /900/);
  },
);

onBothEngines('IPs that were moved in are judged and watched from then on, day by day', async (t, world) => {
  const acme = await make.account(world, { weekly: null });
  await movedIn(world, ACTIVE, WARMING);
  const [news, shop] = acme.domains;
  if (!news || !shop) throw new Error('Acme has domains');
  const { id: warm } = await warmupOf(world, '198.51.100.10');
  const { id: warming } = await warmupOf(world, '198.51.100.11');
  for (let days = 0; days < 3; days += 1) {
    await overIp(world, { domain: shop, warmupId: warm }, dayOf(world.now), { sent: 70_000 });
    await goodDay(world, { domain: news, warmupId: warming });
  }
  const watched = await warmupNow(world, warm);
  t.is(watched.status, 'complete');
  t.is(watched.warmedTo, 70_000, 'its level follows what is counted');
  t.is(watched.nextDay, dayOf(world.now));
  const judged = await judgedDays(world, warming);
  t.deepEqual(
    judged.map(({ verdict }) => verdict),
    ['advance', 'advance', 'advance'],
  );
  t.is(judged[0]?.day, dayOf(START), 'the first day is the one on which it was moved in');
});

onBothEngines('people of an account are mailed about an IP that was moved in, without a request', async (t, world) => {
  const acme = await make.account(world, { weekly: null });
  await movedIn(world, WARMING);
  const { id: warmupId } = await warmupOf(world, '198.51.100.11');
  const [domain] = acme.domains;
  const { admin } = await make.staff(world);
  const visitor = await world.signedIn(admin.email);
  const held = hiddenFields(
    (await visitor.get(`/warm-ups/${warmupId}?step=pause`)).html,
    `/warm-ups/${warmupId}/pause`,
  );
  const paused = await visitor.post(`/warm-ups/${warmupId}/pause`, { ...held, reason: 'Looking at complaints.' });
  t.is(paused.status, 303, paused.text);
  t.deepEqual(await mailedTo(world, 'warmup-paused'), [acme.admin.email, acme.billing.email].sort());
  t.truthy(domain);
});

onBothEngines('only who may manage customers imports IPs', async (t, world) => {
  const { reviewer } = await make.staff(world);
  const visitor = await world.signedIn(reviewer.email);
  t.is((await visitor.get('/inventory/import')).status, 404);
  t.is((await send(visitor, file(ACTIVE))).status, 404);
  t.is((await visitor.get('/inventory')).text.includes('/inventory/import'), false);
});

for (const engine of ['SQLite', 'PostgreSQL'] as const)
  test(`check-data tells of an IP without a request that nobody moved in (${engine})`, async (t) => {
    const world = await createWorld(t, engine);
    const acme = await make.account(world);
    await make.ips(world, 'us', 1);
    await make.requestIn(world, 'fulfilled', acme.admin);
    await world.db('allocations').update({ request_id: null, charged_from: 20_000 });
    t.true((await checkData(world.db, world.now)).some((line) => line.startsWith('I06 ')));
  });
