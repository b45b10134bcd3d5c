// Linking a domain to a dedicated IP: a name server on loopback is authoritative for both directions.

import { lookAtDueNames } from '../../../src/ips/names/background.ts';
import { finishReleases } from '../../../src/release/background.ts';
import { serveWaitlist } from '../../../src/requests/waitlist/background.ts';
import { exportedFrom } from '../../../src/routing/export/input.ts';
import { postfixTransports } from '../../../src/routing/export/postfix.ts';
import { loadSenders } from '../../../src/routing/snapshot.ts';
import * as make from '../../support/make.ts';
import type { Zones } from '../../support/name-server.ts';
import { DAY, onBothEngines, type World } from '../../support/world.ts';
import { publish } from '../../support/zone.ts';

const SENDGRID = { POLICY: 'sendgrid' };
const HOST = 'o1.acme.test';

const look = ({ db, deps, now }: World) => lookAtDueNames({ db, dns: deps.dns, policy: deps.policy, now: () => now });
const reverse = (address: string, name: string): Zones => ({
  [`${address.split('.').toReversed().join('.')}.in-addr.arpa`]: { PTR: [name] },
});
const mailed = async ({ db }: World, template: string): Promise<string[]> =>
  (await db('outbox').where({ template }).orderBy('id')).map(({ to_address: to }) => to);
const heloOf = async ({ db, deps, now }: World, address: string): Promise<string | undefined> => {
  const senders = (await loadSenders(db)).values();
  const of = { policy: deps.policy.document, today: Math.floor(now / DAY), helo: 'desk.test' };
  const text = postfixTransports(exportedFrom(senders, of));
  const block = text.split(`ip-${address.replaceAll('.', '-')} unix`)[1] ?? '';
  return /smtp_helo_name=(\S+)/.exec(block)?.[1];
};

/** Acme, which has acme.test and an IP of its own, without warm-up. */
async function scene(world: World) {
  const { admin } = await make.staff(world);
  const acme = await make.account(world, { plan: 'pro' });
  await make.domain(world, acme.id, 'acme.test');
  const [address = ''] = await make.ips(world, 'us', 1);
  await make.decided(world, await make.request(world, acme.admin, { automatedWarmup: false }));
  const { id } = await world.db('ips').where({ address }).first('id');
  return { admin, acme, address, id: id as number, visitor: await world.signedIn(acme.admin.email) };
}

onBothEngines(
  'S-19: a domain is linked once PTR and A agree both ways, and mail servers then greet with its name',
  async (t, world) => {
    const { admin, acme, address, id, ...there } = await scene(world);
    let { visitor } = there;
    const server = await publish(t, world, {});
    const page = `/ips/${id}/name`;
    t.regex((await visitor.get('/ips')).text, /Link a domain/);
    t.is((await visitor.post(page, { name: HOST })).location, `${page}?note=name-asked`);
    t.is(await look(world), 1);
    t.true(server.asked.includes(`A ${HOST}`));
    t.true(server.asked.includes(`PTR ${address.split('.').toReversed().join('.')}.in-addr.arpa`));
    t.regex((await visitor.get(page)).text, /Not linked yet\. o1\.acme\.test has no A record\..*has no PTR record\./);
    t.is(await heloOf(world, address), `ip-${address.replaceAll('.', '-')}.desk.test`);

    server.zones = { [HOST]: { A: [address] } };
    for (let day = 0; day < 3; day += 1, world.now += DAY) await look(world);
    visitor = await world.signedIn(acme.admin.email);
    t.deepEqual(await mailed(world, 'ip-ptr-wanted'), [admin.email], 'the provider’s turn, told once');
    const staff = await world.signedIn(admin.email);
    const theirs = await staff.get(`/customers/${acme.id}${page}`);
    t.regex(theirs.text, /A record found Acme sets it.*PTR record not found we set it/);
    t.regex((await visitor.get(page)).text, /A record found you set it.*PTR record not found our staff set it/);

    server.zones = { ...server.zones, ...reverse(address, HOST) };
    t.is((await staff.post(`/customers/${acme.id}${page}/look`, {})).status, 303);
    t.is(await look(world), 1, 'looked at at once');
    t.like(await world.db('ip_links').first(), { status: 'linked', name: HOST });
    t.deepEqual(await mailed(world, 'ip-linked'), [acme.admin.email]);
    t.is(await heloOf(world, address), HOST);
    t.regex((await visitor.get('/ips')).text, /o1\.acme\.test/);
    t.is(await look(world), 0, 'not again before tomorrow');

    t.is((await visitor.post(`${page}/ending`, {})).status, 303);
    t.is(await heloOf(world, address), `ip-${address.replaceAll('.', '-')}.desk.test`);
    const history = await visitor.get('/history');
    t.regex(history.text, /ended the link of o1\.acme\.test.*linked o1\.acme\.test.*asked to link o1\.acme\.test/);
  },
  SENDGRID,
);

onBothEngines(
  'S-19: records that no longer agree are warned of once in a week, and the name stays in use',
  async (t, world) => {
    const { acme, address, id, visitor } = await scene(world);
    const right = { [HOST]: { A: [address] }, ...reverse(address, HOST) };
    const server = await publish(t, world, right);
    await visitor.post(`/ips/${id}/name`, { name: HOST });
    await look(world);
    server.zones = { ...right, ...reverse(address, 'isp.test') };
    for (let day = 0; day < 3; day += 1) {
      world.now += DAY;
      await look(world);
    }
    t.deepEqual(await mailed(world, 'ip-link-broken'), [acme.admin.email]);
    const { facts } = await world.db('outbox').where({ template: 'ip-link-broken' }).first();
    t.deepEqual(JSON.parse(facts).wrong, [`The PTR record of ${address} names isp.test, not ${HOST}.`]);
    t.is(await heloOf(world, address), HOST);
    const again = await world.signedIn(acme.admin.email);
    t.regex((await again.get(`/ips/${id}/name`)).text, /The records no longer agree\./);

    server.zones = right;
    world.now += DAY;
    await look(world);
    server.zones = {};
    world.now += DAY;
    await look(world);
    t.is((await mailed(world, 'ip-link-broken')).length, 1, 'not again within the week');
    server.zones = right;
    world.now += 7 * DAY;
    await look(world);
    server.zones = {};
    world.now += DAY;
    await look(world);
    t.is((await mailed(world, 'ip-link-broken')).length, 2);
  },
  SENDGRID,
);

onBothEngines(
  'S-19: an IP whose names do not agree is given to nobody until they do',
  async (t, world) => {
    const { admin } = await make.staff(world);
    const [address = ''] = await make.ips(world, 'us', 1);
    const server = await publish(t, world, reverse(address, 'ip1.desk.test'));
    t.is(await look(world), 1);
    const acme = await make.account(world, { plan: 'pro' });
    const request = await make.request(world, acme.admin, { automatedWarmup: false });
    t.is((await make.decided(world, request)).request.status, 'waitlisted');
    const staff = await world.signedIn(admin.email);
    const inventory = (await staff.get('/inventory')).text;
    t.regex(inventory, /1 of the free ones is given to nobody until PTR and address records agree/);
    t.regex(inventory, /names ip1\.desk\.test, which has no such address/);
    server.zones = { ...server.zones, 'ip1.desk.test': { A: [address] } };
    world.now += DAY;
    await look(world);
    t.is(await serveWaitlist(world.db, world.now), 1);
  },
  SENDGRID,
);

onBothEngines(
  'S-19: an IP that still carries the name of a former customer is held back, and its link ends with its release',
  async (t, world) => {
    const { address, id, visitor } = await scene(world);
    await publish(t, world, { [HOST]: { A: [address] }, ...reverse(address, HOST) });
    await visitor.post(`/ips/${id}/name`, { name: HOST });
    await look(world);
    await visitor.submit(await visitor.get(`/ips/${id}/release`), `/ips/${id}/release`, {});
    t.is(await heloOf(world, address), HOST, 'what drains still greets with it');
    world.now += 8 * DAY;
    await finishReleases(world.db, world.deps.policy.document, world.now);
    t.like(await world.db('ip_links').first(), { status: 'ended' });
    world.now += 31 * DAY;
    await finishReleases(world.db, world.deps.policy.document, world.now);
    t.like(await world.db('ips').first(), { status: 'free' });
    const bell = await make.account(world, { name: 'Bell', plan: 'pro' });
    const asked = await make.request(world, bell.admin, { automatedWarmup: false });
    t.is((await make.decided(world, asked)).request.status, 'waitlisted', 'also before DNS is asked again');
    t.is(await look(world), 1);
    const staff = await world.signedIn((await make.staff(world)).admin.email);
    t.regex((await staff.get('/inventory')).text, /still names o1\.acme\.test, the host of a customer who had it/);
  },
  SENDGRID,
);

onBothEngines(
  'S-19: a name that is sent twice at once is linked once',
  async (t, world) => {
    const { id, visitor } = await scene(world);
    const sent = await Promise.all([1, 2, 3].map(() => visitor.post(`/ips/${id}/name`, { name: HOST })));
    t.deepEqual(
      sent.map(({ status }) => status),
      [303, 303, 303],
    );
    t.is((await world.db('ip_links')).length, 1);
  },
  SENDGRID,
);

onBothEngines(
  'S-19: IPv6 is linked by its AAAA record, and a PTR record behind an alias (RFC 2317) counts',
  async (t, world) => {
    const { address, id, visitor } = await scene(world);
    const [last, ...rest] = address.split('.').toReversed();
    const alias = `${last}.0-25.${rest.join('.')}.in-addr.arpa`;
    await publish(t, world, {
      [`${last}.${rest.join('.')}.in-addr.arpa`]: { CNAME: alias },
      [alias]: { PTR: [HOST] },
      [HOST]: { A: [address] },
    });
    await visitor.post(`/ips/${id}/name`, { name: HOST });
    await look(world);
    t.like(await world.db('ip_links').first(), { status: 'linked' });

    await world.db('ips').where({ id }).update({ address: '2a01:4f8::25' });
    const nibbles = '5.2.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.f.4.0.1.0.a.2';
    await publish(t, world, { [`${nibbles}.ip6.arpa`]: { PTR: [HOST] }, [HOST]: { AAAA: ['2a01:4f8::25'] } });
    world.now += DAY;
    await look(world);
    const { is_sound } = await world.db('ip_names').first('is_sound');
    t.true(Boolean(is_sound));
  },
  SENDGRID,
);

onBothEngines(
  'S-19: a resolver that is away changes nothing, and a removed domain ends its link',
  async (t, world) => {
    const { acme, address, id, visitor } = await scene(world);
    const late = await make.domain(world, acme.id, 'late.test');
    const host = 'o1.late.test';
    const server = await publish(t, world, { [host]: { A: [address] }, ...reverse(address, host) });
    await visitor.post(`/ips/${id}/name`, { name: host });
    await look(world);
    await server.stop();
    world.now += DAY;
    await look(world);
    t.like(await world.db('ip_links').first(), { status: 'linked' });
    const again = await world.signedIn(acme.admin.email);
    t.regex((await again.get(`/ips/${id}/name`)).text, /Linked\..*Our own resolver could not be reached/);

    const removal = `/domains/${late.id}/removal`;
    await again.submit(await again.get(removal), removal, {});
    t.like(await world.db('ip_links').first(), { status: 'ended' });
  },
  SENDGRID,
);

const WRONG: readonly (readonly [typed: string, says: RegExp])[] = [
  ['', /Host name is missing/],
  ['https://o1.acme.test/', /Host name must be a name like/],
  ['198.18.0.1', /Host name must be a name like/],
  ['acme', /Host name must be a name like/],
  [`${'a'.repeat(64)}.acme.test`, /Host name must be a name like/],
  [`${'a.'.repeat(123)}acme.test`, /Host name must be a name like/],
  ['o1.other.test', /not at or below a domain of Acme/],
  ['o1.notacme.test', /not at or below a domain of Acme/],
  ['test', /Host name must be a name like/],
];

onBothEngines(
  'S-19: a name that cannot be linked is refused at its field, kept as typed, and changes nothing',
  async (t, world) => {
    const { id, visitor } = await scene(world);
    for (const [typed, says] of WRONG) {
      const answer = await visitor.post(`/ips/${id}/name`, { name: typed });
      t.is(answer.status, 422, typed);
      t.regex(answer.text, says, typed);
      t.true(answer.html.includes(`value="${typed}"`), typed);
    }
    t.is(await world.db('ip_links').first(), undefined);
    t.is((await visitor.post(`/ips/${id}/name`, { name: 'O1.ACME.test.' })).status, 303, 'another writing of it');
    t.like(await world.db('ip_links').first(), { name: HOST });
    await visitor.post(`/ips/${id}/name/look`, {});
    t.is((await visitor.post(`/ips/${id}/name/look`, {})).location, `/ips/${id}/name?note=name-again`);
  },
  SENDGRID,
);

onBothEngines(
  'S-19: of two who link a name at once one link is left',
  async (t, world) => {
    const { acme, id, visitor } = await scene(world);
    const other = await world.signedIn(acme.billing.email);
    const answers = await Promise.all([
      visitor.post(`/ips/${id}/name`, { name: HOST }),
      other.post(`/ips/${id}/name`, { name: `o2.${HOST}` }),
    ]);
    t.true(answers.some(({ status }) => status === 303));
    t.is((await world.db('ip_links').whereNot({ status: 'ended' })).length, 1);
  },
  SENDGRID,
);

onBothEngines('a policy without S-19 has no such page, and asks nobody about names', async (t, world) => {
  const server = await publish(t, world, {});
  const acme = await make.account(world);
  await make.ips(world, 'us', 2);
  await make.decided(world, await make.request(world, acme.admin));
  const { ip_id: id } = await world.db('allocations').first('ip_id');
  const visitor = await world.signedIn(acme.admin.email);
  t.notRegex((await visitor.get('/ips')).text, /Link a domain/);
  t.is((await visitor.get(`/ips/${id}/name`)).location, '/ips');
  t.is((await visitor.post(`/ips/${id}/name`, { name: 'shop.acme.example' })).location, '/ips');
  t.notRegex((await visitor.get('/policy')).text, /PTR/);
  t.is(await look(world), 0);
  t.deepEqual(server.asked, []);
  t.is(await world.db('ip_links').first(), undefined);
});
