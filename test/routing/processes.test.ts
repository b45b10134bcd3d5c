// Routers as processes of their own, on one database: together they keep the cap, also when one is killed.
import test from 'ava';
import { dayOf } from '../../src/day.ts';
import { blockOf } from '../../src/routing/cap-leases.ts';
import { createWorld, type Engine, MINUTE } from '../support/world.ts';
import { type Client, policyClient, policyRequest, startRouter } from './mail-server.ts';
import { spentOf, type Warming, warmingAccount } from './scene.ts';

const CAP = 600;
const ROUTERS = 3;

/** Sends `count` messages one after the other; gives how many were for the IP, also of those before it was cut off. */
async function send(client: Client, { domain, address }: Warming, count: number, name: string): Promise<number> {
  const filter = `action=FILTER ip-${address.replaceAll('.', '-')}:\n\n`;
  let over = 0;
  for (let i = 0; i < count; i += 1) {
    const request = policyRequest({ sender: `a@${domain}`, recipient: 'b@shop.example', instance: `${name}.${i}` });
    const answer = await client.ask(request).catch(() => null);
    if (answer === null) break;
    if (answer === filter) over += 1;
  }
  return over;
}

for (const engine of ['SQLite', 'PostgreSQL'] as const satisfies readonly Engine[]) {
  test(`S-26: several processes, one killed and one stopped half-way, never exceed the cap (${engine})`, async (t) => {
    t.timeout(10 * MINUTE);
    const world = await createWorld(t, engine);
    world.now = Date.now();
    const warming = await warmingAccount(world, { cap: CAP });
    const routers = await Promise.all(Array.from({ length: ROUTERS }, () => startRouter(t, world.databaseUrl)));
    const clients = routers.map(({ policy }) => policyClient(policy));
    const first = await Promise.all(clients.map((client, i) => send(client, warming, 60, `first-${i}`)));
    // One is killed while it answers: what it holds is lost, and nothing else.
    const [killed, stopped] = routers;
    const under = clients.map((client, i) => send(client, warming, 60, `second-${i}`));
    killed?.child.kill('SIGKILL');
    stopped?.child.kill('SIGTERM');
    const second = await Promise.all(under);
    t.deepEqual(await stopped?.ended, { code: 0, signal: null });
    const fresh = policyClient((await startRouter(t, world.databaseUrl)).policy);
    let rest = 0;
    // Until all of the cap is handed out, and what the living ones hold is used.
    for (let round = 0, isLast = false; !isLast; round += 1) {
      isLast = (await spentOf(world, warming.ipId)) >= CAP;
      rest += await send(fresh, warming, 20, `fresh-${round}`);
      rest += await send(clients[2] as Client, warming, 20, `old-${round}`);
    }
    const sum = [...first, ...second, rest].reduce((a, b) => a + b, 0);
    // A run over midnight has the caps of two days.
    const cap = CAP * (1 + dayOf(Date.now()) - dayOf(world.now));
    t.true(sum <= cap, `${sum} of ${cap}`);
    t.true(sum >= CAP - 1.5 * blockOf(CAP), `only what the killed one held is lost: ${sum} of ${CAP}`);
    t.true((await spentOf(world, warming.ipId)) <= cap);
    for (const client of [...clients, fresh]) client.socket.destroy();
  });
}
