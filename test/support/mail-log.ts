// Lines as Postfix writes them, and logs that grow and are rotated.
import { appendFileSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ExecutionContext } from 'ava';
import { ingestLog } from '../../src/sending/logs/actions.ts';
import type { ReaderName } from '../../src/sending/logs/kinds.ts';
import type { Ingested } from '../../src/sending/logs/summary.ts';
import type { World } from './world.ts';

export type Try = {
  /** UTC milliseconds of the line. */
  readonly at: number;
  readonly id?: string;
  readonly from?: string;
  readonly to?: string;
  readonly transport?: string;
  readonly status?: 'sent' | 'deferred' | 'bounced';
  readonly relay?: string;
  /** Seconds since it arrived, and how many of them before this try began. */
  readonly delay?: number;
  readonly before?: number;
};

const stamp = (at: number): string => new Date(at).toISOString().replace('Z', '123+00:00');
const REPLY = {
  sent: '(250 2.0.0 OK  1795424401 a-b.7 - gsmtp)',
  deferred:
    '(host gmail-smtp-in.l.google.com[142.250.27.27] said: 421-4.7.28 Gmail has detected an unusual rate (in reply to end of DATA command))',
  bounced:
    '(host gmail-smtp-in.l.google.com[142.250.27.27] said: 550-5.1.1 no such user (in reply to RCPT TO command))',
};
const DSN = { sent: '2.0.0', deferred: '4.7.28', bounced: '5.1.1' };

/** The queue manager takes a message up. */
export const queued = ({ at, id = '4XfQ2k1bZnz9sT', from = 'news@shop.acme.example' }: Try): string =>
  `${stamp(at)} mx1 postfix/qmgr[811]: ${id}: from=<${from}>, size=48311, nrcpt=1 (queue active)`;

/** A try to hand it over. */
export const tried = (one: Try): string => {
  const { at, id = '4XfQ2k1bZnz9sT', to = 'ada@gmail.com', transport = 'ip-192-0-2-1', status = 'sent' } = one;
  const { relay = 'gmail-smtp-in.l.google.com[142.250.27.27]:25', delay = 1.4, before = 0.02 } = one;
  return `${stamp(at)} mx1 postfix/${transport}/smtp[2217]: ${id}: to=<${to}>, relay=${relay}, delay=${delay}, delays=${before}/0.01/0.5/0.87, dsn=${DSN[status]}, status=${status} ${REPLY[status]}`;
};

/** It leaves the queue. */
export const removed = ({ at, id = '4XfQ2k1bZnz9sT' }: Try): string =>
  `${stamp(at)} mx1 postfix/qmgr[811]: ${id}: removed`;

/** What stands between such lines in every log. */
export const noise = (at: number): string[] => [
  `${stamp(at)} mx1 postfix/smtpd[2301]: connect from app1.example[10.1.1.5]`,
  `${stamp(at)} mx1 postfix/cleanup[2304]: 4XfQ2k1bZnz9sT: message-id=<20261123.to=<x@gmail.com>@shop.acme.example>`,
  `${stamp(at)} mx1 postfix/smtp[2217]: connect to mx.nowhere.example[203.0.113.7]:25: Connection timed out`,
  `${stamp(at)} mx1 CRON[99]: (root) CMD (true)`,
  `${stamp(at)} mx1 postfix/qmgr[811]: warning: mail for [127.0.0.1]:10025 is using up 4001 of 4201 active queue entries`,
  '',
];

/** A whole message: taken up, tried once, gone. */
export const message = (one: Try): string[] => [queued(one), tried(one), removed(one)];

/** A log in a folder of its own. */
export function mailLog(t: ExecutionContext, name = 'mail.log') {
  const folder = mkdtempSync(join(tmpdir(), 'warmdesk-log-'));
  t.teardown(() => rmSync(folder, { recursive: true, force: true }));
  const path = join(folder, name);
  writeFileSync(path, '');
  return {
    path,
    add: (...lines: readonly string[]) => appendFileSync(path, lines.map((line) => `${line}\n`).join('')),
    addText: (text: string) => appendFileSync(path, text),
    /** As logrotate does: what was read goes on under another name, and a new file begins. */
    rotate: (to = `${name}.1`) => {
      renameSync(path, join(folder, to));
      writeFileSync(path, '');
    },
  };
}

/** Reads what is new. Throws where it cannot. */
export async function ingest(
  world: World,
  path: string,
  reader: ReaderName = 'postfix',
  year: number | null = null,
): Promise<Ingested> {
  const run = await ingestLog(world.db, world.deps.policy.document, { reader, path, year }, world.now);
  if (!run.ok) throw new Error(run.problem);
  return run.value;
}
