// Reports of feedback loops, and bounces that came back as mails.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import ava from 'ava';
import { createTransport } from 'nodemailer';
import { mailsAt } from '../../src/cli/mail-files.ts';
import { Reports } from '../../src/sending/feedback/actions.ts';
import { listenForReports } from '../../src/sending/feedback/listener.ts';
import { parseMail } from '../../src/sending/feedback/parse.ts';
import { readReport } from '../../src/sending/feedback/report.ts';
import { ingest, mailLog, message } from '../support/mail-log.ts';
import { folder } from '../support/process.ts';
import { counted, dayText, reporting } from '../support/reporting.ts';
import { DAY, HOUR, onBothEngines, START, type World } from '../support/world.ts';

const date = (at: number): string => new Date(at).toUTCString().replace('GMT', '+0000');

type Wish = {
  readonly from?: string;
  readonly report?: Readonly<Record<string, string | undefined>>;
  readonly original?: Readonly<Record<string, string | undefined>>;
  readonly at?: number;
};

const lines = (fields: Readonly<Record<string, string | undefined>>): string =>
  Object.entries(fields)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name}: ${value}\r\n`)
    .join('');

/** A report in the form of RFC 5965, as mailbox providers send them. */
function arf({
  from = 'Yahoo! Mail Feedback <feedback@arf.mail.yahoo.com>',
  report = {},
  original = {},
  at = START,
}: Wish = {}): string {
  const parts = [
    `Content-Type: text/plain; charset=us-ascii\r\n\r\nThis is an email abuse report.\r\n`,
    `Content-Type: message/feedback-report\r\n\r\n${lines({
      'Feedback-Type': 'abuse',
      'User-Agent': 'Yahoo!-Mail-Feedback/2.0',
      Version: '0.1',
      'Original-Mail-From': '<news@shop.acme.example>',
      'Original-Rcpt-To': 'ann@yahoo.com',
      'Received-Date': date(at - HOUR),
      'Source-IP': '192.0.2.1',
      ...report,
    })}`,
    `Content-Type: message/rfc822\r\n\r\n${lines({
      From: 'News <news@shop.acme.example>',
      Date: date(at - HOUR),
      'Message-ID': '<1@shop.acme.example>',
      Subject: 'Autumn',
      ...original,
    })}\r\nhello\r\n`,
  ];
  const body = parts.map((part) => `--x\r\n${part}\r\n`).join('');
  return `From: ${from}\r\nTo: fbl@example.net\r\nDate: ${date(at)}\r\nMIME-Version: 1.0\r\nContent-Type: multipart/report; report-type=feedback-report; boundary="x"\r\n\r\n${body}--x--\r\n`;
}

const raw = (text: string, name = 'mail') => ({ name, raw: Buffer.from(text), recipients: [] });
const figures = (line = ''): string => line.split(' ').slice(2, 10).join(' ');

/** Three mails each to Yahoo and Outlook over Acme's IP, today and yesterday, all delivered. */
async function sentMail(world: World): Promise<Reports> {
  const { allocationId } = await reporting(world);
  await world
    .db('allocations')
    .where({ id: allocationId })
    .update({ allocated_at: world.now - 9 * DAY });
  const day = { pool: '', provider: 'yahoo', stream: 'marketing', sent: 3, delivered: 3, deferred: 0, bounced: 0 };
  const [domain] = await world.db('domains').where({ name: 'shop.acme.example' }).pluck('id');
  const [ip] = await world.db('ips').where({ address: '192.0.2.1' }).pluck('id');
  for (const ago of [0, 1])
    for (const provider of ['yahoo', 'microsoft'])
      await world.db('sending_counts').insert({
        ...day,
        domain_id: domain,
        ip_id: ip,
        day: Math.floor(world.now / DAY) - ago,
        provider,
        complained: 0,
        recorded_at: world.now,
      });
  return new Reports(world.db, world.deps.policy.document, ['mta1.example.net']);
}

onBothEngines('a complaint counts for the mail that it is about, once, however often it comes', async (t, world) => {
  const reports = await sentMail(world);
  const first = arf({ at: world.now });
  t.like(await reports.take([raw(first), raw(first)], world.now), { complained: 1, unread: [] });
  t.like(await reports.take([raw(first)], world.now), { complained: 0, records: 0 });
  await Promise.all(
    [1, 2, 3].map(() => reports.take([raw(arf({ at: world.now, report: { 'User-Agent': 'again' } }))], world.now)),
  );
  const today = dayText(world);
  t.deepEqual((await counted(world)).filter((line) => line.startsWith(today)).map(figures), [
    '192.0.2.1 microsoft marketing 3 3 0 0 0',
    '192.0.2.1 yahoo marketing 3 3 0 0 2',
  ]);
});

const anonymous = { 'Original-Mail-From': undefined, 'Original-Rcpt-To': undefined, 'Source-IP': undefined };
const microsoft = 'Microsoft <staff@hotmail.com>';

for (const [how, original] of [
  ['a Feedback-ID', { From: 'x@elsewhere.example', 'Feedback-ID': 'autumn:shop.acme.example:bulk:provider' }],
  [
    'a CFBL-Feedback-ID',
    { From: 'x@elsewhere.example', 'CFBL-Feedback-ID': 'shop.acme.example/ip-192-0-2-1/2026-11-23' },
  ],
  [
    'a CFBL-Address',
    { From: 'x@elsewhere.example', 'CFBL-Address': 'fbl+shop.acme.example@fbl.example.net; report=arf' },
  ],
  [
    'a header of its own',
    { From: 'x@elsewhere.example', 'X-Warmdesk': 'domain=shop.acme.example; via=ip-192-0-2-1; day=2026-11-23' },
  ],
  ['its return path', { From: 'x@elsewhere.example', 'Return-Path': '<b+7@bounce.shop.acme.example>' }],
  ['its sender', {}],
] as const) {
  onBothEngines(`an anonymous complaint of Microsoft’s finds its mail by ${how}`, async (t, world) => {
    const reports = await sentMail(world);
    const mail = arf({ at: world.now, from: microsoft, report: anonymous, original });
    t.like(await reports.take([raw(mail)], world.now), { complained: 1, unread: [] });
    t.true((await counted(world)).map(figures).includes('192.0.2.1 microsoft marketing 3 3 0 0 1'));
  });
}

onBothEngines('a complaint goes back to the last day with mail, and makes none up', async (t, world) => {
  const reports = await sentMail(world);
  await world
    .db('sending_counts')
    .where({ day: Math.floor(world.now / DAY), provider: 'yahoo' })
    .delete();
  for (let index = 0; index < 4; index += 1)
    await reports.take([raw(arf({ at: world.now, original: { 'Message-ID': `<${index}@x.example>` } }))], world.now);
  const all = await counted(world);
  t.deepEqual(
    all.filter((line) => line.includes(' yahoo ')).map(figures),
    ['192.0.2.1 yahoo marketing 3 3 0 0 3'],
    'three were sent, so three can complain',
  );
  const run = await reports.take([raw(arf({ at: world.now, report: { Version: '1' } }))], world.now);
  t.is(run.skipped['no such mail'], 1);
});

onBothEngines('what isn’t a complaint, not ours or no report is told apart', async (t, world) => {
  const reports = await sentMail(world);
  const run = await reports.take(
    [
      raw(arf({ report: { 'Feedback-Type': 'not-spam' } })),
      raw(arf({ report: { 'Feedback-Type': 'auth-failure' } })),
      raw(arf({ report: { 'Source-IP': '203.0.113.9' } })),
      raw(arf({ report: anonymous, original: { From: 'x@nobody.example' } })),
      raw('Subject: hello\r\n\r\nPlease remove me.', 'plain.eml'),
      raw('', 'empty.eml'),
      raw(arf({ report: { 'Feedback-Type': undefined } }), 'typeless.eml'),
    ],
    world.now,
  );
  t.is(run.complained, 0);
  t.like(run.skipped, { 'not ours': 1, 'unknown domain': 1 });
  t.deepEqual(
    run.unread.map(({ path }) => path),
    ['plain.eml', 'empty.eml', 'typeless.eml'],
  );
});

onBothEngines('a bounce that came back as a mail turns a delivery into a bounce', async (t, world) => {
  const { allocationId } = await reporting(world);
  world.now = Date.UTC(2026, 10, 28, 12);
  await world
    .db('allocations')
    .where({ id: allocationId })
    .update({ allocated_at: world.now - 9 * DAY });
  const log = mailLog(t);
  log.add(...message({ at: Date.UTC(2026, 10, 28, 7, 40), to: 'ann@gmail.com' }));
  await ingest(world, log.path);
  const dsn = readFileSync(new URL('mails/dsn-postfix-3.7.eml', import.meta.url));
  const reports = new Reports(world.db, world.deps.policy.document, []);
  t.like(await reports.take([{ name: 'dsn', raw: dsn, recipients: [] }], world.now), { bounced: 1, unread: [] });
  t.deepEqual((await counted(world)).map(figures), ['192.0.2.1 gmail marketing 1 0 0 1 0']);
  const ours = new Reports(world.db, world.deps.policy.document, ['MX.example.com']);
  const again = Buffer.concat([dsn, Buffer.from('\n')]);
  t.like(await ours.take([{ name: 'dsn', raw: again, recipients: [] }], world.now), { bounced: 0, records: 0 });
});

ava('a real bounce of Postfix is read by VERP and by its envelope id alike', async (t) => {
  const dsn = readFileSync(new URL('mails/dsn-postfix-3.7.eml', import.meta.url), 'utf8');
  const without = dsn.replace(/^Original-Envelope-Id: .*\r?\n/m, '').replace(/^Feedback-ID: .*\r?\n/m, '');
  const read = async (text: string) => {
    const told = readReport(await parseMail(Buffer.from(text), []), { now: Date.UTC(2026, 10, 29), own: [] });
    return typeof told === 'string' ? [] : told;
  };
  const [byId] = await read(dsn);
  t.like(byId, { via: ['ip-192-0-2-1'], to: 'gmail.com', arrivedAt: Date.UTC(2026, 10, 28) });
  t.regex(byId?.from ?? '', /^shop\.acme\.example /);
  const [byVerp] = await read(without);
  t.regex(byVerp?.from ?? '', /^bounce\.shop\.acme\.example /);
  t.true(byVerp?.via.includes('192.0.2.1'), 'by the servers that the message went through');
});

onBothEngines('reports come by LMTP and by SMTP, and are answered once they are counted', async (t, world) => {
  const reports = await sentMail(world);
  const seen: object[] = [];
  const log = { info: (facts: object) => void seen.push(facts), warn: () => {}, error: () => {} };
  for (const lmtp of [true, false]) {
    const wish = { lmtp, host: '127.0.0.1', port: 0, reports, log, now: () => world.now };
    const server = await listenForReports(wish as Parameters<typeof listenForReports>[0]);
    const mailer = createTransport({ host: '127.0.0.1', port: server.port, lmtp, ignoreTLS: true, pool: true });
    const mail = (index: number) => ({
      envelope: { from: '', to: ['fbl@example.net'] },
      raw: arf({
        at: world.now,
        original: { 'Message-ID': `<${lmtp}${index}@x.example>` },
        report: { Version: `0.${index}` },
      }),
    });
    // The third is the second again, as a mail server sends it whose answer was lost.
    for (const index of [1, 2, 2]) await mailer.sendMail(mail(index));
    mailer.close();
    await server.stop();
  }
  const today = dayText(world);
  const yahoo = (await counted(world)).filter((line) => line.includes(' yahoo '));
  t.deepEqual(yahoo.map(figures), ['192.0.2.1 yahoo marketing 3 3 0 0 1', '192.0.2.1 yahoo marketing 3 3 0 0 3']);
  t.true(yahoo[1]?.startsWith(today));
  t.true(seen.length > 0);
});

onBothEngines('while the database is away the mail server is told to try again', async (t, world) => {
  await sentMail(world);
  const log = { info: () => {}, warn: () => {}, error: () => {} };
  const reports = { take: () => Promise.reject(new Error('away')) };
  const wish = { lmtp: true, host: '127.0.0.1', port: 0, reports, log, now: () => world.now };
  const server = await listenForReports(wish as unknown as Parameters<typeof listenForReports>[0]);
  const mailer = createTransport({ host: '127.0.0.1', port: server.port, lmtp: true, ignoreTLS: true });
  const sent = await mailer.sendMail({ envelope: { from: '', to: ['fbl@example.net'] }, raw: arf() });
  await server.stop();
  t.regex(sent.response, /^451 It cannot be counted now/);
  t.deepEqual(sent.accepted, []);
});

ava('mails are found in a file, a folder, a Maildir and an mbox', async (t) => {
  const home = folder(t);
  const found = async (path: string) => {
    let count = 0;
    for await (const some of mailsAt(join(home, path))) count += some.length;
    return count;
  };
  writeFileSync(join(home, 'one.eml'), arf());
  writeFileSync(join(home, 'box'), `From a Sat\n${arf()}\nFrom b Sat\n${arf()}`);
  for (const name of ['maildir/new', 'maildir/cur', 'maildir/tmp', 'plain'])
    mkdirSync(join(home, name), { recursive: true });
  for (const name of ['maildir/new/1', 'maildir/cur/2:2,S', 'maildir/tmp/3', 'plain/4', 'plain/.hidden'])
    writeFileSync(join(home, name), arf());
  t.deepEqual(await Promise.all(['one.eml', 'box', 'maildir', 'plain', 'none'].map(found)), [1, 2, 2, 1, 0]);
});
