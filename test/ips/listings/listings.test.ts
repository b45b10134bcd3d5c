// Blocklists as the world has them: a name server on loopback is authoritative for their zones.
import { serveWaitlist } from '../../../src/requests/waitlist/background.ts';
import { askListsDue } from '../../../src/warmup/listings/background.ts';
import * as make from '../../support/make.ts';
import type { Zones } from '../../support/name-server.ts';
import { DAY, HOUR, onBothEngines, type World } from '../../support/world.ts';
import { publish } from '../../support/zone.ts';

const LISTS = ['zen.spamhaus.org', 'bl.spamcop.net', 'psbl.surriel.com'];

/** Zones in which every list works, and these addresses (as names in the zone) are listed. */
const zones = (listed: Zones = {}): Zones => ({
  ...Object.fromEntries(LISTS.map((zone) => [`2.0.0.127.${zone}`, { A: ['127.0.0.2'] }])),
  ...listed,
});
const name = (address: string, zone = 'zen.spamhaus.org') => `${address.split('.').toReversed().join('.')}.${zone}`;
const listing = (address: string, zone?: string, code = '127.0.0.2'): Zones => ({
  [name(address, zone)]: { A: [code] },
});

const ask = ({ db, deps }: World, now: () => number) => askListsDue({ db, dns: deps.dns, policy: deps.policy, now });
const askNow = (world: World) => ask(world, () => world.now);
const mailed = async ({ db }: World, template: string): Promise<string[]> =>
  (await db('outbox').where({ template }).orderBy('to_address')).map(({ to_address: to }) => to);

onBothEngines('an address is asked about when it enters stock, IPv4 and IPv6, and then every day', async (t, world) => {
  const server = await publish(t, world, zones());
  const { admin } = await make.staff(world);
  const visitor = await world.signedIn(admin.email);
  await visitor.post('/inventory/ips', { addresses: '8.8.4.4\n2a01:4f8::25', region: 'eu' });
  t.is(await askNow(world), 2);
  const nibbles = '5.2.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.f.4.0.1.0.a.2';
  for (const zone of LISTS)
    for (const asked of [`4.4.8.8.${zone}`, `${nibbles}.${zone}`]) t.true(server.asked.includes(`A ${asked}`), asked);
  t.is(await askNow(world), 0, 'not again at once');
  world.now += DAY;
  t.is(await askNow(world), 2);
  const { id } = await world.db('ips').where({ address: '8.8.4.4' }).first('id');
  const again = await world.signedIn(admin.email);
  t.regex((await again.get(`/ips/${id}/sending`)).text, /Not on Spamhaus ZEN, SpamCop or PSBL\./);
  t.is(await world.db('ip_listings').first(), undefined);
});

onBothEngines('nobody is asked about addresses for documentation', async (t, world) => {
  const server = await publish(t, world, zones());
  await world.db('ips').insert({ address: '203.0.113.7', region: 'us', status: 'free', created_at: world.now });
  t.is(await askNow(world), 1);
  t.deepEqual(server.asked, []);
});

onBothEngines(
  'a listed IP is told to staff once, shown, and given to nobody until it is off the list',
  async (t, world) => {
    const { admin, reviewer } = await make.staff(world);
    const [address = ''] = await make.ips(world, 'us', 1);
    const server = await publish(t, world, zones({ ...listing(address), ...listing(address, 'psbl.surriel.com') }));
    await askNow(world);
    t.deepEqual(await mailed(world, 'ip-listed'), [admin.email], 'who looks after the inventory');
    const { facts } = await world.db('outbox').where({ template: 'ip-listed' }).first();
    t.deepEqual(JSON.parse(facts).hits, [{ address, lists: ['Spamhaus ZEN', 'PSBL'], account: null, isPaused: false }]);
    const { id } = await world.db('ips').first('id');
    const visitor = await world.signedIn(reviewer.email);
    t.regex((await visitor.get(`/ips/${id}/sending`)).text, /On 2 blocklists\..*PSBL .* still listed 127\.0\.0\.2/);
    t.regex(
      (await visitor.get('/inventory')).text,
      /1 free IP is on a blocklist and will not be allocated\..*Listed: PSBL Listed: Spamhaus ZEN/,
    );

    const acme = await make.account(world);
    const request = await make.request(world, acme.admin);
    t.is((await make.decided(world, request)).request.status, 'waitlisted');
    world.now += DAY;
    await askNow(world);
    t.is((await mailed(world, 'ip-listed')).length, 1, 'a listing that goes on is not told again');

    server.zones = zones();
    world.now += DAY;
    await askNow(world);
    t.deepEqual(await world.db('ip_listings').pluck('gone_at'), [world.now, world.now]);
    const again = await world.signedIn(reviewer.email);
    t.regex((await again.get(`/ips/${id}/sending`)).text, /Not on Spamhaus ZEN.*PSBL/);
    const events = await world.db('audit_events').whereIn('name', ['ip.listed', 'ip.unlisted']).pluck('name');
    t.deepEqual(events.sort(), ['ip.listed', 'ip.listed', 'ip.unlisted', 'ip.unlisted']);
    t.is(await serveWaitlist(world.db, world.now), 1, 'who waited gets it');
  },
);

onBothEngines('before an approval the lists are asked, and a listed IP is passed over', async (t, world) => {
  const { reviewer } = await make.staff(world);
  const [first = '', second = ''] = await make.ips(world, 'us', 2);
  const server = await publish(t, world, zones());
  await askNow(world);
  server.zones = zones(listing(first));
  world.now += HOUR;
  const id = await approvedBy(world, reviewer.email);
  t.like(await world.db('requests').where({ id }).first(), { status: 'fulfilled' });
  t.deepEqual(await world.db('ips').where({ status: 'allocated' }).pluck('address'), [second]);
});

onBothEngines('before several are approved together the lists are asked as well', async (t, world) => {
  const { reviewer } = await make.staff(world);
  const [first = '', second = ''] = await make.ips(world, 'us', 2);
  const server = await publish(t, world, zones());
  await askNow(world);
  server.zones = zones(listing(first));
  world.now += HOUR;
  const id = await make.request(world, (await make.account(world)).admin);
  const visitor = await world.signedIn(reviewer.email);
  await visitor.submit(await visitor.get(`/review/approvals?request=${id}`), '/review/approvals', {});
  t.deepEqual(await world.db('ips').where({ status: 'allocated' }).pluck('address'), [second]);
});

onBothEngines('an approval does not wait for lists that were asked within the hour', async (t, world) => {
  const { reviewer } = await make.staff(world);
  await make.ips(world, 'us', 2);
  const server = await publish(t, world, zones());
  await askNow(world);
  server.asked.length = 0;
  world.now += HOUR - 1;
  await approvedBy(world, reviewer.email);
  t.deepEqual(server.asked, []);
  t.like(await world.db('requests').first(), { status: 'fulfilled' });
});

/** Acme's request for an IP, approved on the page. Returns its id. */
async function approvedBy(world: World, email: string): Promise<number> {
  const acme = await make.account(world);
  const id = await make.request(world, acme.admin);
  const visitor = await world.signedIn(email);
  const page = await visitor.get(`/review/WD-${1000 + id}`);
  await visitor.submit(page, `/review/WD-${1000 + id}/approval`, {});
  return id;
}

onBothEngines(
  'a refused question, a dead list and one that lists the world are not listings, and it is said',
  async (t, world) => {
    const { admin } = await make.staff(world);
    const [address = ''] = await make.ips(world, 'us', 1);
    await publish(t, world, {
      ...zones(listing(address, 'zen.spamhaus.org', '127.255.255.254')),
      [`2.0.0.127.bl.spamcop.net`]: {},
      ...listing(address, 'bl.spamcop.net'),
      [`1.0.0.127.psbl.surriel.com`]: { A: ['127.0.0.2'] },
      ...listing(address, 'psbl.surriel.com'),
    });
    await askNow(world);
    t.is(await world.db('ip_listings').first(), undefined);
    t.deepEqual(await mailed(world, 'ip-listed'), []);
    const { id } = await world.db('ips').first('id');
    const page = await (await world.signedIn(admin.email)).get(`/ips/${id}/sending`);
    t.regex(page.text, /Spamhaus ZEN refused the question \(127\.255\.255\.254\)\./);
    t.regex(page.text, /SpamCop does not list its test entry/);
    t.regex(page.text, /PSBL lists every address/);
    t.regex(page.text, /not all of them have answered yet/);
    world.now += HOUR;
    t.is(await askNow(world), 1, 'asked again within the hour');
  },
);

onBothEngines('a resolver that is away changes nothing, and says so', async (t, world) => {
  const { admin } = await make.staff(world);
  const [address = ''] = await make.ips(world, 'us', 1);
  const server = await publish(t, world, zones(listing(address)));
  await askNow(world);
  const before = await world.db('ip_listings');
  await server.stop();
  world.now += DAY;
  t.is(await askNow(world), 1);
  t.deepEqual(await world.db('ip_listings'), before);
  const { id } = await world.db('ips').first('id');
  const page = await (await world.signedIn(admin.email)).get(`/ips/${id}/sending`);
  t.regex(
    page.text,
    /On 1 blocklist\..*Not every list answered\. Spamhaus ZEN could not be asked: no resolver answers\./,
  );
  t.regex(page.text, /What was known before still holds/);
});

for (const policy of ['customerio', 'sendgrid'] as const) {
  const pauses = policy === 'customerio';
  onBothEngines(
    `${policy}: the listing of an IP that warms up ${pauses ? 'pauses it' : 'is told, and it goes on'}`,
    async (t, world) => {
      const { admin } = await make.staff(world);
      const acme = await make.account(world, { plan: pauses ? 'premium' : 'pro' });
      const [address = ''] = await make.ips(world, 'us', pauses ? 1 : 2);
      if (!pauses) await make.decided(world, await make.request(world, acme.admin, { automatedWarmup: false }));
      await make.decided(world, await make.request(world, acme.admin));
      await world.db('warmups').update({ status: 'running' });
      const warming = await world
        .db('allocations as a')
        .join('ips as i', 'i.id', 'a.ip_id')
        .where('a.status', 'warming')
        .first('i.address');
      await publish(t, world, zones(listing(warming.address)));
      await askNow(world);
      const { status, why } = await world.db('warmups').first();
      t.is(status, pauses ? 'paused' : 'running');
      t.is((await mailed(world, 'warmup-paused')).length > 0, pauses);
      t.deepEqual(await mailed(world, 'ip-listed'), [admin.email]);
      if (pauses) t.regex(why, /is on the blocklist Spamhaus ZEN: receivers that use it refuse mail from it\.$/);
      const holder = await world.signedIn(acme.admin.email);
      const { id } = await world.db('ips').where({ address: warming.address }).first('id');
      const page = await holder.get(`/ips/${id}/sending`);
      t.regex(page.text, /On 1 blocklist\./);
      t.notRegex(page.html, /zen\.spamhaus\.org/, 'a zone by contract has the key of the contract in it');
      t.truthy(address);
    },
    { POLICY: policy },
  );
}

onBothEngines('a listing ends with its list, also where the policy keeps no list at all', async (t, world) => {
  const [address = ''] = await make.ips(world, 'us', 1);
  await publish(t, world, zones({ ...listing(address), ...listing(address, 'psbl.surriel.com') }));
  await askNow(world);
  const { policy } = world.deps;
  const follow = async (zones: readonly string[]) => {
    const value = policy.document.blocklists.value.filter(({ zone }) => zones.includes(zone));
    const document = { ...policy.document, blocklists: { ...policy.document.blocklists, value } };
    Object.assign(world.deps, { policy: { ...policy, document } });
    world.now += DAY;
    await askNow(world);
    return world.db('ip_listings').whereNull('gone_at').pluck('name');
  };
  t.deepEqual(await follow(['psbl.surriel.com', 'bl.spamcop.net']), ['PSBL']);
  t.deepEqual(await follow([]), []);
  t.is(await askNow(world), 0, 'nothing is left to ask or to end');
});

onBothEngines('two processes that ask at once tell staff once', async (t, world) => {
  const { admin } = await make.staff(world);
  const [address = ''] = await make.ips(world, 'us', 1);
  await publish(t, world, zones(listing(address)));
  const both = [
    askNow(world),
    world
      .db('ips')
      .update({ lists_due_at: 0 })
      .then(() => askNow(world)),
  ];
  await Promise.all(both);
  t.deepEqual(await mailed(world, 'ip-listed'), [admin.email]);
  t.is((await world.db('ip_listings')).length, 1);
});
