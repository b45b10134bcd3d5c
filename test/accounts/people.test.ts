// Who is on a team: invitations, roles, disabling; by the pages and by two at once.
import type { ExecutionContext } from 'ava';
import { changeRole, disablePerson, invite } from '../../src/accounts/people/actions.ts';
import { resetToken } from '../../src/accounts/reset/token.ts';
import { everythingStored } from '../support/dump.ts';
import * as make from '../support/make.ts';
import type { Visitor } from '../support/visitor.ts';
import { DAY, MINUTE, onBothEngines, PASSWORD, type World } from '../support/world.ts';

const STAFF = { kind: 'staff' } as const;
const CHOSEN = {
  name: 'Kim Lee',
  timeZone: 'Europe/Berlin',
  password: 'a lamp on the sill',
  repeated: 'a lamp on the sill',
};

const mailsTo = async (world: World, template: string): Promise<string[]> =>
  world.db('outbox').where({ template }).orderBy('id').pluck('to_address');

const signIn = (visitor: Visitor, email: string, password = PASSWORD) => visitor.post('/sign-in', { email, password });

onBothEngines('R-07, R-08: an admin invites a colleague, who chooses a password and is in', async (t, world) => {
  const acme = await make.account(world);
  const admin = await world.signedIn(acme.admin.email);
  const page = await admin.get('/people');
  t.regex(page.text, /People of Acme 3 people/);
  const sent = await admin.submit(page, '/people', { email: 'Kim@Acme.example', name: 'Kim', role: 'billing' });
  t.is(sent.location, '/people?note=invited');
  t.deepEqual(await mailsTo(world, 'invitation'), ['kim@acme.example']);
  t.regex((await admin.get('/people')).text, /Kim kim@acme\.example Billing Invited never/);

  const kim = world.visitor();
  const link = `/invitation/${await make.tokenOf(world, 'kim@acme.example')}`;
  const form = await kim.get(link);
  t.regex(form.text, /You were invited as kim@acme\.example/);
  const wrong = await kim.submit(form, link, { ...CHOSEN, repeated: 'another' });
  t.is(wrong.status, 422);
  t.true(wrong.html.includes('value="Kim Lee"'), 'what was typed is kept');
  t.false(wrong.html.includes('a lamp on the sill'), 'a password is never shown');
  t.is((await kim.submit(form, link, CHOSEN)).location, '/sign-in?note=joined');
  t.is((await signIn(kim, 'kim@acme.example', CHOSEN.password)).location, '/');
  t.regex((await admin.get('/people')).text, /Kim Lee kim@acme\.example Billing Can sign in/);
  t.regex(
    (await admin.get('/history')).text,
    /Kim Lee followed the invitation as Kim Lee.*Acme admin invited kim@acme\.example as billing/,
  );
});

onBothEngines('an invitation works once, for seven days, and not after a newer one', async (t, world) => {
  const acme = await make.account(world);
  const first = await make.invitation(world, 'kim@acme.example', acme);
  const admin = await world.signedIn(acme.admin.email);
  const { id } = await world.db('people').where({ email: 'kim@acme.example' }).first();
  const again = await admin.submit(await admin.get(`/people/${id}`), `/people/${id}/invitation`, {});
  t.is(again.location, `/people/${id}?note=invited`);
  const second = await make.tokenOf(world, 'kim@acme.example');
  const visitor = world.visitor();
  await refused(t, visitor, first, 'the older one');
  world.now += 7 * DAY;
  await refused(t, visitor, second, 'too late');
  await admin.post('/sign-in', { email: acme.admin.email, password: PASSWORD });
  await admin.post(`/people/${id}/invitation`, {});
  const third = await make.tokenOf(world, 'kim@acme.example');
  const answers = await Promise.all([1, 2, 3].map(() => visitor.post(`/invitation/${third}`, CHOSEN)));
  t.deepEqual(answers.map(({ status }) => status).sort(), [303, 404, 404], 'of three at once one gets in');
  await refused(t, visitor, third, 'used');
  t.is((await admin.post(`/people/${id}/invitation`, {})).status, 409, 'a member is not invited again');
});

async function refused(t: ExecutionContext, visitor: Visitor, token: string, why: string): Promise<void> {
  for (const answer of [
    await visitor.get(`/invitation/${token}`),
    await visitor.post(`/invitation/${token}`, CHOSEN),
  ]) {
    t.is(answer.status, 404, why);
    t.regex(answer.text, /This invitation no longer works/, why);
  }
}

onBothEngines('a link of one kind, an empty one and a made-up one open nothing', async (t, world) => {
  const acme = await make.account(world);
  const invited = await make.invitation(world, 'kim@acme.example', acme);
  await world.visitor().post('/password-reset', { email: acme.member.email });
  const { facts } = await world.db('outbox').where({ template: 'password-reset' }).first();
  const reset = resetToken(world.deps.sessionSecret, JSON.parse(facts).seed);
  const before = await everythingStored(world.db);
  const visitor = world.visitor();
  for (const path of [
    `/password-reset/${invited}`,
    `/invitation/${reset}`,
    '/invitation/',
    `/invitation/${'A'.repeat(43)}`,
  ])
    t.is((await visitor.post(path, CHOSEN)).status, 404, path);
  for (const odd of ['%00', 'null', "'--", '[object%20Object]'])
    t.is((await visitor.get(`/invitation/${odd}`)).status, 404, odd);
  t.deepEqual(await everythingStored(world.db), before);
  t.is((await signIn(visitor, 'kim@acme.example', '')).status, 422, 'nobody signs in without a password');
});

onBothEngines('an invitation that somebody else opens is for whom it names, and says so', async (t, world) => {
  const acme = await make.account(world);
  const token = await make.invitation(world, 'kim@acme.example', acme);
  const member = await world.signedIn(acme.member.email);
  const page = await member.get(`/invitation/${token}`);
  t.regex(page.text, /You are signed in as Acme member in this browser\. This invitation is for somebody else/);
  t.is(page.headers.get('referrer-policy'), 'strict-origin');
  const before = await world.db('people').where({ id: acme.member.id }).first();
  await member.submit(page, `/invitation/${token}`, CHOSEN);
  t.deepEqual(await world.db('people').where({ id: acme.member.id }).first(), before);
  t.false(world.logLines.join('').includes(token), 'no token in the log');
});

onBothEngines('an address is invited once, no matter who has it already', async (t, world) => {
  const acme = await make.account(world);
  const other = await make.account(world, { name: 'Other' });
  const admin = await world.signedIn(acme.admin.email);
  const before = await everythingStored(world.db);
  for (const email of [other.admin.email.toUpperCase(), acme.member.email]) {
    const answer = await admin.post('/people', { email, name: '', role: 'admin' });
    t.is(answer.status, 422);
    t.regex(answer.text, /This address already belongs to somebody here/);
    t.true(answer.html.includes(`value="${email}"`), 'what was typed is kept');
  }
  for (const email of ['a@b', 'a@b.example, c@d.example', 'a\r\nb@c.example', '"x"@y.example'])
    t.is((await admin.post('/people', { email, role: 'member' })).status, 422, email);
  for (const role of ['', 'owner', 'reviewer', '__proto__'])
    t.is((await admin.post('/people', { email: 'k@acme.example', role })).status, 422, role);
  t.deepEqual(await everythingStored(world.db), before);
  const team = { kind: 'account', id: acme.id, name: acme.name } as const;
  const actor = { person: acme.admin, at: world.now };
  const who = { email: 'kim@acme.example', name: 'Kim', role: 'member', secret: 's' } as const;
  const both = await Promise.all([invite(world.db, actor, team, who), invite(world.db, actor, team, who)]);
  t.deepEqual(both.map((one) => (one.ok ? 'invited' : one.problem)).sort(), ['invited', 'taken']);
});

onBothEngines('nothing but the role comes out of the form of an invitation', async (t, world) => {
  const acme = await make.account(world);
  const other = await make.account(world, { name: 'Other' });
  const admin = await world.signedIn(acme.admin.email);
  const more = { staffRole: 'admin', staff_role: 'admin', accountId: String(other.id), account_id: String(other.id) };
  await admin.post('/people', { email: 'kim@acme.example', role: 'member', ...more });
  const kim = await world.db('people').where({ email: 'kim@acme.example' }).first();
  t.like(kim, { account_id: acme.id, account_role: 'member', staff_role: null });
});

onBothEngines('a role changes once, is told to whom it concerns, and holds from the next page on', async (t, world) => {
  const { admin, reviewer } = await make.staff(world);
  const second = await make.person(world, { email: 'admin2@warmdesk.example', staffRole: 'admin' });
  const visitor = await world.signedIn(admin.email);
  const theirs = await world.signedIn(reviewer.email);
  t.is((await theirs.get('/review')).status, 200);
  const page = await visitor.get(`/staff/${reviewer.id}`);
  const done = await visitor.submit(page, `/staff/${reviewer.id}/role`, { role: 'billing' });
  t.is(done.location, `/staff/${reviewer.id}?note=role-changed`);
  t.is((await theirs.get('/review')).status, 404, 'at once');
  t.is((await theirs.get('/')).location, '/customers');
  t.deepEqual(await mailsTo(world, 'role-changed'), [reviewer.email]);
  t.deepEqual(await mailsTo(world, 'team-changed'), [second.email], 'not the one who did it');
  const stale = await visitor.submit(page, `/staff/${reviewer.id}/role`, { role: 'deliverability' });
  t.is(stale.status, 409);
  t.regex(stale.text, /Somebody else changed this first\. This is the current state.*Role Billing/);
  t.regex(
    (await visitor.get('/audit')).text,
    /Staff admin changed the role of Staff reviewer Role: Reviewer → Billing/,
  );
});

onBothEngines(
  'somebody who is disabled is out at once, without a link, and gets in again with the same password',
  async (t, world) => {
    const acme = await make.account(world);
    const admin = await world.signedIn(acme.admin.email);
    const theirs = await world.signedIn(acme.member.email);
    await world.visitor().post('/password-reset', { email: acme.member.email });
    const done = await admin.submit(
      await admin.get(`/people/${acme.member.id}`),
      `/people/${acme.member.id}/disabling`,
      {},
    );
    t.is(done.location, `/people/${acme.member.id}?note=person-disabled`);
    t.is((await theirs.get('/')).status, 303);
    t.is((await signIn(theirs, acme.member.email)).status, 422);
    t.is(
      Number((await world.db('password_resets').where({ person_id: acme.member.id }).count({ n: '*' }).first())?.['n']),
      0,
    );
    t.is((await admin.post(`/people/${acme.member.id}/disabling`, {})).status, 409, 'a second time');
    t.is((await admin.post(`/people/${acme.member.id}/invitation`, {})).status, 409);
    await admin.submit(await admin.get(`/people/${acme.member.id}`), `/people/${acme.member.id}/enabling`, {});
    t.is((await signIn(theirs, acme.member.email)).location, '/');
  },
);

onBothEngines('of two administrators who disable or demote each other at once, one stays', async (t, world) => {
  const { admin } = await make.staff(world);
  const second = await make.person(world, { email: 'admin2@warmdesk.example', staffRole: 'admin' });
  const at = world.now;
  const done = await Promise.all([
    disablePerson(world.db, { person: admin, at }, STAFF, second.id),
    changeRole(world.db, { person: second, at }, STAFF, { id: admin.id, from: 'admin', to: 'billing' }),
  ]);
  t.deepEqual(done.map(({ ok }) => ok).sort(), [false, true]);
  const left = await world
    .db('people')
    .where({ staff_role: 'admin' })
    .whereNull('disabled_at')
    .count({ n: '*' })
    .first();
  t.is(Number(left?.['n']), 1);
});

onBothEngines(
  'nobody disables themselves, the last admin, or somebody of the staff who is their colleague',
  async (t, world) => {
    const acme = await make.account(world);
    const { admin: staffAdmin } = await make.staff(world);
    const both = await make.person(world, {
      ...{ email: 'both@acme.example', accountId: acme.id, accountRole: 'member', staffRole: 'reviewer' },
    });
    const admin = await world.signedIn(acme.admin.email);
    for (const [id, why] of [
      [acme.admin.id, /cannot change your own role/],
      [both.id, /also works for the provider/],
    ] as const) {
      const answer = await admin.post(`/people/${id}/disabling`, {});
      t.is(answer.status, 409);
      t.regex(answer.text, why);
    }
    const staff = await world.signedIn(staffAdmin.email);
    const path = `/customers/${acme.id}/people/${acme.admin.id}`;
    const last = await staff.post(`${path}/disabling`, {});
    t.regex(last.text, /This is the only admin\. Make somebody else admin first/);
    t.is((await staff.post(`${path}/role`, { from: 'admin', role: 'member' })).status, 409);
    t.is(
      (await staff.post(`/customers/${acme.id}/people/${both.id}/disabling`, {})).status,
      303,
      'an administrator may',
    );
  },
);

onBothEngines('the Staff page shows what each role may do, and when somebody signed in last', async (t, world) => {
  const { admin } = await make.staff(world);
  const visitor = await world.signedIn(admin.email);
  world.now += 5 * MINUTE;
  const page = await visitor.get('/staff');
  t.regex(page.text, /Decide requests yes no no yes/);
  t.regex(page.text, /Invite staff, change roles, disable people no no no yes/);
  t.regex(page.text, /Staff admin admin@warmdesk\.example Administrator Can sign in 5 min ago/);
  t.regex(page.text, /Staff reviewer reviewer@warmdesk\.example Reviewer Can sign in never/);
});

onBothEngines('invitations are limited by the day', async (t, world) => {
  const acme = await make.account(world);
  const admin = await world.signedIn(acme.admin.email);
  const statuses = [];
  for (let n = 0; n < 101; n += 1)
    statuses.push((await admin.post('/people', { email: acme.member.email, role: 'member' })).status);
  t.deepEqual([...new Set(statuses)], [422, 429]);
  t.is(statuses.indexOf(429), 100);
});
