// Lines of each kind of log, as its mail server wrote them, about mail of shop.acme.example over one IP.
import { readFileSync } from 'node:fs';
import type { ReaderName } from '../../src/sending/logs/kinds.ts';
import type { World } from '../support/world.ts';

export type RealLog = {
  readonly title: string;
  readonly reader: ReaderName;
  /** What every file of such a log begins with. */
  readonly header?: string;
  readonly lines: readonly string[];
  /** Which message a line is about: its lines keep their order. */
  readonly keyOf: (line: string) => string;
  /** The IP that the mail went over. */
  readonly address: string;
};

const linesOf = (file: string): string[] =>
  readFileSync(new URL(file, import.meta.url), 'utf8')
    .split('\n')
    .filter((line) => line !== '');

/** Haraka's and ZoneMTA's logs are of a test with several customers and addresses: here they are one's. */
const ofOne = (line: string): string =>
  line
    .replace(/news\.(?:acme|customer-\d)\.example/g, 'shop.acme.example')
    .replace(/127\.0\.0\.(?:11|12|21)\b/g, '127.0.0.2');

const ACCOUNTING = linesOf('cases/20-powermta-slow-queue.csv')[0] ?? '';

/** A row of an accounting file, with the columns of `record-fields *`. Seconds are those after 01:00. */
function accounted(type: 'd' | 'b' | 't', recipient: string, logged: number, queued = 0): string {
  const time = (second: number) =>
    `2026-11-28 01:${String(Math.floor(second / 60)).padStart(2, '0')}:${String(second % 60).padStart(2, '0')}+0000`;
  const dsn = { d: 'relayed,2.0.0 (success)', b: 'failed,5.1.1 (bad destination mailbox address)', t: 'delayed,4.7.0' }[
    type
  ];
  const over = type === 'b' ? ',,' : '198.51.100.12,142.250.1.1,';
  const to = `${recipient},,${dsn},"smtp;said ""so"", later",gmail-smtp-in.l.google.com (142.250.1.1),,smtp,app.example (10.0.0.5)`;
  return `${type},${time(logged)},${time(queued)},b@shop.acme.example,${to},smtp,${over},1234,ip-198-51-100-12,job1,,gmail.com/ip-198-51-100-12,`;
}

export const REAL_LOGS: readonly RealLog[] = [
  {
    title: 'Postfix',
    reader: 'postfix',
    lines: [...linesOf('logs/postfix-3.7-hard.log'), ...linesOf('logs/postfix-3.7-requeued.log')],
    // One message is queued again under another id.
    keyOf: (line) => (/\]: ([0-9A-F]{8,}): /.exec(line)?.[1] ?? 'none').replace('E742524FFDA', 'AF1A224F790'),
    address: '192.0.2.1',
  },
  {
    title: 'KumoMTA',
    reader: 'kumomta',
    lines: [
      'cases/10-kumomta-multi-recipient.jsonl',
      'cases/11-kumomta-expiration.jsonl',
      'cases/13-kumomta-feedback.jsonl',
      'cases/14-kumomta-suspended-first.jsonl',
    ].flatMap(linesOf),
    // A complaint follows the mail that it is about.
    keyOf: (line) => String(JSON.parse(line).id).replace('c2', 'c1'),
    address: '198.51.100.12',
  },
  {
    title: 'PowerMTA',
    reader: 'powermta',
    header: ACCOUNTING,
    lines: [
      ...linesOf('cases/20-powermta-slow-queue.csv').slice(1),
      ...linesOf('cases/22-powermta-quotes.csv').slice(1),
      ...['ann', 'ben', 'eva'].flatMap((name, index) => [
        accounted('t', `${name}@gmail.com`, 5 + index),
        accounted('t', `${name}@gmail.com`, 905 + index),
        accounted(index === 0 ? 'b' : 'd', `${name}@gmail.com`, 1805 + index),
      ]),
      accounted('d', 'cy@gmail.com', 3),
    ],
    keyOf: (line) => line.split(',')[4] ?? '',
    address: '198.51.100.12',
  },
  {
    title: 'Exim',
    reader: 'exim',
    lines: linesOf('logs/exim-4.96.log'),
    keyOf: (line) => /^\S+ \S+ (\w{6}-\w{6}-\w{2}) /.exec(line)?.[1] ?? 'none',
    address: '127.0.0.2',
  },
  {
    title: 'Haraka',
    reader: 'haraka',
    // Haraka's own line of a delivery comes right before the plugin's, which is the one that counts.
    lines: linesOf('logs/haraka-3.3.4.log')
      .filter((line) => !line.includes(' delivered file='))
      .map(ofOne),
    keyOf: (line) => /warmdesk-outcome .*"id":"([^"]+)"/.exec(line)?.[1] ?? 'none',
    address: '127.0.0.2',
  },
  {
    title: 'ZoneMTA',
    reader: 'zonemta',
    lines: linesOf('logs/zonemta-3.11.0.log').map(ofOne),
    keyOf: (line) => / ([0-9a-f]{18})(?:\.[0-9a-f]{3})? /.exec(line)?.[1] ?? 'none',
    address: '127.0.0.2',
  },
];

/** Nothing was ever read or counted. */
export async function forgetLogs(world: World): Promise<void> {
  for (const table of ['sending_counts', 'sending_queue', 'sending_unread_lines', 'sending_logs'])
    await world.db(table).delete();
}
