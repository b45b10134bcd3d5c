// S-27: which addresses may reach the console and the API, tried from several of them, behind a proxy that names them.
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { promisify } from 'node:util';
import type { ExecutionContext } from 'ava';
import { createApp } from '../../src/app.ts';
import { addSystem } from '../../src/systems/actions.ts';
import { startRouter } from '../routing/mail-server.ts';
import * as make from '../support/make.ts';
import type { Visitor } from '../support/visitor.ts';
import { onBothEngines, PASSWORD, type World } from '../support/world.ts';

const OFFICE = '203.0.113.7';
const HOME = '198.51.100.99';
const OFFICE_RANGE = '203.0.113.0/24';
const run = promisify(execFile);

/** The same application behind one proxy, which names its clients. Returns its address. */
async function behindProxy(t: ExecutionContext, world: World): Promise<string> {
  const config = { ...world.deps.config, trustProxy: 1 };
  const server = createServer(createApp({ ...world.deps, config })).listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.teardown(() => {
    server.close();
    server.closeAllConnections();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const from = (address: string) => ({ 'x-forwarded-for': address });

/** Signs in from an address; the answer tells whether it went well. */
const signInFrom = (visitor: Visitor, email: string, address: string, password = PASSWORD) =>
  visitor.post('/sign-in', { email, password }, from(address));

type Sitting = { readonly visitor: Visitor; readonly url: string };

async function sit(t: ExecutionContext, world: World, email: string, address = OFFICE): Promise<Sitting> {
  const url = await behindProxy(t, world);
  const visitor = world.visitor().at(url);
  const { status } = await signInFrom(visitor, email, address);
  if (status !== 303) throw new Error(`${email} could not sign in from ${address}`);
  return { visitor, url };
}

const STAFF_LIST = '/settings/addresses/staff';
const API_LIST = '/settings/addresses/mail-systems';

async function limit(visitor: Visitor, action: string, ranges: string, address = OFFICE) {
  const page = await visitor.get(action.replace(/\/(staff|mail-systems)$/, ''), from(address));
  return visitor.submit(page, action, { ranges }, from(address));
}

onBothEngines('S-27: staff are let in from the listed addresses alone, open sessions too', async (t, world) => {
  const { admin, reviewer } = await make.staff(world);
  const { admin: owner } = await make.account(world);
  const { visitor, url } = await sit(t, world, admin.email);
  const atHome = world.visitor().at(url);
  t.is((await signInFrom(atHome, reviewer.email, HOME)).status, 303);
  t.is(
    (await limit(visitor, STAFF_LIST, `${OFFICE_RANGE}\n2001:db8::/48`)).location,
    '/settings/addresses?note=settings-saved',
  );
  const refused = await atHome.get('/review', from(HOME));
  t.is(refused.status, 403);
  t.regex(refused.text, /Not from where you are.*certain addresses only.*name [0-9a-f]{8}/);
  t.notRegex(refused.text, /203\.0\.113|reviewer|Queue/, 'nothing beyond');
  t.is((await atHome.post('/review/WD-1/notes', { note: 'x' }, from(HOME))).status, 403);
  for (const address of [OFFICE, `::ffff:${OFFICE}`, '2001:db8::77'])
    t.is((await atHome.get('/review', from(address))).status, 200, address);
  for (const odd of ['2001:db9::1', 'unknown', `${OFFICE}:4711`, ''])
    t.is((await atHome.get('/review', from(odd))).status, 403, odd);
  t.is(
    (await atHome.get('/review', from(`${OFFICE}, ${HOME}`))).status,
    403,
    'what the client adds itself does not count',
  );
  t.is((await signInFrom(world.visitor().at(url), owner.email, HOME)).status, 303, 'customers are not limited by it');
});

onBothEngines(
  'S-27: a refused request is one line of the log, with the person, the address and the reference',
  async (t, world) => {
    const { admin, reviewer } = await make.staff(world);
    const { visitor, url } = await sit(t, world, admin.email);
    const atHome = world.visitor().at(url);
    await signInFrom(atHome, reviewer.email, HOME);
    await limit(visitor, STAFF_LIST, OFFICE_RANGE);
    world.logLines.length = 0;
    const refused = await atHome.get('/review', from(HOME));
    const [line, ...more] = world.logLines.map((one) => JSON.parse(one));
    t.deepEqual(more, []);
    t.like(line, { path: '/review', status: 403, person: reviewer.id, refusedFrom: HOME });
    t.is(line.requestId, refused.headers.get('x-request-id'));
  },
);

onBothEngines('S-27: from a wrong place a right password and a wrong one get the same answer', async (t, world) => {
  const { admin, reviewer } = await make.staff(world);
  const { visitor, url } = await sit(t, world, admin.email);
  const plain = await signInFrom(world.visitor().at(url), reviewer.email, HOME, 'wrong password');
  t.notRegex(plain.text, /from where you are/, 'without any limit nothing is said of one');
  await limit(visitor, STAFF_LIST, OFFICE_RANGE);
  const tell = async (password: string) => {
    const answer = await signInFrom(world.visitor().at(url), reviewer.email, HOME, password);
    return [answer.status, answer.text.replace(/page [0-9a-f]{8}/, ''), answer.headers.getSetCookie().length];
  };
  const right = await tell(PASSWORD);
  t.deepEqual(right, await tell('wrong password'));
  t.regex(String(right[1]), /or this account cannot be reached from where you are/);
  t.is((await world.db('sessions').where({ person_id: reviewer.id })).length, 0);
});

onBothEngines('S-27: a session from a wrong place can sign out, and in as somebody else', async (t, world) => {
  const { admin, reviewer } = await make.staff(world);
  const { admin: owner } = await make.account(world);
  const { visitor, url } = await sit(t, world, admin.email);
  const atHome = world.visitor().at(url);
  await signInFrom(atHome, reviewer.email, HOME);
  await limit(visitor, STAFF_LIST, OFFICE_RANGE);
  t.is((await atHome.get('/sign-in', from(HOME))).status, 200);
  t.is((await signInFrom(atHome, owner.email, HOME)).status, 303);
  t.is((await atHome.get('/domains', from(HOME))).status, 200);
});

onBothEngines(
  'S-27: a list that would lock out who makes it, or cannot be read, is rejected at its field',
  async (t, world) => {
    const { admin } = await make.staff(world);
    const { visitor } = await sit(t, world, admin.email);
    for (const [ranges, sentence] of [
      ['198.51.100.0/24', /This list would lock you out: you are at 203\.0\.113\.7/],
      ['203.0.113.9/24', /Line 1: 203\.0\.113\.9\/24 begins in the middle/],
      ['nonsense\n203.0.113.7', /Line 1: nonsense is not an address/],
      ['203.0.113.7\n'.repeat(101), /There are 101 lines; 100 fit/],
    ] as const) {
      const answer = await limit(visitor, STAFF_LIST, ranges);
      t.is(answer.status, 422);
      t.regex(answer.text, sentence);
      t.true(answer.html.includes(`>\n${ranges.trim().split('\n')[0]}`), 'what was typed is kept');
    }
    t.deepEqual(await world.db('address_limits'), []);
    t.is((await limit(visitor, API_LIST, '10.0.0.0/8')).status, 303, 'mail systems are elsewhere');
    t.regex((await visitor.get('/settings/addresses', from(OFFICE))).text, /You are at 203\.0\.113\.7/);
  },
);

onBothEngines('S-27: the API answers from the listed addresses alone, whatever the token', async (t, world) => {
  const { admin } = await make.staff(world);
  const { visitor, url } = await sit(t, world, admin.email);
  const made = await addSystem(world.db, { person: admin, at: world.now }, 'mx1');
  const token = made.ok ? made.value.token : '';
  const ask = (address: string, bearer: string) =>
    fetch(`${url}/api/v1/allocations`, { headers: { ...from(address), authorization: `Bearer ${bearer}` } });
  t.is((await ask(HOME, token)).status, 200);
  await limit(visitor, API_LIST, '10.0.0.0/8');
  world.logLines.length = 0;
  const answers = await Promise.all([token, 'wd_wrong'].map((bearer) => ask(HOME, bearer)));
  for (const answer of answers) {
    t.is(answer.status, 403);
    const { error } = (await answer.json()) as { error: { message: string; reference: string } };
    t.regex(error.message, /^Not from this address\. The API can be reached from certain addresses only/);
    t.is(answer.headers.get('x-request-id'), error.reference);
  }
  t.is(world.logLines.filter((line) => JSON.parse(line).refusedFrom === HOME).length, 2);
  t.is((await ask('10.2.3.4', token)).status, 200);
  t.is((await ask('10.2.3.4', 'wd_wrong')).status, 401);
  t.is((await visitor.get('/review', from(HOME))).status, 200, 'staff are not limited by it');
});

onBothEngines('S-27: the router’s own listener follows the list of mail systems', async (t, world) => {
  t.timeout(600_000);
  const { admin } = await make.staff(world);
  const made = await addSystem(world.db, { person: admin, at: world.now }, 'mx1');
  const headers = { authorization: `Bearer ${made.ok ? made.value.token : ''}` };
  const { visitor } = await sit(t, world, admin.email);
  await limit(visitor, API_LIST, '10.0.0.0/8');
  const question = 'api/v1/route?sender=a%40none.example&to=b%40none.example';
  const asked = async () => {
    const router = await startRouter(t, world.databaseUrl, ['--http', '0']);
    return fetch(`http://127.0.0.1:${router.http}/${question}`, { headers });
  };
  const refused = await asked();
  t.is(refused.status, 403);
  t.regex(await refused.text(), /The API can be reached from certain addresses only/);
  await limit(visitor, API_LIST, '127.0.0.1');
  t.not((await asked()).status, 403);
});

onBothEngines('S-27: a customer limits its own people; staff lift it for one that is locked out', async (t, world) => {
  const { admin } = await make.staff(world);
  const acme = await make.account(world);
  const other = await make.account(world);
  const { visitor, url } = await sit(t, world, acme.admin.email);
  t.is((await limit(visitor, '/addresses', OFFICE)).location, '/addresses?note=settings-saved');
  t.is((await signInFrom(world.visitor().at(url), acme.member.email, HOME)).status, 422);
  t.is((await signInFrom(world.visitor().at(url), acme.member.email, OFFICE)).status, 303);
  t.is((await signInFrom(world.visitor().at(url), other.member.email, HOME)).status, 303);
  t.is((await visitor.get('/domains', from(HOME))).status, 403);
  const page = `/customers/${acme.id}/addresses`;
  const desk = await world.signedIn(admin.email);
  t.regex((await desk.get(page)).text, /Acme lets its people sign in from 203\.0\.113\.7/);
  t.is((await desk.post(`${page}/lifting`, {})).location, `${page}?note=limit-lifted`);
  t.is((await visitor.get('/domains', from(HOME))).status, 200);
  t.is((await desk.post(`${page}/lifting`, {})).status, 303, 'a second time changes nothing');
  const mails = await world.db('outbox').where({ template: 'team-changed' });
  t.deepEqual(
    mails.map((mail) => mail.to_address),
    [acme.admin.email],
  );
  t.regex(mails[0].facts, /lifted the limit on the addresses of Acme/);
  const events = await world.db('audit_events').where({ name: 'addresses.changed', account_id: acme.id }).orderBy('id');
  t.deepEqual(
    events.map((one) => [one.actor_id, JSON.parse(one.facts).after]),
    [
      [acme.admin.id, [OFFICE]],
      [admin.id, []],
    ],
  );
});

onBothEngines('R-05, S-27: nobody of the staff lifts the limit of their own account', async (t, world) => {
  const { admin } = await make.staff(world);
  const acme = await make.account(world);
  const both = await make.person(world, {
    ...{ email: 'both@acme.example', accountId: acme.id, accountRole: 'member', staffRole: 'admin' },
  });
  const owner = await world.signedIn(acme.admin.email);
  await limit(owner, '/addresses', '127.0.0.0/8');
  const page = `/customers/${acme.id}/addresses`;
  const visitor = await world.signedIn(both.email);
  const shown = await visitor.get(page);
  t.regex(shown.text, /This is your own account; ask a colleague/);
  t.notRegex(shown.html, /\/lifting"/, 'there is nothing to press');
  const refused = await visitor.post(`${page}/lifting`, {});
  t.is(refused.status, 409);
  t.regex(refused.text, /Somebody else has to lift it.*127\.0\.0\.0\/8|127\.0\.0\.0\/8.*Somebody else has to lift it/);
  t.is((await (await world.signedIn(admin.email)).post(`${page}/lifting`, {})).location, `${page}?note=limit-lifted`);
});

onBothEngines('S-27: somebody of a customer and of the staff needs to be let in by both lists', async (t, world) => {
  const { admin } = await make.staff(world);
  const acme = await make.account(world);
  const who = { email: 'both@acme.example', accountId: acme.id, accountRole: 'member', staffRole: 'reviewer' } as const;
  const both = await make.person(world, who);
  const { visitor, url } = await sit(t, world, admin.email);
  const { visitor: owner } = await sit(t, world, acme.admin.email);
  await limit(visitor, STAFF_LIST, OFFICE_RANGE);
  await limit(owner, '/addresses', OFFICE);
  t.is((await signInFrom(world.visitor().at(url), both.email, '203.0.113.8')).status, 422);
  t.is((await signInFrom(world.visitor().at(url), both.email, OFFICE)).status, 303);
});

onBothEngines('S-27: of two who change one list at once, one is told and sees the other’s', async (t, world) => {
  const { admin } = await make.staff(world);
  const { visitor } = await sit(t, world, admin.email);
  const page = await visitor.get('/settings/addresses', from(OFFICE));
  const lists = [OFFICE, OFFICE_RANGE];
  const answers = await Promise.all(lists.map((ranges) => visitor.submit(page, STAFF_LIST, { ranges }, from(OFFICE))));
  t.deepEqual(answers.map(({ status }) => status).toSorted(), [303, 409]);
  const told = answers.find(({ status }) => status === 409);
  t.regex(told?.text ?? '', /Somebody else changed this list meanwhile/);
  t.is((await world.db('address_limits')).length, 1);
});

onBothEngines(
  'S-27: at the server’s console the limits of staff and API are lifted beside a running desk',
  async (t, world) => {
    t.timeout(600_000);
    const { admin } = await make.staff(world);
    const acme = await make.account(world);
    const { visitor } = await sit(t, world, admin.email);
    const { visitor: owner } = await sit(t, world, acme.admin.email);
    await limit(visitor, API_LIST, '10.0.0.0/8');
    await limit(visitor, STAFF_LIST, OFFICE);
    await limit(owner, '/addresses', OFFICE);
    t.is((await visitor.get('/review', from(HOME))).status, 403);
    const { PATH = '', HOME: home = '' } = process.env;
    const env = { PATH, HOME: home, DATABASE_URL: world.databaseUrl };
    const lift = () => run(process.execPath, ['src/cli/admin.ts', 'lift-address-limits'], { env });
    const { stdout } = await lift();
    t.regex(stdout, /^The addresses of the staff are not limited any more\.$/m);
    t.regex(stdout, /^The addresses of mail systems are not limited any more\.$/m);
    t.regex(stdout, /^Customers with a limit of their own: 1\./m);
    t.is((await visitor.get('/review', from(HOME))).status, 200);
    t.is((await owner.get('/domains', from(HOME))).status, 403);
    t.regex((await lift()).stdout, /^No limit was set/);
    const events = await world.db('audit_events').where({ name: 'addresses.changed', actor_id: null });
    t.is(events.length, 2);
    t.true((await world.db('outbox').where({ template: 'team-changed', to_address: admin.email })).length >= 2);
  },
);
