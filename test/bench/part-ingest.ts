// npm run bench -- --part ingest: a CSV file and logs, in lines a second, beside a bare reader of the same lines; reports.
//   -- --lines 1000000     lines of each file
//   -- --engine postgres   on a throw-away PostgreSQL instead of SQLite
import {
  createReadStream,
  createWriteStream,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { parseArgs } from 'node:util';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { type Db, migrate, openDatabase } from '../../src/database.ts';
import { dayOf } from '../../src/day.ts';
import { loadPolicy, policyPath } from '../../src/policy/document/load.ts';
import type { Policy } from '../../src/policy/document/policy.ts';
import { Reports } from '../../src/sending/feedback/actions.ts';
import { ingestLog } from '../../src/sending/logs/actions.ts';
import type { ReaderName } from '../../src/sending/logs/kinds.ts';
import { type Checked, checkFile, keepUpload } from '../../src/sending/upload/actions.ts';
import { storeUploads } from '../../src/sending/upload/background.ts';
import { startPostgres } from '../support/postgres.ts';
import { printed } from './table.ts';

const DOMAINS = 1000;
const PROVIDERS = ['gmail', 'microsoft', 'yahoo', 'apple', 'other'];
const NOW = Date.now();

/** Measures and prints one table. */
export async function run(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: { lines: { type: 'string', default: '1000000' }, engine: { type: 'string', default: 'sqlite' } },
  });
  const lines = Number(values.lines);
  const folder = mkdtempSync(join(tmpdir(), 'warmdesk-bench-'));
  const postgres = values.engine === 'postgres' ? startPostgres() : null;
  const db = await openDatabase(postgres?.url ?? join(folder, 'bench.sqlite'));
  try {
    const rows = await measureAll(db, folder, lines);
    console.log(`\n${values.engine}, ${lines.toLocaleString('en-US')} lines a file, Node ${process.version}\n`);
    console.log(
      printed([['', 'MB', 'seconds', 'processor, s', 'lines a second', 'of bare', 'memory more, MB'], ...rows], true),
    );
  } finally {
    await db.destroy();
    postgres?.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function measureAll(db: Db, folder: string, lines: number): Promise<string[][]> {
  await migrate(db);
  await fill(db);
  const policy = loadPolicy(policyPath('customerio'));
  if (!policy.ok) throw new Error(policy.problem.join('\n'));
  const csv = await written(join(folder, 'counts.csv'), csvLines(lines));
  const log = await written(join(folder, 'mail.log'), logLines(lines));
  const kumo = await written(join(folder, 'kumo.jsonl'), kumoLines(lines));
  return [
    ...(await measureCsv(db, policy.value, csv, lines)),
    ...(await measureLogs(db, policy.value, { reader: 'postfix', title: 'Postfix log', path: log, lines })),
    ...(await measureLogs(db, policy.value, { reader: 'kumomta', title: 'KumoMTA log', path: kumo, lines })),
    ...(await measureReports(db, policy.value, Math.min(lines, 20_000))),
  ];
}

async function measureCsv(db: Db, policy: Policy, path: string, lines: number): Promise<string[][]> {
  const bare = await timed(() => readBare(path));
  const first = await timed(() => checkFile(db, policy, createReadStream(path), { now: NOW }));
  const checked = first.value;
  if (checked.rejected > 0) throw new Error(JSON.stringify(checked.rejectedLines[0]));
  const stored = await timed(() => store(db, checked));
  const again = await timed(() => store(db, checked));
  await checked.spool.close();
  const both = {
    seconds: first.seconds + stored.seconds,
    processor: first.processor + stored.processor,
    memory: Math.max(first.memory, stored.memory),
  };
  const line = (name: string, one: Omit<Timed, 'value'>) => row(name, path, lines, one, bare.seconds);
  return [
    line('CSV, bare reader', bare),
    line('CSV, looked at', first),
    line('CSV, stored as new', stored),
    line('CSV, stored in place of others', again),
    line('CSV, looked at and stored', both),
  ];
}

async function store(db: Db, checked: Checked): Promise<void> {
  await keepUpload(db, { person: null, at: NOW }, 'counts.csv', checked);
  await storeUploads({ db, now: () => NOW });
}

type Log = { readonly reader: ReaderName; readonly title: string; readonly path: string; readonly lines: number };

/** A log as it grows, and compressed. What was counted is forgotten between, for a log is known whatever it is called. */
async function measureLogs(db: Db, policy: Policy, { reader, title, path, lines }: Log): Promise<string[][]> {
  const bare = await timed(() => readBare(path));
  const rows = [row(`${title}, bare reader`, path, lines, bare, bare.seconds)];
  const content = readFileSync(path);
  const packed = { 'as it is': path, gzip: `${path}.gz`, zstd: `${path}.zst` };
  writeFileSync(packed.gzip, gzipSync(content));
  writeFileSync(packed.zstd, zstdCompressSync(content));
  for (const [how, one] of Object.entries(packed)) {
    if (how !== 'as it is') rmSync(path, { force: true });
    for (const table of ['sending_logs', 'sending_queue', 'sending_counts']) await db(table).delete();
    const read = await timed(() => ingestLog(db, policy, { reader, path: one }, NOW));
    const { value } = read;
    if (!value.ok || value.value.lines !== lines || value.value.delivered === 0) throw new Error(JSON.stringify(value));
    rows.push(row(`${title}, ${how}`, one, lines, read, bare.seconds));
  }
  return rows;
}

/** Complaints about mail that is counted, as a mail server hands them on: some hundreds at a time. */
async function measureReports(db: Db, policy: Policy, count: number): Promise<string[][]> {
  const reports = new Reports(db, policy, []);
  const mails = Array.from({ length: count }, (_, index) => ({
    name: `${index}`,
    raw: Buffer.from(reportOf(index)),
    recipients: [],
  }));
  const taken = await timed(async () => {
    for (let start = 0; start < count; start += 300) await reports.take(mails.slice(start, start + 300), NOW);
  });
  const size = mails.reduce((sum, { raw }) => sum + raw.length, 0);
  const rate = Math.round(count / taken.seconds).toLocaleString('en-US');
  return [
    [
      'Feedback reports, counted',
      (size / 1e6).toFixed(0),
      taken.seconds.toFixed(1),
      taken.processor.toFixed(1),
      rate,
      '-',
      taken.memory.toFixed(0),
    ],
  ];
}

const reportOf = (index: number): string =>
  `From: feedback@arf.mail.yahoo.com\r\nDate: ${new Date(NOW - 1000).toUTCString()}\r\nMIME-Version: 1.0\r\nContent-Type: multipart/report; report-type=feedback-report; boundary="x"\r\n\r\n--x\r\nContent-Type: text/plain\r\n\r\nThis is an email abuse report.\r\n--x\r\nContent-Type: message/feedback-report\r\n\r\nFeedback-Type: abuse\r\nUser-Agent: Yahoo!-Mail-Feedback/2.0\r\nVersion: 0.1\r\nSource-IP: 192.0.2.1\r\nOriginal-Mail-From: <news@news${index % DOMAINS}.bench.example>\r\nOriginal-Rcpt-To: p${index}@yahoo.com\r\n\r\n--x\r\nContent-Type: message/rfc822\r\n\r\nReceived: from mta1.example.net ([192.0.2.1]) by mx.yahoo.com; ${new Date(NOW - 2000).toUTCString()}\r\nFrom: News <news@news${index % DOMAINS}.bench.example>\r\nMessage-ID: <${index}@bench.example>\r\nSubject: Autumn\r\n\r\nhello\r\n--x--\r\n`;

type Timed<T = unknown> = {
  readonly value: T;
  readonly seconds: number;
  /** Processor time of all threads, seconds: what other jobs on the machine disturb least. */
  readonly processor: number;
  readonly memory: number;
};

/** How long it takes, and how much more memory the process has at most meanwhile, in megabytes. */
async function timed<T>(work: () => Promise<T>): Promise<Timed<T>> {
  const before = process.memoryUsage.rss();
  let most = before;
  const watch = setInterval(() => {
    most = Math.max(most, process.memoryUsage.rss());
  }, 20);
  const used = process.cpuUsage();
  const begun = performance.now();
  const value = await work();
  const seconds = (performance.now() - begun) / 1000;
  const { user, system } = process.cpuUsage(used);
  clearInterval(watch);
  return { value, seconds, processor: (user + system) / 1e6, memory: (most - before) / 1e6 };
}

function row(
  name: string,
  path: string,
  lines: number,
  { seconds, processor, memory }: Omit<Timed, 'value'>,
  bare: number,
): string[] {
  const rate = Math.round(lines / seconds).toLocaleString('en-US');
  const size = (statSync(path).size / 1e6).toFixed(0);
  return [name, size, seconds.toFixed(1), processor.toFixed(1), rate, (bare / seconds).toFixed(2), memory.toFixed(0)];
}

async function readBare(path: string): Promise<number> {
  let lines = 0;
  for await (const _ of createInterface({ input: createReadStream(path) })) lines += 1;
  return lines;
}

async function written(path: string, lines: Iterable<string>): Promise<string> {
  await pipeline(Readable.from(lines), createWriteStream(path));
  return path;
}

const day = (ago: number): string => new Date(NOW - ago * 86_400_000).toISOString().slice(0, 10);

/** Each about other mail: a thousand domains to five providers on as many days as it takes. */
function* csvLines(lines: number): Generator<string> {
  yield 'day,domain,via,provider,stream,sent,delivered,deferred,bounced,complained,opened\n';
  const some: string[] = [];
  for (let index = 0; index < lines; index += 1) {
    const domain = index % DOMAINS;
    const provider = PROVIDERS[Math.floor(index / DOMAINS) % PROVIDERS.length];
    const ago = 1 + Math.floor(index / (DOMAINS * PROVIDERS.length));
    const via = index % 2 ? 'shared-us' : '192.0.2.1';
    const sent = 1000 + (index % 777);
    some.push(`${day(ago)},news${domain}.bench.example,${via},${provider},marketing,${sent},${sent - 20},13,17,1,\n`);
    if (some.length === 1000) yield some.splice(0).join('');
  }
  yield some.join('');
}

/** What Postfix writes of one message after the other, with what stands between. */
function* logLines(lines: number): Generator<string> {
  const some: string[] = [];
  for (let index = 0; index < lines; index += 1) {
    const message = Math.floor(index / 5);
    const stamp = new Date(NOW - 3_600_000 + message).toISOString().replace('Z', '123+00:00');
    const id = `4X${message.toString(36).padStart(8, '0')}`;
    const to = ['gmail.com', 'outlook.com', 'yahoo.com', 'corp.example'][message % 4];
    const from = `news@news${message % DOMAINS}.bench.example`;
    const transport = message % 2 ? 'shared-us' : 'ip-192-0-2-1';
    const of = [
      `smtpd[2301]: connect from app1.bench.example[10.1.1.5]`,
      `cleanup[2304]: ${id}: message-id=<${message}.1795424400@bench.example>`,
      `qmgr[811]: ${id}: from=<${from}>, size=48311, nrcpt=1 (queue active)`,
      `${transport}/smtp[2217]: ${id}: to=<p${message}@${to}>, relay=mx.${to}[142.250.27.27]:25, delay=1.4, delays=0.02/0.01/0.5/0.87, dsn=2.0.0, status=sent (250 2.0.0 OK  1795424401 a-b.7 - gsmtp)`,
      `qmgr[811]: ${id}: removed`,
    ];
    some.push(`${stamp} mx1 postfix/${of[index % 5]}\n`);
    if (some.length === 1000) yield some.splice(0).join('');
  }
  yield some.join('');
}

/** What KumoMTA writes: a reception, and what became of the message. */
function* kumoLines(lines: number): Generator<string> {
  const some: string[] = [];
  const seconds = Math.floor(NOW / 1000) - 3600;
  for (let index = 0; index < lines; index += 1) {
    const message = Math.floor(index / 2);
    const to = ['gmail.com', 'outlook.com', 'yahoo.com', 'corp.example'][message % 4];
    const isIn = index % 2 === 0;
    const source = isIn ? null : 'ip-192-0-2-1';
    some.push(
      `${JSON.stringify({
        type: isIn ? 'Reception' : 'Delivery',
        id: `8f1c2a44c9d611f0a3b2${message.toString(16).padStart(12, '0')}`,
        sender: `news@news${message % DOMAINS}.bench.example`,
        recipient: `p${message}@${to}`,
        queue: `tenant@${to}`,
        site: isIn ? '' : `ip-192-0-2-1->mx.${to}@smtp_client`,
        size: 48_311,
        response: { code: 250, enhanced_code: { class: 2, subject: 0, detail: 0 }, content: 'OK', command: '.' },
        peer_address: { name: `mx.${to}.`, addr: '142.250.27.27' },
        timestamp: seconds,
        created: seconds,
        num_attempts: 0,
        bounce_classification: 'Uncategorized',
        egress_pool: source,
        egress_source: source,
        source_address: isIn ? null : { address: '192.0.2.1:41234' },
        feedback_report: null,
        meta: {},
        headers: {},
        delivery_protocol: isIn ? null : 'ESMTP',
        reception_protocol: 'ESMTP',
        nodeid: '557f3ad4-2c8c-11ee-976e-782d7e12e173',
      })}\n`,
    );
    if (some.length === 1000) yield some.splice(0).join('');
  }
  yield some.join('');
}

/** One account with a thousand domains and an IP. */
async function fill(db: Db): Promise<void> {
  const at = NOW - 1000 * 86_400_000;
  const [account] = await db('accounts')
    .insert({ name: 'Bench', plan: 'premium', region: null, created_at: at })
    .returning('id');
  const names = Array.from({ length: DOMAINS }, (_, index) => `news${index}.bench.example`);
  for (let start = 0; start < DOMAINS; start += 100) {
    const some = names.slice(start, start + 100);
    await db('domains').insert(some.map((name) => ({ account_id: account.id, name, usage: 'both', created_at: at })));
  }
  const [person] = await db('people')
    .insert({
      email: 'bench@bench.example',
      name: 'Bench',
      account_id: account.id,
      account_role: 'admin',
      time_zone: 'UTC',
      password_hash: 'x',
      created_at: at,
    })
    .returning('id');
  const [version] = await db('policy_versions')
    .insert({ name: 'bench', number: 1, document: '{}', effective_from: at })
    .returning('id');
  const [request] = await db('requests')
    .insert(requestOf(account.id, person.id, version.id, at))
    .returning('id');
  const [ip] = await db('ips')
    .insert({ address: '192.0.2.1', region: 'us', status: 'allocated', created_at: at })
    .returning('id');
  await db('allocations').insert({
    ip_id: ip.id,
    account_id: account.id,
    request_id: request.id,
    status: 'active',
    monthly_cents: 0,
    currency: 'USD',
    allocated_at: at,
  });
}

const requestOf = (account: number, person: number, version: number, at: number) => ({
  account_id: account,
  requester_id: person,
  kind: 'dedicated_ip',
  status: 'fulfilled',
  version: 2,
  form_token: 'bench',
  policy_version_id: version,
  weekly_volume: 70_000,
  peak_weekly_volume: 70_000,
  ip_count: 1,
  region: 'us',
  stream: 'both',
  starts_on: dayOf(at),
  sends: 'News',
  signup: 'Shop',
  granted_count: 1,
  submitted_at: at,
  decided_at: at,
});
