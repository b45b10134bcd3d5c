import { putIpBack, withdrawIp } from '../../src/ips/stock/actions.ts';
import { countFreeIps } from '../../src/ips/store.ts';
import * as make from '../support/make.ts';
import { staff } from '../support/people.ts';
import { acmeWithIp, freeIps } from '../support/scene.ts';
import { DAY, onBothEngines, type World } from '../support/world.ts';

const statusOf = async (world: World, address: string) => (await world.db('ips').where({ address }).first()).status;
const idAt = async (world: World, address: string): Promise<number> =>
  (await world.db('ips').where({ address }).first()).id;

onBothEngines('an IP is taken out of stock with a reason, is given to nobody, and is put back', async (t, world) => {
  await staff(world);
  await freeIps(world, ['192.0.2.1']);
  const id = await idAt(world, '192.0.2.1');
  const admin = await world.signedIn('admin@warmdesk.example');
  const path = `/inventory/ips/${id}/withdrawal`;
  t.true((await admin.get('/inventory')).html.includes(`href="${path}"`));
  const page = await admin.get(path);
  t.regex(page.text, /It is not allocated: approvals and the waitlist skip it\./);
  const refused = await admin.submit(page, path, { reason: ' ' });
  t.is(refused.status, 422);
  t.is(await statusOf(world, '192.0.2.1'), 'free');
  t.is((await admin.submit(page, path, { reason: 'On a <b>blocklist</b>.' })).location, '/inventory?note=ip-withdrawn');
  const list = await admin.get('/inventory');
  t.regex(list.text, /US 1 IP 0 free .*1 out of stock.*192\.0\.2\.1 US Out of stock nobody none Put back/);
  const back = await admin.get(`/inventory/ips/${id}/return`);
  t.regex(back.text, /Since 23 Nov 2026, 09:00 UTC, by admin: On a <b>blocklist<\/b>\. .*It is free at once/);
  t.is((await admin.submit(back, `/inventory/ips/${id}/return`, { reason: 'Delisted.' })).status, 303);
  t.is(await statusOf(world, '192.0.2.1'), 'free');
  t.regex((await admin.get('/audit')).text, /put 192\.0\.2\.1 back into stock.*took 192\.0\.2\.1 out of stock/);
});

onBothEngines('a quarantine goes on for an IP that is put back before it is over', async (t, world) => {
  const { admin } = await staff(world);
  await freeIps(world, ['192.0.2.1']);
  const id = await idAt(world, '192.0.2.1');
  await world.db('ips').update({ status: 'quarantined', quarantined_until: world.now + DAY });
  const actor = { person: admin, at: world.now };
  t.true((await withdrawIp(world.db, actor, { id, reason: 'Looked at.' })).ok);
  t.true((await putIpBack(world.db, actor, { id, reason: 'All well.' })).ok);
  t.is(await statusOf(world, '192.0.2.1'), 'quarantined');
  t.true((await withdrawIp(world.db, actor, { id, reason: 'Looked at.' })).ok);
  t.true((await putIpBack(world.db, { ...actor, at: world.now + DAY }, { id, reason: 'All well.' })).ok);
  t.is(await statusOf(world, '192.0.2.1'), 'free');
});

onBothEngines('of two administrators at once on one IP one takes it out, and the other is told', async (t, world) => {
  const { staff: people } = await acmeWithIp(world);
  const id = await idAt(world, '192.0.2.2');
  const actor = { person: people.admin, at: world.now };
  const done = await Promise.all([1, 2, 3].map(() => withdrawIp(world.db, actor, { id, reason: 'On a blocklist.' })));
  t.deepEqual(done.map((one) => (one.ok ? 'done' : one.problem)).sort(), ['done', 'not-open', 'not-open']);
  t.is((await world.db('audit_events').where({ name: 'ip.withdrawn' })).length, 1);
  const taken = await idAt(world, '192.0.2.1');
  t.deepEqual(await withdrawIp(world.db, actor, { id: taken, reason: 'So.' }), { ok: false, problem: 'not-open' });
  t.deepEqual(await putIpBack(world.db, actor, { id: taken, reason: 'So.' }), { ok: false, problem: 'not-open' });
  const admin = await world.signedIn('admin@warmdesk.example');
  const late = await admin.post(`/inventory/ips/${taken}/withdrawal`, { reason: 'So.' });
  t.is(late.status, 409);
  t.regex(late.text, /It is allocated\. This is no longer possible/);
});

onBothEngines(
  'of a thousand addresses the one that is known is named, and more than fit are told at once',
  async (t, world) => {
    await staff(world);
    await freeIps(world, ['45.0.3.7']);
    const admin = await world.signedIn('admin@warmdesk.example');
    const add = (addresses: string) => admin.post('/inventory/ips', { addresses, region: 'us' });
    const known = await add('45.0.0.0/22');
    t.is(known.status, 422);
    t.regex(known.text, /holds 45\.0\.3\.7, which is in the inventory already\. Leave it out\./);
    const many = await add(Array.from({ length: 40 }, (_, nth) => `46.${nth}.0.0/22`).join('\n'));
    t.is(many.status, 422);
    t.regex(many.text, /There are 40,960 addresses; 1,024 fit at a time\./);
    t.is((await world.db('ips')).length, 1);
  },
);

onBothEngines('free are the IPs that nothing holds back, each counted once, by region', async (t, world) => {
  await make.ips(world, 'us', 4);
  await make.ips(world, 'eu', 2);
  const ips: { id: number; region: string }[] = await world.db('ips').orderBy('id').select('id', 'region');
  const [first, second, allocated] = ips.filter(({ region }) => region === 'us').map(({ id }) => id);
  const [other] = ips.filter(({ region }) => region === 'eu').map(({ id }) => id);
  await world.db('ips').where({ id: allocated }).update({ status: 'withdrawn' });
  const seen = { zone: 'zen.spamhaus.org', name: 'Spamhaus ZEN', codes: '127.0.0.2', found_at: 1, seen_at: 1 };
  const over = { ...seen, zone: 'bl.spamcop.net', gone_at: 2 };
  await world.db('ip_listings').insert([first, allocated, other].map((ip_id) => ({ ...seen, ip_id })));
  await world.db('ip_listings').insert({ ...over, ip_id: second });
  await world.db('ip_names').insert([
    { ip_id: first, is_sound: false, tried_at: 1, tries: 0 },
    { ip_id: second, is_sound: true, tried_at: 1, tries: 0 },
  ]);
  t.deepEqual(
    await countFreeIps(world.db),
    new Map([
      ['eu', 1],
      ['us', 2],
    ]),
  );
  await world.db('ip_listings').delete();
  await world.db('ip_names').delete();
});
