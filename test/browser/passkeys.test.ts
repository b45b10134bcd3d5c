// Passkeys in a real browser, with the virtual authenticator that Chromium has for tests.
import ava, { type ExecutionContext } from 'ava';
import type { CDPSession } from 'playwright-core';
import { openBrowser, type Sitter, sitDown } from '../support/browser.ts';
import { acme } from '../support/people.ts';
import { createWorld, type Engine, MINUTE, PASSWORD, type World } from '../support/world.ts';
import { visit } from './reading.ts';

const OWNER = 'owner@acme.example';
const OWN = '/profile/sign-in';

/** A world at an address on which browsers have passkeys. */
async function open(t: ExecutionContext, engine: Engine = 'SQLite'): Promise<{ world: World; home: string }> {
  t.timeout(600_000);
  const world = await createWorld(t, engine);
  const home = world.url.replace('127.0.0.1', 'localhost');
  Object.assign(world.deps, { config: { ...world.deps.config, baseUrl: home } });
  return { world, home };
}

function onBoth(title: string, run: (t: ExecutionContext, engine: Engine) => Promise<void>): void {
  for (const engine of ['SQLite', 'PostgreSQL'] as const) ava(`${title} (${engine})`, (t) => run(t, engine));
}

type Seat = { readonly sitter: Sitter; readonly cdp: CDPSession; readonly authenticatorId: string };

/** Somebody at a browser whose authenticator is unlocked by its owner (or by nobody). */
async function seat(t: ExecutionContext, home: string, isUserVerified = true): Promise<Seat> {
  const sitter = await sitDown(await openBrowser(t), home);
  const cdp = await sitter.page.context().newCDPSession(sitter.page);
  await cdp.send('WebAuthn.enable');
  const options = {
    ...({ protocol: 'ctap2', transport: 'internal' } as const),
    ...{ hasResidentKey: true, hasUserVerification: true, isUserVerified, automaticPresenceSimulation: true },
  };
  const { authenticatorId } = await cdp.send('WebAuthn.addVirtualAuthenticator', { options });
  return { sitter, cdp, authenticatorId };
}

async function addOne({ sitter }: Seat): Promise<void> {
  await sitter.goto(`${OWN}/passkeys`);
  await sitter.press('Add a passkey');
}

/** The credential that the authenticator gives for the options of the page's form, without sending it. */
const answerOf = ({ sitter }: Seat): Promise<string> =>
  sitter.page.evaluate(`(async () => {
    const options = JSON.parse(document.getElementById('passkey').dataset.passkey);
    const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(options);
    return JSON.stringify((await navigator.credentials.get({ publicKey })).toJSON());
  })()`) as Promise<string>;

onBoth('a passkey is added, and signs in by itself from then on', async (t, engine) => {
  const { world, home } = await open(t, engine);
  await acme(world);
  const own = await seat(t, home);
  const { sitter, cdp, authenticatorId } = own;
  await sitter.signIn(OWNER);
  await addOne(own);
  t.regex(await sitter.text(), /Your recovery codes/);
  const { credentials } = await cdp.send('WebAuthn.getCredentials', { authenticatorId });
  t.is(credentials.length, 1);
  t.is(credentials[0]?.rpId, 'localhost');
  await sitter.goto(OWN);
  t.regex(await sitter.text(), /Passkey of Chrome on Linux/);
  t.deepEqual(
    (await world.db('outbox').where({ template: 'second-factor' }).pluck('facts')).map((all) => JSON.parse(all).change),
    ['passkey-added'],
  );

  await sitter.leave(() => sitter.page.getByRole('button', { name: 'Sign out' }).click());
  await sitter.goto('/sign-in?next=/requests');
  await sitter.press('Use a passkey');
  t.is(sitter.path, '/requests');
  t.not((await world.db('passkeys').first()).used_at, null);
  t.deepEqual(sitter.troubles, []);
});

onBoth('with a passkey the password alone lets nobody in; the passkey or a recovery code does', async (t, engine) => {
  const { world, home } = await open(t, engine);
  await acme(world);
  const own = await seat(t, home);
  const { sitter } = own;
  await sitter.signIn(OWNER);
  await addOne(own);
  const code = (await sitter.page.locator('#codes li').first().textContent()) ?? '';
  await sitter.page.context().clearCookies();
  await sitter.signIn(OWNER);
  t.is(sitter.path, '/sign-in/code');
  await sitter.press('Use a passkey');
  t.is(sitter.path, '/');

  const plain = world.visitor();
  const asked = await plain.post('/sign-in', { email: OWNER, password: PASSWORD });
  t.is(asked.location, '/sign-in/code');
  t.regex((await plain.get('/sign-in/code')).text, /Anywhere else a recovery code lets you in/);
  t.is((await plain.post('/sign-in/code', { code: '123456' })).status, 422, 'there is no app');
  t.is((await plain.post('/sign-in/recovery', { recovery: code })).status, 303);
});

onBoth('an answer of a passkey is taken once, for its own page, and only when it was unlocked', async (t, engine) => {
  const { world, home } = await open(t, engine);
  const { owner } = await acme(world);
  const own = await seat(t, home);
  const { sitter, cdp, authenticatorId } = own;
  await sitter.signIn(OWNER);
  await addOne(own);
  await sitter.page.context().clearCookies();
  await sitter.goto('/sign-in');
  const answer = await answerOf(own);
  const send = (credential: string) => world.visitor().post('/sign-in/passkey', { credential });

  const changed = (change: (all: Record<string, Record<string, string>>) => void): string => {
    const all = JSON.parse(answer);
    change(all);
    return JSON.stringify(all);
  };
  const client = (over: object): string =>
    changed(({ response }) => {
      const data = JSON.parse(Buffer.from(response?.['clientDataJSON'] ?? '', 'base64url').toString());
      Object.assign(response ?? {}, {
        clientDataJSON: Buffer.from(JSON.stringify({ ...data, ...over })).toString('base64url'),
      });
    });
  const wrong = {
    'another site': client({ origin: 'https://evil.example' }),
    'another challenge': client({ challenge: 'AAAA' }),
    'another kind': client({ type: 'webauthn.create' }),
    'another signature': changed(({ response }) => Object.assign(response ?? {}, { signature: 'MEUCIQ' })),
    'nobody’s': changed((all) => Object.assign(all, { id: 'AAAA', rawId: 'AAAA' })),
    nothing: '',
    'not JSON': '{',
    'an array': '[]',
    null: 'null',
    'too long': `"${'x'.repeat(100_001)}"`,
  };
  for (const [what, credential] of Object.entries(wrong)) {
    const refused = await send(credential);
    t.is(refused.status, 422, what);
    t.regex(refused.text, /Sign in/);
  }
  const both = await Promise.all([send(answer), send(answer), send(answer)]);
  t.deepEqual(both.map(({ status }) => status).sort(), [303, 422, 422], 'once, also of three at once');
  t.is((await send(answer)).status, 422, 'and never again');

  await sitter.goto('/sign-in');
  const old = await answerOf(own);
  world.now += 31 * MINUTE;
  t.is((await send(old)).status, 422, 'not from a page of half an hour ago');
  await sitter.goto('/sign-in');
  const late = await answerOf(own);
  await world.db('people').where({ id: owner.id }).update({ disabled_at: world.now });
  t.is((await send(late)).status, 422, 'not of somebody who is disabled');
  await world.db('people').where({ id: owner.id }).update({ disabled_at: null });

  await cdp.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified: false });
  await sitter.goto('/sign-in');
  await sitter.page.getByRole('button', { name: 'Use a passkey' }).click();
  await sitter.page.getByText('No passkey was used').waitFor();
  t.is(sitter.path, '/sign-in', 'a device that nobody unlocked signs nobody in');
});

onBoth('a page made for somebody else adds no passkey, and one is added to one person only', async (t, engine) => {
  const { world, home } = await open(t, engine);
  await acme(world);
  const own = await seat(t, home);
  const { sitter } = own;
  await sitter.signIn(OWNER);
  await sitter.goto(`${OWN}/passkeys`);
  const made = (await sitter.page.evaluate(`(async () => {
    const options = JSON.parse(document.querySelector('form[data-passkey]').dataset.passkey);
    const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(options);
    return JSON.stringify((await navigator.credentials.create({ publicKey })).toJSON());
  })()`)) as string;
  const other = await world.signedIn('billing@acme.example');
  t.is((await other.post(`${OWN}/passkeys`, { credential: made })).status, 422);
  t.deepEqual(await world.db('passkeys'), []);
  const same = world.visitor();
  await same.post('/sign-in', { email: OWNER, password: PASSWORD });
  t.is((await same.post(`${OWN}/passkeys`, { credential: made })).status, 200, 'the recovery codes');
  t.is((await same.post(`${OWN}/passkeys`, { credential: made })).status, 422, 'a second time');
  t.is((await world.db('passkeys')).length, 1);
  t.is((await other.post(`${OWN}/passkeys/1/removal`, {})).status, 404, 'nobody removes that of another');
});

onBoth('the last second step of staff stays where it is asked for; else a passkey is removed', async (t, engine) => {
  const { world, home } = await open(t, engine);
  await acme(world);
  const own = await seat(t, home);
  const { sitter } = own;
  await sitter.signIn(OWNER);
  await addOne(own);
  await world.db('people').where({ email: OWNER }).update({ staff_role: 'reviewer' });
  await world.db('settings').insert({ name: 'secondFactor', value: '"staff"', changed_at: 1 });
  await sitter.goto(OWN);
  await sitter.press('Remove the passkey');
  t.regex(await sitter.text(), /so the last one stays/);
  await world.db('settings').delete();
  await sitter.goto(OWN);
  await sitter.press('Remove the passkey');
  t.regex(await sitter.text(), /The passkey is removed/);
  t.deepEqual(await world.db('recovery_codes'), []);
  await sitter.page.context().clearCookies();
  await sitter.goto('/sign-in');
  await sitter.press('Use a passkey');
  t.is(sitter.status, 422, 'the device still has it, and it signs nobody in');
  t.regex(await sitter.text(), /This passkey was not taken/);
});

ava('the pages with passkeys can be read by everybody, in both themes and on a phone', async (t) => {
  const { world, home } = await open(t);
  await acme(world);
  const own = await seat(t, home);
  const { sitter } = own;
  const see = async (path: string) =>
    t.deepEqual(
      Object.values(await visit(sitter, { go: () => sitter.goto(path), status: 200, route: path })).flat(),
      [],
      path,
    );
  await see('/sign-in');
  await sitter.signIn(OWNER);
  await see(`${OWN}/passkeys`);
  await addOne(own);
  await see(OWN);
  await sitter.page.context().clearCookies();
  await sitter.signIn(OWNER);
  await see('/sign-in/code');
});

ava('without https nothing offers a passkey', async (t) => {
  const world = await createWorld(t);
  await acme(world);
  const visitor = await world.signedIn(OWNER);
  t.false((await world.visitor().get('/sign-in')).html.includes('data-passkey'));
  t.regex((await visitor.get(`${OWN}/passkeys`)).text, /Passkeys need an address with https/);
  t.is((await visitor.post(`${OWN}/passkeys`, { credential: '{}' })).status, 422);
  t.is((await world.visitor().post('/sign-in/passkey', { credential: '{}' })).status, 422);
});
