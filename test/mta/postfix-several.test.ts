// A real Postfix: one account with two IPs that warm up at once and two domains, of which one uses both IPs.
import test, { type ExecutionContext } from 'ava';
import { dayOf } from '../../src/day.ts';
import { evenPattern } from '../../src/sending/pattern.ts';
import { spentOf } from '../routing/scene.ts';
import * as make from '../support/make.ts';
import { MINUTE } from '../support/world.ts';
import { type Customers, customers, SHARED, WARMING } from './customers.ts';
import { startDns } from './dns.ts';
import { startPostfix } from './postfix.ts';
import { handIn, over } from './sending.ts';
import { ownAddress } from './server.ts';
import { startSink } from './sink.ts';

const SECOND = '127.0.0.13';
/** The first IP serves both domains and may carry little, the second one serves the first domain alone. */
const CAPS = { [WARMING]: 60, [SECOND]: 330 };
const TARGET = 400;
const INBOX = ownAddress(25);
const DNS = ownAddress(53);
const ZONES = { 'inbox.example': { MX: ['mx.inbox.example'] }, 'mx.inbox.example': { A: [INBOX] } };
const MOST_ROUNDS = 12;

const fifty = () => Array.from({ length: 50 }, (_, i) => `r${i}@inbox.example`);

test.serial(
  'C-07, C-16: several IPs that warm up at once and several domains of an account each keep to their own',
  async (t) => {
    t.timeout(10 * MINUTE);
    const { place, sink, send, router } = await build(t);
    const { shop, both } = place;
    /** A run over midnight has the caps of two days. */
    const capOf = (ip: keyof typeof CAPS) => (CAPS[ip] ?? 0) * (1 + dayOf(Date.now()) - dayOf(place.world.now));
    const carried = (ip: string) => (over(sink, both)[ip] ?? 0) + (over(sink, shop)[ip] ?? 0);

    for (let nth = 0; nth < MOST_ROUNDS && carried(WARMING) < capOf(WARMING); nth += 1)
      await send({ warming: 60, warm: 60 });
    t.is(carried(WARMING), capOf(WARMING), 'S-26: two domains spend one cap');
    for (const domain of [both, shop]) t.true((over(sink, domain)[WARMING] ?? 0) > 0, `${domain} has its part of it`);
    t.is(over(sink, shop)[SECOND], undefined, 'C-16: a domain goes over its own IPs alone');

    const [before, beside] = [carried(SECOND), over(sink, both)[SHARED] ?? 0];
    t.true(before < capOf(SECOND), `${before}: something is left of the other cap`);
    await send({ warming: 12 }, fifty);
    const large = (carried(SECOND) - before) / 50;
    t.true(Number.isInteger(large), `all recipients of a message went one way: ${large} of 12 over the IP`);
    t.is(large + ((over(sink, both)[SHARED] ?? 0) - beside) / 50, 12, 'the others over the pool, whole');
    t.true(carried(SECOND) <= capOf(SECOND), 'S-26: and no more of them than were left');
    t.is(carried(WARMING), capOf(WARMING), 'nor over the IP that had nothing left');

    for (let nth = 0; nth < MOST_ROUNDS && carried(SECOND) < capOf(SECOND); nth += 1) await send({ warming: 150 });
    t.is(carried(SECOND), capOf(SECOND), 'smaller messages use up the rest');
    await send({ warming: 20, warm: 20 });
    t.deepEqual([carried(WARMING), carried(SECOND)], [capOf(WARMING), capOf(SECOND)], 'and not one more');
    t.deepEqual(Object.keys(over(sink, both)).sort(), [WARMING, SECOND, SHARED].sort(), 'C-15: all side by side');
    t.deepEqual(Object.keys(over(sink, shop)).sort(), [WARMING, SHARED].sort());

    router.child.kill('SIGTERM');
    await router.ended;
    t.is(await spentOf(place.world, place.ipId), carried(WARMING), 'what was sent is what was charged');
    t.is(await spentOf(place.world, place.secondId), carried(SECOND));
  },
);

/** The account whose IP warms up, with a second one for the first of its two domains. */
async function severalOf(place: Customers) {
  const { world, warming, give } = place;
  const [both, shop] = warming.domains;
  if (both === undefined || shop === undefined) throw new Error('the account has two domains');
  await give(SECOND);
  await make.decided(world, await make.request(world, warming.admin, { domainIds: [both.id] }));
  const ofSecond = world
    .db('allocations as a')
    .join('ips as i', 'i.id', 'a.ip_id')
    .where('i.address', SECOND)
    .select('a.id');
  await world
    .db('warmups')
    .whereIn('allocation_id', ofSecond)
    .update({
      status: 'running',
      caps: JSON.stringify([CAPS[SECOND], TARGET]),
      target_per_day: TARGET,
      pattern: JSON.stringify(evenPattern(7 * TARGET, 'measured')),
      stage: 1,
      changed_at: world.now,
    });
  const second = await world.db('ips').where({ address: SECOND }).first('id');
  return { ...place, both: both.name, shop: shop.name, secondId: Number(second.id) };
}

async function build(t: ExecutionContext) {
  const place = await severalOf(await customers(t, { cap: CAPS[WARMING] ?? 0, target: TARGET }));
  const sink = await startSink(INBOX, { port: 25 });
  const dns = await startDns(DNS, ZONES);
  const router = await place.startRouter('--policy', '0');
  const postfix = await startPostfix({
    policyPort: router.policy,
    dns: DNS,
    transports: place.exported('postfix'),
    senders: place.exported('postfix-senders'),
    refusals: place.exported('postfix-refusals'),
  });
  t.teardown(async () => {
    if (!t.passed) t.log(postfix.lastLines(30));
    await postfix.stop();
    await sink.stop();
    dns.stop();
  });
  let messages = 0;
  /** Sends messages of the domain that uses both IPs (`warming`) and of the other one (`warm`), and waits for them. */
  const send = async (counts: { warming?: number; warm?: number }, to?: () => string[]) => {
    const from = { ...place.from, warming: place.both, warm: place.shop };
    const { taken, refused } = await handIn(postfix.port(2525), from, counts, to);
    if (refused.length > 0) throw new Error(`Postfix did not take all: ${refused[0]}`);
    messages += taken.length;
    await sink.took(messages);
  };
  return { place, sink, router, send };
}
