import { sendDue } from '../../src/notifications/background.ts';
import {
  claimDue,
  finishFailed,
  finishRetry,
  finishSent,
  hasWork,
  returnExpiredClaims,
} from '../../src/notifications/store-claims.ts';
import { startMailServer } from '../support/mail-server.ts';
import { addReader, deliveryTo, outbox, queue } from '../support/outbox.ts';
import { HOUR, MINUTE, onBothEngines } from '../support/world.ts';

onBothEngines('R-07: each person concerned gets one mail about one event', async (t, world) => {
  const server = await startMailServer(t);
  const ola = await addReader(world.db, 'ola@acme.example', 'Ola Acme');
  const rita = await addReader(world.db, 'rita@desk.example');
  await queue(world, [ola, rita]);
  await queue(world, [ola]);

  t.like(await sendDue(deliveryTo(t, world, server)), { sent: 3, retry: 0, failed: 0 });

  t.deepEqual(server.accepted.map(({ to }) => to.join()).sort(), [ola.email, ola.email, rita.email]);
  t.is(new Set(server.accepted.map(({ mail }) => mail.messageId)).size, 3);
  for (const row of await outbox(world.db)) {
    t.like(row, { status: 'sent', sent_at: world.now, attempts: 1, claim_token: null });
    t.regex(String(row['smtp_reply']), /^2/);
  }
});

onBothEngines('R-07: the outbox refuses a second mail to the same person about the same event', async (t, world) => {
  const ola = await addReader(world.db, 'ola@acme.example');
  await t.throwsAsync(queue(world, [ola, ola]));
  t.deepEqual(await outbox(world.db), [], 'nothing of it is left, nor is the event');
  t.is((await world.db('audit_events').where('name', 'person.profileChanged')).length, 0);
});

onBothEngines('R-07: four senders at once send each of 60 mails once', async (t, world) => {
  const server = await startMailServer(t);
  const ola = await addReader(world.db, 'ola@acme.example');
  for (let n = 0; n < 60; n += 1) await queue(world, [ola]);

  const tallies = await Promise.all([1, 2, 3, 4].map(() => sendDue(deliveryTo(t, world, server))));

  t.is(
    tallies.reduce((sum, { sent }) => sum + sent, 0),
    60,
  );
  t.is(server.accepted.length, 60);
  t.is(new Set(server.accepted.map(({ mail }) => mail.messageId)).size, 60);
});

onBothEngines(
  'R-07: mails that go at the same time are claimed at once, and written down together',
  async (t, world) => {
    const server = await startMailServer(t);
    const gate = Promise.withResolvers<null>();
    server.mood = () => gate.promise;
    const ola = await addReader(world.db, 'ola@acme.example');
    for (let n = 0; n < 6; n += 1) await queue(world, [ola]);
    const commits: string[] = [];
    world.db.on('query', ({ sql }: { sql: string }) => void (/^commit/i.test(sql) && commits.push(sql)));

    const sent = sendDue(deliveryTo(t, world, server));
    await server.begun(4);
    const claims = await world.db('outbox').where({ status: 'sending' }).distinct('claim_token');
    gate.resolve(null);

    t.like(await sent, { sent: 6 });
    t.is(claims.length, 1);
    t.true(commits.length > 1 && commits.length < 12, `${commits.length} commits; each mail alone would take two`);
  },
);

onBothEngines('R-07: a sender that wakes after its claim ended changes nothing', async (t, world) => {
  await queue(world, [await addReader(world.db, 'ola@acme.example')]);
  const claim = { now: world.now, until: world.now + MINUTE, oldest: 1, youngest: 0 };
  const [mail] = await claimDue(world.db, { ...claim, token: 'the late one' });
  t.deepEqual(await claimDue(world.db, { ...claim, token: 'another' }), [], 'while it lasts nobody else gets the mail');
  const later = world.now + 2 * MINUTE;
  await returnExpiredClaims(world.db, later);
  t.is((await claimDue(world.db, { ...claim, token: 'the next one', now: later, until: later + MINUTE })).length, 1);
  const [underWay] = await outbox(world.db);
  t.like(underWay, { status: 'sending', claim_token: 'the next one', attempts: 2 });

  const late = { id: mail?.id ?? 0, token: 'the late one' };
  t.false(await finishSent(world.db, late, later, '250 late'));
  t.false(await finishRetry(world.db, late, later, '450 late'));
  t.false(await finishFailed(world.db, late, '550 late'));
  t.deepEqual(await outbox(world.db), [underWay]);

  t.true(await finishSent(world.db, { ...late, token: 'the next one' }, later, '250 taken'));
  t.false(await finishFailed(world.db, late, '550 later still'));
  t.like((await outbox(world.db))[0], { status: 'sent', sent_at: later, smtp_reply: '250 taken', claim_token: null });
});

onBothEngines('R-07: a claim lasts up to and with its last instant', async (t, world) => {
  await queue(world, [await addReader(world.db, 'ola@acme.example')]);
  const until = world.now + MINUTE;
  await claimDue(world.db, { token: 'mine', now: world.now, until, oldest: 1, youngest: 0 });
  t.false(await hasWork(world.db, until));
  t.is(await returnExpiredClaims(world.db, until), 0);
  t.true(await hasWork(world.db, until + 1));
  t.is(await returnExpiredClaims(world.db, until + 1), 1);
  const back = { status: 'waiting', next_at: until + 1, claim_token: null, claimed_until: null, attempts: 1 };
  t.like((await outbox(world.db))[0], back);
});

onBothEngines('R-07: a mail that the server cannot take now is tried again, later each time', async (t, world) => {
  const server = await startMailServer(t);
  server.mood = () => ({ at: 'rcpt', refuse: { code: 450, text: 'greylisted, come back' } });
  await queue(world, [await addReader(world.db, 'ola@acme.example')]);
  const delivery = deliveryTo(t, world, server);

  for (const minutes of [1, 2, 4]) {
    t.like(await sendDue(delivery), { sent: 0, retry: 1 });
    const [row] = await outbox(world.db);
    t.like(row, { status: 'waiting', next_at: world.now + minutes * MINUTE });
    t.regex(String(row?.['smtp_reply']), /450 .*greylisted/);
    world.now += minutes * MINUTE - 1;
    t.like(await sendDue(delivery), { sent: 0, retry: 0 }, 'not before its time');
    world.now += 1;
  }
  server.mood = () => null;

  t.like(await sendDue(delivery), { sent: 1 });
  t.is(server.accepted.length, 1);
});

onBothEngines('R-07: a mail that no server takes for two days fails and waits for a person', async (t, world) => {
  const server = await startMailServer(t);
  server.mood = () => ({ at: 'data', refuse: { code: 451, text: 'disk full' } });
  await queue(world, [await addReader(world.db, 'ola@acme.example')]);
  const delivery = deliveryTo(t, world, server);
  const begun = world.now;

  for (let tally = await sendDue(delivery); tally.failed === 0; tally = await sendDue(delivery)) {
    const [row] = await outbox(world.db);
    world.now = Number(row?.['next_at']);
  }

  t.like((await outbox(world.db))[0], { status: 'failed', attempts: 20, next_at: null });
  t.true(world.now - begun > 48 * HOUR && world.now - begun < 60 * HOUR);
  t.is(server.tries, 20);
});

onBothEngines('R-07: a mail that is refused for good fails at once, and holds up no other', async (t, world) => {
  const server = await startMailServer(t);
  server.mood = (to) => (to.startsWith('gone') ? { at: 'rcpt', refuse: { code: 550, text: 'no such mailbox' } } : null);
  for (const email of ['gone@acme.example', 'ola@acme.example', 'bea@acme.example']) {
    await queue(world, [await addReader(world.db, email)]);
  }
  const delivery = deliveryTo(t, world, server);

  t.like(await sendDue(delivery), { sent: 2, failed: 1 });
  world.now += 7 * 24 * HOUR;
  t.like(await sendDue(delivery), { sent: 0, failed: 0 }, 'it is not tried again');

  t.like((await outbox(world.db))[0], { to_address: 'gone@acme.example', status: 'failed', attempts: 1 });
  t.deepEqual(server.accepted.map(({ to }) => to.join()).sort(), ['bea@acme.example', 'ola@acme.example']);
});

onBothEngines('R-07: an address that is not one plain address gets no mail', async (t, world) => {
  const server = await startMailServer(t);
  const ola = await addReader(world.db, 'ola@acme.example');
  await queue(world, [ola]);
  await world.db('outbox').update({ to_address: 'ola@acme.example, evil@elsewhere.example' });

  t.like(await sendDue(deliveryTo(t, world, server)), { sent: 0, failed: 1 });
  t.is(server.tries, 0);
  t.regex(String((await outbox(world.db))[0]?.['smtp_reply']), /not one plain mail address/);
  await t.throwsAsync(queue(world, [{ ...ola, email: 'ola@acme.example\r\nrcpt to:<evil@elsewhere.example>' }]));
  await world.db('outbox').update({ to_address: ola.email });
});

onBothEngines('R-07: a mail that may have arrived is sent again with the same Message-ID', async (t, world) => {
  const server = await startMailServer(t);
  await queue(world, [await addReader(world.db, 'ola@acme.example')]);
  const delivery = deliveryTo(t, world, server);

  server.mood = () => 'drop after the final dot';
  t.like(await sendDue(delivery), { retry: 1 });
  world.now += MINUTE;
  server.mood = () => 'stall after the final dot';
  t.like(await sendDue(deliveryTo(t, world, server, 1_000)), { retry: 1 }, 'a silent server is given up');
  world.now += 2 * MINUTE;
  server.mood = () => 'drop before the final dot';
  t.like(await sendDue(delivery), { retry: 1 });
  world.now += 4 * MINUTE;
  server.mood = () => null;
  t.like(await sendDue(delivery), { sent: 1 });

  const [sent] = server.accepted;
  t.is(server.unanswered.length, 2);
  for (const { mail } of server.unanswered) {
    t.is(mail.messageId, sent?.mail.messageId);
    t.deepEqual([mail.subject, mail.date, mail.text], [sent?.mail.subject, sent?.mail.date, sent?.mail.text]);
  }
});

onBothEngines('R-07: a mail server that is away keeps mails waiting', async (t, world) => {
  await queue(world, [await addReader(world.db, 'ola@acme.example')]);

  t.like(await sendDue(deliveryTo(t, world, { url: 'smtp://127.0.0.1:1' })), { retry: 1 });
  const [row] = await outbox(world.db);
  t.like(row, { status: 'waiting', attempts: 1 });
  t.regex(String(row?.['smtp_reply']), /ECONNREFUSED/);
});

onBothEngines('R-07: fresh mails do not wait behind a long queue', async (t, world) => {
  const server = await startMailServer(t);
  const ola = await addReader(world.db, 'ola@acme.example');
  const rita = await addReader(world.db, 'rita@desk.example');
  for (let n = 0; n < 40; n += 1) await queue(world, [ola]);
  world.now += HOUR;
  await queue(world, [rita]);

  await sendDue(deliveryTo(t, world, server));

  const place = server.accepted.findIndex(({ to }) => to.includes(rita.email));
  t.true(place < 10, `it went out as number ${place + 1} of 41`);
});
