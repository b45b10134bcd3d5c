// What opens a door asks again who it is, where somebody signed in a while ago. What was sent is carried through the sign-in.
import type { ExecutionContext } from 'ava';
import { setRanges } from '../../src/accounts/addresses/actions.ts';
import { customerio } from '../policy/facts.ts';
import { codeAt, setUpApp } from '../support/authenticator.ts';
import { everythingStored } from '../support/dump.ts';
import * as make from '../support/make.ts';
import type { Answer, Visitor } from '../support/visitor.ts';
import { MINUTE, onBothEngines, PASSWORD, type World } from '../support/world.ts';

type Sending = {
  readonly visitor: Visitor;
  readonly email: string;
  readonly send: () => Promise<Answer>;
  /** Where the form goes once more afterwards. */
  readonly to: string;
};

/** Sends a form a quarter of an hour after signing in, shows who it is, and sends what was kept. Returns its answer. */
async function throughSignIn(t: ExecutionContext, world: World, { visitor, email, send, to }: Sending) {
  world.now += 16 * MINUTE;
  const before = await everythingStored(world.db);
  const asked = await send();
  t.is(asked.status, 401, to);
  t.regex(asked.text, /Confirm that it is you.*What you typed is kept/, to);
  t.true(asked.html.includes(`value="${email}"`), 'they need not type their address');
  t.deepEqual(await everythingStored(world.db), before, `${to}: nothing was done`);
  const wrong = await visitor.submit(asked, '/sign-in', { email, password: 'a wrong one' });
  t.is(wrong.status, 422);
  t.regex(wrong.text, /Confirm that it is you.*What you typed is kept/, to);
  const shown = await visitor.submit(wrong, '/sign-in', { email, password: PASSWORD });
  t.regex(shown.text, /You are signed in again/, to);
  return visitor.submit(shown, to, {});
}

onBothEngines('V7.5.3: adopting a shipped policy asks again who it is', async (t, world) => {
  const { admin } = await make.staff(world);
  const visitor = await world.signedIn(admin.email);
  const to = '/settings/policy';
  const send = () => visitor.post(to, { policy: 'sendgrid' });
  const done = await throughSignIn(t, world, { visitor, email: admin.email, send, to });
  t.is(done.location, `${to}?note=settings-saved`);
  t.is(world.deps.policy.name, 'sendgrid');
  t.is((await visitor.post(to, { policy: 'customerio' })).status, 303, 'once asked, not a second time');
});

onBothEngines(
  'V7.5.3: a policy of one’s own is carried through the sign-in, and checked whole after it',
  async (t, world) => {
    const { admin } = await make.staff(world);
    const visitor = await world.signedIn(admin.email);
    const own = {
      ...customerio,
      name: 'nimbus',
      title: 'Nimbus “& <more>”',
      extraIpMonthlyCents: { value: 2500, rule: 'own choice' },
    };
    const send = () => {
      const form = new FormData();
      form.append('file', new Blob([JSON.stringify(own)]), 'nimbus.json');
      return visitor.send('/settings/policy/file', form);
    };
    const to = '/settings/policy';
    const done = await throughSignIn(t, world, { visitor, email: admin.email, send, to });
    t.is(done.location, `${to}?note=settings-saved`);
    t.is(world.deps.policy.document.title, own.title, 'as it was written');
    t.deepEqual(world.deps.policy.document.extraIpMonthlyCents, own.extraIpMonthlyCents);
    t.is((await visitor.post(to, { document: '{' })).status, 422, 'a form of one’s own is checked too');
  },
);

onBothEngines('V7.5.3: inviting staff and changing their role asks again who it is', async (t, world) => {
  const { admin, reviewer } = await make.staff(world);
  const visitor = await world.signedIn(admin.email);
  const page = await visitor.get(`/staff/${reviewer.id}`);
  const invited = await throughSignIn(t, world, {
    ...{ visitor, email: admin.email, to: '/staff' },
    send: () => visitor.post('/staff', { email: 'kim@warmdesk.example', name: 'Kim', role: 'billing' }),
  });
  t.is(invited.location, '/staff?note=invited');
  t.like(await world.db('people').where({ email: 'kim@warmdesk.example' }).first(), { staff_role: 'billing' });
  const to = `/staff/${reviewer.id}/role`;
  const changed = await throughSignIn(t, world, {
    ...{ visitor, email: admin.email, to },
    send: () => visitor.submit(page, to, { role: 'deliverability' }),
  });
  t.is(changed.location, `/staff/${reviewer.id}?note=role-changed`);
  t.like(await world.db('people').where({ id: reviewer.id }).first(), { staff_role: 'deliverability' });
});

onBothEngines(
  'somebody of the staff is shut out at once, and let in again only by who shows who they are',
  async (t, world) => {
    const { admin, reviewer } = await make.staff(world);
    const visitor = await world.signedIn(admin.email);
    world.now += 16 * MINUTE;
    const base = `/staff/${reviewer.id}`;
    t.is((await visitor.post(`${base}/disabling`, {})).location, `${base}?note=person-disabled`);
    for (const act of ['enabling', 'second-factor', 'invitation'])
      t.is((await visitor.post(`${base}/${act}`, {})).status, 401, act);
    t.not((await world.db('people').where({ id: reviewer.id }).first()).disabled_at, null);
  },
);

onBothEngines('V7.5.3: what signing in asks for is changed by who shows who they are', async (t, world) => {
  const { admin } = await make.staff(world);
  const visitor = await world.signedIn(admin.email);
  const to = '/settings/sign-in';
  const send = () => visitor.post(to, { rule: 'staff' });
  const done = await throughSignIn(t, world, { visitor, email: admin.email, send, to });
  t.is(done.location, `${to}?note=settings-saved`);
  t.regex((await visitor.get(to)).html, /value="staff"[^>]* checked/);
});

onBothEngines(
  'V7.5.3, S-27: lists of allowed addresses ask again who it is, one’s own account’s too',
  async (t, world) => {
    const { admin } = await make.staff(world);
    const acme = await make.account(world);
    const staffed = await world.signedIn(admin.email);
    const to = '/settings/addresses/staff';
    const set = await throughSignIn(t, world, {
      ...{ visitor: staffed, email: admin.email, to },
      send: () => staffed.post(to, { ranges: '127.0.0.0/8', seen: '' }),
    });
    t.is(set.location, '/settings/addresses?note=settings-saved');
    const owner = await world.signedIn(acme.admin.email);
    const own = await throughSignIn(t, world, {
      ...{ visitor: owner, email: acme.admin.email, to: '/addresses' },
      send: () => owner.post('/addresses', { ranges: '127.0.0.0/8\n203.0.113.0/24', seen: '' }),
    });
    t.is(own.location, '/addresses?note=settings-saved');
    t.regex((await owner.get('/addresses')).text, /203\.0\.113\.0\/24/);
  },
);

onBothEngines('V7.5.3, S-27: lifting a customer’s limit asks again who it is', async (t, world) => {
  const { admin } = await make.staff(world);
  const acme = await make.account(world);
  const holder = { kind: 'account', id: acme.id, name: acme.name } as const;
  await setRanges(world.db, { person: acme.admin, at: world.now }, holder, { ranges: ['203.0.113.0/24'], seen: '' });
  const visitor = await world.signedIn(admin.email);
  const to = `/customers/${acme.id}/addresses/lifting`;
  const done = await throughSignIn(t, world, { visitor, email: admin.email, send: () => visitor.post(to, {}), to });
  t.is(done.location, `/customers/${acme.id}/addresses?note=limit-lifted`);
  t.regex((await visitor.get(`/customers/${acme.id}/addresses`)).text, /From anywhere/);
});

onBothEngines('V7.5.3, R-04: a decision against a failed check asks both reviewers who they are', async (t, world) => {
  const acme = await make.account(world, { weekly: 30_000 });
  const { reviewer, reviewer2 } = await make.staff(world);
  await make.ips(world, 'us', 1);
  const path = `/review/WD-${1000 + (await make.request(world, acme.admin))}`;
  const [one, two] = [await world.signedIn(reviewer.email), await world.signedIn(reviewer2.email)];
  const page = await one.get(path);
  const proposed = await throughSignIn(t, world, {
    ...{ visitor: one, email: reviewer.email, to: `${path}/approval` },
    send: () => one.submit(page, `${path}/approval`, { reason: 'A <known> customer & "friend".' }),
  });
  t.is(proposed.location, `${path}?note=proposed`);
  const second = await two.get(path);
  t.true(second.text.includes('A <known> customer & "friend".'), 'the reason came through as it was typed');
  const confirmed = await throughSignIn(t, world, {
    ...{ visitor: two, email: reviewer2.email, to: `${path}/confirmation` },
    send: () => two.submit(second, `${path}/confirmation`, {}),
  });
  t.is(confirmed.location, `${path}?note=approved`);
});

onBothEngines('a decision within the policy asks nobody again, nor does declining against it', async (t, world) => {
  const acme = await make.account(world);
  const small = await make.account(world, { weekly: 30_000 });
  const { reviewer } = await make.staff(world);
  await make.ips(world, 'us', 1);
  const visitor = await world.signedIn(reviewer.email);
  const paths = [];
  for (const { admin } of [acme, small]) paths.push(`/review/WD-${1000 + (await make.request(world, admin))}`);
  world.now += 16 * MINUTE;
  const [fine = '', failing = ''] = paths;
  t.is((await visitor.submit(await visitor.get(fine), `${fine}/approval`, {})).location, `${fine}?note=approved`);
  const page = await visitor.get(`${failing}?decision=decline`);
  const declined = await visitor.submit(page, `${failing}/refusal`, { reason: 'Too little mail.' });
  t.is(declined.location, `${failing}?note=declined`);
});

onBothEngines('who has a second step shows that too before the form goes on', async (t, world) => {
  const { admin } = await make.staff(world);
  const visitor = await world.signedIn(admin.email);
  const { secret } = await setUpApp(world, visitor);
  world.now += 16 * MINUTE;
  const asked = await visitor.post('/settings/sign-in', { rule: 'staff' });
  const half = await visitor.submit(asked, '/sign-in', { email: admin.email, password: PASSWORD });
  t.is(half.location, '/sign-in/code');
  t.not((await visitor.post('/settings/sign-in', { rule: 'staff' })).status, 303, 'the password alone is not enough');
  const code = codeAt(secret, world.now);
  const shown = await visitor.submit(await visitor.get('/sign-in/code'), '/sign-in/code', { code });
  const done = await visitor.submit(shown, '/settings/sign-in', {});
  t.is(done.location, '/settings/sign-in?note=settings-saved');
});
