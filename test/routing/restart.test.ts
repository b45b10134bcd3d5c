// Real routers that are stopped, held up and cut off from their database: each message is answered once and charged once.
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import test, { type ExecutionContext } from 'ava';
import { createWorld, type Engine, MINUTE } from '../support/world.ts';
import { type Client, policyClient, policyRequest, startRouter } from './mail-server.ts';
import { spentOf, type Warming, warmingAccount } from './scene.ts';

const CAP = 400;

const requestOf = ({ domain }: Warming, message: string): string =>
  policyRequest({ sender: `a@${domain}`, recipient: 'b@shop.example', instance: message });

const isOverIp = ({ address }: Warming, answer: string): boolean =>
  answer === `action=FILTER ip-${address.replaceAll('.', '-')}:\n\n`;

/** Asks about messages one after the other. Returns how many were for the IP. */
async function send(client: Client, warming: Warming, count: number, name: string): Promise<number> {
  let over = 0;
  for (let nth = 0; nth < count; nth += 1)
    if (isOverIp(warming, await client.ask(requestOf(warming, `${name}.${nth}`)))) over += 1;
  return over;
}

for (const engine of ['SQLite', 'PostgreSQL'] as const satisfies readonly Engine[]) {
  const start = async (t: ExecutionContext) => {
    t.timeout(10 * MINUTE);
    const world = await createWorld(t, engine);
    world.now = Date.now();
    const warming = await warmingAccount(world, { cap: CAP });
    return { world, warming };
  };

  test(`S-26: a router that is held up answers what waited once it goes on, and charges each message once (${engine})`, async (t) => {
    const { world, warming } = await start(t);
    const [held, other] = [await startRouter(t, world.databaseUrl), await startRouter(t, world.databaseUrl)];
    const [slow, quick] = [policyClient(held.policy), policyClient(other.policy)];
    let over = await send(slow, warming, 5, 'before');
    held.child.kill('SIGSTOP');
    slow.socket.write(Array.from({ length: 30 }, (_, nth) => requestOf(warming, `waits.${nth}`)).join(''), 'latin1');
    over += await send(quick, warming, 30, 'meanwhile');
    held.child.kill('SIGCONT');
    const late = await slow.answers(30);
    t.is(late.length, 30);
    over += late.filter((answer) => isOverIp(warming, answer)).length;
    // The same messages again, as a mail server asks whose answer was lost: the same way, and no charge.
    for (const [nth, before] of late.entries()) {
      const again = await slow.ask(requestOf(warming, `waits.${nth}`));
      t.is(isOverIp(warming, again), isOverIp(warming, before), `message ${nth}`);
    }
    for (const { child, ended } of [held, other]) {
      child.kill('SIGTERM');
      t.deepEqual(await ended, { code: 0, signal: null });
    }
    t.is(await spentOf(world, warming.ipId), over, 'what was charged went over the IP, and nothing else');
    for (const client of [slow, quick]) client.socket.destroy();
  });

  test(`S-26: over a restart each message that was sent has one answer, and is charged once (${engine})`, async (t) => {
    const { world, warming } = await start(t);
    const first = await startRouter(t, world.databaseUrl);
    const client = policyClient(first.policy);
    let over = await send(client, warming, 10, 'first');
    client.socket.write(
      Array.from({ length: 40 }, (_, nth) => requestOf(warming, `under-way.${nth}`)).join(''),
      'latin1',
    );
    await client.answers(1).then(([answer]) => {
      if (answer && isOverIp(warming, answer)) over += 1;
    });
    first.child.kill('SIGTERM');
    let answered = 1;
    for (; answered < 40; answered += 1) {
      const answer = await client.answers(1).catch(() => null);
      if (answer === null) break;
      if (isOverIp(warming, answer[0] ?? '')) over += 1;
    }
    t.deepEqual(await first.ended, { code: 0, signal: null });
    t.is(await spentOf(world, warming.ipId), over, 'of those under way too');
    const second = await startRouter(t, world.databaseUrl);
    const next = policyClient(second.policy);
    for (let nth = answered; nth < 40; nth += 1)
      if (isOverIp(warming, await next.ask(requestOf(warming, `under-way.${nth}`)))) over += 1;
    over += await send(next, warming, 10, 'second');
    second.child.kill('SIGTERM');
    await second.ended;
    t.is(await spentOf(world, warming.ipId), over);
    for (const one of [client, next]) one.socket.destroy();
  });
}

/** A way to the database that can be cut. */
async function cuttable(t: ExecutionContext, url: string) {
  const to = new URL(url);
  const folder = to.searchParams.get('host');
  const port = Number(to.port || 5432);
  const address =
    folder === null ? { port, host: to.hostname } : { path: decodeURIComponent(`${folder}/.s.PGSQL.${port}`) };
  const open = new Set<Socket>();
  let isCut = false;
  const server = createServer((near) => {
    if (isCut) return void near.destroy();
    const far = connect(address);
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      open.add(one);
      one.on('error', () => other.destroy());
      one.on('close', () => open.delete(one) && other.destroy());
      one.pipe(other);
    }
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.teardown(() => {
    for (const one of open) one.destroy();
    server.close();
  });
  to.searchParams.delete('host');
  to.hostname = '127.0.0.1';
  to.port = String((server.address() as AddressInfo).port);
  return {
    url: String(to),
    cut() {
      isCut = true;
      for (const one of open) one.destroy();
    },
    mend() {
      isCut = false;
    },
  };
}

test('S-26: while the database is away each message has its answer, and the cap holds when it is back', async (t) => {
  t.timeout(10 * MINUTE);
  const world = await createWorld(t, 'PostgreSQL');
  world.now = Date.now();
  const warming = await warmingAccount(world, { cap: CAP });
  const way = await cuttable(t, world.databaseUrl);
  const router = await startRouter(t, way.url);
  const client = policyClient(router.policy);
  const before = await send(client, warming, 10, 'before');
  t.is(before, 10);
  way.cut();
  const away = await send(client, warming, 60, 'away');
  t.true(away < 60, 'what is not held goes the way that it had');
  way.mend();
  let after = 0;
  for (let round = 0; round < 200 && after === 0; round += 1) {
    after = await send(client, warming, 5, `back-${round}`);
    if (after === 0) await new Promise((done) => setTimeout(done, 100));
  }
  t.true(after > 0, 'it goes on by itself');
  for (let round = 0; (await spentOf(world, warming.ipId)) < CAP && round < 200; round += 1)
    after += await send(client, warming, 10, `rest-${round}`);
  router.child.kill('SIGTERM');
  t.deepEqual(await router.ended, { code: 0, signal: null });
  const spent = await spentOf(world, warming.ipId);
  t.true(before + away + after <= spent && spent <= CAP, `${before} + ${away} + ${after} of ${spent}`);
  client.socket.destroy();
});
