// What leases tell the database beside the blocks that they ask for, and in which order they give back. The database only listens.
import { setImmediate as turn } from 'node:timers/promises';
import test from 'ava';
import type { Db } from '../../src/database.ts';
import { dayOf } from '../../src/day.ts';
import type { Log } from '../../src/log.ts';
import { Leases } from '../../src/routing/cap-leases.ts';
import type { MailToday } from '../../src/routing/mail-today.ts';
import type { Carried } from '../../src/routing/store-caps.ts';
import { NINE, other } from './blocks.ts';
import { planState, warming } from './senders.ts';

const slowedAt = (id: number) =>
  warming(id, 1000, 1000, { warmup: planState(1000, 1000, { slowed: { gmail: 12, yahoo: 12 } }) });
const to = (provider: string) => [{ provider, count: 1 }];

/** Leases that are handed three messages with each block, with what `answer.carried` has. `said`: what they write at their end. */
function listening() {
  const said: string[] = [];
  const answer: { carried?: Carried } = {};
  const rows = (table: string): unknown => {
    let key: Record<string, unknown> = {};
    const chain: unknown = new Proxy(
      {},
      {
        get: (_, name) => {
          if (name === 'then') return (done: (rows: unknown[]) => void) => done([]);
          return (given: Record<string, unknown>) => {
            if (name === 'where' && typeof given === 'object') key = given;
            if (name === 'decrement') said.push(`${table} ${key['ip_id']} ${key['provider'] ?? key['hour']}`);
            if (name === 'insert') said.push(`${table} ${JSON.stringify(given)}`);
            return chain;
          };
        },
      },
    );
    return chain;
  };
  const trx = Object.assign(rows, { raw: (sql: string) => sql });
  let isStopping = false;
  const db = {
    transaction: (work: (trx: unknown) => Promise<unknown>) =>
      isStopping ? work(trx) : Promise.resolve(Array(9).fill({ granted: 3, left: 0, ...answer })),
  } as unknown as Db;
  const leases = new Leases(db, {} as Log, () => NINE, { linger: 0 });
  const stop = async () => {
    isStopping = true;
    await leases.close();
    return said;
  };
  return { leases, answer, stop };
}

/** Mail of which five messages to Gmail were not told. `asked`: the IPs for which that was wanted. */
function fiveToGmail() {
  const asked: number[] = [];
  const noted: unknown[] = [];
  const mail = {
    untold: (ipId: number) => {
      asked.push(ipId);
      return new Map([['gmail', 5]]);
    },
    noteTold: (...told: unknown[]) => void noted.push(told),
  } as unknown as MailToday;
  return { asked, noted, mail };
}

test('what is left is given back in the order of IPs and providers, as blocks are taken', async (t) => {
  const { leases, stop } = listening();
  const [first, second] = [slowedAt(1), slowedAt(2)];
  for (const [ip, load] of [
    [second, to('yahoo')],
    [second, other(1)],
    [second, to('gmail')],
    [first, to('gmail')],
    [first, other(1)],
  ] as const)
    leases.left(ip, load);
  await leases.settled();
  t.deepEqual(
    (await stop()).filter((one) => one.startsWith('route_spending')),
    ['1 ', '1 ', '1 gmail', '2 ', '2 ', '2 gmail', '2 ', '2 yahoo'].map((key) => `route_spending ${key}`),
  );
});

test('C-16: what a router carried is told with blocks of the IP alone, and noted where the others answer', async (t) => {
  const { leases, answer } = listening();
  const { asked, noted, mail } = fiveToGmail();
  leases.shareWith(mail);
  const all = new Map([['gmail', 90]]);
  const ip = slowedAt(1);
  answer.carried = all;
  leases.left(ip, to('gmail'));
  await leases.settled();
  t.deepEqual([asked, noted], [[], []], 'a slowed provider’s block tells nothing');
  leases.left(ip, other(1));
  await leases.settled();
  t.deepEqual(asked, [1]);
  t.deepEqual(noted, [[1, dayOf(NINE), new Map([['gmail', 5]]), all]]);
  delete answer.carried;
  leases.left(slowedAt(2), other(1));
  await turn();
  t.deepEqual(asked, [1, 2]);
  t.is(noted.length, 1, 'nobody answered what the others carried');
});

test('C-16: what a router has not told is told when it stops, once for each IP whose own block it has', async (t) => {
  const { leases, stop } = listening();
  leases.shareWith(fiveToGmail().mail);
  for (const load of [other(1), to('gmail')]) leases.left(slowedAt(1), load);
  leases.left(slowedAt(2), to('gmail'));
  await leases.settled();
  const told = JSON.stringify([{ ip_id: 1, day: dayOf(NINE), provider: 'gmail', carried: 5 }]);
  t.deepEqual(
    (await stop()).filter((one) => one.startsWith('route_carried')),
    [`route_carried ${told}`],
  );
});
