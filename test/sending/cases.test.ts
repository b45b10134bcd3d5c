// Logs as people's mail servers write them, one file a case: what each of them must come to.
import {
  appendFileSync,
  copyFileSync,
  readdirSync,
  readFileSync,
  renameSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import ava, { type ExecutionContext } from 'ava';
import type { ReaderName } from '../../src/sending/logs/kinds.ts';
import type { Ingested } from '../../src/sending/logs/summary.ts';
import { ingest, mailLog } from '../support/mail-log.ts';
import { counted, reporting } from '../support/reporting.ts';
import { DAY, HOUR, onBothEngines, type World } from '../support/world.ts';

const CASES = fileURLToPath(new URL('cases/', import.meta.url));
const NOON = Date.UTC(2026, 10, 28, 12);

/** Acme has 198.51.100.12, and Bücher an own domain. It is noon of the day on which the logs were written. */
async function scene(world: World): Promise<void> {
  const { allocationId } = await reporting(world);
  world.now = NOON;
  await world.db('ips').where({ address: '192.0.2.1' }).update({ address: '198.51.100.12' });
  await world
    .db('allocations')
    .where({ id: allocationId })
    .update({ allocated_at: NOON - 10 * DAY });
}

/** `day domain ip provider stream sent delivered deferred bounced complained opened` without what is always the same. */
const short = (line: string): string =>
  line
    .replace(/ shop\.acme\.example 198\.51\.100\.12/, '')
    .replace(/ marketing/, '')
    .replace(/ -$/, '');

type Case = {
  readonly file: string;
  readonly reader: ReaderName;
  readonly is: readonly string[];
  readonly skipped?: Partial<Ingested['skipped']>;
};

const GMAIL_3 = ['2026-11-28 gmail 3 1 1 1 0'];
const GMAIL_1 = ['2026-11-28 gmail 1 1 0 0 0'];
const all: readonly Case[] = [
  { file: '01-postfix-3.11-tls.log', reader: 'postfix', is: GMAIL_3 },
  {
    file: '02-postfix-error-service-first.log',
    reader: 'postfix',
    is: ['2026-11-28 yahoo 2 1 2 0 0'],
    skipped: { 'not ours': 1 },
  },
  {
    file: '03-postfix-error-first-expired.log',
    reader: 'postfix',
    is: ['2026-11-27 yahoo 1 0 1 1 0'],
    skipped: { 'not ours': 1 },
  },
  { file: '04-postfix-incoming-backlog.log', reader: 'postfix', is: ['2026-11-28 gmail 5 1 4 0 0'] },
  { file: '06-postfix-softbounce.log', reader: 'postfix', is: ['2026-11-28 gmail 1 0 1 0 0'] },
  {
    file: '09-postfix-syslog-name-is-ip.log',
    reader: 'postfix',
    is: ['2026-11-28 gmail 2 2 0 0 0'],
    skipped: { 'not ours': 1 },
  },
  { file: '16a-journal-short-precise.log', reader: 'postfix', is: GMAIL_1 },
  { file: '16b-journal-short-iso.log', reader: 'postfix', is: GMAIL_1 },
  { file: '16c-journal-short-full.log', reader: 'postfix', is: GMAIL_1 },
  { file: '16d-syslog5424.log', reader: 'postfix', is: GMAIL_1 },
  { file: '16e-solaris-priority.log', reader: 'postfix', is: GMAIL_1 },
  { file: '16f-info-prefix.log', reader: 'postfix', is: GMAIL_1 },
  { file: '18-a.log', reader: 'postfix', is: GMAIL_1 },
  { file: '19b-postfix-crlf.log', reader: 'postfix', is: GMAIL_3 },
  { file: '10-kumomta-multi-recipient.jsonl', reader: 'kumomta', is: ['2026-11-28 gmail 3 3 0 0 0'] },
  { file: '11-kumomta-expiration.jsonl', reader: 'kumomta', is: ['2026-11-26 yahoo 1 0 1 1 0'] },
  { file: '13-kumomta-feedback.jsonl', reader: 'kumomta', is: ['2026-11-28 yahoo 1 1 0 0 1'] },
  {
    file: '14-kumomta-suspended-first.jsonl',
    reader: 'kumomta',
    is: ['2026-11-28 yahoo 1 0 1 0 0'],
    skipped: { 'not ours': 1 },
  },
  { file: '19d-kumo-crlf.jsonl', reader: 'kumomta', is: GMAIL_1 },
  { file: '20-powermta-slow-queue.csv', reader: 'powermta', is: ['2026-11-28 gmail 4 2 2 0 0'] },
  { file: '21-powermta-bom-crlf.csv', reader: 'powermta', is: ['2026-11-28 gmail 4 2 2 0 0'] },
  {
    file: '22-powermta-quotes.csv',
    reader: 'powermta',
    is: ['2026-11-28 gmail 1 0 0 1 0', '2026-11-28 yahoo 1 1 0 0 0'],
  },
  { file: '23-powermta-rotated-name.csv', reader: 'powermta', is: ['2026-11-28 gmail 3 3 0 0 0'] },
  { file: '24-powermta-one-row.csv', reader: 'powermta', is: GMAIL_1 },
  { file: '15-postfix.log.gz', reader: 'postfix', is: GMAIL_3 },
  { file: '15-kumomta.zst', reader: 'kumomta', is: ['2026-11-28 gmail 3 3 0 0 0'] },
];

for (const { file, reader, is, skipped = {} } of all) {
  onBothEngines(`case ${file}`, async (t, world) => {
    await scene(world);
    const run = await ingest(world, copied(t, file), reader);
    t.deepEqual((await counted(world)).map(short), [...is]);
    t.deepEqual(run.unread, []);
    t.like(run.skipped, { 'not ours': 0, ...skipped });
  });
}

/** A case in a folder of its own. */
function copied(t: ExecutionContext, file: string, name = file): string {
  const { path } = mailLog(t, name);
  copyFileSync(join(CASES, file), path);
  return path;
}

onBothEngines('case 05: a sender’s domain is found by its U-label', async (t, world) => {
  await scene(world);
  await world.db('domains').where({ name: 'shop.acme.example' }).update({ name: 'xn--bcher-kva.example' });
  const run = await ingest(world, copied(t, '05-postfix-smtputf8.log'));
  t.deepEqual(await counted(world), ['2026-11-28 xn--bcher-kva.example 198.51.100.12 other marketing 1 1 0 0 0 -']);
  t.is(run.skipped['unknown domain'], 0);
});

for (const [file, reader, is] of [
  ['01-postfix-3.11-tls.log', 'postfix', GMAIL_3],
  ['10-kumomta-multi-recipient.jsonl', 'kumomta', ['2026-11-28 gmail 3 3 0 0 0']],
  ['20-powermta-slow-queue.csv', 'powermta', ['2026-11-28 gmail 4 2 2 0 0']],
] as const) {
  for (const [how, compress] of [
    ['gzip', gzipSync],
    ['zstd', zstdCompressSync],
  ] as const) {
    onBothEngines(`case 15: ${file} by ${how} is read, once whether it is compressed or not`, async (t, world) => {
      await scene(world);
      const { path } = mailLog(t, 'packed');
      const whole = readFileSync(join(CASES, file));
      writeFileSync(path, compress(whole));
      t.true((await ingest(world, path, reader)).records > 0);
      t.like(await ingest(world, path, reader), { files: 0, records: 0 });
      writeFileSync(path, whole);
      t.like(await ingest(world, path, reader), { records: 0 });
      t.deepEqual((await counted(world)).map(short), [...is]);
    });
  }
}

onBothEngines('case 15: a segment that KumoMTA still writes is read as far as it goes', async (t, world) => {
  await scene(world);
  const { path } = mailLog(t, '20261128-010000');
  const lines = Array.from({ length: 20_000 }, (_, index) =>
    readFileSync(join(CASES, '19d-kumo-crlf.jsonl'), 'utf8').replace('"a1"', `"a${index}"`),
  );
  const packed = zstdCompressSync(Buffer.from(lines.join('')));
  writeFileSync(path, packed.subarray(0, packed.length / 2));
  const part = await ingest(world, path, 'kumomta');
  t.true(part.records < 20_000);
  t.deepEqual(part.unread, []);
  appendFileSync(path, packed.subarray(packed.length / 2));
  const rest = await ingest(world, path, 'kumomta');
  t.is(part.records + rest.records, 20_000);
});

onBothEngines(
  'case 18: what was left of a rotated log is read, also where it was compressed at once',
  async (t, world) => {
    await scene(world);
    const path = copied(t, '01-postfix-3.11-tls.log', 'mail.log');
    const whole = readFileSync(path, 'utf8').split(/(?<=\n)/);
    writeFileSync(path, whole.slice(0, 2).join(''));
    await ingest(world, path);
    writeFileSync(`${path}-20261128.gz`, gzipSync(whole.join('')));
    copyFileSync(join(CASES, '16b-journal-short-iso.log'), path);
    t.like(await ingest(world, path), { files: 2, delivered: 1, deferred: 1, bounced: 1 });
    t.deepEqual((await counted(world)).map(short), ['2026-11-28 gmail 4 2 1 1 0']);
  },
);

onBothEngines('case 23: PowerMTA puts the date into the name of a file that it closes', async (t, world) => {
  await scene(world);
  const path = copied(t, '23-powermta-rotated-name.csv', 'acct.csv');
  const whole = readFileSync(path, 'utf8').split(/(?<=\n)/);
  writeFileSync(path, whole.slice(0, 3).join(''));
  await ingest(world, path, 'powermta');
  writeFileSync(path, whole.join(''));
  renameSync(path, path.replace('acct.csv', 'acct-2026-11-28-0000.csv'));
  copyFileSync(join(CASES, '24-powermta-one-row.csv'), path);
  t.like(await ingest(world, path, 'powermta'), { files: 2, records: 2, delivered: 2 });
  t.deepEqual((await counted(world)).map(short), ['2026-11-28 gmail 4 4 0 0 0']);
});

onBothEngines('of rotated logs those are read too that came and went between two runs', async (t, world) => {
  await scene(world);
  const path = copied(t, '23-powermta-rotated-name.csv', 'acct.csv');
  await ingest(world, path, 'powermta');
  const closed = ['acct-2026-11-28-0000.csv', 'acct-2026-11-28-0001.csv'].map((name) => path.replace('acct.csv', name));
  renameSync(path, closed[0] ?? '');
  copyFileSync(join(CASES, '24-powermta-one-row.csv'), closed[1] ?? '');
  for (const [index, one] of closed.entries()) utimesSync(one, NOON / 1000 + index, NOON / 1000 + index);
  copyFileSync(join(CASES, '22-powermta-quotes.csv'), path);
  t.like(await ingest(world, path, 'powermta'), { files: 2, records: 3 });
});

onBothEngines('a folder and a pattern stand for all their files', async (t, world) => {
  await scene(world);
  const path = copied(t, '23-powermta-rotated-name.csv', 'acct-2026-11-27-0000.csv');
  const folder = dirname(path);
  copyFileSync(join(CASES, '24-powermta-one-row.csv'), join(folder, 'acct-2026-11-28-0000.csv'));
  t.like(await ingest(world, join(folder, 'acct-*.csv'), 'powermta'), { files: 2, records: 4 });
  t.like(await ingest(world, folder, 'powermta'), { files: 0, records: 0 });
  t.like(await ingest(world, join(folder, 'acct.csv'), 'powermta'), { files: 0, records: 0 });
  t.deepEqual((await counted(world)).map(short), ['2026-11-28 gmail 4 4 0 0 0']);
});

for (const [reader, file] of [
  ['kumomta', '20-powermta-slow-queue.csv'],
  ['powermta', '01-postfix-3.11-tls.log'],
  ['postfix', '10-kumomta-multi-recipient.jsonl'],
  ['postfix', '20-powermta-slow-queue.csv'],
] as const) {
  onBothEngines(`case 71: ${reader} given ${file} says so and notes nothing as read`, async (t, world) => {
    await scene(world);
    const path = copied(t, file);
    const run = await ingest(world, path, reader);
    t.like(run, { files: run.files, records: 0, lines: 0 });
    t.is(run.unread.length, 1);
    t.regex(run.unread[0]?.sentence ?? '', /This is not (a log|an accounting file) of .* Line [12]: \S/);
    t.deepEqual(await world.db('sending_logs'), []);
  });
}

onBothEngines('case 71: a file that is compressed in another way, or damaged, is told', async (t, world) => {
  await scene(world);
  const { path } = mailLog(t);
  writeFileSync(path, Buffer.from('425a6839314159265359', 'hex'));
  t.regex((await ingest(world, path)).unread[0]?.sentence ?? '', /neither by gzip nor by zstd/);
  const packed = gzipSync(readFileSync(join(CASES, '01-postfix-3.11-tls.log')));
  packed.fill(0, 40, 80);
  writeFileSync(path, packed);
  t.regex((await ingest(world, path)).unread[0]?.sentence ?? '', /damaged/);
});

ava('every case is used', (t) => {
  const source = readFileSync(fileURLToPath(import.meta.url), 'utf8');
  for (const file of readdirSync(CASES)) t.true(source.includes(file), file);
});

onBothEngines('case 29: dates without a zone are of the time zone of the process', async (t, world) => {
  await scene(world);
  world.now = NOON + HOUR;
  await ingest(world, copied(t, '29-local-zone.log'));
  const day = new Date(new Date(2026, 10, 27, 20, 30).getTime()).toISOString().slice(0, 10);
  t.deepEqual((await counted(world)).map(short), [`${day} gmail 1 1 0 0 0`]);
});
