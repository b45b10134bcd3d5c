// Every object by its id, asked for by an admin of another customer: it is not there, and nothing changes.
import type { ExecutionContext } from 'ava';
import { allRoutes } from '../../src/app.ts';
import { keepRejected } from '../../src/rejected/actions.ts';
import { keepTyped } from '../../src/requests/customer/store-typed.ts';
import { attached } from '../support/attaching.ts';
import { everythingStored } from '../support/dump.ts';
import * as make from '../support/make.ts';
import { keptUpload } from '../support/reporting.ts';
import type { Answer, Visitor } from '../support/visitor.ts';
import { onBothEngines, type World } from '../support/world.ts';

/** Where an address leads once what it named is gone: a checked form to the empty one. Another person's has to do the same. */
const leadsOf = (path: string): string | undefined => {
  if (path === '/rejected/:key') return '/?note=rejected-gone';
  // A session that has ended meanwhile is nobody's: its owner reads that it is over.
  if (path.endsWith('/sessions/:session/ending')) return '/profile/sign-in?note=session-over';
  const [, kind] = /^\/requests\/([a-z-]+)\/:token$/.exec(path) ?? [];
  return kind === undefined ? undefined : `/requests/new/${kind}`;
};

onBothEngines(
  'what is another customer’s, a parent’s or a sibling’s is not found, whatever the address',
  async (t, world) => {
    const { acme, other, labs, ids, tokens } = await scene(world);
    const visitors = [await world.signedIn(other.admin.email), await world.signedIn(labs.admin.email)];
    const guarded = allRoutes(world.deps).filter(
      ({ may, path }) =>
        may !== 'anyone' && may !== 'mail system' && (path.includes(':') || path.startsWith('/requests/new/')),
    );
    t.true(guarded.length > 100);
    const before = await everythingStored(world.db);
    for (const { method, path } of guarded) {
      for (const address of addressesOf(path, ids, tokens)) {
        for (const visitor of visitors) {
          const ask = () => (method === 'get' ? visitor.get(address) : visitor.post(address, BODY));
          await asIfNotThere(t, await ask(), { path, what: `${method} ${address}`, name: acme.name });
        }
      }
    }
    t.deepEqual(await everythingStored(world.db), before);
    const key = String(ids['sessions/:session']);
    t.truthy(await world.db('sessions').where({ id: key }).first(), 'a session goes on');
  },
);

onBothEngines('below a customer nothing of another one is found, for staff who may do everything', async (t, world) => {
  const { acme, other, ids } = await scene(world);
  const visitor = await world.signedIn((await make.staff(world)).admin.email);
  const nested = allRoutes(world.deps).filter(
    ({ path }) => path.startsWith('/customers/:id/') && path.split('/:').length > 2,
  );
  t.true(nested.length > 25);
  const before = await everythingStored(world.db);
  for (const { method, path } of nested) {
    const [own = ''] = addressesOf(path, ids);
    if (method === 'get') t.true([200, 303].includes((await visitor.get(own)).status), `${own} is there`);
    const [address = ''] = addressesOf(path, { ...ids, 'customers/:id': String(other.id) });
    const answer = method === 'get' ? await visitor.get(address) : await visitor.post(address, BODY);
    await notFound(t, answer, `${method} ${address}`, acme.name);
  }
  t.deepEqual(await everythingStored(world.db), before);
});

onBothEngines('people are found only where they belong: with their account, or with the staff', async (t, world) => {
  const { acme, ids } = await scene(world);
  const { admin, reviewer } = await make.staff(world);
  const wrong = [
    { email: admin.email, below: '/staff/', 'staff/:person': String(acme.member.id) },
    { email: admin.email, below: '/customers/:id/people/', 'people/:person': String(reviewer.id) },
    { email: acme.admin.email, below: '/people/', 'people/:person': String(reviewer.id) },
  ];
  for (const { email, below, ...other } of wrong) {
    const visitor = await world.signedIn(email);
    const before = await everythingStored(world.db);
    const routes = allRoutes(world.deps).filter(({ path }) => path.startsWith(below) && path.includes(':person'));
    t.true(routes.length > 3, below);
    for (const { method, path } of routes) {
      const [address = ''] = addressesOf(path, { ...ids, ...other });
      const answer = method === 'get' ? await visitor.get(address) : await visitor.post(address, BODY);
      t.is(answer.status, 404, `${email}: ${method} ${address}`);
    }
    t.deepEqual(await everythingStored(world.db), before);
  }
});

onBothEngines('another customer’s domain cannot be asked for in a form', async (t, world) => {
  const { acme, other, ids } = await scene(world);
  const visitor = await world.signedIn(other.admin.email);
  const own = String(other.domains[0]?.id);
  const foreign = String(ids['domains/:id']);
  const before = await everythingStored(world.db);
  for (const [path, field] of Object.entries(FORMS)) {
    const lists = field === 'domains' ? [[foreign], [own, foreign]] : [[foreign]];
    for (const chosen of lists) {
      for (const step of ['check', 'send']) {
        const body = { ...FORM, [field]: chosen, step, formToken: make.formToken() };
        await notFound(t, await visitor.post(path, body), `${path} ${step} ${chosen}`, acme.name);
      }
    }
  }
  t.deepEqual(await everythingStored(world.db), before);
});

onBothEngines('no page of a customer names another one', async (t, world) => {
  const { acme, other } = await scene(world);
  const visitor = await world.signedIn(other.admin.email);
  const pages = [
    '/',
    '/requests',
    '/domains',
    '/ips',
    '/sending',
    '/history',
    '/requests/new/dedicated-ips',
    '/policy',
    '/profile',
  ];
  const foreign = await world.db('requests').where({ account_id: acme.id }).first('form_token');
  const answers = await Promise.all(pages.map((path) => visitor.get(path)));
  const again = { ...FORM, domains: String(other.domains[0]?.id), step: 'send', formToken: foreign.form_token };
  for (const answer of [...answers, await visitor.post('/requests/dedicated-ips', again)]) {
    t.notRegex(answer.html, /acme|WD-100[12]\b/i);
  }
});

onBothEngines('ids that nothing has are not found, no matter who asks', async (t, world) => {
  const { acme, ids } = await scene(world);
  const customer = await world.signedIn(acme.admin.email);
  const staff = await world.signedIn((await make.staff(world)).admin.email);
  const before = await everythingStored(world.db);
  for (const { method, path, may } of allRoutes(world.deps).filter((route) => route.path.includes(':'))) {
    if (may === 'mail system') continue;
    const visitor = /^\/(requests|domains|people)/.test(path) ? customer : staff;
    for (const odd of path.includes(':reference') ? ODD_REFERENCES : ODD_IDS) {
      const address = path.replace(/:\w+/, odd);
      const answer = method === 'get' ? await visitor.get(address) : await visitor.post(address, BODY);
      const what = `${may}: ${method} ${address}: ${answer.status}`;
      const form = leadsOf(path);
      // A reference that ends in nothing is another page's address.
      if (form === undefined || answer.status !== 303) t.true([400, 404].includes(answer.status), what);
      else t.is(answer.location, form, what);
    }
  }
  for (const query of ODD_QUERIES) await oddQuery(t, customer, query);
  t.deepEqual(await everythingStored(world.db), before);
  t.is((await customer.get(`/requests/new/dedicated-ips?domain=${ids['domains/:id']}`)).status, 200);
});

async function oddQuery(t: ExecutionContext, visitor: Visitor, query: string): Promise<void> {
  for (const path of ['/requests/new/dedicated-ips', '/requests/new/transactional-pool']) {
    t.is((await visitor.get(`${path}?${query}`)).status, 404, `${path}?${query}`);
  }
}

const ODD_IDS = ['0', '-1', '007', '1.5', '1e3', '999999999', '2147483648', '99999999999999999999', '%00', '%EF%BC%91'];
const ODD_REFERENCES = [
  ...ODD_IDS,
  'WD-1000',
  'WD-0',
  'WD-9999',
  'WD-2147484649',
  'WD-9999999999',
  'WD-1001%00',
  'WD-',
];
const ODD_QUERIES = ['0', '-1', '1.5', '1e3', '2147483648', '99999999999999999999', '%00', 'x', '%EF%BC%91'].flatMap(
  (odd) => [`domain=${odd}`, `from=${odd}`, `from=WD-${odd}`],
);

/** The forms whose bodies carry ids; each with its field. */
const FORMS: Readonly<Record<string, string>> = {
  '/requests/dedicated-ips': 'domains',
  '/requests/transactional-pool': 'domain',
};

const BODY = {
  role: 'admin',
  from: 'member',
  email: 'mine@other.example',
  answer: 'Mine',
  reason: 'Mine',
  question: 'Mine?',
  note: 'Mine',
  seen: '{}',
  approvedCount: '1',
};
const FORM = {
  ipCount: '1',
  weeklyVolume: '70,000',
  stream: 'both',
  region: 'us',
  startsOn: '2026-12-01',
  sends: 'News.',
  signup: 'Shop.',
  samples: 'Your order',
  confirmed: 'yes',
  shownCents: '0',
};

/** What an address names, by the segment before it: each address of the route table has to be made of these. */
type Ids = Readonly<Record<string, string>>;

/** The addresses of a route with these ids in them. Throws where the route names something that this test does not know. */
function addressesOf(path: string, ids: Ids, tokens: readonly string[] = []): string[] {
  if (path.includes(':token')) return tokens.map((token) => path.replace(':token', token));
  if (path.startsWith('/requests/new/'))
    return [`${path}?domain=${ids['domains/:id']}`, `${path}?from=${ids['requests/:reference']}`];
  const address = path.replace(/([\w-]+)\/(:\w+)/g, (name, segment: string) => {
    const id = ids[name];
    if (id === undefined) throw new Error(`${path}: say whose ${name} somebody else asks for`);
    return `${segment}/${id}`;
  });
  return [address];
}

async function asIfNotThere(
  t: ExecutionContext,
  answer: Answer,
  { path, what, name }: { path: string; what: string; name: string },
): Promise<void> {
  const form = leadsOf(path);
  if (form === undefined) return notFound(t, answer, what, name);
  t.like(answer, { status: 303, location: form }, what);
  t.false(answer.html.toLowerCase().includes(name.toLowerCase()), what);
}

async function notFound(t: ExecutionContext, answer: Answer, what: string, name: string): Promise<void> {
  t.is(answer.status, 404, what);
  t.false(answer.html.toLowerCase().includes(name.toLowerCase()), what);
}

/** Acme with a request of each kind, an IP in warm-up, mails and two subusers; another customer with domains alone. */
async function scene(world: World) {
  const acme = await make.account(world, { name: 'Acme' });
  const other = await make.account(world, { name: 'Other' });
  await make.staff(world);
  await make.ips(world, 'us', 2);
  await make.requestIn(world, 'fulfilled', acme.admin);
  const request = await make.requestIn(world, 'needs_info', acme.admin);
  const warmup = await world.db('warmups').first('id');
  const { ip_id: ip } = await world.db('allocations').first('ip_id');
  const mail = await world.db('outbox').orderBy('id').first('id');
  await world.db('outbox').where({ id: mail.id }).update({ status: 'failed', next_at: null });
  const [draft] = await world.db('request_drafts').insert(make.draftRow(acme)).returning('id');
  const waiting = { account_id: acme.id, name: 'waits.test', usage: 'both', token: 't', created_at: 0 };
  const [pending] = await world.db('pending_domains').insert(waiting).returning('id');
  const tokens = [(await world.db('requests').where({ id: request }).first('form_token')).form_token as string];
  for (const [kind, typed] of [['dedicated_ip', FORM] as const, ['transactional_pool', FORM] as const]) {
    const token = make.formToken();
    await keepTyped(world.db, { token, personId: acme.admin.id, kind, typed }, world.now);
    tokens.push(token);
  }
  const imported = { kind: 'customers', file: 'a.csv', items: 1, done: 1, invites: false, made_by: acme.admin.id };
  const [done] = await world
    .db('imports')
    .insert({ ...imported, made_at: 0, finished_at: 1 })
    .returning('id');
  const uploaded = await keptUpload(world);
  const mx = { name: 'mx1', token_hash: 'x', token_start: 'wd_abcd', made_at: 0 };
  const [system] = await world.db('mail_systems').insert(mx).returning('id');
  const key = {
    person_id: acme.billing.id,
    credential_id: 'x',
    public_key: 'x',
    counter: 0,
    name: 'Phone',
    added_at: 0,
  };
  const kept = { name: 'Acme', name_key: 'acme', query: 'q=acme', is_shared: true, created_at: 0 };
  const [view] = await world
    .db('queue_views')
    .insert({ ...kept, person_id: (await make.staff(world)).reviewer.id })
    .returning('id');
  const words = { purpose: 'ask', name: 'Acme', name_key: 'acme', body: 'Acme', changed_at: 0 };
  const [text] = await world
    .db('canned_answers')
    .insert({ ...words, changed_by: (await make.staff(world)).reviewer.id })
    .returning('id');
  const [passkey] = await world.db('passkeys').insert(key).returning('id');
  await world.signedIn(acme.admin.email);
  const session = await world.db('sessions').where({ person_id: acme.admin.id }).first();
  const page = { person: acme.admin, status: 422, html: '<p>Acme</p>' };
  const rejected = (await keepRejected(world.db, page, world.now)).replace('/rejected/', '');
  const labs = await make.subuser(world, acme, { name: 'Labs' });
  const club = await make.subuser(world, acme, { name: 'Club' });
  const domain = String(acme.domains[0]?.id);
  const reference = `WD-${1000 + request}`;
  const ids: Ids = {
    'customers/:id': String(acme.id),
    'people/:person': String(acme.member.id),
    'subusers/:id': String(club.id),
    'staff/:person': String((await make.staff(world)).reviewer.id),
    'domains/:id': domain,
    'domains/:domain': domain,
    'pending/:pending': String(pending.id),
    'ips/:id': String(ip),
    'ips/:ip': String(ip),
    'warm-ups/:id': String(warmup.id),
    'requests/:reference': reference,
    'review/:reference': reference,
    'drafts/:id': String(draft.id),
    'mail/:id': String(mail.id),
    'inbound/:id': String(await make.quarantined(world, request, acme.admin, 'Acme')),
    'mail-systems/:id': String(system.id),
    'imports/:id': String(done.id),
    'uploads/:id': String(uploaded),
    'views/:view': String(view.id),
    'answers/:answer': String(text.id),
    'passkeys/:passkey': String(passkey.id),
    'sessions/:session': session.id,
    'files/:file': String(await attached(world, acme.admin, request)),
    'pools/:pool': 'shared-us',
    'pools/:id': String(await make.ownPool(world, acme)),
    'set-up/:step': 'mail',
    'rejected/:key': rejected,
  };
  return { acme, other, labs, ids, tokens };
}
