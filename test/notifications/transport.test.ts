import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import test, { type ExecutionContext } from 'ava';
import { SMTPServer } from 'smtp-server';
import { senderOf } from '../../src/notifications/outgoing.ts';
import { checkTransport, createTransport } from '../../src/notifications/transport.ts';
import { startMailServer } from '../support/mail-server.ts';

const mailFrom = 'Warmdesk <desk@warmdesk.example>';
const patience = { connectMs: 20_000, greetMs: 20_000, silenceMs: 20_000 };

async function checked(t: ExecutionContext, smtpUrl: string | null, greetMs = 20_000) {
  const transport = createTransport({ smtpUrl, mailFrom }, { ...patience, greetMs });
  t.teardown(() => transport.close());
  return checkTransport(transport);
}

test('a mail server that answers is fine at start, and so is the development mailbox', async (t) => {
  t.is(await checked(t, (await startMailServer(t)).url), null);
  t.is(await checked(t, null), null);
});

test('a mail host that does not exist stops the start with one sentence', async (t) => {
  const fault = await checked(t, 'smtp://no-such-host.invalid:25');
  t.like(fault, { stop: true });
  t.regex(fault?.sentence ?? '', /^SMTP_URL: its host cannot be found \(.*\)\.$/);
});

test('refused credentials stop the start with one sentence that does not tell them', async (t) => {
  const server = new SMTPServer({
    logger: false,
    disableReverseLookup: true,
    allowInsecureAuth: true,
    hideSTARTTLS: true,
    onAuth: (_auth, _session, done) => done(new Error('535 not you')),
  });
  const listening = server.listen(0, '127.0.0.1');
  await once(listening, 'listening');
  t.teardown(() => new Promise<void>((done) => server.close(() => done())));
  const { port } = listening.address() as AddressInfo;

  const fault = await checked(t, `smtp://desk:geheimnis@127.0.0.1:${port}`);
  t.like(fault, { stop: true });
  t.regex(fault?.sentence ?? '', /^SMTP_URL: the mail server refuses its user name or password/);
  t.notRegex(fault?.sentence ?? '', /geheimnis/);
});

test('a mail server that is away or silent does not stop the start', async (t) => {
  t.like(await checked(t, 'smtp://127.0.0.1:1'), { stop: false });
  const silent = createServer(() => {}).listen(0, '127.0.0.1');
  await once(silent, 'listening');
  t.teardown(() => void silent.close());
  const fault = await checked(t, `smtp://127.0.0.1:${(silent.address() as AddressInfo).port}`, 200);
  t.like(fault, { stop: false });
  t.regex(fault?.sentence ?? '', /^The mail server does not take mail now, so mail waits: /);
});

const secret = {
  subject: 'Secret',
  text: 'secret',
  html: '<p>secret',
  to: { name: 'Ola', address: 'ola@acme.example' },
  messageId: '<1@warmdesk.example>',
  unsubscribe: null,
  inReplyTo: null,
  date: 0,
};

/** A mail server that takes passwords and, as behind somebody who strips it, offers no STARTTLS. */
async function startWithoutTls(t: ExecutionContext) {
  const seen = { passwords: 0, mails: 0, port: 0 };
  const server = new SMTPServer({
    logger: false,
    disableReverseLookup: true,
    authOptional: true,
    allowInsecureAuth: true,
    disabledCommands: ['STARTTLS'],
    onAuth: ({ username }, _session, done) => {
      seen.passwords += 1;
      done(null, { user: username });
    },
    onData: (stream, _session, done) => {
      seen.mails += 1;
      stream.resume().on('end', () => done());
    },
  });
  const listening = server.listen(0, '127.0.0.1');
  await once(listening, 'listening');
  t.teardown(() => new Promise<void>((done) => server.close(() => done())));
  seen.port = (listening.address() as AddressInfo).port;
  return seen;
}

// 0.0.0.0 leads to this machine without being one of the names by which Warmdesk knows it.
for (const { url, passwords, mails } of [
  { url: 'smtp://desk:geheimnis@0.0.0.0', passwords: 0, mails: 0 },
  { url: 'smtp://desk:geheimnis@127.0.0.1', passwords: 1, mails: 1 },
  { url: 'smtp://0.0.0.0', passwords: 0, mails: 1 },
]) {
  const what = passwords === 0 && mails === 0 ? 'gets neither password nor mail' : 'gets the mail';
  test(`a mail server that offers no TLS, reached as ${url}, ${what}`, async (t) => {
    const server = await startWithoutTls(t);
    const transport = createTransport({ smtpUrl: `${url}:${server.port}`, mailFrom }, patience);
    t.teardown(() => transport.close());
    const sending = transport.send(secret, AbortSignal.timeout(20_000));
    if (mails === 0) await t.throwsAsync(sending, { message: /STARTTLS/ });
    else await t.notThrowsAsync(sending);
    t.like(server, { passwords, mails });
  });
}

test('the sender’s address is read with and without a name', (t) => {
  t.deepEqual(senderOf('Warmdesk at Acme <desk@acme.example>'), {
    name: 'Warmdesk at Acme',
    address: 'desk@acme.example',
  });
  t.deepEqual(senderOf('desk@acme.example'), { name: '', address: 'desk@acme.example' });
});
