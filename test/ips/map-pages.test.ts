// The map of the stock: 65,536 addresses on one page of one query, and from there to each address and back.

import { actIn } from '../../src/act.ts';
import { addIps } from '../../src/ips/actions.ts';
import * as make from '../support/make.ts';
import { DAY, onBothEngines, type World } from '../support/world.ts';

/** The whole of 198.18.0.0/16 in the inventory, in states and ages that follow no pattern. */
async function filled({ db, now }: World): Promise<void> {
  const STATES = ['free', 'withdrawn', 'quarantined'];
  for (let third = 0; third < 256; third += 1) {
    const rows = Array.from({ length: 256 }, (_, last) => {
      const mixed = (third * 7919 + last * 104_729) % 9;
      const status = STATES[mixed % 3] ?? 'free';
      return {
        ...{ address: `198.18.${third}.${last}`, region: 'us', status },
        created_at: now - ([1, 100, 500][Math.floor(mixed / 3)] ?? 0) * DAY,
        quarantined_until: status === 'quarantined' ? now + DAY : null,
      };
    });
    await db.batchInsert('ips', rows, 250);
  }
}

onBothEngines('the map shows 65,536 addresses by subnet, state and age: one query, under 200 kB', async (t, world) => {
  t.timeout(600_000);
  await filled(world);
  const { reviewer } = await make.staff(world);
  const desk = await world.signedIn(reviewer.email);
  const asked: string[] = [];
  world.db.on('query', ({ sql }: { sql: string }) => /\bips\b/.test(sql) && asked.push(sql));
  const page = await desk.get('/inventory/map');
  t.is(page.status, 200);
  t.is(asked.length, 1);
  t.true(Buffer.byteLength(page.html) < 200_000, `${Buffer.byteLength(page.html)} bytes`);
  t.is(page.html.match(/<svg viewBox="0 0 256 8"/g)?.length, 256);
  t.regex(page.text, /65,536 IPs in 256 subnets/);
  t.regex(page.text, /Subnet Drawn Free Allocated Quarantined Out of stock Last changed hands under 30 days ago/);
  t.true(page.html.indexOf('198.18.9.0/24') < page.html.indexOf('198.18.10.0/24'), 'in the order of their numbers');
  const [, free = ''] = /198\.18\.0\.0\/24<\/a><\/th><td>.*?<\/td><td>(\d+)<\/td>/.exec(page.html) ?? [];
  t.is(
    Number(free),
    Number(
      (await world.db('ips').where({ status: 'free' }).where('address', 'like', '198.18.0.%').count({ n: '*' }).first())
        ?.n,
    ),
  );
  t.is((await desk.get('/inventory/map?page=2')).status, 200);
});

onBothEngines('from the map one comes to a subnet, to each address, and back', async (t, world) => {
  const { reviewer } = await make.staff(world);
  const acme = await make.account(world);
  const addresses = ['203.0.113.9', '203.0.113.10', '203.0.113.200', '203.0.11.3', '2001:db8::2', '2001:db8:0:1::2'];
  const by = { person: null, at: world.now - 40 * DAY };
  await world.db.transaction((trx) => addIps(actIn(trx, by), addresses, 'us'));
  await make.decided(world, await make.request(world, acme.admin));
  const desk = await world.signedIn(reviewer.email);
  t.regex((await desk.get('/inventory')).html, /href="\/inventory\/map"/);
  const map = await desk.get('/inventory/map');
  t.regex(map.text, /6 IPs in 4 subnets/);
  const row = /203\.0\.113\.0\/24 2 1 0 0 1 2 0/;
  t.regex(map.text, row, 'two free and older, one allocated just now');
  const subnet = await desk.get('/inventory/map?subnet=203.0.113.0%2F24');
  t.regex(subnet.text, /203\.0\.113\.9 .*203\.0\.113\.10 Free nobody .*203\.0\.113\.200 Free/);
  t.regex(subnet.text, /203\.0\.113\.9 Allocated Acme/);
  t.notRegex(subnet.text, /203\.0\.11\.3/);
  t.regex((await desk.get('/inventory/map?subnet=2001%3Adb8%3A%3A%2F64')).text, /1 IP .*2001:db8::2 Free/);
  const { id } = await world.db('ips').where({ address: '203.0.113.9' }).first('id');
  t.regex(subnet.html, new RegExp(`href="/ips/${id}/sending"`));
  t.regex((await desk.get(`/ips/${id}/sending`)).html, /href="\/inventory\/map\?subnet=203\.0\.113\.0%2F24"/);
  const own = await world.signedIn(acme.admin.email);
  t.notRegex((await own.get(`/ips/${id}/sending`)).html, /inventory/, 'for staff alone');
  t.is((await own.get('/inventory/map')).status, 404);
  for (const wrong of ['203.0.113.9%2F24', '9.9.9.0%2F24', "x'%2F24", '2001%3Adb9%3A%3A%2F64'])
    t.is((await desk.get(`/inventory/map?subnet=${wrong}`)).status, 404, wrong);
});

onBothEngines('an empty stock has an empty map', async (t, world) => {
  const { reviewer } = await make.staff(world);
  const desk = await world.signedIn(reviewer.email);
  t.regex((await desk.get('/inventory/map')).text, /No IPs here/);
});

onBothEngines('what is known of an address is kept with it, recorded, and shown to staff alone', async (t, world) => {
  const { admin } = await make.staff(world);
  const acme = await make.account(world);
  const desk = await world.signedIn(admin.email);
  const lines =
    'address,region,host_name,mta,cost,earlier_use\n203.0.113.1,us,mail-1.example.com,mta-1,4.50,"news, until May"\n';
  t.is(
    (await desk.post('/inventory/ips', { addresses: `${lines}203.0.113.2,us` })).location,
    '/inventory?note=ips-added',
  );
  t.like(await world.db('ips').where({ address: '203.0.113.1' }).first(), {
    ...{ host_name: 'mail-1.example.com', mta: 'mta-1', cost_cents: 450, earlier_use: 'news, until May' },
  });
  t.like(await world.db('ips').where({ address: '203.0.113.2' }).first(), { host_name: null, cost_cents: null });
  const [first] = await world.db('audit_events').where({ name: 'ip.added' }).orderBy('seq');
  t.like(JSON.parse(first.facts), { address: '203.0.113.1', hostName: 'mail-1.example.com', costCents: 450 });
  t.regex((await desk.get('/inventory')).text, /203\.0\.113\.1 mail-1\.example\.com · mta-1/);
  const subnet = await desk.get('/inventory/map?subnet=203.0.113.0%2F24');
  t.regex(subnet.text, /mail-1\.example\.com mta-1 \$4\.50 news, until May/);
  t.regex(subnet.text, /203\.0\.113\.2 Free nobody .* not given not given not given not given/);
  await make.decided(world, await make.request(world, acme.admin));
  t.notRegex((await (await world.signedIn(acme.admin.email)).get('/ips')).html, /mta-1|4\.50/);
});
