// Signing in with a second step: setting it up, codes, recovery codes, and what somebody tries who knows a password.
import { insertPasskey } from '../../src/accounts/passkeys/store.ts';
import { resetToken } from '../../src/accounts/reset/token.ts';
import { takeCode, takeRecoveryCode } from '../../src/accounts/second-factor/actions.ts';
import { allRoutes } from '../../src/app.ts';
import { codeAt, codesOn, halfIn, secretOn, setUpApp, wrongCode } from '../support/authenticator.ts';
import { everythingStored } from '../support/dump.ts';
import { acme, staff } from '../support/people.ts';
import { DAY, MINUTE, onBothEngines, PASSWORD, type World } from '../support/world.ts';

const OWNER = 'owner@acme.example';
const APP = '/profile/sign-in/app';
const mails = (world: World): Promise<string[]> =>
  world
    .db('outbox')
    .where({ template: 'second-factor' })
    .orderBy('id')
    .pluck('facts')
    .then((all) => all.map((facts) => JSON.parse(facts).change));
const events = (world: World): Promise<string[]> => world.db('audit_events').orderBy('id').pluck('name');

/** The owner of Acme with an app, signed in. */
async function scene(world: World) {
  const people = await acme(world);
  const visitor = await world.signedIn(OWNER);
  return { ...people, visitor, ...(await setUpApp(world, visitor)) };
}

onBothEngines('somebody sets up an app, and signing in asks for its code from then on', async (t, world) => {
  const { owner } = await acme(world);
  const visitor = await world.signedIn(OWNER);
  t.regex((await visitor.get('/profile/sign-in')).text, /Second step Off/);
  const page = await visitor.get(APP);
  const secret = secretOn(page);
  t.is(secret.replaceAll(' ', '').length, 32, '160 bits');
  const done = await visitor.submit(page, APP, { code: codeAt(secret, world.now) });
  t.is(done.status, 200);
  t.is(codesOn(done).length, 10);
  t.regex((await visitor.get('/profile/sign-in')).text, /Second step On .*10 of 10 left/);
  t.deepEqual(await mails(world), ['app-added']);
  t.true((await events(world)).includes('person.appAdded'));

  world.now += 30_000;
  const other = world.visitor();
  const asked = await other.post('/sign-in', { email: OWNER, password: PASSWORD, next: '/requests' });
  t.is(asked.location, '/sign-in/code');
  t.is((await other.get('/profile')).status, 303, 'nobody is signed in by the password alone');
  t.is((await world.db('people').where({ id: owner.id }).first()).signed_in_at, world.now - 30_000);
  const entered = await other.submit(await other.get('/sign-in/code'), '/sign-in/code', {
    code: codeAt(secret, world.now).replace(/(...)/, '$1 '),
  });
  t.is(entered.location, '/requests', 'and it goes on where it was to go');
  t.is((await other.get('/profile')).status, 200);
});

onBothEngines('a wrong code sets up nothing, and the same picture is shown again', async (t, world) => {
  await acme(world);
  const visitor = await world.signedIn(OWNER);
  const page = await visitor.get(APP);
  const secret = secretOn(page);
  for (const code of [wrongCode(secret, world.now), '', '12345', 'abcdef']) {
    const again = await visitor.submit(page, APP, { code });
    t.is(again.status, 422);
    t.is(secretOn(again), secret);
  }
  const foreign = await world.signedIn('billing@acme.example');
  const taken = await foreign.submit(page, APP, { code: codeAt(secret, world.now) });
  t.is(taken.status, 422, 'the page of somebody else is worth nothing');
  t.not(secretOn(taken), secret);
  world.now += 2 * MINUTE;
  t.is((await visitor.submit(page, APP, { code: codeAt(secret, world.now - 2 * MINUTE) })).status, 422);
  t.deepEqual(await world.db('totp_apps'), []);
  t.is((await visitor.submit(page, APP, { code: codeAt(secret, world.now) })).status, 200);
  t.is((await visitor.submit(page, APP, { code: codeAt(secret, world.now) })).status, 409, 'one is enough');
});

onBothEngines('with the password alone every page is closed, and nothing can be done', async (t, world) => {
  await scene(world);
  const visitor = await halfIn(world, OWNER);
  const before = await everythingStored(world.db);
  for (const { method, path, may } of allRoutes(world.deps)) {
    if (may === 'anyone' || may === 'mail system') continue;
    const address = path.replace(/:[a-z]+/g, '1');
    const answer = method === 'get' ? await visitor.get(address) : await visitor.post(address, {});
    t.is(answer.status, method === 'get' ? 303 : 401, `${method} ${path}`);
    if (method === 'get') t.regex(answer.location ?? '', /^\/sign-in\?next=/, path);
  }
  t.deepEqual(await everythingStored(world.db), before);
});

onBothEngines('V6.5.1: a code works once, also for the one who read it over a shoulder', async (t, world) => {
  const { secret } = await scene(world);
  const code = codeAt(secret, world.now);
  const [own, thief] = [await halfIn(world, OWNER), await halfIn(world, OWNER)];
  t.is((await own.post('/sign-in/code', { code })).status, 303);
  const refused = await thief.post('/sign-in/code', { code });
  t.is(refused.status, 422);
  t.regex(refused.text, /used already/);
  t.is((await thief.get('/profile')).status, 303);
  world.now += 30_000;
  t.is((await thief.post('/sign-in/code', { code })).status, 422, 'nor a moment later');
  t.is((await thief.post('/sign-in/code', { code: codeAt(secret, world.now, -1) })).status, 422);
  t.is((await own.get('/profile')).status, 200);
});

onBothEngines('V6.5.1: of eight who send one code at once one gets in', async (t, world) => {
  const { secret, owner, codes } = await scene(world);
  const self = { person: owner, at: world.now };
  const key = world.deps.sessionSecret;
  const code = codeAt(secret, world.now);
  const all = await Promise.all(Array.from({ length: 8 }, () => takeCode(world.db, self, { key, code })));
  t.is(all.filter(({ ok }) => ok).length, 1);
  const typed = codes[0] ?? '';
  const recovered = await Promise.all(Array.from({ length: 8 }, () => takeRecoveryCode(world.db, self, typed)));
  t.is(recovered.filter(({ ok }) => ok).length, 1);
  t.deepEqual(await mails(world), ['app-added', 'code-used'], 'and one mail tells of it');
});

onBothEngines(
  'codes are guessed ten times, then not for a while; the owner is told and still gets in',
  async (t, world) => {
    const { secret, codes } = await scene(world);
    const thief = await halfIn(world, OWNER);
    const guess = async () => (await thief.post('/sign-in/code', { code: wrongCode(secret, world.now) })).status;
    const statuses = await Promise.all(Array.from({ length: 30 }, guess));
    t.is(statuses.filter((status) => status === 422).length, 10);
    t.is(statuses.filter((status) => status === 429).length, 20);
    const right = await thief.post('/sign-in/code', { code: codeAt(secret, world.now) });
    t.is(right.status, 429, 'the right one is not taken either');
    t.is(right.headers.get('retry-after'), '900');
    t.regex(right.text, /Try again in 15 minutes/);
    const again = await halfIn(world, OWNER);
    t.is(
      (await again.post('/sign-in/code', { code: codeAt(secret, world.now) })).status,
      429,
      'nor after the password',
    );
    t.deepEqual(await mails(world), ['app-added', 'many-wrong'], 'one mail');
    t.is((await again.post('/sign-in/recovery', { recovery: codes[3] ?? '' })).status, 303);
    world.now += 15 * MINUTE;
    t.is((await thief.get('/sign-in/code')).location, '/sign-in', 'a begun sign-in is over by then');
    t.is((await (await halfIn(world, OWNER)).post('/sign-in/code', { code: codeAt(secret, world.now) })).status, 303);
  },
);

onBothEngines('in a day no more than 50 codes are tried, also by somebody who can read the mail', async (t, world) => {
  const { secret, codes } = await scene(world);
  let tried = 0;
  for (let round = 0; round < 8; round++) {
    const thief = await halfIn(world, OWNER);
    for (let i = 0; i < 10; i++) {
      const { status } = await thief.post('/sign-in/code', { code: wrongCode(secret, world.now) });
      if (status === 422) tried += 1;
    }
    world.now += 15 * MINUTE;
  }
  t.is(tried, 50);
  t.is((await mails(world)).filter((change) => change === 'many-wrong').length, 1);
  const link = '/password-reset';
  await world.visitor().post(link, { email: OWNER });
  const { facts } = await world.db('outbox').where({ template: 'password-reset' }).first();
  const path = `${link}/${resetToken(world.deps.sessionSecret, JSON.parse(facts).seed)}`;
  const fresh = 'a lamp on the sill';
  t.is((await world.visitor().post(path, { password: fresh, repeated: fresh })).status, 303);
  const visitor = world.visitor();
  const asked = await visitor.post('/sign-in', { email: OWNER, password: fresh });
  t.is(asked.location, '/sign-in/code', 'V6.4.3: a new password does not skip the second step');
  t.is(
    (await visitor.post('/sign-in/code', { code: codeAt(secret, world.now) })).status,
    429,
    'and tries no more codes',
  );
  t.is((await visitor.post('/sign-in/recovery', { recovery: codes[0] ?? '' })).status, 303);
  world.now += DAY;
  const fine = world.visitor();
  await fine.post('/sign-in', { email: OWNER, password: fresh });
  t.is((await fine.post('/sign-in/code', { code: codeAt(secret, world.now) })).status, 303, 'the next day is another');
});

onBothEngines('a recovery code lets in once, and says how many are left', async (t, world) => {
  const { codes, member } = await scene(world);
  const [first = '', second = ''] = codes;
  const visitor = await halfIn(world, OWNER);
  t.is((await visitor.post('/sign-in/recovery', { recovery: first.toUpperCase().replaceAll('-', ' ') })).status, 303);
  t.is((await visitor.get('/profile')).status, 200);
  t.regex((await visitor.get('/profile/sign-in')).text, /9 of 10 left/);
  const other = await halfIn(world, OWNER);
  for (const recovery of [first, 'aaaa-bbbb-cccc-dddd', '', 'x'.repeat(101), "' or 1=1 --"])
    t.is((await other.post('/sign-in/recovery', { recovery })).status, 422, recovery);
  const stranger = await world.signedIn(member.email);
  await setUpApp(world, stranger);
  const foreign = await halfIn(world, member.email);
  t.is(
    (await foreign.post('/sign-in/recovery', { recovery: second })).status,
    422,
    'those of others are worth nothing',
  );
  t.deepEqual(await mails(world), ['app-added', 'code-used', 'app-added']);
});

onBothEngines('recovery codes are guessed ten times, then not for a while', async (t, world) => {
  const { codes } = await scene(world);
  const thief = await halfIn(world, OWNER);
  const guess = async () => (await thief.post('/sign-in/recovery', { recovery: 'aaaa-bbbb-cccc-dddd' })).status;
  const statuses = await Promise.all(Array.from({ length: 15 }, guess));
  t.is(statuses.filter((status) => status === 422).length, 10);
  t.is((await thief.post('/sign-in/recovery', { recovery: codes[0] ?? '' })).status, 429);
});

onBothEngines('new recovery codes replace the old ones; removing the app removes them', async (t, world) => {
  const { visitor, codes } = await scene(world);
  const renewed = codesOn(await visitor.post('/profile/sign-in/recovery-codes', {}));
  t.is(renewed.length, 10);
  const half = await halfIn(world, OWNER);
  t.is((await half.post('/sign-in/recovery', { recovery: codes[0] ?? '' })).status, 422);
  t.is((await half.post('/sign-in/recovery', { recovery: renewed[0] ?? '' })).status, 303);
  t.is((await visitor.post(`${APP}/removal`, {})).location, '/profile/sign-in?note=app-removed');
  t.is((await world.db('recovery_codes')).length, 0);
  t.is((await world.visitor().post('/sign-in', { email: OWNER, password: PASSWORD })).location, '/');
  t.is((await visitor.post('/profile/sign-in/recovery-codes', {})).status, 409);
  t.is((await visitor.post(`${APP}/removal`, {})).status, 409);
  t.deepEqual(await mails(world), ['app-added', 'codes-made', 'code-used', 'app-removed']);
});

onBothEngines('V7.5.1: who signed in a while ago signs in again before changing how', async (t, world) => {
  const { visitor } = await scene(world);
  world.now += 16 * MINUTE;
  const before = await everythingStored(world.db);
  const again = '/sign-in?again=1&next=%2Fprofile%2Fsign-in';
  t.is((await visitor.get('/profile/sign-in')).status, 200, 'looking is open');
  t.is((await visitor.get(APP)).location, again);
  for (const path of [APP, `${APP}/removal`, '/profile/sign-in/recovery-codes'])
    t.is((await visitor.post(path, { code: '123456' })).location, again, path);
  t.deepEqual(await everythingStored(world.db), before);
  const form = await visitor.get(again);
  t.regex(form.text, /Confirm that it is you/);
  t.is(form.hidden('/sign-in')['next']?.[0], '/profile/sign-in');
});

onBothEngines('fixation: each step of signing in gives the session a new id', async (t, world) => {
  const { secret } = await scene(world);
  await world.db('sessions').delete();
  const visitor = await halfIn(world, OWNER);
  const [half] = await world.db('sessions');
  const planted = visitor.cookie;
  await visitor.post('/sign-in/code', { code: codeAt(secret, world.now) });
  const rows = await world.db('sessions');
  t.is(rows.length, 1);
  t.not(rows[0].id, half.id);
  const other = await world.visitor().get('/profile', { cookie: planted });
  t.is(other.status, 303, 'the half session of before opens nothing');
});

onBothEngines('who was signed in is not any more when somebody else begins to sign in there', async (t, world) => {
  const { owner } = await scene(world);
  const visitor = await world.signedIn('billing@acme.example');
  t.is((await visitor.post('/sign-in', { email: owner.email, password: PASSWORD })).location, '/sign-in/code');
  t.is((await visitor.get('/profile')).status, 303);
  t.is((await visitor.get('/sign-in/code')).status, 200);
});

onBothEngines('a begun sign-in ends with the password, the person, or its time', async (t, world) => {
  const { owner, secret } = await scene(world);
  const ended = async (visitor: Awaited<ReturnType<typeof halfIn>>, why: string) => {
    t.is((await visitor.get('/sign-in/code')).location, '/sign-in', why);
    t.is((await visitor.post('/sign-in/code', { code: codeAt(secret, world.now) })).location, '/sign-in', why);
  };
  const late = await halfIn(world, OWNER);
  world.now += 15 * MINUTE;
  await ended(late, 'too late');
  const disabled = await halfIn(world, OWNER);
  await world.db('people').where({ id: owner.id }).update({ disabled_at: world.now });
  await ended(disabled, 'disabled');
  await world.db('people').where({ id: owner.id }).update({ disabled_at: null });
  const changed = await halfIn(world, OWNER);
  await world.db('people').where({ id: owner.id }).update({ password_hash: 'another' });
  await ended(changed, 'another password');
});

onBothEngines('S-27: a begun sign-in is worth nothing from where its owner is not let in', async (t, world) => {
  const { id, secret } = await scene(world);
  const half = await halfIn(world, OWNER);
  await world.db('address_limits').insert({
    ...{ holder: `account ${id}`, account_id: id, ranges: '192.0.2.0/24' },
    changed_at: world.now,
  });
  t.is((await half.get('/sign-in/code')).location, '/sign-in');
  t.is((await half.post('/sign-in/code', { code: codeAt(secret, world.now) })).location, '/sign-in');
  await world.db('address_limits').delete();
  t.is((await half.post('/sign-in/code', { code: codeAt(secret, world.now) })).status, 303);
});

onBothEngines('V3.7.2: after the second step one goes on to pages of this site only', async (t, world) => {
  const { codes } = await scene(world);
  const away = ['//evil.example', '/\\evil.example', 'https://evil.example', '/\t/evil.example', 'javascript:alert(1)'];
  for (const [index, next] of away.entries()) {
    const visitor = await halfIn(world, OWNER, { next });
    t.is((await visitor.post('/sign-in/recovery', { recovery: codes[index] ?? '', next })).location, '/', next);
  }
});

onBothEngines('what was typed before the session ended is kept through the second step', async (t, world) => {
  const { secret } = await scene(world);
  const visitor = world.visitor();
  const asked = await visitor.post('/profile', { name: 'Ola', timeZone: 'UTC' });
  t.is(asked.status, 401);
  t.is((await visitor.submit(asked, '/sign-in', { email: OWNER, password: PASSWORD })).location, '/sign-in/code');
  const resumed = await visitor.post('/sign-in/code', { code: codeAt(secret, world.now) });
  t.deepEqual(resumed.hidden('/profile'), { name: ['Ola'], timeZone: ['UTC'] });
});

onBothEngines('enumeration: without the right password nothing tells who has a second step', async (t, world) => {
  await scene(world);
  const answers = await Promise.all(
    [OWNER, 'billing@acme.example', 'nobody@acme.example'].map((email) =>
      world.visitor().post('/sign-in', { email, password: 'a-wrong-one' }),
    ),
  );
  const plain = answers.map(({ status, text }) => [status, text.replace(/page \S+$/, '')]);
  t.deepEqual(plain[1], plain[0]);
  t.deepEqual(plain[2], plain[0]);
});

onBothEngines('what is stored and logged tells neither secret nor codes', async (t, world) => {
  const { secret, codes } = await scene(world);
  const visitor = await halfIn(world, OWNER);
  const code = codeAt(secret, world.now);
  await visitor.post('/sign-in/code', { code: wrongCode(secret, world.now) });
  await visitor.post('/sign-in/code', { code });
  await (await halfIn(world, OWNER)).post('/sign-in/recovery', { recovery: codes[0] ?? '' });
  const kept = JSON.stringify([await everythingStored(world.db), await world.db('sessions'), world.logLines]);
  const plain = secret.replaceAll(' ', '');
  for (const one of [plain, secret, code, ...codes, ...codes.map((each) => each.replaceAll('-', ''))])
    t.false(kept.includes(one), one);
});

onBothEngines('with another server secret codes cannot be checked; recovery codes still work', async (t, world) => {
  const { secret, codes } = await scene(world);
  const visitor = await halfIn(world, OWNER);
  await world.db('totp_apps').update({ secret: 'v1.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA' });
  const refused = await visitor.post('/sign-in/code', { code: codeAt(secret, world.now) });
  t.is(refused.status, 422);
  t.regex(refused.text, /can no longer check codes of your app/);
  t.true(world.logLines.some((line) => line.includes('a second factor cannot be read')));
  t.is((await visitor.post('/sign-in/recovery', { recovery: codes[0] ?? '' })).status, 303);
});

onBothEngines(
  'staff without a second step set one up on the way in, where the provider asks for it',
  async (t, world) => {
    await staff(world);
    await acme(world);
    const admin = await world.signedIn('admin@warmdesk.example');
    const setting = await admin.get('/settings/sign-in');
    t.regex(setting.text, /3 people on the staff have none yet/);
    t.is((await admin.submit(setting, '/settings/sign-in', { rule: 'nobody' })).status, 422);
    t.is((await admin.submit(setting, '/settings/sign-in', { rule: 'staff' })).status, 303);
    t.true((await events(world)).includes('settings.changed'));
    t.is((await admin.get('/review')).status, 200, 'who is in stays in');

    const visitor = world.visitor();
    const answer = await visitor.post('/sign-in', {
      email: 'reviewer@warmdesk.example',
      password: PASSWORD,
      next: '/mail',
    });
    t.is(answer.location, '/sign-in/enrolment');
    t.is((await visitor.get('/review')).status, 303, 'and is nobody until then');
    t.is((await visitor.get('/sign-in/code')).location, '/sign-in', 'this sign-in needs something else');
    const page = await visitor.get('/sign-in/enrolment');
    t.regex(page.text, /asks its staff for a second step/);
    const wrong = await visitor.submit(page, '/sign-in/enrolment', { code: '000000' });
    t.is(wrong.status, 422);
    const codes = await visitor.submit(page, '/sign-in/enrolment', { code: codeAt(secretOn(page), world.now) });
    t.is(codes.status, 200);
    t.is(codesOn(codes).length, 10);
    t.true(codes.html.includes('href="/mail"'));
    t.is((await visitor.get('/review')).status, 200);
    t.is((await visitor.post(`${APP}/removal`, {})).status, 409, 'what is asked for stays');
    t.is((await world.db('totp_apps')).length, 1);
    t.is(
      (await world.visitor().post('/sign-in', { email: OWNER, password: PASSWORD })).location,
      '/',
      'not of customers',
    );
  },
);

onBothEngines('a passkey that was added meanwhile is asked for, and no app set up beside it', async (t, world) => {
  const { reviewer } = await staff(world);
  await world.db('settings').insert({ name: 'secondFactor', value: '"staff"', changed_at: 0 });
  const thief = world.visitor();
  const begun = await thief.post('/sign-in', { email: reviewer.email, password: PASSWORD });
  t.is(begun.location, '/sign-in/enrolment');
  const page = await thief.get('/sign-in/enrolment');
  const passkey = { personId: reviewer.id, credentialId: 'own', publicKey: 'own', counter: 0, name: 'Own' };
  await insertPasskey(world.db, passkey, world.now);
  const done = await thief.submit(page, '/sign-in/enrolment', { code: codeAt(secretOn(page), world.now) });
  t.is(done.location, '/sign-in');
  t.is((await thief.get('/review')).status, 303, 'not in');
  for (const table of ['totp_apps', 'recovery_codes']) t.deepEqual(await world.db(table), [], table);
});

onBothEngines('an admin removes the second step of somebody who lost it', async (t, world) => {
  const { owner, secret, visitor } = await scene(world);
  const { admin } = await staff(world);
  await world.db('people').where({ email: 'billing@acme.example' }).update({ account_role: 'admin' });
  const colleague = await world.signedIn('billing@acme.example');
  const half = await halfIn(world, OWNER);
  const page = await colleague.get(`/people/${owner.id}`);
  t.regex(page.text, /asked for at each sign-in/);
  t.is(
    (await colleague.post(`/people/${owner.id}/second-factor`, {})).location,
    `/people/${owner.id}?note=second-factor-reset`,
  );
  t.is((await visitor.get('/profile')).status, 303, 'signed out everywhere');
  t.is((await half.post('/sign-in/code', { code: codeAt(secret, world.now) })).location, '/sign-in');
  t.is((await world.visitor().post('/sign-in', { email: OWNER, password: PASSWORD })).location, '/');
  t.deepEqual(await mails(world), ['app-added', 'reset']);
  const [told] = await world.db('audit_events').where({ name: 'person.secondFactorReset' });
  t.is(told.account_id, owner.accountId);
  t.is((await colleague.post(`/people/${owner.id}/second-factor`, {})).status, 409, 'once');
  t.is((await world.db('recovery_codes')).length, 0);

  const other = await world.signedIn(admin.email);
  await setUpApp(world, other);
  t.is((await other.post(`/staff/${admin.id}/second-factor`, {})).status, 409, 'nobody their own');
});
