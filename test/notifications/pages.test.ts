import test from 'ava';
import { sendDue } from '../../src/notifications/background.ts';
import { findMail } from '../../src/notifications/store.ts';
import { startMailServer } from '../support/mail-server.ts';
import { addReader, deliveryTo, outbox, queue } from '../support/outbox.ts';
import { acme, staff } from '../support/people.ts';
import { sampleFacts } from '../support/sample-mails.ts';
import { createWorld, MINUTE, onBothEngines } from '../support/world.ts';

onBothEngines(
  'R-07: a refused mail is shown to staff with the reason, and sent again when they say so',
  async (t, world) => {
    const server = await startMailServer(t);
    const { reviewer } = await staff(world);
    await queue(world, [await addReader(world.db, 'bea@acme.example')]);
    const delivery = deliveryTo(t, world, server);
    server.mood = () => ({ at: 'data', refuse: { code: 554, text: 'looks like <spam> to us' } });
    await sendDue(delivery);
    const visitor = await world.signedIn(reviewer.email);

    const failed = await visitor.get('/mail');
    t.is(failed.status, 200);
    for (const words of ['Failed 1', 'WD-1042', 'bea@acme.example', '554', 'looks like <spam> to us', 'Send again']) {
      t.true(failed.text.includes(words), words);
    }
    const id = Number((await outbox(world.db))[0]?.['id']);
    const answer = await visitor.submit(failed, `/mail/${id}/again`, {});
    t.like(answer, { status: 303, location: '/mail?tab=waiting&note=mail-again' });
    t.true((await visitor.get('/mail?tab=waiting')).text.includes('due now'));

    server.mood = () => null;
    t.like(await sendDue(delivery), { sent: 1 });
    t.is(server.accepted.length, 1);
    t.true((await visitor.get('/mail?tab=sent')).text.includes('bea@acme.example'));
    const event = await world.db('audit_events').where('name', 'mail.sentAgain').first();
    t.like(event, { actor_id: reviewer.id, subject_type: 'mail', subject_id: id });
    t.like(JSON.parse(event.facts), { to: 'bea@acme.example' });
  },
);

onBothEngines('R-07: a mail that is sent again has all its tries before it', async (t, world) => {
  const server = await startMailServer(t);
  const { reviewer } = await staff(world);
  await queue(world, [await addReader(world.db, 'bea@acme.example')]);
  server.mood = () => ({ at: 'rcpt', refuse: { code: 450, text: 'come back' } });
  const delivery = deliveryTo(t, world, server);
  await world.db('outbox').update({ attempts: 19 });
  t.like(await sendDue(delivery), { failed: 1 });
  const id = Number((await outbox(world.db))[0]?.['id']);
  await (await world.signedIn(reviewer.email)).post(`/mail/${id}/again`, {});

  t.like(await sendDue(delivery), { retry: 1, failed: 0 });
  t.like((await outbox(world.db))[0], { status: 'waiting', attempts: 1, next_at: world.now + MINUTE });
});

onBothEngines('a mail that has not failed cannot be sent again', async (t, world) => {
  const { reviewer } = await staff(world);
  await queue(world, [await addReader(world.db, 'bea@acme.example')]);
  const visitor = await world.signedIn(reviewer.email);
  const [before] = await outbox(world.db);

  const answer = await visitor.post(`/mail/${before?.['id']}/again`, {});
  t.like(answer, { status: 303, location: '/mail?tab=failed&note=mail-not-failed' });
  t.true((await visitor.get(String(answer.location))).text.includes('already back in the queue'));
  t.deepEqual(await outbox(world.db), [before]);
  t.is((await visitor.post('/mail/9999/again', {})).status, 404);
  t.is((await visitor.post('/mail/1e3/again', {})).status, 404);
});

onBothEngines('customers do not see the outbox', async (t, world) => {
  const { owner } = await acme(world);
  await queue(world, [owner]);
  const visitor = await world.signedIn(owner.email);
  const [row] = await outbox(world.db);

  t.is((await visitor.get('/mail')).status, 404);
  t.is((await visitor.post(`/mail/${row?.['id']}/again`, {})).status, 404);
});

onBothEngines('an outbox with nothing in it says what would be listed', async (t, world) => {
  const { reviewer } = await staff(world);
  const visitor = await world.signedIn(reviewer.email);
  t.true((await visitor.get('/mail')).text.includes('No mail has failed'));
  t.true((await visitor.get('/mail?tab=waiting')).text.includes('No mail waits'));
  t.true((await visitor.get('/mail?tab=sent')).text.includes('No mail was sent yet'));
});

onBothEngines('without SMTP_URL mails are kept in the development mailbox, as text and as HTML', async (t, world) => {
  const { owner } = await acme(world);
  const what = 'One <script>alert(1)</script> IP for Acme';
  await queue(world, [owner], {
    template: 'request-second-review',
    facts: { ...sampleFacts['request-second-review'], what },
  });
  const delivery = deliveryTo(t, world, { url: null });
  t.like(await sendDue(delivery), { sent: 1 });
  const id = Number((await outbox(world.db))[0]?.['id']);
  t.is((await findMail(world.db, id))?.reply, '250 kept in the development mailbox');
  const visitor = world.visitor();

  const list = await visitor.get('/mailbox');
  t.true(list.text.includes(what) && list.text.includes(owner.email));
  const page = await visitor.get(`/mailbox/${id}`);
  t.true(page.text.includes(`${world.url}/requests/WD-1042`));
  t.regex(page.html, /<iframe[^>]* sandbox="allow-top-navigation-by-user-activation"/);
  const html = await visitor.get(`/mailbox/${id}/html`);
  t.false(html.html.includes('<script>'));
  const rules = html.headers.get('content-security-policy') ?? '';
  t.regex(rules, /^default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'; sandbox /);
  t.notRegex(page.headers.get('content-security-policy') ?? '', /unsafe-inline/);
  t.is((await visitor.get('/mailbox/77')).status, 404);
});

test('with SMTP_URL there is no development mailbox', async (t) => {
  const world = await createWorld(t, 'SQLite', { SMTP_URL: 'smtp://127.0.0.1:1' });
  const { owner } = await acme(world);
  await queue(world, [owner]);
  for (const path of ['/mailbox', '/mailbox/1', '/mailbox/1/html']) {
    t.is((await world.visitor().get(path)).status, 404, path);
  }
});
