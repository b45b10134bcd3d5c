// Signing in over a real OpenID provider, and what somebody could try with it.

import type { ExecutionContext } from 'ava';
import test from 'ava';
import { disablePerson } from '../../src/accounts/people/actions.ts';
import { checkData } from '../../src/invariants/store.ts';
import * as make from '../support/make.ts';
import { leaveFor, type OpenIdPlace, openIdPlace, ProviderVisitor, signInOver } from '../support/openid-provider.ts';
import { MINUTE, PASSWORD } from '../support/world.ts';

function overProvider(
  title: string,
  run: (t: ExecutionContext, place: OpenIdPlace) => Promise<void>,
  settings: Record<string, string> = {},
): void {
  for (const engine of ['SQLite', 'PostgreSQL'] as const) {
    test(`${title} (${engine})`, async (t) => {
      t.timeout(600_000);
      const place = await openIdPlace(t, engine, settings);
      await run(t, place);
      t.deepEqual(await checkData(place.world.db, place.world.now), [], 'check-data is silent');
    });
  }
}

overProvider(
  'a customer signs in by a verified address, and is known by the provider’s name from then on',
  async (t, place) => {
    const { world, people } = place;
    const acme = await make.account(world);
    people['u1'] = { email: acme.member.email.toUpperCase(), email_verified: true };
    const visitor = world.visitor();
    const answer = await signInOver(visitor, 'u1', '?next=/domains');
    t.is(answer.location, '/domains');
    t.is((await visitor.get('/domains')).status, 200);
    t.is((await visitor.get('/people')).text.includes('Invite somebody'), false, 'as a member');
    const mails = await world.db('outbox').where({ template: 'identity-linked' }).pluck('to_address');
    t.deepEqual(mails, [acme.member.email]);
    people['u1'] = { email: 'else@new.example', email_verified: false };
    t.is((await signInOver(world.visitor(), 'u1')).status, 303, 'whatever the address is there by now');
    t.is((await world.db('outbox').where({ template: 'identity-linked' })).length, 1);
  },
);

overProvider(
  'the sign-in page leads there, and what was typed before the session ended comes back',
  async (t, place) => {
    const { world, people } = place;
    const acme = await make.account(world);
    people['u1'] = { email: acme.admin.email, email_verified: true };
    const visitor = world.visitor();
    t.regex((await visitor.get('/sign-in')).html, /href="\/sign-in\/openid\?next=%2F">Sign in with Nimbus ID</);
    const kept = await visitor.post('/profile', { name: 'Typed', timeZone: 'UTC' });
    t.is(kept.status, 401);
    const leave = await visitor.submit(kept, '/sign-in/openid', {});
    const [, url = ''] = /href="(http[^"]+)"/.exec(leave.html) ?? [];
    const back = await new ProviderVisitor().signIn(url.replaceAll('&amp;', '&').replaceAll('&#38;', '&'), 'u1');
    const answer = await visitor.get(`${back.pathname}${back.search}`);
    t.is(answer.status, 200);
    t.deepEqual(answer.hidden('/profile')['name'], ['Typed']);
  },
);

overProvider(
  'an address that is not verified, unknown or missing lets nobody in, and makes nobody',
  async (t, place) => {
    const { world, people } = place;
    const acme = await make.account(world);
    const before = (await world.db('people')).length;
    const { email } = acme.member;
    for (const [claims, words] of [
      [{ email, email_verified: false }, /does not say that your address was verified/],
      [{ email }, /does not say that your address was verified/],
      [{ email, email_verified: 'false' }, /does not say/],
      [{ email_verified: true }, /does not say/],
      [{ email: `${email}, a@b.example`, email_verified: true }, /does not say/],
      [{ email: 'nobody@acme.example', email_verified: true }, /nobody who can sign in here has your address/],
      [{ email: 'new@warmdesk.example', email_verified: true, groups: ['desk-admins'] }, /nobody who can sign in here/],
    ] as const) {
      people['u1'] = claims;
      const visitor = world.visitor();
      const answer = await signInOver(visitor, 'u1');
      t.is(answer.status, 403);
      t.regex(answer.text, words);
      t.is((await visitor.get('/domains')).status, 303);
    }
    t.is((await world.db('people')).length, before);
    t.deepEqual(await world.db('identities'), []);
  },
);

overProvider('who is disabled, or of a closed account, stays out', async (t, place) => {
  const { world, people } = place;
  const acme = await make.account(world);
  const other = await make.account(world);
  people['u1'] = { email: acme.member.email, email_verified: true };
  people['u2'] = { email: other.member.email, email_verified: true };
  const visitor = world.visitor();
  t.is((await signInOver(visitor, 'u1')).status, 303);
  const team = { kind: 'account', id: acme.id, name: acme.name } as const;
  await disablePerson(world.db, { person: null, at: world.now }, team, acme.member.id);
  t.is((await visitor.get('/domains')).status, 303, 'signed out');
  t.regex((await signInOver(world.visitor(), 'u1')).text, /nobody who can sign in here/);
  t.deepEqual(await world.db('identities'), [], 'and is not known any more');
  await world.db('accounts').where({ id: other.id }).update({ status: 'closed' });
  t.is((await signInOver(world.visitor(), 'u2')).status, 403);
  await world.db('accounts').where({ id: other.id }).update({ status: 'active' });
});

overProvider('another identity with the same address does not get the person’s account', async (t, place) => {
  const { world, people } = place;
  const acme = await make.account(world);
  people['u1'] = { email: acme.member.email, email_verified: true };
  people['u2'] = { email: acme.member.email, email_verified: true };
  t.is((await signInOver(world.visitor(), 'u1')).status, 303);
  const answer = await signInOver(world.visitor(), 'u2');
  t.is(answer.status, 403);
  t.regex(answer.text, /signs in with another account at Nimbus ID/);
});

overProvider(
  'roles of the staff follow the groups, the first of the setting first; the last administrator stays',
  async (t, place) => {
    const { world, people } = place;
    const { admin, reviewer } = await make.staff(world);
    const roleOf = async (id: number) => (await world.db('people').where({ id }).first()).staff_role;
    people['r'] = { email: reviewer.email, email_verified: true, groups: ['desk-reviewers', 'desk-admins', 'cooks'] };
    t.is((await signInOver(world.visitor(), 'r')).status, 303);
    t.is(await roleOf(reviewer.id), 'admin');
    t.is((await world.db('audit_events').where({ name: 'person.roleChanged', subject_id: reviewer.id })).length, 1);
    people['r'] = { ...people['r'], groups: 'desk-reviewers' };
    await signInOver(world.visitor(), 'r');
    t.is(await roleOf(reviewer.id), 'reviewer');
    people['a'] = { email: admin.email, email_verified: true, groups: ['desk-reviewers'] };
    t.is((await signInOver(world.visitor(), 'a')).status, 303);
    t.is(await roleOf(admin.id), 'admin', 'somebody has to be');
    people['r'] = { ...people['r'], groups: ['cooks'] };
    const refused = await signInOver(world.visitor(), 'r');
    t.is(refused.status, 403);
    t.regex(refused.text, /Your groups at Nimbus ID do not make you one of the staff/);
    const told = await world.db('outbox').where({ template: 'role-changed' }).pluck('to_address');
    t.deepEqual(told, [reviewer.email, reviewer.email]);
  },
);

overProvider('a customer in a group of the staff is still a customer alone', async (t, place) => {
  const { world, people } = place;
  const acme = await make.account(world);
  people['u1'] = { email: acme.member.email, email_verified: true, groups: ['desk-admins'] };
  const visitor = world.visitor();
  t.is((await signInOver(visitor, 'u1')).status, 303);
  t.is((await visitor.get('/staff')).status, 404);
});

overProvider(
  'where the setting says so, somebody of a group who is not known becomes one of the staff',
  async (t, place) => {
    const { world, people } = place;
    const { admin } = await make.staff(world);
    people['n'] = {
      email: 'nia@warmdesk.example',
      email_verified: true,
      name: 'Nia Okoro',
      groups: ['desk-reviewers'],
    };
    people['x'] = { email: 'xan@warmdesk.example', email_verified: true, groups: ['cooks'] };
    const visitor = world.visitor();
    t.is((await signInOver(visitor, 'n')).location, '/review');
    t.like(await world.db('people').where({ email: 'nia@warmdesk.example' }).first(), {
      name: 'Nia Okoro',
      staff_role: 'reviewer',
    });
    const told = await world.db('outbox').where({ template: 'team-changed' }).pluck('to_address');
    t.deepEqual(told, [admin.email]);
    t.is((await signInOver(world.visitor(), 'x')).status, 403);
    const [one, two] = await Promise.all([1, 2].map(() => signInOver(world.visitor(), 'n')));
    t.deepEqual([one?.status, two?.status], [303, 303]);
    t.is((await world.db('people').where({ email: 'nia@warmdesk.example' })).length, 1);
  },
  { OIDC_NEW_STAFF: 'on' },
);

overProvider('what comes back counts once, in the browser that began, within ten minutes', async (t, place) => {
  const { world, people } = place;
  const acme = await make.account(world);
  people['u1'] = { email: acme.member.email, email_verified: true };
  const visitor = world.visitor();
  const path = await leaveFor(visitor, 'u1');
  const stale = /was used already, took longer than ten minutes, or was begun in another browser/;
  const elsewhere = await world.visitor().get(path);
  t.deepEqual([elsewhere.status, stale.test(elsewhere.text)], [400, true], 'somebody else’s browser');
  const begun = world.visitor();
  await begun.get('/sign-in/openid');
  t.is((await begun.get(path)).status, 400, 'a browser that began another sign-in');
  t.is((await visitor.get(path)).status, 303);
  t.regex((await visitor.get(path)).text, stale, 'a second time');
  const late = world.visitor();
  const latePath = await leaveFor(late, 'u1');
  world.now += 10 * MINUTE;
  t.regex((await late.get(latePath)).text, stale);
  for (const odd of ['', '?state=x&code=y', '?state=x&state=y', '?code=y', '?error=server_error'])
    t.is((await world.visitor().get(`/sign-in/openid/callback${odd}`)).status, 400, odd);
});

overProvider('a code, a state or a nonce of another sign-in lets nobody in', async (t, place) => {
  const { world, people } = place;
  const acme = await make.account(world);
  people['u1'] = { email: acme.member.email, email_verified: true };
  people['u2'] = { email: acme.admin.email, email_verified: true };
  const visitor = world.visitor();
  const own = new URL(await leaveFor(visitor, 'u1'), world.url);
  const thief = world.visitor();
  const other = new URL(await leaveFor(thief, 'u2'), world.url);
  other.searchParams.set('code', own.searchParams.get('code') ?? '');
  const injected = await thief.get(`${other.pathname}${other.search}`);
  t.is(injected.status, 400);
  t.regex(injected.text, /does not fit this sign-in, so nobody was signed in/);
  t.is((await thief.get('/domains')).status, 303);
  const third = world.visitor();
  const path = await leaveFor(third, 'u2');
  await world.db('openid_flows').update({ nonce: 'another nonce' });
  t.regex((await third.get(path)).text, /does not fit this sign-in/);
  const fourth = world.visitor();
  const fourthPath = await leaveFor(fourth, 'u2');
  await world.db('openid_flows').update({ verifier: 'v'.repeat(43) });
  t.regex((await fourth.get(fourthPath)).text, /does not fit this sign-in/, 'PKCE');
  const fifth = world.visitor();
  const mixed = (await leaveFor(fifth, 'u2')).replace(/iss=[^&]*/, 'iss=https%3A%2F%2Fevil.example');
  t.regex((await fifth.get(mixed)).text, /does not fit this sign-in/, 'an answer of another provider');
  t.is((await world.db('sessions')).length, 0);
  const log = world.logLines.join('');
  for (const secret of [own.searchParams.get('code') ?? '-', own.searchParams.get('state') ?? '-'])
    t.false(log.includes(secret));
});

overProvider('a sign-in leads to a page of ours and nowhere else', async (t, place) => {
  const { world, people } = place;
  const acme = await make.account(world);
  people['u1'] = { email: acme.member.email, email_verified: true };
  for (const next of [
    'https://evil.example/',
    '//evil.example',
    '/\\evil.example',
    'javascript:alert(1)',
    '/%0d%0aSet-Cookie:x',
  ])
    t.true(
      ['/', '/%0d%0aSet-Cookie:x'].includes(
        (await signInOver(world.visitor(), 'u1', `?next=${encodeURIComponent(next)}`)).location ?? '',
      ),
      next,
    );
});

overProvider('a sign-in that is given up says so', async (t, place) => {
  const { world } = place;
  const visitor = world.visitor();
  const begun = await visitor.get('/sign-in/openid');
  const state = new URL(begun.location ?? '').searchParams.get('state');
  const answer = await visitor.get(`/sign-in/openid/callback?error=access_denied&state=${state}`);
  t.is(answer.status, 400);
  t.regex(answer.text, /You did not sign in at Nimbus ID/);
});

overProvider('while the provider is away a sentence says so, and passwords still work', async (t, place) => {
  const { world, people, stop } = place;
  const acme = await make.account(world);
  people['u1'] = { email: acme.member.email, email_verified: true };
  const visitor = world.visitor();
  const path = await leaveFor(visitor, 'u1');
  await stop();
  const back = await visitor.get(path);
  t.is(back.status, 503);
  t.regex(back.text, /Nimbus ID does not answer just now\. Try again in a minute, or sign in with your password/);
  t.is((await world.visitor().post('/sign-in', { email: acme.member.email, password: PASSWORD })).status, 303);
});

overProvider('a provider that was away from the beginning is asked again', async (t, place) => {
  const { world, stop } = place;
  await stop();
  for (let no = 0; no < 2; no++) {
    const answer = await world.visitor().get('/sign-in/openid');
    t.is(answer.status, 503);
    t.regex(answer.text, /does not answer just now/);
  }
  t.is(world.logLines.filter((line) => line.includes('the OpenID provider does not answer')).length, 2);
});

overProvider('Warmdesk’s own second step comes after the provider', async (t, place) => {
  const { world, people } = place;
  const { reviewer } = await make.staff(world);
  people['r'] = { email: reviewer.email, email_verified: true, groups: ['desk-reviewers'] };
  await world.db('settings').insert({ name: 'secondFactor', value: '"staff"', changed_at: 0 });
  const visitor = world.visitor();
  t.is((await signInOver(visitor, 'r', '?next=/audit')).location, '/sign-in/enrolment');
  t.is((await visitor.get('/audit')).status, 303, 'not in yet');
});

overProvider(
  'where the setting says so, the provider’s second factor counts',
  async (t, place) => {
    const { world, people } = place;
    const { reviewer } = await make.staff(world);
    people['r'] = { email: reviewer.email, email_verified: true, groups: ['desk-reviewers'] };
    await world.db('settings').insert({ name: 'secondFactor', value: '"staff"', changed_at: 0 });
    t.is((await signInOver(world.visitor(), 'r', '?next=/audit')).location, '/audit');
  },
  { OIDC_SECOND_FACTOR: 'provider' },
);

overProvider('S-27: who comes over the provider from an address that is not allowed is refused', async (t, place) => {
  const { world, people } = place;
  const acme = await make.account(world);
  people['u1'] = { email: acme.member.email, email_verified: true };
  const limit = { holder: `account ${acme.id}`, account_id: acme.id, ranges: '203.0.113.0/24', changed_at: 1 };
  await world.db('address_limits').insert(limit);
  const visitor = world.visitor();
  const answer = await signInOver(visitor, 'u1');
  t.is(answer.status, 403);
  t.regex(answer.text, /Not from where you are/);
  t.is((await world.db('sessions')).length, 0);
});

overProvider('somebody sees that the provider opens their account, and disconnects it', async (t, place) => {
  const { world, people } = place;
  const { reviewer } = await make.staff(world);
  people['r'] = { email: reviewer.email, email_verified: true, groups: ['desk-reviewers'] };
  const visitor = world.visitor();
  await signInOver(visitor, 'r', '?again=1');
  const page = await visitor.get('/profile/sign-in');
  t.regex(page.text, /Nimbus ID Connected since 23 Nov 2026/);
  const removal = '/profile/sign-in/identity/removal';
  t.is((await visitor.submit(page, removal, {})).location, '/profile/sign-in?note=identity-forgotten');
  t.deepEqual(await world.db('identities'), []);
  t.notRegex((await visitor.get('/profile/sign-in')).text, /Nimbus ID Connected/);
  t.is((await world.db('audit_events').where({ name: 'person.identityForgotten' })).length, 1);
  await signInOver(visitor, 'r');
  await world.db('people').where({ id: reviewer.id }).update({ password_hash: '' });
  const without = world.visitor();
  await signInOver(without, 'r', '?again=1');
  t.is((await without.post(removal, {})).location, '/profile/sign-in?note=identity-kept');
  t.is((await world.db('identities')).length, 1);
  world.now += 16 * MINUTE;
  t.is((await without.post(removal, {})).location, '/sign-in?again=1&next=%2Fprofile%2Fsign-in');
});

overProvider('who has to show again that it is them signs in at the provider again', async (t, place) => {
  const { world, people } = place;
  const acme = await make.account(world);
  people['u1'] = { email: acme.member.email, email_verified: true };
  const browser = new ProviderVisitor();
  const visitor = world.visitor();
  const first = await visitor.get('/sign-in/openid?next=/profile/email&again=1');
  const url = new URL(first.location ?? '');
  t.is(url.searchParams.get('prompt'), 'login');
  const back = await browser.signIn(url.href, 'u1');
  t.is((await visitor.get(`${back.pathname}${back.search}`)).location, '/profile/email');
  t.is((await visitor.get('/profile/email')).status, 200);
});

overProvider('a sign-in that the provider’s own session answers does not show that it is them', async (t, place) => {
  const { world, people } = place;
  const acme = await make.account(world);
  people['u1'] = { email: acme.member.email, email_verified: true };
  const browser = new ProviderVisitor();
  const visitor = world.visitor();
  const come = async (query: string) => {
    const begun = await visitor.get(`/sign-in/openid${query}`);
    const back = await browser.signIn(begun.location ?? '', 'u1');
    t.is((await visitor.get(`${back.pathname}${back.search}`)).status, 303);
  };
  const again = '/sign-in?again=1&next=%2Fprofile%2Femail';
  await come('?again=1');
  t.is((await visitor.get('/profile/email')).status, 200);
  await come('');
  t.is((await visitor.get('/profile')).status, 200, 'signed in');
  t.is((await visitor.get('/profile/email')).location, again, 'but nothing was asked of them');
  t.is((await visitor.post('/profile/email', { email: 'thief@new.example' })).location, again);
  t.deepEqual(await world.db('email_changes'), []);
  await come('?again=1');
  t.is((await visitor.get('/profile/email')).status, 200);
});

overProvider(
  'what somebody sent who has to show again that it is them goes over the provider and back',
  async (t, place) => {
    const { world, people } = place;
    const acme = await make.account(world);
    people['u1'] = { email: acme.admin.email, email_verified: true };
    const visitor = world.visitor();
    await signInOver(visitor, 'u1');
    const asked = await visitor.post('/addresses', { ranges: '127.0.0.0/8', seen: '' });
    t.is(asked.status, 401);
    const leave = await visitor.submit(asked, '/sign-in/openid', {});
    const [, link = ''] = /href="(http[^"]+)"/.exec(leave.html) ?? [];
    const url = link.replaceAll('&amp;', '&').replaceAll('&#38;', '&');
    t.is(new URL(url).searchParams.get('prompt'), 'login', 'its own session does not do');
    const back = await new ProviderVisitor().signIn(url, 'u1');
    const shown = await visitor.get(`${back.pathname}${back.search}`);
    t.is((await visitor.submit(shown, '/addresses', {})).location, '/addresses?note=settings-saved');
  },
);

overProvider('sign-ins that come back count for nothing, those that do not are limited', async (t, place) => {
  const { world, people } = place;
  const acme = await make.account(world);
  people['u1'] = { email: acme.member.email, email_verified: true };
  const tries = () => world.db('rate_limits').where('key', 'like', 'openid:address:%');
  for (let no = 0; no < 3; no++) t.is((await signInOver(world.visitor(), 'u1')).status, 303);
  t.is((await tries().first()).points, 0);
  people['u2'] = { email: 'nobody@acme.example', email_verified: true };
  t.is((await signInOver(world.visitor(), 'u2')).status, 403);
  t.is((await tries().first()).points, 1);
  await tries().update({ points: 299 });
  t.is((await world.visitor().get('/sign-in/openid')).status, 303);
  const over = await world.visitor().get('/sign-in/openid');
  t.is(over.status, 429);
  t.regex(over.text, /too many tries at signing in\. Try again in 15 minutes/);
});
