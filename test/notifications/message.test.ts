import { sendDue } from '../../src/notifications/background.ts';
import type { Mail } from '../../src/notifications/mail.ts';
import { claimDue } from '../../src/notifications/store-claims.ts';
import { startMailServer } from '../support/mail-server.ts';
import { addReader, deliveryTo, queue } from '../support/outbox.ts';
import { sampleFacts } from '../support/sample-mails.ts';
import { onBothEngines } from '../support/world.ts';

onBothEngines('R-07: every mail says that a machine wrote it and hangs on its request’s thread', async (t, world) => {
  const server = await startMailServer(t);
  const ola = await addReader(world.db, 'ola@acme.example', 'Ola Acme');
  // The others are about a week, or about people and accounts.
  const aboutRequests = Object.entries(sampleFacts).filter(([, facts]) => 'reference' in facts);
  t.true(aboutRequests.length > 20);
  for (const [template, facts] of aboutRequests) {
    await queue(world, [ola], { template, facts } as Partial<Mail>);
  }

  t.like(await sendDue(deliveryTo(t, world, server)), { sent: aboutRequests.length });

  for (const { mail, raw, from, to } of server.accepted) {
    t.is(mail.headers.get('auto-submitted'), 'auto-generated');
    t.is(mail.headers.get('x-auto-response-suppress'), 'All');
    t.regex(mail.messageId ?? '', /^<[0-9a-f-]{36}@warmdesk\.example>$/);
    t.is(mail.inReplyTo, '<wd-1042@warmdesk.example>');
    t.deepEqual([mail.references].flat(), ['<wd-1042@warmdesk.example>']);
    t.regex(mail.subject ?? '', /\(WD-1042\)$/);
    t.is(mail.date?.getTime(), world.now);
    t.deepEqual([from, to], ['desk@warmdesk.example', ['ola@acme.example']]);
    t.true(raw.split('\r\n').every((line) => Buffer.byteLength(line) < 998 && !/[\r\n]/.test(line)));
    for (const header of ['from', 'to', 'subject', 'date', 'message-id']) {
      t.is(mail.headerLines.filter(({ key }) => key === header).length, 1, `one ${header}`);
    }
  }
});

onBothEngines('R-07: no name and no text adds a recipient or a header; all is read as typed', async (t, world) => {
  const server = await startMailServer(t);
  const nasty =
    'Ola <b>"Acme"</b>, evil@elsewhere.example\r\nBcc: evil@elsewhere.example\r\n\r\n<script>alert(1)</script>';
  const ola = await addReader(world.db, 'ola@acme.example', nasty);
  const facts = { ...sampleFacts['request-declined'], what: nasty, account: nasty, reason: nasty, remedies: [nasty] };
  await queue(world, [ola], { template: 'request-declined', facts });

  t.like(await sendDue(deliveryTo(t, world, server)), { sent: 1 });

  const [received] = server.accepted;
  t.deepEqual(received?.to, ['ola@acme.example']);
  const mail = received?.mail;
  const named = [mail?.to ?? []].flat().flatMap((header) => header.value);
  t.deepEqual(
    named.map(({ address }) => address),
    ['ola@acme.example'],
  );
  t.is(mail?.headers.get('bcc'), undefined);
  t.notRegex(mail?.subject ?? '', /[\r\n]/);
  t.true(mail?.subject?.includes('Ola <b>"Acme"</b>, evil@elsewhere.example Bcc: evil@elsewhere.example'));
  const html = String(mail?.html);
  t.false(html.includes('<script>'));
  t.false(html.includes('<b>'));
  t.true(html.includes('&lt;script&gt;alert(1)&lt;/script&gt;'));
  t.true(mail?.text?.includes('> <script>alert(1)</script>'));
});

onBothEngines('R-07: a mail that cannot be written fails and says why', async (t, world) => {
  const server = await startMailServer(t);
  const ola = await addReader(world.db, 'ola@acme.example');
  await queue(world, [ola]);
  await queue(world, [ola]);
  const [first] = await claimDue(world.db, {
    token: 'x',
    now: world.now,
    until: world.now - 1,
    oldest: 1,
    youngest: 0,
  });
  await world.db('outbox').where({ id: first?.id }).update({ template: 'of-an-older-release' });

  t.like(await sendDue(deliveryTo(t, world, server)), { sent: 1, failed: 1 });
  t.like(await world.db('outbox').where({ id: first?.id }).first(), {
    status: 'failed',
    smtp_reply: 'The mail could not be written: no mail is called of-an-older-release',
  });
});

onBothEngines('R-07: a reply that no database can keep as it is does not send the mail again', async (t, world) => {
  const ola = await addReader(world.db, 'ola@acme.example');
  await queue(world, [ola]);
  const delivery = deliveryTo(t, world, { url: null });
  const transport = { ...delivery.transport, send: async () => '250 taken\u0000 as\r\n42' };

  t.like(await sendDue({ ...delivery, transport }), { sent: 1 });
  t.like(await world.db('outbox').first(), { status: 'sent', smtp_reply: '250 taken as 42' });
});
