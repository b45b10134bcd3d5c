// A mail server's log is read back: what is counted must be what the receivers saw.
import type { ExecutionContext } from 'ava';
import { loadPolicy } from '../../src/policy/document/load.ts';
import { ingestLog } from '../../src/sending/logs/actions.ts';
import type { ReaderName } from '../../src/sending/logs/kinds.ts';
import { counted } from '../support/reporting.ts';
import { type Customers, POOLED, SHARED } from './customers.ts';
import type { Sink } from './sink.ts';

const POOLS: Readonly<Record<string, string>> = { [SHARED]: 'shared-us', [POOLED]: 'transactional-us' };

export type Read = {
  readonly reader: ReaderName;
  readonly log: string;
  /** Mail was deferred that no receiver saw: then what was deferred is not compared. */
  readonly hadNoReceiver?: boolean;
};

/** Counts a log and compares, by domain and egress: first tries as sent, and of these what was deferred and delivered. */
export async function logTells(
  t: ExecutionContext,
  { world, env, from }: Customers,
  sink: Sink,
  { reader, log, hadNoReceiver = false }: Read,
): Promise<void> {
  const policy = loadPolicy(String(env['POLICY']));
  if (!policy.ok) throw new Error(policy.problem.join('\n'));
  await world.db('sending_counts').delete();
  const run = await ingestLog(world.db, policy.value, { reader, path: log }, Date.now());
  if (!run.ok) throw new Error(run.problem);
  t.deepEqual(run.value.unread, []);
  const domains = new Set(Object.values(from));
  const first = new Map<string, { key: string; deferred: number; delivered: number; recipients: number }>();
  for (const { message, to, sender, from: address, isTaken, recipients } of sink.tries) {
    const domain = sender.slice(sender.indexOf('@') + 1);
    if (!domains.has(domain)) continue;
    const key = `${domain} ${POOLS[address] ?? address}`;
    const one = first.get(`${message} ${to}`) ?? { key, deferred: isTaken ? 0 : recipients, delivered: 0, recipients };
    if (isTaken) one.delivered = recipients;
    first.set(`${message} ${to}`, one);
  }
  const seen = new Map<string, number[]>();
  for (const { key, recipients, delivered, deferred } of first.values()) {
    const [sent = 0, taken = 0, waited = 0] = seen.get(key) ?? [];
    seen.set(key, [sent + recipients, taken + delivered, waited + deferred]);
  }
  const expected = [...seen].map(([key, figures]) => `${key} ${figures.join(' ')}`).sort();
  const read = (await counted(world)).map((line) => {
    const [, domain, egress, , , sent, delivered, deferred] = line.split(' ');
    return `${domain} ${egress} ${sent} ${delivered} ${hadNoReceiver ? 0 : deferred}`;
  });
  t.deepEqual(read.sort(), expected);
}
