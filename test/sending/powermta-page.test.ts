// The accounting files that docs/powermta.md has PowerMTA write are those that the reader reads.
import test from 'ava';
import { powermtaReader } from '../../src/sending/logs/powermta.ts';
import { BoundedMemory } from '../../src/sending/logs/queue-memory.ts';
import { block } from '../mta/page.ts';

const files = [
  ...block('docs/powermta.md', 'powermta accounting').matchAll(/^<acct-file \S+\/(\w+)\.csv>\n(.*?)^<\/acct-file>/gms),
].map(([, name = '', lines = '']) => {
  const records = /^ *records (.+)$/m.exec(lines)?.[1]?.split(',') ?? [];
  const fields = [...lines.matchAll(/^ *record-fields (\w+) (.+)$/gm)].map(
    ([, type, names = '']) => [type, names] as const,
  );
  return { name, records, fields };
});

/** Reads records as a file of the page has them: what a record does not say is empty. */
function read(name: string, rows: readonly Record<string, string>[]) {
  const file = files.find((one) => one.name === name);
  const header = `type,${file?.fields[0]?.[1] ?? ''}`;
  const reader = powermtaReader(new BoundedMemory([]), (one) => one.startsWith('ip-'), header);
  reader.read(header);
  return rows.map((row) =>
    reader.read(
      header
        .split(',')
        .map((column) => row[column] ?? '')
        .join(','),
    ),
  );
}

test('records that share a file have the same fields, and each is said', (t) => {
  t.deepEqual(
    files.map(({ name }) => name),
    ['acct', 'feedback', 'returned'],
  );
  for (const { records, fields } of files) {
    t.deepEqual(
      fields.map(([type]) => type),
      records,
    );
    t.is(new Set(fields.map(([, names]) => names)).size, 1);
  }
});

const times = { timeLogged: '2026-11-28 10:00:05+0000', timeQueued: '2026-11-28 10:00:00+0000' };
const mail = { ...times, orig: 'news@acme.example', jobId: '7' };

test('a delivery, a deferral and a bounce are counted for the warming IP, the bounce by its virtual MTA', (t) => {
  const over = { vmta: 'ip-192-0-2-2', vmtaPool: 'domain-acme.example' };
  const mx = 'gmail-smtp-in.l.google.com (192.0.2.99)';
  const found = read('acct', [
    { ...mail, ...over, type: 'd', rcpt: 'ann@gmail.com', dsnMta: mx, dlvSourceIp: '192.0.2.2' },
    { ...mail, ...over, type: 't', rcpt: 'ben@corp.example', dsnMta: mx, dlvSourceIp: '192.0.2.2' },
    { ...mail, ...over, type: 'b', rcpt: 'eva@gmail.com' },
  ]);
  t.like(found[0], { outcome: 'delivered', first: true, from: 'acme.example', to: 'gmail.com' });
  t.like(found[1], { outcome: 'deferred', first: true, mx: 'gmail-smtp-in.l.google.com' });
  t.like(found[2], { outcome: 'bounced', first: true, from: 'acme.example' });
  for (const one of found) t.true(JSON.stringify(one).includes('ip-192-0-2-2'));
});

test('complaints and late bounces are read; a report that something isn’t spam is none', (t) => {
  const report = {
    ...mail,
    type: 'f',
    rcpt: 'ann@yahoo.com',
    repSourceIp: '192.0.2.2',
    reportingMTA: 'dns; yahoo.com',
  };
  const found = read('feedback', [
    { ...report, feedbackType: 'abuse', 'arf_Arrival-Date': '27 Nov 2026 09:00:00 +0000' },
    { ...report, feedbackType: 'not-spam' },
    { type: 'f', ...times, feedbackType: 'abuse', 'header_Return-Path': '<news@acme.example>' },
  ]);
  t.like(found[0], {
    outcome: 'complained',
    arrivedAt: Date.UTC(2026, 10, 27, 9),
    from: 'acme.example',
    to: 'yahoo.com',
  });
  t.is(found[1], null);
  t.like(found[2], { outcome: 'complained', from: 'acme.example' });
  const [late] = read('returned', [{ ...mail, type: 'rb', rcpt: 'ann@gmail.com' }]);
  t.like(late, { outcome: 'returned', from: 'acme.example', to: 'gmail.com' });
});
