import { readFileSync } from 'node:fs';
import ava from 'ava';
import { addressIn } from '../../src/sending/egress-name.ts';
import { harakaReader } from '../../src/sending/logs/haraka.ts';
import { kumomtaReader } from '../../src/sending/logs/kumomta.ts';
import { powermtaReader } from '../../src/sending/logs/powermta.ts';
import { BoundedMemory } from '../../src/sending/logs/queue-memory.ts';
import type { DeliveryRecord, LogReader } from '../../src/sending/logs/record.ts';
import { zonemtaReader } from '../../src/sending/logs/zonemta.ts';
import { ingest, mailLog } from '../support/mail-log.ts';
import { counted, dayText, reporting } from '../support/reporting.ts';
import { onBothEngines, START } from '../support/world.ts';

const second = Math.floor(START / 1000);

/** A record as KumoMTA logs it. */
const kumo = (wish: Record<string, unknown> = {}): string =>
  JSON.stringify({
    type: 'Delivery',
    id: '8f1c2a44c9d611f0a3b20250ebf67f93',
    sender: 'news@shop.acme.example',
    recipient: 'ada@gmail.com',
    queue: 'gmail.com',
    site: 'ip-192-0-2-1->(alt1|alt2)?.gmail-smtp-in.l.google.com@smtp_client',
    size: 48311,
    response: { code: 250, enhanced_code: { class: 2, subject: 0, detail: 0 }, content: 'OK', command: '.' },
    peer_address: { name: 'gmail-smtp-in.l.google.com.', addr: '142.250.27.27' },
    timestamp: second,
    created: second - 2,
    num_attempts: 0,
    bounce_classification: 'Uncategorized',
    egress_pool: 'acme',
    egress_source: 'ip-192-0-2-1',
    source_address: { address: '192.0.2.1:41234' },
    feedback_report: null,
    meta: {},
    headers: {},
    delivery_protocol: 'ESMTP',
    reception_protocol: 'ESMTP',
    nodeid: '557f3ad4-2c8c-11ee-976e-782d7e12e173',
    ...wish,
  });

/** The columns of the default `record-fields *`: PowerMTA User's Guide 5.0, 11.2.2 and its samples. */
const HEADER =
  'type,timeLogged,timeQueued,orig,rcpt,orcpt,dsnAction,dsnStatus,dsnDiag,dsnMta,bounceCat,srcType,srcMta,dlvType,dlvSourceIp,dlvDestinationIp,dlvEsmtpAvailable,dlvSize,vmta,jobId,envId,queue,vmtaPool';
const DSN: Readonly<Record<string, readonly [string, string]>> = {
  d: ['relayed', '2.0.0 (success)'],
  b: ['failed', '5.1.1 (bad destination mailbox address)'],
  t: ['delayed', '4.7.0 (other or undefined security status)'],
};
const pmta = (
  type: string,
  wish: { logged?: string; queued?: string; diag?: string; vmta?: string; rcpt?: string; mta?: string } = {},
) =>
  [
    type,
    wish.logged ?? '2026-11-23 09:00:00+0000',
    wish.queued ?? '2026-11-23 08:59:58+0000',
    'news@shop.acme.example',
    wish.rcpt ?? 'ada@yahoo.com',
    '',
    ...(DSN[type.slice(0, 1)] ?? []),
    wish.diag ?? '"smtp;250 ok, ""dirdel"", thanks"',
    wish.mta ?? 'mta7.am0.yahoodns.net (98.136.96.76)',
    '',
    'smtp',
    'app1 (10.1.1.5)',
    'smtp',
    '192.0.2.1',
    '98.136.96.76',
    '"ENHANCEDSTATUSCODES,PIPELINING"',
    '48311',
    wish.vmta ?? 'ip-192-0-2-1',
    'job1',
    '',
    'yahoo.com/ip-192-0-2-1',
    '',
  ].join(',');

const figures = (line = ''): string => line.split(' ').slice(5, 10).join(' ');

onBothEngines(
  'KumoMTA’s records are counted, with complaints by the IP and the day they are about',
  async (t, world) => {
    await reporting(world);
    const log = mailLog(t, 'kumo.jsonl');
    // The fields of ARFReport: kumo-log-types/src/rfc5965.rs, KumoMTA 2026.06.23.
    const report = {
      feedback_type: 'abuse',
      user_agent: 'Yahoo!-Mail-Feedback/2.0',
      version: '1',
      arrival_date: '2026-11-23T08:00:00Z',
      original_mail_from: '<news@shop.acme.example>',
      original_rcpto_to: ['<eve@gmail.com>'],
      source_ip: '192.0.2.1',
    };
    const firm = { name: 'mx.firm.example.', addr: '198.51.100.9' };
    const noSource = { peer_address: null, egress_source: null, source_address: null };
    log.add(
      kumo({ type: 'Reception', egress_source: null }),
      kumo(),
      kumo({ type: 'TransientFailure', recipient: ['bo@gmail.com'] }),
      kumo({ type: 'TransientFailure', recipient: 'bo@gmail.com', num_attempts: 1 }),
      kumo({ recipient: 'bo@gmail.com', num_attempts: 2 }),
      kumo({ type: 'Bounce', recipient: 'cy@firm.example' }),
      kumo({ type: 'TransientFailure', peer_address: firm, recipient: 'di@firm.example' }),
      // What expires names no source: kumod/src/queue/queue.rs, KumoMTA 2026.06.23.
      kumo({ ...noSource, type: 'Expiration', num_attempts: 40, recipient: 'di@firm.example' }),
      kumo({ egress_source: 'a-name-of-its-own', egress_pool: 'shared-us' }),
      kumo({ egress_source: 'a-name-of-its-own', egress_pool: null, recipient: 'ed@gmail.com' }),
      kumo({ type: 'Feedback', sender: '', recipient: 'fbl@warmdesk.example', feedback_report: report }),
      kumo({ type: 'Feedback', feedback_report: { ...report, feedback_type: 'not-spam' } }),
      '{"type":"Delivery"',
      '[]',
    );
    const run = await ingest(world, log.path, 'kumomta');
    t.like(run, { records: 10, complained: 1 });
    const today = dayText(world);
    t.deepEqual(
      await counted(world),
      [
        `${today} shop.acme.example 192.0.2.1 gmail marketing 4 3 1 1 1 -`,
        `${today} shop.acme.example 192.0.2.1 other marketing 1 0 1 1 0 -`,
        `${today} shop.acme.example shared-us gmail marketing 1 1 0 0 0 -`,
      ].toSorted(),
    );
  },
);

onBothEngines(
  'PowerMTA’s accounting files are counted, and the next file is another one in spite of the same header',
  async (t, world) => {
    await reporting(world);
    const log = mailLog(t, 'acct.csv');
    log.add(HEADER);
    t.like(await ingest(world, log.path, 'powermta'), { files: 0 });
    log.add(
      pmta('d'),
      pmta('t', { rcpt: 'bo@yahoo.com', diag: '"smtp;421 4.7.0 [TSS04], try later"' }),
      pmta('t', { rcpt: 'bo@yahoo.com', logged: '2026-11-23 09:10:00+0000' }),
      pmta('b', { rcpt: 'bo@yahoo.com', logged: '2026-11-23 09:20:00+0000' }),
      'r,2026-11-23 08:59:58+0000,,news@shop.acme.example,ada@yahoo.com,,,,,,,smtp,app1 (10.1.1.5),,,,,,ip-192-0-2-1,job1,,,',
      pmta('d', { vmta: 'shared-us', rcpt: 'cy@corp.example', mta: 'mx.corp.example (198.51.100.9)' }),
    );
    t.like(await ingest(world, log.path, 'powermta'), { records: 5, delivered: 2, deferred: 1, bounced: 1 });
    log.rotate('acct.csv.1');
    log.add(HEADER, pmta('d', { rcpt: 'di@yahoo.com', queued: '2026-11-23 08:59:59+0000' }));
    t.like(await ingest(world, log.path, 'powermta'), { files: 1, records: 1 });
    t.deepEqual((await counted(world)).map(figures), ['3 2 1 1 0', '1 1 0 0 0']);
  },
);

const powermta = (header: string) => powermtaReader(new BoundedMemory([]), () => true, header);

ava('a PowerMTA feedback record is a complaint about the day its message arrived', (t) => {
  // Columns that docs/powermta.md asks for.
  const reader = powermta('type,timeLogged,orig,rcpt,feedbackType,repSourceIp,arf_Arrival-Date');
  const arrived = '"Fri, 20 Nov 2026 10:00:00 +0100"';
  t.like(reader.read(`f,1795424400,news@shop.acme.example,ada@yahoo.com,abuse,192.0.2.1,${arrived}`), {
    outcome: 'complained',
    first: false,
    from: 'shop.acme.example',
    arrivedAt: Date.UTC(2026, 10, 20, 9),
    isGuess: false,
  });
  t.is(reader.read('type,timeLogged,orig'), null);
  t.is(reader.read('d,never,x@y.example'), 'unreadable');
});

ava('PowerMTA’s own columns of a feedback record are read, whatever their case and however often', (t) => {
  // Fields of 11.2.8 of the User's Guide 5.0; the case of reportingMta and the column that comes twice are of a file of 5.5.
  const reader = powermta(
    'type,timeLogged,repSourceIp,feedbackType,format,userAgent,envid,orig,rcpt,reportingMta,dlvSourceIp,reportedDomain,header_Return-Path,rcvSourceIp,rcvSourceIp',
  );
  const row = (repSourceIp: string) =>
    `f,2026-11-23 09:00:00+0000,${repSourceIp},abuse,arf,AOL SComp,,,ada@aol.com,dns; mail1.aol.example,169.63.151.30,acme.example,<news@shop.acme.example>,169.63.151.30,169.63.151.30`;
  const about = { outcome: 'complained', from: 'shop.acme.example', to: 'aol.com', mx: 'mail1.aol.example' };
  t.like(reader.read(row('192.0.2.1')), { ...about, via: ['192.0.2.1'], isGuess: false });
  t.like(reader.read(row('')), { ...about, isGuess: true }, 'where the report came from need not be an egress');
});

ava('PowerMTA’s records are known by both of their names, and times in each of their forms', (t) => {
  const reader = powermta('type,timeLogged,timeQueued,orig,rcpt,vmta');
  const row = (type: string, queued: string) =>
    reader.read(`${type},1795424400,${queued},news@shop.acme.example,ada@yahoo.com,ip-192-0-2-1`);
  for (const queued of ['2026-11-23 08:59:58+0000', '11/23/2026 09:59:58+0100', '1795424398'])
    t.like(row('delivery', queued), { outcome: 'delivered', arrivedAt: Date.UTC(2026, 10, 23, 8, 59, 58) });
  t.like(row('bounce', '1795424398'), { outcome: 'bounced' });
  t.like(row('transient', '1795424398'), { outcome: 'deferred' });
  // A queue that cannot be delivered: 11.2.5, its sample has these columns in this order.
  const queue = powermta('type,timeLogged,dsnStatus,dsnDiag,dsnMta,dlvType,dlvSourceIp,dlvDestinationIp,vmta,queue');
  const failure = '4.4.1 (no answer from host),,mx.corp.example (198.51.100.9),smtp,0.0.0.0,198.51.100.9';
  for (const type of ['tq', 'transient queue'])
    t.is(queue.read(`${type},2026-11-23 09:00:00+0000,${failure},ip-192-0-2-1,corp.example/ip-192-0-2-1`), null);
});

ava('a PowerMTA line that begins with a quotation mark and has no other ends, and is told', (t) => {
  t.is(powermta(HEADER).read('"d,2026-11-23'), 'unreadable');
});

ava('a PowerMTA record whose type was damaged into another one is told', (t) => {
  const feedback = `${HEADER},feedbackType,repSourceIp`;
  for (const was of ['d', 'b', 't'])
    for (const to of ['d', 'b', 't', 'tq', 'r', 'rb', 'rs', 'f', 'received', 'transient queue']) {
      const read = powermta(feedback).read(`${pmta(was).replace(/^[a-z]+/, to)},,`);
      if (was === to) t.like(read, { from: 'shop.acme.example' });
      else t.is(read, 'unreadable', `${was} as ${to}`);
    }
  const returned = 'type,timeLogged,orig,rcpt,dsnStatus,feedbackType';
  t.like(powermta(returned).read('rb,1795424400,news@shop.acme.example,ada@yahoo.com,5.1.1,'), { outcome: 'returned' });
  t.is(powermta(returned).read('rs,1795424400,news@shop.acme.example,ada@yahoo.com,5.1.1,'), 'unreadable');
  t.is(powermta(returned).read('r,1795424400,news@shop.acme.example,ada@yahoo.com,,abuse'), 'unreadable');
});

ava('a KumoMTA record without what is needed is told, and what isn’t one of its records too', (t) => {
  const cases = [
    ['', null],
    ['null', 'foreign'],
    ['{}', 'foreign'],
    ['{"level":30,"msg":"listening"}', 'foreign'],
    ['{"type":"Delivery","nodeid":"x"}', 'unreadable'],
    [kumo({ created: 'yesterday' }), 'unreadable'],
    [kumo({ created: 1 }), 'unreadable'],
    [kumo({ type: 'Delivored' }), 'unreadable'],
    [kumo().slice(0, -9), 'unreadable'],
    [kumo({ type: 'Feedback' }), 'unreadable'],
    [kumo({ type: 'Rejection', recipient: '' }), null],
  ] as const;
  for (const [line, expected] of cases)
    t.is(kumomtaReader(new BoundedMemory([]), () => true).read(line), expected, line);
});

ava('a transport is called by its IP', (t) => {
  t.is(addressIn('ip-192-0-2-1'), '192.0.2.1');
  t.is(addressIn('ip-2001-db8--10'), '2001:db8::10');
  t.is(addressIn('shared-us'), undefined);
});

ava('the memory of a queue is bounded: the longest known makes room', (t) => {
  const memory = new BoundedMemory([{ message: 'stored', sender: 'a.example', tried: [] }], 3);
  for (const message of ['one', 'two', 'three']) memory.setSender(message, 'a.example');
  memory.setTried('three', 'Ada@gmail.com', { arrivedAt: 1, via: ['shared-us'], to: 'firm.example', mx: null });
  t.is(memory.sender('stored'), undefined);
  t.true(memory.wasTried('three', 'ada@gmail.com'));
  memory.forget('two');
  const { changed, gone } = memory.takeChanges();
  t.deepEqual(gone, ['stored']);
  t.deepEqual(
    changed.map(({ message }) => message),
    ['one', 'three'],
  );
  t.false(JSON.stringify(changed).includes('gmail'), 'no recipient is kept');
  t.deepEqual(memory.takeChanges(), { changed: [], gone: [] });
});

/** What a reader makes of a whole log: how often each outcome, and of these the first tries. */
function outcomesOf(reader: LogReader, file: string): Record<string, number> {
  const sums: Record<string, number> = {};
  for (const line of readFileSync(new URL(`logs/${file}`, import.meta.url), 'utf8')
    .trimEnd()
    .split('\n')) {
    const read = reader.read(line);
    if (typeof read === 'string') throw new Error(`${read}: ${line}`);
    for (const record of read === null ? [] : [read].flat()) {
      const { outcome, first } = record as DeliveryRecord;
      sums[outcome] = (sums[outcome] ?? 0) + 1;
      if (first) sums[`first ${outcome}`] = (sums[`first ${outcome}`] ?? 0) + 1;
    }
  }
  return sums;
}

ava('logs of a real Haraka 3.3.4 and a real ZoneMTA 3.11.0 are read', (t) => {
  const haraka = outcomesOf(
    harakaReader(new BoundedMemory([]), () => true),
    'haraka-3.3.4.log',
  );
  const zone = outcomesOf(
    zonemtaReader(new BoundedMemory([]), () => true),
    'zonemta-3.11.0.log',
  );
  t.deepEqual(haraka, { delivered: 22, 'first delivered': 22, deferred: 2, 'first deferred': 2 });
  t.deepEqual(zone, { delivered: 22, 'first delivered': 22, deferred: 2, 'first deferred': 2 });
});
