// Every way into a real Postfix: what of it is asked about, over which IP it leaves, and what counts towards the cap.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { createTransport, type Transporter } from 'nodemailer';
import { loadPolicy } from '../../src/policy/document/load.ts';
import { Reports } from '../../src/sending/feedback/actions.ts';
import { listenForReports } from '../../src/sending/feedback/listener.ts';
import { ingestLog } from '../../src/sending/logs/actions.ts';
import type { RouterProcess } from '../routing/mail-server.ts';
import { complete, warmingAccount } from '../routing/scene.ts';
import { folder } from '../support/process.ts';
import { MINUTE } from '../support/world.ts';
import { type Customers, customers, POOLED, SHARED, WARM, WARMING } from './customers.ts';
import { startDns } from './dns.ts';
import { block } from './page.ts';
import { type Postfix, startPostfix } from './postfix.ts';
import { startSasl } from './sasl.ts';
import { mail } from './sending.ts';
import { ownAddress } from './server.ts';
import { type Sink, startSink } from './sink.ts';

/** So much that the whole share goes over the warming IP, and that a block of it lasts for the test. */
const CAP = { cap: 10_000, target: 10_000 };
const INBOX = ownAddress(25);
const DNS = ownAddress(53);
const V6 = '::1';
const FILTERS = ['master.cf before-queue', 'master.cf after-queue'];

type Place = Customers & {
  readonly sink: Sink;
  readonly six: Sink;
  router: RouterProcess;
  readonly postfix: Postfix;
  /** Starts a further Postfix beside it. */
  readonly another: (main: string) => Promise<Postfix>;
  /** The domain of a customer whose warm IP is an IPv6 one. */
  readonly sixes: string;
};

test.serial(
  'C-06: mail of every way in is asked about once, and leaves over the warming IP; campaigns of the pool are refused',
  async (t) => {
    t.timeout(10 * MINUTE);
    const place = await build(t);
    const { postfix, sink, from } = place;
    const sends = async (name: string, hand: (message: string) => Promise<unknown>) => {
      const before = await left(place);
      const messages = [1, 2, 3].map((number) => `${name}-${number}`);
      for (const message of messages) await hand(message);
      for (const message of messages) await sink.saw((one) => one.message === message);
      for (const message of messages) t.is(sink.taken().get(message)?.from, WARMING, `${message} left over the IP`);
      t.is(before - (await left(place)), 3 + 1, `${name}: each was counted once`);
    };
    const over = (port: number, options = {}) => {
      const mailer = createTransport({ host: '127.0.0.1', port, tls: { rejectUnauthorized: false }, ...options });
      return (message: string) => mailer.sendMail(mail(from.warming, message, ['ann@inbox.example']));
    };
    const auth = { user: 'acme', pass: 'secret' };
    // The first message of a day finds no block of the cap yet.
    await over(postfix.port(2525), { ignoreTLS: true })('first');
    await sink.took(1);

    await sends('smtp', over(postfix.port(2525), { ignoreTLS: true }));
    await sends('submission', over(postfix.port(587), { auth, requireTLS: true }));
    await sends('submissions', over(postfix.port(465), { auth, secure: true }));
    await t.throwsAsync(over(postfix.port(587), { requireTLS: true })('stranger'), {
      message: /^Can't send mail.*554|denied/s,
    });
    await campaigns(t, place);
    const sendmail = async (message: string) =>
      postfix.run('sendmail', ['-f', `news@${from.warming}`, 'ann@inbox.example'], `X-Test: ${message}\n\nHello.\n`);
    await sends('sendmail', sendmail);
    await sends('before-queue filter', over(postfix.port(2527), { ignoreTLS: true }));
    await sends('after-queue filter', over(postfix.port(2528), { ignoreTLS: true }));

    await bounces(t, place);
    await requeued(t, place);
    await added(t, place);
    await probed(t, place);
    await restarted(t, place);
    await beside(t, place);
    await families(t, place);
    await reported(t, place);
  },
);

/** C-06: by 587 and by 465, over TLS and with a password, while Warmdesk answers and by the exported table while it is away. */
async function campaigns(t: ExecutionContext, place: Place): Promise<void> {
  const { postfix, sink, from } = place;
  const auth = { user: 'acme', pass: 'secret' };
  const ways = [
    { port: postfix.port(587), requireTLS: true },
    { port: postfix.port(465), secure: true },
  ];
  const refusedBy = async (when: string) => {
    for (const [index, way] of ways.entries()) {
      const mailer = createTransport({ host: '127.0.0.1', auth, tls: { rejectUnauthorized: false }, ...way });
      const sent = mailer.sendMail(mail(from.receipts, `campaign ${when} ${index}`, ['ann@inbox.example']));
      const error = await t.throwsAsync<Error & { response?: string }>(sent);
      t.regex(error?.response ?? '', /^554 5\.7\.1 /, `${when}, port ${way.port}`);
    }
  };
  await refusedBy('asked');
  const receipts = createTransport({
    host: '127.0.0.1',
    port: postfix.port(2587),
    requireTLS: true,
    auth,
    tls: { rejectUnauthorized: false },
  });
  await receipts.sendMail(mail(from.receipts, 'receipt', ['ann@inbox.example']));
  await sink.saw((one) => one.message === 'receipt');
  t.is(sink.taken().get('receipt')?.from, POOLED, 'its transactional mail goes over the pool');
  place.router.child.kill('SIGKILL');
  await place.router.ended;
  await refusedBy('away');
  const started = await place.startRouter('--policy', String(place.router.policy), '--http', String(place.router.http));
  place.router = started;
  t.false([...sink.taken().keys()].some((message) => message.startsWith('campaign')));
}

let asked = 0;

/** What is left of the cap, by the router itself; to ask takes one message of it. */
async function left({ router, token, from }: Place): Promise<number> {
  asked += 1;
  const question = { sender: `news@${from.warming}`, recipient: 'ann@inbox.example', message: `asked-${asked}` };
  const answer = await fetch(`http://127.0.0.1:${router.http}/api/v1/route?${new URLSearchParams(question)}`, {
    headers: { authorization: `Bearer ${token}` },
  });
  return ((await answer.json()) as { remaining: number }).remaining;
}

/** Bounces leave over the shared pool, never over a dedicated IP, and nothing of the cap is spent on them. */
async function bounces(t: ExecutionContext, { postfix, sink, from }: Place): Promise<void> {
  await plain(postfix.port(2525)).sendMail(mail(from.warm, 'refused', ['nobody@inbox.example']));
  await sink.saw((one) => one.sender === '');
  t.deepEqual([...new Set(sink.tries.filter((one) => one.sender === '').map((one) => one.from))], [SHARED]);
}

/** `postsuper -r` drops what the router answered; the message is asked about again on its way back in. */
async function requeued(t: ExecutionContext, place: Place): Promise<void> {
  const { postfix, sink, from } = place;
  const before = await left(place);
  await plain(postfix.port(2525)).sendMail(mail(from.warming, 'deferred-until-requeued', ['ann@inbox.example']));
  await sink.saw((one) => one.message === 'deferred-until-requeued' && !one.isTaken);
  postfix.run('postsuper', ['-r', 'ALL']);
  await sink.saw((one) => one.message === 'deferred-until-requeued' && one.isTaken);
  t.is(sink.taken().get('deferred-until-requeued')?.from, WARMING);
  t.is(before - (await left(place)), 2 + 1, 'it counts again');
}

/** Who keeps a session open while the router is started again is asked again, not for the first message only. */
async function restarted(t: ExecutionContext, place: Place): Promise<void> {
  const { postfix, sink, from } = place;
  const session = createTransport({
    host: '127.0.0.1',
    port: postfix.port(2525),
    pool: true,
    maxConnections: 1,
    ignoreTLS: true,
  });
  const send = (message: string) => session.sendMail(mail(from.warming, message, ['ann@inbox.example']));
  await send('session-1');
  place.router.child.kill('SIGKILL');
  await place.router.ended;
  await place.startRouter('--policy', String(place.router.policy));
  const messages = Array.from({ length: 10 }, (_, index) => `again-${index}`);
  for (const message of messages) await send(message);
  session.close();
  for (const message of messages) await sink.saw((one) => one.message === message);
  const asked = messages.filter((message) => sink.taken().get(message)?.from === WARMING).length;
  t.true(asked >= 5, `${asked} of 10: all but the first, which find no block of the cap yet`);
}

/** A Postfix that also receives keeps its own mail and hands over the rest: nothing loops, nothing bounces. */
async function beside(t: ExecutionContext, { postfix, another, sink, from }: Place): Promise<void> {
  const receiving = block('docs/postfix.md', 'main.cf receiving').replace('2525', String(postfix.port(2525)));
  const both = await another(`
sender_dependent_default_transport_maps =
smtpd_recipient_restrictions = permit
smtpd_end_of_data_restrictions =
mydestination = mta.example.net
local_transport = discard:mailbox
${receiving}`);
  const to = ['postmaster@mta.example.net', 'ann@inbox.example'];
  await plain(both.port(2525)).sendMail(mail(from.warming, 'both', to));
  await sink.saw((one) => one.message === 'both');
  await both.logged(/to=<postmaster@mta\.example\.net>.* status=sent \(mailbox\)/, 1);
  t.is(sink.taken().get('both')?.from, WARMING);
  t.notRegex(both.lastLines(100), /status=bounced/);
}

/** What Postfix adds to a message after it asked goes over the same IP and is not counted: docs/postfix.md says to switch that off. */
async function added(t: ExecutionContext, place: Place): Promise<void> {
  const adding = await place.another(`
virtual_alias_maps = inline:{ { sales@inbox.example = ann@inbox.example, ben@inbox.example } }
always_bcc = archive@inbox.example`);
  const before = await left(place);
  await plain(adding.port(2525)).sendMail(mail(place.from.warming, 'aliased', ['sales@inbox.example']));
  await place.sink.saw((one) => one.message === 'aliased');
  await adding.logged(/to=<(?:ann|ben|archive)@inbox\.example>.* status=sent/, 3);
  const tries = place.sink.tries.filter(({ message }) => message === 'aliased');
  t.is(
    tries.reduce((sum, { recipients }) => sum + recipients, 0),
    3,
  );
  t.deepEqual([...new Set(tries.map(({ from }) => from))], [WARMING]);
  t.is(before - (await left(place)), 1 + 1, 'one was asked about, three were sent');
}

/** Probes of address verification leave from the machine's own address: they say nothing of an IP, and spend nothing. */
async function probed(t: ExecutionContext, place: Place): Promise<void> {
  const verifying = await place.another(`
address_verify_map =
address_verify_poll_count = 10
smtpd_recipient_restrictions = reject_unverified_recipient, $warmdesk_marketing, permit`);
  const before = await left(place);
  await plain(verifying.port(2525)).sendMail(mail(place.from.warming, 'verified', ['ann@inbox.example']));
  await place.sink.saw((one) => one.message === 'verified');
  t.is(place.sink.taken().get('verified')?.from, WARMING);
  t.is(before - (await left(place)), 1 + 1);
  await verifying.logged(/ postfix\/smtp\[\d+\]: .* status=deliverable/, 1);
  const log = readFileSync(verifying.log, 'utf8');
  t.notRegex(log, / postfix\/ip-[^/]+\/smtp\[\d+\]: .* status=deliverable/);
}

/** A report that a real Postfix hands on by LMTP counts as a complaint about the mail that its log told of. */
async function reported(t: ExecutionContext, { world, env, another, postfix, from }: Place): Promise<void> {
  const policy = loadPolicy(String(env['POLICY']));
  if (!policy.ok) throw new Error(policy.problem.join('\n'));
  const now = Date.now;
  await world.db('sending_counts').delete();
  const read = await ingestLog(world.db, policy.value, { reader: 'postfix', path: postfix.log }, now());
  t.true(read.ok);
  const silent = { info: () => {}, warn: () => {}, error: () => {} };
  const reports = new Reports(world.db, policy.value, []);
  const listener = await listenForReports({ lmtp: true, host: '127.0.0.1', port: 0, reports, log: silent, now });
  t.teardown(() => listener.stop());
  const receiving = await another(`
transport_maps = inline:{ { fbl@mta.example.net = lmtp:[127.0.0.1]:${listener.port} } }
smtpd_recipient_restrictions = permit
smtpd_end_of_data_restrictions =`);
  const parts = [
    'Content-Type: text/plain\r\n\r\nThis is an email abuse report.',
    `Content-Type: message/feedback-report\r\n\r\nFeedback-Type: abuse\r\nUser-Agent: Test/1\r\nVersion: 1\r\nOriginal-Mail-From: <news@${from.warm}>\r\nOriginal-Rcpt-To: <ann@both.example>\r\nSource-IP: ${WARM}\r\n`,
    `Content-Type: message/rfc822\r\n\r\nFrom: news@${from.warm}\r\nSubject: warm to both\r\n\r\nHello.`,
  ];
  const body = parts.map((part) => `--x\r\n${part}\r\n`).join('');
  await plain(receiving.port(2525)).sendMail({
    envelope: { from: 'feedback@inbox.example', to: ['fbl@mta.example.net'] },
    raw: `From: feedback@inbox.example\r\nTo: fbl@mta.example.net\r\nMIME-Version: 1.0\r\nContent-Type: multipart/report; report-type=feedback-report; boundary="x"\r\n\r\n${body}--x--\r\n`,
  });
  await receiving.logged(/to=<fbl@mta\.example\.net>.* status=sent \(250 .*counted/, 1);
  const complained = await world.db('sending_counts').where('complained', '>', 0).select('complained', 'provider');
  t.deepEqual(complained, [{ complained: 1, provider: 'other' }]);
}

/** Receivers of the other family are reached from the pool's address of it; those of both by the IP's own. */
async function families(t: ExecutionContext, { postfix, sink, six, from, sixes }: Place): Promise<void> {
  const send = (domain: string, message: string, to: string) =>
    plain(postfix.port(2525)).sendMail(mail(domain, message, [`ann@${to}`]));
  await send(from.warm, 'warm to six', 'six.example');
  await six.saw((one) => one.message === 'warm to six');
  t.is(six.taken().get('warm to six')?.from, V6, 'an IPv4 IP’s mail to receivers with IPv6 alone does not bounce');
  await send(from.warm, 'warm to both', 'both.example');
  await sink.saw((one) => one.message === 'warm to both');
  t.is(sink.taken().get('warm to both')?.from, WARM);
  await send(sixes, 'six to four', 'inbox.example');
  await sink.saw((one) => one.message === 'six to four');
  t.is(sink.taken().get('six to four')?.from, SHARED, 'an IPv6 IP’s mail to receivers without AAAA does not bounce');
  await send(sixes, 'six to both', 'both.example');
  await six.saw((one) => one.message === 'six to both');
  t.is(six.taken().get('six to both')?.from, V6);
}

const plain = (port: number): Transporter => createTransport({ host: '127.0.0.1', port, ignoreTLS: true });

/** Customers, a domain with an IPv6 IP, receivers of one and of both families, and Postfix with all that the page shows. */
async function build(t: ExecutionContext): Promise<Place> {
  const place = await customers(t, { ...CAP, shared: [SHARED, V6] });
  await place.give(V6);
  const sixth = await warmingAccount(place.world, { ...CAP, hasIp: true });
  await complete(place.world, sixth.allocationId);
  const wish = {
    defers: (message: string) => message.startsWith('deferred'),
    refuses: (recipient: string) => recipient.startsWith('nobody'),
  };
  const six = await startSink(V6, wish);
  const sink = await startSink(INBOX, { ...wish, port: six.port });
  const mx = (name: string) => ({ MX: [`mx.${name}`] });
  const dns = await startDns(DNS, {
    'inbox.example': mx('inbox.example'),
    'mx.inbox.example': { A: [INBOX] },
    'six.example': mx('six.example'),
    'mx.six.example': { AAAA: [V6] },
    'both.example': mx('both.example'),
    'mx.both.example': { A: [INBOX], AAAA: [V6] },
    [place.from.warm]: mx('inbox.example'),
  });
  const sasl = await startSasl('acme', 'secret');
  const router = await place.startRouter('--policy', '0', '--http', '0');
  const keys = folder(t);
  const [key, certificate] = [join(keys, 'key'), join(keys, 'certificate')];
  const subject = ['-subj', '/CN=mta.example.net', '-days', '1', '-nodes', '-newkey', 'rsa:2048'];
  execFileSync('openssl', ['req', '-x509', ...subject, '-keyout', key, '-out', certificate], { stdio: 'pipe' });
  const started: Postfix[] = [];
  const start = async (main: string) => {
    const postfix = await startPostfix({
      policyPort: router.policy,
      dns: DNS,
      transports: `${place.exported('postfix')}lmtp unix - - n - - lmtp\n`,
      senders: place.exported('postfix-senders'),
      refusals: place.exported('postfix-refusals'),
      blocks: FILTERS,
      main: `
inet_interfaces = 127.0.0.1, ::1
minimal_backoff_time = 1h
maximal_backoff_time = 1h
smtp_tcp_port = ${six.port}
smtpd_sasl_path = inet:127.0.0.1:${sasl.port}
smtpd_tls_cert_file = ${certificate}
smtpd_tls_key_file = ${key}
${main}`,
    });
    started.push(postfix);
    return postfix;
  };
  t.teardown(async () => {
    for (const postfix of started.reverse()) {
      if (!t.passed) t.log(postfix.lastLines(40));
      await postfix.stop();
    }
    await Promise.all([sink.stop(), six.stop()]);
    dns.stop();
    sasl.stop();
  });
  return { ...place, sink, six, router, postfix: await start(''), another: start, sixes: sixth.domain };
}
