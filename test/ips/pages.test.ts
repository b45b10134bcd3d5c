import { account, acme, somebody, staff } from '../support/people.ts';
import { acmeWithIp, freeIps } from '../support/scene.ts';
import { onBothEngines } from '../support/world.ts';

onBothEngines(
  'S-09, S-13: an account sees every dedicated IP that it has; one that warms up says so',
  async (t, world) => {
    const { warmupId, domain } = await acmeWithIp(world);
    const page = await (await world.signedIn('member@acme.example')).get('/ips');
    t.regex(
      page.text,
      /192\.0\.2\.1 Starts 30 Nov Warm-up of 192\.0\.2\.1 shop\.acme\.example US 23 Nov 2026 included/,
    );
    t.true(page.html.includes(`href="/warm-ups/${warmupId}"`));
    t.true(page.html.includes(`href="/domains/${domain.id}"`));
    t.false(page.text.includes('192.0.2.2'), 'a free one is nobody’s');
    await world.db('warmups').update({ status: 'complete', completed_at: world.now });
    await world.db('allocations').update({ status: 'active', monthly_cents: 5_000 });
    t.regex((await (await world.signedIn('owner@acme.example')).get('/ips')).text, /Active Warm-up.*\$50/);
    await world.db('warmups').update({ status: 'running', completed_at: null });
    await world.db('allocations').update({ status: 'warming', monthly_cents: 0 });
  },
);

onBothEngines('C-07: nobody sees the IPs of another account', async (t, world) => {
  await acmeWithIp(world);
  const other = await account(world, 'Other');
  await somebody(world, { email: 'owner@other.example', accountId: other, accountRole: 'admin' });
  const page = await (await world.signedIn('owner@other.example')).get('/ips');
  t.false(page.text.includes('192.0.2.1'));
  t.regex(page.text, /No dedicated IP yet/);
  t.regex(page.html, /href="\/domains">Choose a domain/);
});

onBothEngines('the inventory shows how much is free where, and who has what', async (t, world) => {
  const { warmupId } = await acmeWithIp(world);
  const page = await (await world.signedIn('reviewer@warmdesk.example')).get('/inventory');
  t.regex(page.text, /US 2 IPs 1 free 1 allocated 1 free/);
  t.regex(page.text, /EU 0 IPs 0 free .*Nothing is free here/);
  t.regex(page.text, /192\.0\.2\.1 US Starts 30 Nov Acme Warm-up/);
  t.regex(page.text, /192\.0\.2\.2 US Free nobody none/);
  t.true(page.html.includes(`href="/warm-ups/${warmupId}"`));
  t.false(page.html.includes('action="/inventory/ips"'), 'a reviewer cannot add IPs');
  t.is((await (await world.signedIn('owner@acme.example')).get('/inventory')).status, 404);
});

onBothEngines('the inventory comes page by page', async (t, world) => {
  await staff(world);
  await freeIps(
    world,
    Array.from({ length: 130 }, (_, i) => `198.51.100.${i + 1}`),
    'eu',
  );
  const reviewer = await world.signedIn('reviewer@warmdesk.example');
  const first = await reviewer.get('/inventory');
  t.regex(first.text, /1–100 of 130/);
  t.true(first.html.includes('href="/inventory?page=2"'));
  t.regex((await reviewer.get('/inventory?page=2')).text, /101–130 of 130/);
  for (const page of ['3', '0', '-1', 'x', '1e9', '99999999999']) {
    t.is((await reviewer.get(`/inventory?page=${page}`)).status, 200, page);
  }
});

onBothEngines('a staff admin adds IPs, recorded one by one', async (t, world) => {
  const { admin } = await staff(world);
  const visitor = await world.signedIn('admin@warmdesk.example');
  const page = await visitor.get('/inventory');
  const answer = await visitor.submit(page, '/inventory/ips', {
    addresses: '203.0.113.1\r\n\r\n2001:DB8::1',
    region: 'eu',
  });
  t.is(answer.location, '/inventory?note=ips-added');
  t.regex(
    (await visitor.get('/inventory?note=ips-added')).text,
    /The IPs are in the inventory\..*203\.0\.113\.1 EU Free.*2001:db8::1 EU Free/,
  );
  const events = await world.db('audit_events').where({ name: 'ip.added' }).orderBy('id');
  t.deepEqual(
    events.map(({ actor_id, to_status, facts }) => [actor_id, to_status, JSON.parse(facts)]),
    [
      [admin.id, 'free', { address: '203.0.113.1', region: 'eu' }],
      [admin.id, 'free', { address: '2001:db8::1', region: 'eu' }],
    ],
  );
});

onBothEngines(
  'where a line is wrong nothing is added, each bad line is named, and what was typed is kept',
  async (t, world) => {
    await staff(world);
    await freeIps(world, ['192.0.2.9']);
    const visitor = await world.signedIn('admin@warmdesk.example');
    const addresses = '203.0.113.1\r\n10.0.0.1\r\n192.0.2.9\r\n<b>x</b>';
    const answer = await visitor.post('/inventory/ips', { addresses, region: 'us' });
    t.is(answer.status, 422);
    t.regex(answer.text, /3 lines cannot be taken, so nothing was added/);
    t.regex(answer.text, /Line 2: 10\.0\.0\.1 is a private address\. Mail cannot be sent from it\./);
    t.regex(answer.text, /Line 3: 192\.0\.2\.9 is in the inventory already\./);
    t.regex(answer.text, /Line 4: <b>x<\/b> is not an IP address or a range\./);
    t.regex(answer.html, /203\.0\.113\.1\r?\n10\.0\.0\.1\r?\n192\.0\.2\.9\r?\n&lt;b&gt;x&lt;\/b&gt;<\/textarea>/);
    t.is((await world.db('ips').pluck('address')).join(), '192.0.2.9');
  },
);

onBothEngines('nothing typed, no region and too much are told in words', async (t, world) => {
  await staff(world);
  const visitor = await world.signedIn('admin@warmdesk.example');
  const empty = await visitor.post('/inventory/ips', {});
  t.is(empty.status, 422);
  t.regex(empty.text, /Addresses are missing\. Write an address or a range on each line\./);
  t.regex(empty.text, /Choose a region\./);
  const many = Array.from({ length: 1_025 }, (_, i) => `2001:db8::${(i + 1).toString(16)}`).join('\n');
  t.regex((await visitor.post('/inventory/ips', { addresses: many, region: 'us' })).text, /1,025 addresses; 1,024 fit/);
  t.is((await visitor.post('/inventory/ips', { addresses: '192.0.2.1', region: 'mars' })).status, 422);
  t.is((await visitor.post('/inventory/ips', { addresses: '192.0.2.1\u0000', region: 'us' })).status, 422);
  t.is(await world.db('ips').first(), undefined);
});

onBothEngines('customers and reviewers cannot add IPs', async (t, world) => {
  await acme(world);
  await staff(world);
  for (const email of ['owner@acme.example', 'reviewer@warmdesk.example']) {
    const answer = await (await world.signedIn(email)).post('/inventory/ips', { addresses: '192.0.2.1', region: 'us' });
    t.is(answer.status, 404, email);
  }
  t.is(await world.db('ips').first(), undefined);
});

onBothEngines('two who add the same IP at once add it once', async (t, world) => {
  await staff(world);
  const visitor = await world.signedIn('admin@warmdesk.example');
  const fields = { addresses: '192.0.2.1\n192.0.2.2', region: 'us' };
  const answers = await Promise.all([1, 2, 3].map(() => visitor.post('/inventory/ips', fields)));
  t.deepEqual(answers.map(({ status }) => status).sort(), [303, 422, 422]);
  t.is((await world.db('audit_events').where({ name: 'ip.added' })).length, 2);
});

onBothEngines('a range and the lines of a CSV file are added, each address in its region', async (t, world) => {
  await staff(world);
  const visitor = await world.signedIn('admin@warmdesk.example');
  const addresses = 'address,region\r\n203.0.113.0/30,eu\r\n2001:db8::10,us\r\n198.51.100.9,eu';
  const answer = await visitor.post('/inventory/ips', { addresses });
  t.is(answer.location, '/inventory?note=ips-added');
  const rows = await world.db('ips').orderBy('id').select('address', 'region', 'status');
  t.deepEqual(
    rows.map(({ address, region, status }) => `${address} ${region} ${status}`).sort(),
    ['198.51.100.9 eu free', '2001:db8::10 us free', ...[0, 1, 2, 3].map((nth) => `203.0.113.${nth} eu free`)].sort(),
  );
  t.is((await world.db('audit_events').where({ name: 'ip.added' })).length, 6, 'each is recorded');
  const full = await visitor.post('/inventory/ips', { addresses: '198.51.100.0/29\n203.0.112.0/22', region: 'us' });
  t.regex(full.text, /203\.0\.112\.0\/22 holds 203\.0\.113\.0, which is in the inventory already, and three others/);
  t.is((await world.db('ips')).length, rows.length, 'nothing else changed');
});

onBothEngines('four ranges of 256 fit at a time, in one act', async (t, world) => {
  await staff(world);
  const visitor = await world.signedIn('admin@warmdesk.example');
  t.is((await visitor.post('/inventory/ips', { addresses: '203.0.112.0/22', region: 'us' })).status, 303);
  t.is(Number((await world.db('ips').count({ n: '*' }))[0]?.['n']), 1024);
  t.is(Number((await world.db('audit_events').where({ name: 'ip.added' }).count({ n: '*' }))[0]?.['n']), 1024);
});

onBothEngines('what cannot be sent from is refused by its line, and nothing else changes', async (t, world) => {
  await staff(world);
  await freeIps(world, ['203.0.113.5']);
  const visitor = await world.signedIn('admin@warmdesk.example');
  const lines = {
    '10.0.0.0/8': /10\.0\.0\.0, which is a private address/,
    '203.0.113.300': /is not an IP address or a range/,
    '::ffff:203.0.113.5': /is an IPv4 address written as IPv6: write it as IPv4/,
    '203.0.113.5': /is in the inventory already/,
    '8.0.0.0/8': /has 16,777,216 addresses; 1,024 fit/,
    '2001:db8::/64': /Receivers judge a whole \/64 as one sender/,
  };
  const before = await world.db('ips');
  const answer = await visitor.post('/inventory/ips', { addresses: Object.keys(lines).join('\n'), region: 'us' });
  t.is(answer.status, 422);
  t.regex(answer.text, /6 lines cannot be taken, so nothing was added/);
  for (const [index, sentence] of Object.values(lines).entries())
    t.regex(answer.text, new RegExp(`Line ${index + 1}: .*${sentence.source}`));
  t.deepEqual(await world.db('ips'), before);
});
