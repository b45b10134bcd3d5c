// What the log and the staff's pages must never hold.

import test from 'ava';
import { askReset } from '../src/accounts/reset/actions.ts';
import { resetToken } from '../src/accounts/reset/token.ts';
import { checked, DEDICATED, dedicatedForm, send } from './support/asking.ts';
import * as make from './support/make.ts';
import { createWorld, onBothEngines, PASSWORD } from './support/world.ts';

const NEW_PASSWORD = 'a-new-secret-of-mine';

onBothEngines(
  'the log holds no passwords, cookies, links or tokens, and nothing that somebody wrote',
  async (t, world) => {
    const acme = await make.account(world);
    const { reviewer } = await make.staff(world);
    const visitor = world.visitor();
    await visitor.post('/sign-in', { email: acme.admin.email, password: 'wrong-secret-1' });
    const signedIn = await visitor.post('/sign-in', { email: acme.admin.email, password: PASSWORD });
    const cookie = /warmdesk=([^;]+)/.exec(signedIn.headers.getSetCookie().join())?.[1] ?? '';
    t.true(cookie.length > 20);
    const check = await checked(visitor, DEDICATED, { ...dedicatedForm(acme.domains), sends: 'Whispered words' });
    await send(visitor, DEDICATED, check);
    const staff = await world.signedIn(reviewer.email);
    const page = await staff.get('/review/WD-1001?decision=decline');
    await staff.submit(page, '/review/WD-1001/refusal', { reason: 'Whispered reason' });
    await world.visitor().post('/password-reset', { email: acme.admin.email });
    const { facts } = await world.db('outbox').where({ template: 'password-reset' }).first();
    const token = resetToken(world.deps.sessionSecret, JSON.parse(facts).seed);
    await visitor.get(`/password-reset/${token}`);
    const form = { password: NEW_PASSWORD, repeated: NEW_PASSWORD };
    t.is((await visitor.post(`/password-reset/${token}`, form)).status, 303);
    await visitor.get(`/sign-in?next=/password-reset/${token}`);
    const log = world.logLines.join('');
    t.true(log.includes('"path":"/review/WD-1001/refusal"'), 'it tells what was asked for');
    const formToken = check.hidden(DEDICATED).formToken?.[0] ?? '-';
    const secrets = [PASSWORD, 'wrong-secret-1', NEW_PASSWORD, token, cookie, decodeURIComponent(cookie), formToken];
    for (const secret of [
      ...secrets,
      JSON.parse(facts).seed,
      world.deps.sessionSecret,
      'Whispered',
      acme.admin.email,
    ]) {
      t.false(log.includes(secret), secret);
    }
  },
);

test('in production staff see which mails there are, but not their words or links', async (t) => {
  const settings = {
    NODE_ENV: 'production',
    SESSION_SECRET: 'x'.repeat(32),
    BASE_URL: 'http://127.0.0.1',
    SMTP_URL: 'smtp://127.0.0.1:1',
    MAIL_FROM: 'desk@desk.example',
  };
  const world = await createWorld(t, 'SQLite', settings);
  const acme = await make.account(world);
  const { admin } = await make.staff(world);
  await askReset(world.db, acme.admin, world.deps.sessionSecret, world.now);
  const mail = await world.db('outbox').first();
  const { seed } = JSON.parse(mail.facts);
  const staff = await world.signedIn(admin.email);
  for (const change of [{ attempts: 1 }, { status: 'failed', next_at: null, smtp_reply: '550 no' }]) {
    await world.db('outbox').update(change);
    for (const tab of ['failed', 'waiting', 'sent']) {
      const { html } = await staff.get(`/mail?tab=${tab}`);
      t.false(html.includes(seed));
      t.notRegex(html, /password-reset\//);
    }
  }
  t.true((await staff.get('/mail?tab=failed')).text.includes('Choose a new password'));
  for (const path of ['/mailbox', `/mailbox/${mail.id}`, `/mailbox/${mail.id}/html`, `/mail/${mail.id}`]) {
    t.is((await staff.get(path)).status, 404, path);
  }
  const pages = await Promise.all(['/audit', `/customers/${acme.id}`].map((path) => staff.get(path)));
  for (const { html } of pages) t.false(html.includes(seed));
});
