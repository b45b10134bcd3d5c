// What one message costs the router by itself, without sockets: a recipient noted at RCPT and a message of ten recipients
// at its end, beside the whole answer for one recipient. All in turn, so that a busy machine is busy for each.
//   npm run bench -- --part decisions
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { migrate, openDatabase } from '../../src/database.ts';
import { createLog } from '../../src/log.ts';
import { loadPolicy, policyPath } from '../../src/policy/document/load.ts';
import { Leases } from '../../src/routing/cap-leases.ts';
import { MailToday } from '../../src/routing/mail-today.ts';
import { policyService } from '../../src/routing/postfix/policy-service.ts';
import { Router } from '../../src/routing/router.ts';
import type { Protocol } from '../../src/routing/servers/tcp.ts';
import { State } from '../../src/routing/snapshot.ts';
import { policyRequest, rcptRequest } from '../routing/mail-server.ts';
import { fillRouting } from './fill-routing.ts';
import { median } from './load.ts';
import { printed } from './table.ts';

const [DOMAINS, WARMING] = [4_000, 1_000];
const [MESSAGES, ROUNDS, RECIPIENTS] = [5_000, 5, 10];
const RECEIVERS = ['gmail.com', 'outlook.com', 'yahoo.com', 'shop.example'];

/** Prints one table: microseconds of each, as a part of the whole answer, and what is wanted. */
export async function run(args: string[]): Promise<void> {
  const { values } = parseArgs({ args, options: { markdown: { type: 'boolean', default: false } } });
  const folder = mkdtempSync(join(tmpdir(), 'warmdesk-decisions-'));
  const db = await openDatabase(join(folder, 'decisions.sqlite'));
  const log = createLog('silent');
  const leases = new Leases(db, log, Date.now);
  try {
    await migrate(db);
    await fillRouting(db, DOMAINS, WARMING, Date.now());
    const read = loadPolicy(policyPath('customerio'));
    if (!read.ok) throw new Error(read.problem.join('\n'));
    const state = new State(db, log, Date.now);
    if (!(await state.refresh())) throw new Error('the database does not answer');
    const mail = new MailToday({ mixesOf: async () => new Map(), log, now: Date.now });
    const service = policyService({ router: new Router(state, leases, mail, read.value), namesFallback: false, log });
    console.log(printed(await measure(service), values.markdown));
  } finally {
    await leases.close();
    await db.destroy();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function measure(service: Protocol): Promise<string[][]> {
  const times = { answer: [] as number[], note: [] as number[], many: [] as number[] };
  // The first round is for warming up.
  for (let round = 0; round <= ROUNDS; round += 1) {
    const one = await timed(
      service,
      requests((no) => end(`${round}.one.${no}`, no, 1)),
    );
    const note = await timed(
      service,
      requests((no) => rcpt(`${round}.note.${no}`, no, 0)),
    );
    for (let no = 0; no < MESSAGES; no += 1)
      for (let nth = 0; nth < RECIPIENTS; nth += 1) service(rcpt(`${round}.many.${no}`, no, nth));
    const many = await timed(
      service,
      requests((no) => end(`${round}.many.${no}`, no, RECIPIENTS)),
    );
    if (round === 0) continue;
    times.answer.push(one);
    times.note.push(note);
    times.many.push(many);
  }
  const part = (list: readonly number[]) => median(list.map((time, i) => time / (times.answer[i] ?? Number.NaN)));
  const line = (what: string, list: readonly number[], wanted: string) => [
    what,
    median(list).toFixed(2),
    part(list).toFixed(2),
    wanted,
  ];
  return [
    ['', 'us each', 'of an answer', 'wanted'],
    line('whole answer, one recipient', times.answer, ''),
    line('note at RCPT', times.note, 'at most 0.50'),
    line(`answer at the end, ${RECIPIENTS} recipients`, times.many, 'at most 2.00'),
  ];
}

const requests = (of: (no: number) => string): string[] => Array.from({ length: MESSAGES }, (_, no) => of(no));
const senderOf = (no: number): string => `news@d${1 + ((no * 7) % DOMAINS)}.example`;
const about = (message: string, no: number, nth: number) => ({
  sender: senderOf(no),
  recipient: `r${nth}@${RECEIVERS[(no + nth) % RECEIVERS.length]}`,
  instance: message,
});
const rcpt = (message: string, no: number, nth: number): string => rcptRequest(about(message, no, nth));
const end = (message: string, no: number, count: number): string =>
  policyRequest({
    ...about(message, no, 0),
    recipient: count === 1 ? `r0@${RECEIVERS[no % RECEIVERS.length]}` : '',
    recipient_count: count,
  });

/** Microseconds for each request; those that wait for a block of a cap are waited for, outside the time. */
async function timed(service: Protocol, all: readonly string[]): Promise<number> {
  let spent = 0;
  for (const request of all) {
    const begun = performance.now();
    const answered = service(request);
    spent += performance.now() - begun;
    if (answered === undefined) throw new Error('a request was not read');
    if (answered.later !== undefined) await answered.later;
  }
  return (spent * 1000) / all.length;
}
