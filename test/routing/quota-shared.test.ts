// C-16: a mailbox provider's part of a warming IP's cap holds for all routers together.
import { Leases } from '../../src/routing/cap-leases.ts';
import { MailToday } from '../../src/routing/mail-today.ts';
import { Router } from '../../src/routing/router.ts';
import { State } from '../../src/routing/snapshot.ts';
import { quotaOf } from '../../src/warmup/share.ts';
import { onBothEngines, type World } from '../support/world.ts';
import { type Warming, warmingAccount } from './scene.ts';

const CAP = 1_000;
const PART = 0.4;
const MIX = new Map([
  ['gmail', PART],
  ['microsoft', 0.3],
  ['yahoo', 0.3],
]);
/** What a router carries at most between two of its blocks: one and a half. */
const BETWEEN = 15;
/** As on every day, the quota is whole until noon. */
const QUOTA = quotaOf(CAP, PART, 9 / 24);

async function desk(world: World) {
  const { db, deps } = world;
  const now = () => world.now;
  const state = new State(db, deps.log, now);
  await state.refresh();
  const leases = new Leases(db, deps.log, now, { patience: 60_000 });
  const mail = new MailToday({ mixesOf: async (ids) => new Map(ids.map((id) => [id, MIX])), log: deps.log, now });
  leases.shareWith(mail);
  return { leases, state, router: new Router(state, leases, mail, deps.policy.document) };
}
type Desk = Awaited<ReturnType<typeof desk>>;

/** How many of `count` messages to Gmail, one after the other at each desk in turn, go over the IP. */
async function carried(desks: readonly Desk[], { domain }: Warming, count: number, name: string): Promise<number> {
  let over = 0;
  for (let i = 0; i < count; i += 1) {
    const at = desks[i % desks.length] as Desk;
    const sender = at.state.find(domain);
    if (!sender) throw new Error(`${domain} is not known`);
    const message = `${name}-${i}`;
    const to = { sender, message, stream: 'marketing', recipients: [`r${i}@gmail.com`], count: null } as const;
    const answer = await at.router.decide(to);
    if (answer.via === 'ip') over += 1;
  }
  return over;
}

onBothEngines(
  'C-16: several routers keep a provider’s part together, to within what each carries between two blocks',
  async (t, world) => {
    const warming = await warmingAccount(world, { cap: CAP, target: CAP });
    for (const count of [1, 3]) {
      const desks = await Promise.all(Array.from({ length: count }, () => desk(world)));
      const over = await carried(desks, warming, 1_500, `by-${count}`);
      if (count === 1) t.is(over, QUOTA);
      else t.true(over <= (count - 1) * BETWEEN, `${over} more, when the part was used up`);
      for (const { leases } of desks) await leases.close();
    }
    const told = await world.db('route_carried').where({ ip_id: warming.ipId }).select('provider', 'carried');
    t.is(told.length, 1);
    t.true(told[0].carried >= QUOTA && told[0].carried <= QUOTA + 2 * BETWEEN, `${told[0].carried}`);
  },
);

onBothEngines('C-16: routers that begin together share a part that one alone would use up', async (t, world) => {
  const warming = await warmingAccount(world, { cap: CAP, target: CAP });
  const desks = await Promise.all([desk(world), desk(world), desk(world)]);
  const over = await carried(desks, warming, 2_400, 'together');
  t.true(over >= QUOTA - BETWEEN && over <= QUOTA + 2 * BETWEEN, `${over} of ${QUOTA}`);
});
