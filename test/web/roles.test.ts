// Who may use which route. The table is written by hand, apart from the code's own, so that a slip in one shows in the other.

import { askReset } from '../../src/accounts/reset/actions.ts';
import { resetToken, tokenHash } from '../../src/accounts/reset/token.ts';
import { allRoutes } from '../../src/app.ts';
import { unsubscribePath } from '../../src/notifications/preferences/token.ts';
import { attached } from '../support/attaching.ts';
import { everythingStored } from '../support/dump.ts';
import * as make from '../support/make.ts';
import { keptUpload } from '../support/reporting.ts';
import type { Visitor } from '../support/visitor.ts';
import { onBothEngines, type World } from '../support/world.ts';

const ROLES = [
  'signed out',
  'admin',
  'billing',
  'member',
  'reviewer',
  'deliverability',
  'staff billing',
  'both',
  // Last, as they may take away what others look at.
  'staff admin',
] as const;
type Role = (typeof ROLES)[number];

const EVERYBODY: readonly Role[] = ROLES;
const SIGNED_IN: readonly Role[] = ROLES.slice(1);
/** `both` is a member of an account and a reviewer. */
const CUSTOMERS: readonly Role[] = ['admin', 'billing', 'member', 'both'];
const STAFF: readonly Role[] = ['reviewer', 'deliverability', 'staff billing', 'staff admin', 'both'];
const REVIEWERS: readonly Role[] = ['reviewer', 'staff admin', 'both'];
const WARMERS: readonly Role[] = ['reviewer', 'deliverability', 'staff admin', 'both'];
const BILLERS: readonly Role[] = ['staff billing', 'staff admin'];
const STOPPERS: readonly Role[] = ['deliverability', 'staff billing', 'staff admin'];
/** Those of a customer who may commit to cost (S-11). */
const PAYERS: readonly Role[] = ['admin', 'billing'];
const STOCKERS: readonly Role[] = ['deliverability', 'staff admin'];

const MAY: Readonly<Record<string, readonly Role[]>> = {
  'get /healthz': EVERYBODY,
  'get /readyz': EVERYBODY,
  'get /sign-in': EVERYBODY,
  'post /sign-in': EVERYBODY,
  'post /sign-out': EVERYBODY,
  // Without a provider they lead to the form.
  'get /sign-in/openid': EVERYBODY,
  'post /sign-in/openid': EVERYBODY,
  'get /sign-in/openid/callback': EVERYBODY,
  // They lead to the sign-in page, unless a password was shown.
  'get /sign-in/code': EVERYBODY,
  'post /sign-in/code': EVERYBODY,
  'post /sign-in/recovery': EVERYBODY,
  'post /sign-in/passkey': EVERYBODY,
  'get /sign-in/enrolment': EVERYBODY,
  'post /sign-in/enrolment': EVERYBODY,
  'get /password-reset': EVERYBODY,
  'post /password-reset': EVERYBODY,
  'get /password-reset/:token': EVERYBODY,
  'post /password-reset/:token': EVERYBODY,
  // There in development only.
  'get /mailbox': EVERYBODY,
  'get /mailbox/:id': EVERYBODY,
  'get /mailbox/:id/html': EVERYBODY,
  'get /invitation/:token': EVERYBODY,
  'post /invitation/:token': EVERYBODY,
  // It is of no use to somebody else who is signed in.
  'get /email-change/:token': ['signed out'],
  'post /email-change/:token': ['signed out'],
  'get /': SIGNED_IN,
  'get /profile': SIGNED_IN,
  'post /profile': SIGNED_IN,
  'get /profile/mails': SIGNED_IN,
  'post /profile/mails': SIGNED_IN,
  'get /unsubscribe/:token': EVERYBODY,
  'post /unsubscribe/:token': EVERYBODY,
  'get /profile/sign-in': SIGNED_IN,
  'get /profile/sign-in/app': SIGNED_IN,
  'post /profile/sign-in/app': SIGNED_IN,
  'post /profile/sign-in/app/removal': SIGNED_IN,
  'post /profile/sign-in/recovery-codes': SIGNED_IN,
  'post /profile/sign-in/identity/removal': SIGNED_IN,
  'get /profile/email': SIGNED_IN,
  'post /profile/email': SIGNED_IN,
  'post /profile/email/withdrawal': SIGNED_IN,
  'get /profile/sign-in/passkeys': SIGNED_IN,
  'post /profile/sign-in/passkeys': SIGNED_IN,
  'post /profile/sign-in/passkeys/:passkey/removal': SIGNED_IN,
  'post /profile/sign-in/sessions/ending': SIGNED_IN,
  'post /profile/sign-in/sessions/:session/ending': SIGNED_IN,
  'get /policy': SIGNED_IN,
  'get /requests': CUSTOMERS,
  'get /requests/new': CUSTOMERS,
  'get /requests/new/dedicated-ips': CUSTOMERS,
  'get /requests/new/transactional-pool': CUSTOMERS,
  'get /requests/dedicated-ips': CUSTOMERS,
  'get /requests/transactional-pool': CUSTOMERS,
  'get /requests/dedicated-ips/:token': CUSTOMERS,
  'get /requests/transactional-pool/:token': CUSTOMERS,
  'post /requests/dedicated-ips': CUSTOMERS,
  'post /requests/transactional-pool': CUSTOMERS,
  'get /requests/drafts/:id': CUSTOMERS,
  'post /requests/qualifying/watch': CUSTOMERS,
  'post /requests/qualifying/watch/ending': CUSTOMERS,
  'get /requests/qualifying': CUSTOMERS,
  // One that is not kept leads home.
  'get /rejected/:key': SIGNED_IN,
  'get /requests/:reference': CUSTOMERS,
  'post /requests/:reference/answer': CUSTOMERS,
  'post /requests/:reference/appeal': CUSTOMERS,
  'post /requests/:reference/comments': CUSTOMERS,
  'get /requests/:reference/files/:file': CUSTOMERS,
  'get /requests/:reference/edit': CUSTOMERS,
  'post /requests/:reference/edit': CUSTOMERS,
  'post /requests/:reference/acceptance': CUSTOMERS,
  'post /requests/:reference/pool': CUSTOMERS,
  'post /requests/:reference/withdrawal': CUSTOMERS,
  'get /domains': CUSTOMERS,
  'get /domains/new': CUSTOMERS,
  'post /domains': CUSTOMERS,
  'get /domains/pending/:pending': CUSTOMERS,
  'post /domains/pending/:pending/look': CUSTOMERS,
  'post /domains/pending/:pending/removal': CUSTOMERS,
  'get /domains/:id': CUSTOMERS,
  'post /domains/:id/look': CUSTOMERS,
  'post /domains/:id/selectors': CUSTOMERS,
  'get /domains/:id/use': CUSTOMERS,
  'post /domains/:id/use': CUSTOMERS,
  'get /domains/:id/leaving': CUSTOMERS,
  'post /domains/:id/leaving': CUSTOMERS,
  'get /customers/:id/domains/:domain/stop': STOCKERS,
  'post /customers/:id/domains/:domain/stop': STOCKERS,
  'get /customers/:id/domains/:domain/return': STOCKERS,
  'post /customers/:id/domains/:domain/return': STOCKERS,
  'get /pools/:pool': STAFF,
  'get /customers/:id/domains/:domain/tier': STOCKERS,
  'post /customers/:id/domains/:domain/tier': STOCKERS,
  'get /customers/:id/domains/:domain/leaving': REVIEWERS,
  'post /customers/:id/domains/:domain/leaving': REVIEWERS,
  'get /customers/:id/domains/:domain/staying': REVIEWERS,
  'post /customers/:id/domains/:domain/staying': REVIEWERS,
  'get /domains/:id/removal': ['admin'],
  'post /domains/:id/removal': ['admin'],
  'get /customers/:id/domains': STAFF,
  'get /customers/:id/domains/new': STOCKERS,
  'post /customers/:id/domains': STOCKERS,
  'get /customers/:id/domains/pending/:pending': STAFF,
  'post /customers/:id/domains/pending/:pending/look': STOCKERS,
  'post /customers/:id/domains/pending/:pending/removal': STOCKERS,
  'get /customers/:id/domains/:domain': STAFF,
  'post /customers/:id/domains/:domain/look': STOCKERS,
  'post /customers/:id/domains/:domain/selectors': STOCKERS,
  'get /customers/:id/domains/:domain/use': STOCKERS,
  'post /customers/:id/domains/:domain/use': STOCKERS,
  'get /customers/:id/domains/:domain/removal': STOCKERS,
  'post /customers/:id/domains/:domain/removal': STOCKERS,
  'get /ips': CUSTOMERS,
  // Without self-service it leads to the form.
  'get /ips/new': PAYERS,
  'post /ips/new': PAYERS,
  'get /ips/:id/subusers': PAYERS,
  'post /ips/:id/subusers': PAYERS,
  'get /ips/pools': CUSTOMERS,
  'get /ips/pools/new': PAYERS,
  'post /ips/pools': PAYERS,
  'get /ips/pools/:id': PAYERS,
  'post /ips/pools/:id': PAYERS,
  'get /ips/pools/:id/removal': PAYERS,
  'post /ips/pools/:id/removal': PAYERS,
  'get /domains/:id/pools': PAYERS,
  'post /domains/:id/pools': PAYERS,
  'get /customers/:id/pools': STAFF,
  'get /subusers': CUSTOMERS,
  'get /subusers/new': ['admin'],
  'post /subusers': ['admin'],
  'get /subusers/:id': CUSTOMERS,
  'get /subusers/:id/sending': CUSTOMERS,
  'get /customers/:id/subusers/new': ['staff admin'],
  'post /customers/:id/subusers': ['staff admin'],
  'get /charges': PAYERS,
  'get /charges.csv': PAYERS,
  'get /customers/:id/charges': BILLERS,
  'get /customers/:id/charges.csv': BILLERS,
  'get /ledger': BILLERS,
  'get /ledger.csv': BILLERS,
  'post /ledger/closing': BILLERS,
  'get /ips/:id/use': PAYERS,
  'post /ips/:id/use': PAYERS,
  'get /customers/:id/ips/:ip/use': STOCKERS,
  'post /customers/:id/ips/:ip/use': STOCKERS,
  'get /ips/:id/name': PAYERS,
  'post /ips/:id/name': PAYERS,
  'post /ips/:id/name/look': PAYERS,
  'post /ips/:id/name/ending': PAYERS,
  'get /customers/:id/ips/:ip/name': STOCKERS,
  'post /customers/:id/ips/:ip/name': STOCKERS,
  'post /customers/:id/ips/:ip/name/look': STOCKERS,
  'post /customers/:id/ips/:ip/name/ending': STOCKERS,
  'get /ips/:id/release': PAYERS,
  'post /ips/:id/release': PAYERS,
  'get /customers/:id/ips/:ip/release': STOCKERS,
  'post /customers/:id/ips/:ip/release': STOCKERS,
  'get /history': ['admin'],
  'get /warm-ups/:id': SIGNED_IN,
  'get /warm-ups': WARMERS,
  'post /warm-ups/:id/go-on': CUSTOMERS,
  'post /warm-ups/:id/pause': WARMERS,
  'post /warm-ups/:id/resumption': WARMERS,
  'post /warm-ups/:id/setback': WARMERS,
  'post /warm-ups/:id/plan': WARMERS,
  'post /warm-ups/:id/proposal': WARMERS,
  'get /warm-ups/what-if': WARMERS,
  'post /warm-ups/:id/completion': WARMERS,
  'post /warm-ups/:id/refusal': WARMERS,
  'get /review': REVIEWERS,
  'get /review.csv': REVIEWERS,
  'get /review/approvals': REVIEWERS,
  'post /review/approvals': REVIEWERS,
  'get /review/next': REVIEWERS,
  'get /review/views': REVIEWERS,
  'post /review/views': REVIEWERS,
  'get /review/views/:view': REVIEWERS,
  'post /review/views/:view': REVIEWERS,
  'post /review/views/:view/removal': REVIEWERS,
  'get /review/answers': REVIEWERS,
  'post /review/answers': REVIEWERS,
  'get /review/answers/:answer': REVIEWERS,
  'post /review/answers/:answer': REVIEWERS,
  'post /review/answers/:answer/removal': REVIEWERS,
  'post /review/:reference/text': REVIEWERS,
  'post /review/:reference/claim': REVIEWERS,
  'post /review/:reference/claim/ending': REVIEWERS,
  'post /review/:reference/claim/handover': REVIEWERS,
  'get /review/:reference': REVIEWERS,
  'get /review/:reference/files/:file': REVIEWERS,
  'post /review/:reference/approval': REVIEWERS,
  'post /review/:reference/undo': REVIEWERS,
  'post /review/:reference/confirmation': REVIEWERS,
  'post /review/:reference/refusal': REVIEWERS,
  'post /review/:reference/offer': REVIEWERS,
  'post /review/:reference/return': REVIEWERS,
  'post /review/:reference/question': REVIEWERS,
  'post /review/:reference/notes': REVIEWERS,
  'post /review/:reference/checklist': REVIEWERS,
  'get /customers': STAFF,
  'get /customers/new': ['staff admin'],
  'post /customers': ['staff admin'],
  'get /customers/import': ['staff admin'],
  'post /customers/import': ['staff admin'],
  'get /inventory/import': ['staff admin'],
  'post /inventory/import': ['staff admin'],
  'get /imports/:id': ['staff admin'],
  'get /customers/:id': STAFF,
  'get /customers/:id/addresses': STAFF,
  'post /customers/:id/addresses/lifting': ['staff admin'],
  'get /customers/:id/plan': BILLERS,
  'post /customers/:id/plan': BILLERS,
  'get /customers/:id/suspension': STOPPERS,
  'post /customers/:id/suspension': STOPPERS,
  'post /customers/:id/reopening': STOPPERS,
  'get /customers/:id/closing': ['staff admin'],
  'post /customers/:id/closing': ['staff admin'],
  'get /inventory': STAFF,
  'get /inventory/map': STAFF,
  'post /inventory/ips': STOCKERS,
  'get /inventory/ips/:id/withdrawal': STOCKERS,
  'post /inventory/ips/:id/withdrawal': STOCKERS,
  'get /inventory/ips/:id/return': STOCKERS,
  'post /inventory/ips/:id/return': STOCKERS,
  'get /absence': REVIEWERS,
  'post /absence': REVIEWERS,
  'post /absence/ending': REVIEWERS,
  'get /report': REVIEWERS,
  'get /report.csv': REVIEWERS,
  'get /mail': STAFF,
  'post /mail/:id/again': STAFF,
  'get /mail/inbound': REVIEWERS,
  'post /mail/inbound/:id/acceptance': REVIEWERS,
  'post /mail/inbound/:id/deletion': REVIEWERS,
  'get /mail-systems': ['staff admin'],
  'post /mail-systems': ['staff admin'],
  'get /mail-systems/:id/revocation': ['staff admin'],
  'post /mail-systems/:id/revocation': ['staff admin'],
  'get /sending': CUSTOMERS,
  'get /customers/:id/sending': STAFF,
  'get /ips/:id/sending': SIGNED_IN,
  'get /pools': STAFF,
  'get /sending/upload': WARMERS,
  'post /sending/upload': WARMERS,
  'get /sending/uploads/:id': WARMERS,
  'get /audit': STAFF,
  'get /provider/logo': EVERYBODY,
  'get /provider/colours.css': EVERYBODY,
  'get /set-up': ['staff admin'],
  'post /set-up/:step/skip': ['staff admin'],
  'post /set-up/:step/resumption': ['staff admin'],
  'get /settings': ['staff admin'],
  'get /settings/provider': ['staff admin'],
  'post /settings/provider': ['staff admin'],
  'post /settings/logo': ['staff admin'],
  'post /settings/logo/removal': ['staff admin'],
  'get /settings/mail': ['staff admin'],
  'post /settings/mail/test': ['staff admin'],
  'get /settings/chat': ['staff admin'],
  'post /settings/chat': ['staff admin'],
  'post /settings/chat/test': ['staff admin'],
  'post /settings/chat/removal': ['staff admin'],
  'get /settings/hours': ['staff admin'],
  'post /settings/hours': ['staff admin'],
  'get /settings/records': ['staff admin'],
  'post /settings/records': ['staff admin'],
  'get /settings/addresses': ['staff admin'],
  'post /settings/addresses/staff': ['staff admin'],
  'post /settings/addresses/mail-systems': ['staff admin'],
  'get /settings/sign-in': ['staff admin'],
  'post /settings/sign-in': ['staff admin'],
  'get /settings/policy': ['staff admin'],
  'post /settings/policy': ['staff admin'],
  'post /settings/policy/file': ['staff admin'],
  'get /settings/pools': STOCKERS,
  'post /settings/pools/:pool': STOCKERS,
  'get /staff': STAFF,
  'get /staff/:person': STAFF,
  'post /staff': ['staff admin'],
  'get /staff/:person/assignments': ['staff admin'],
  'post /staff/:person/assignments': ['staff admin'],
  'post /staff/:person/role': ['staff admin'],
  'post /staff/:person/disabling': ['staff admin'],
  'post /staff/:person/enabling': ['staff admin'],
  'post /staff/:person/second-factor': ['staff admin'],
  'post /staff/:person/invitation': ['staff admin'],
  'get /addresses': ['admin'],
  'post /addresses': ['admin'],
  'get /people': CUSTOMERS,
  'get /people/:person': CUSTOMERS,
  'post /people': ['admin'],
  'post /people/:person/role': ['admin'],
  'post /people/:person/disabling': ['admin'],
  'post /people/:person/enabling': ['admin'],
  'post /people/:person/second-factor': ['admin'],
  'post /people/:person/invitation': ['admin'],
  'get /customers/:id/people': STAFF,
  'get /customers/:id/people/:person': STAFF,
  'post /customers/:id/people': ['staff admin'],
  'post /customers/:id/people/:person/role': ['staff admin'],
  'post /customers/:id/people/:person/disabling': ['staff admin'],
  'post /customers/:id/people/:person/enabling': ['staff admin'],
  'post /customers/:id/people/:person/second-factor': ['staff admin'],
  'post /customers/:id/people/:person/invitation': ['staff admin'],
  // Programs with a token only.
  'post /api/v1/sending-counts': [],
  'get /api/v1/route': [],
  'post /api/v1/routes': [],
  'get /api/v1/charges': [],
  'get /api/v1/accounts/:id/charges': [],
  'get /api/v1/accounts/:id/reputation': [],
  'get /api/v1/accounts/:id/engagement-quality': [],
  'get /v3/engagementquality/scores': [],
  'get /v3/engagementquality/subusers/scores': [],
  'get /api/v1/accounts/:id/subusers': [],
  'get /api/v1/accounts/:id/pools': [],
  'get /api/v1/allocations': [],
  'get /api/v1/allocations/:address': [],
};

onBothEngines('each route is open to those whom the table names, and not there for anybody else', async (t, world) => {
  t.timeout(600_000);
  const { paths, emails, pending } = await scene(world);
  const routes = allRoutes(world.deps);
  const all = routes.map((route) => `${route.method} ${route.path}`);
  t.deepEqual([...all].sort(), Object.keys(MAY).sort(), 'the table names every route, and no other');
  for (const role of ROLES) {
    const email = emails[role];
    const enter = () => (email ? world.signedIn(email) : Promise.resolve(world.visitor()));
    let visitor = await enter();
    for (const { method, path, may } of routes) {
      const name = `${method} ${path}, ${role}`;
      const named = Object.entries(paths).reduce((whole, [from, to]) => whole.replace(from, to), path);
      const ofRole = path.includes(':passkey') ? await passkeyOf(world, email) : 0;
      const address = named
        .replace(':pending', String(path.endsWith(':pending/removal') ? pending.pop() : pending[0]))
        .replace(':passkey', String(ofRole))
        .replace(':answer', String(path.includes(':answer') ? await textOf(world) : 0))
        .replace(':view', String(path.includes(':view') ? await viewOf(world, email) : 0));
      const ask = () => (method === 'get' ? visitor.get(address) : visitor.post(address, TYPED));
      if (MAY[`${method} ${path}`]?.includes(role)) {
        const { status, location } = await ask();
        t.true([200, 303, 409, 422].includes(status), `${name}: ${status}`);
        t.false(location?.startsWith('/sign-in?next') ?? false, name);
        if (path === '/sign-out') visitor = await enter();
        continue;
      }
      const before = await everythingStored(world.db);
      if (may === 'mail system') t.is((await ask()).status, 401, name);
      else if (role === 'signed out') await asksToSignIn(visitor, method, address, (ok) => t.true(ok, name));
      else t.is((await ask()).status, 404, name);
      t.deepEqual(await everythingStored(world.db), before, `${name}: nothing changes`);
    }
  }
});

const SYSTEM = { name: 'mx1', token_hash: 'x', token_start: 'wd_abcd', made_at: 0 };
const TYPED = { note: 'Typed "as" <b>it</b> was', list: ['one', 'two'] };

async function asksToSignIn(
  visitor: Visitor,
  method: 'get' | 'post',
  address: string,
  expect: (ok: boolean) => void,
): Promise<void> {
  if (method === 'get') {
    for (const how of ['GET', 'HEAD'] as const) {
      const answer = await visitor.get(`${address}?page=2`, {}, how);
      expect(answer.status === 303);
      expect(answer.location === `/sign-in?next=${encodeURIComponent(`${address}?page=2`)}`);
    }
    return;
  }
  const answer = await visitor.post(address, TYPED);
  expect(answer.status === 401);
  expect(answer.hidden('/sign-in').next?.[0] === address);
  expect(answer.hidden('/sign-in').kept?.[0] === JSON.stringify(TYPED));
}

/** A passkey of the person, where there is one: everybody may remove only their own. */
async function passkeyOf(world: World, email: string | null): Promise<number> {
  const person = email ? await world.db('people').where({ email }).first('id') : undefined;
  if (!person) return 0;
  const row = { person_id: person.id, credential_id: email, public_key: 'x', counter: 0, name: 'Phone', added_at: 0 };
  const [key] = await world.db('passkeys').insert(row).returning('id');
  return key.id;
}

/** A view of the queue that the person keeps: everybody may change only their own. */
async function viewOf(world: World, email: string | null): Promise<number> {
  const person = email ? await world.db('people').where({ email }).first('id') : undefined;
  if (!person) return 0;
  const row = { person_id: person.id, name: 'Mine', query: 'desk=mine', is_shared: false, created_at: 0 };
  const [view] = await world
    .db('queue_views')
    .insert({ ...row, name_key: `mine ${make.formToken()}` })
    .returning('id');
  return view.id;
}

/** A text for reviewers: each who may deletes one. */
async function textOf(world: World): Promise<number> {
  const { id: by } = await world.db('people').where({ staff_role: 'reviewer' }).first('id');
  const text = { purpose: 'ask', name: 'Lists', body: 'Where are they from?', changed_by: by, changed_at: 0 };
  const [row] = await world
    .db('canned_answers')
    .insert({ ...text, name_key: `lists ${make.formToken()}` })
    .returning('id');
  return row.id;
}

/** A logo and a colour, so that there is something to be seen. */
async function withLogo(world: World): Promise<void> {
  const logo = { type: 'image/png', data: 'iVBORw0KGgo=', version: '1' };
  for (const [name, value] of Object.entries({ logo, provider: { name: 'Nimbus', colour: '#0a7d5a' } }))
    await world.db('settings').insert({ name, value: JSON.stringify(value), changed_at: 0 });
  await world.deps.reload();
}

/** Acme with an IP, an open request, a domain and a held mail; a way into each route for everybody. */
async function scene(world: World) {
  const acme = await make.account(world, { name: 'Acme' });
  const { reviewer, reviewer2, admin } = await make.staff(world);
  const both = {
    email: 'both@acme.example',
    accountId: acme.id,
    accountRole: 'member',
    staffRole: 'reviewer',
  } as const;
  await make.person(world, both);
  const deliverability = { email: 'deliverability@warmdesk.example', staffRole: 'deliverability' } as const;
  const staffBilling = { email: 'billing@warmdesk.example', staffRole: 'billing' } as const;
  for (const who of [deliverability, staffBilling]) await make.person(world, who);
  const colleague = await make.person(world, { email: 'new@acme.example', accountId: acme.id, accountRole: 'member' });
  await make.ips(world, 'us', 1);
  await make.requestIn(world, 'fulfilled', acme.admin);
  const request = await make.request(world, acme.admin);
  await askReset(world.db, reviewer, world.deps.sessionSecret, world.now);
  const { facts } = await world.db('outbox').where({ template: 'password-reset' }).first();
  const token = resetToken(world.deps.sessionSecret, JSON.parse(facts).seed);
  const change = { person_id: reviewer2.id, email: 'sam@new.example', new_hash: tokenHash(token), old_hash: '-' };
  await world.db('email_changes').insert({ ...change, asked_at: world.now, expires_at: world.now + 1 });
  const [draft] = await world.db('request_drafts').insert(make.draftRow(acme)).returning('id');
  const invited = await make.invitation(world, 'invited@acme.example', acme);
  await withLogo(world);
  const imported = { kind: 'customers', file: 'a.csv', items: 1, done: 1, invites: false, made_by: admin.id };
  const [done] = await world
    .db('imports')
    .insert({ ...imported, made_at: 0, finished_at: 1 })
    .returning('id');
  const uploaded = await keptUpload(world);
  const held = await world.db('outbox').orderBy('id').first('id');
  await world.db('outbox').where({ id: held.id }).update({ status: 'failed', next_at: null });
  const warmup = await world.db('warmups').first('id');
  const ip = await world.db('allocations').first('ip_id');
  const [system] = await world.db('mail_systems').insert(SYSTEM).returning('id');
  // Staff leave mails about their own account's requests to colleagues (R-05).
  const birch = await make.account(world, { name: 'Birch' });
  const mail = await make.quarantined(world, await make.request(world, birch.admin), birch.admin, 'Hello');
  const file = await attached(world, acme.admin, request);
  const paths = {
    '/requests/drafts/:id': `/requests/drafts/${draft.id}`,
    '/requests/:reference': `/requests/WD-${1000 + request}`,
    '/review/:reference': `/review/WD-${1000 + request}`,
    '/warm-ups/:id': `/warm-ups/${warmup.id}`,
    '/mail-systems/:id': `/mail-systems/${system.id}`,
    '/domains/:id': `/domains/${acme.domains[0]?.id}`,
    '/domains/:domain': `/domains/${acme.domains[0]?.id}`,
    '/ips/pools/:id': `/ips/pools/${await make.ownPool(world, acme)}`,
    '/ips/:id': `/ips/${ip.ip_id}`,
    '/ips/:ip': `/ips/${ip.ip_id}`,
    '/customers/:id': `/customers/${acme.id}`,
    '/subusers/:id': `/subusers/${(await make.subuser(world, acme)).id}`,
    '/imports/:id': `/imports/${done.id}`,
    '/sending/uploads/:id': `/sending/uploads/${uploaded}`,
    '/set-up/:step': '/set-up/mail',
    '/settings/pools/:pool': '/settings/pools/shared-us',
    '/pools/:pool': '/pools/shared-us',
    '/staff/:person': `/staff/${reviewer2.id}`,
    '/people/:person': `/people/${colleague.id}`,
    '/invitation/:token': `/invitation/${invited}`,
    '/unsubscribe/:token': unsubscribePath(world.deps.sessionSecret, acme.admin.id, 'own-domains'),
    '/mail/:id': `/mail/${held.id}`,
    '/inbound/:id': `/inbound/${mail}`,
    '/files/:file': `/files/${file}`,
    '/mailbox/:id': `/mailbox/${held.id}`,
    ':token': token,
    ':key': 'x'.repeat(43),
  };
  const emails: Record<Role, string | null> = {
    'signed out': null,
    admin: acme.admin.email,
    billing: acme.billing.email,
    member: acme.member.email,
    reviewer: reviewer.email,
    deliverability: deliverability.email,
    'staff billing': staffBilling.email,
    'staff admin': admin.email,
    both: both.email,
  };
  const waiting = Array.from({ length: 40 }, (_, index) => ({ name: `waits${index}.test`, token: `t${index}` }));
  const rows = waiting.map((one) => ({ ...one, account_id: acme.id, usage: 'both', created_at: 0 }));
  const pending = (await world.db('pending_domains').insert(rows).returning('id')).map(({ id }) => Number(id));
  return { paths, emails, pending };
}
