// A real Postfix: a domain with an IP for its campaigns, which warms up, and one for its transactional mail, which is warm.
import test, { type ExecutionContext } from 'ava';
import { changeUse, findUse } from '../../src/requests/use/actions.ts';
import { evenPattern } from '../../src/sending/pattern.ts';
import { complete } from '../routing/scene.ts';
import * as make from '../support/make.ts';
import { MINUTE } from '../support/world.ts';
import { type Customers, customers, SHARED, WARMING } from './customers.ts';
import { startDns } from './dns.ts';
import { startPostfix } from './postfix.ts';
import { handIn } from './sending.ts';
import { ownAddress } from './server.ts';
import { type Sink, startSink } from './sink.ts';

const RECEIPTS = '127.0.0.13';
const CAP = 60;
const TARGET = 150;
const INBOX = ownAddress(25);
const DNS = ownAddress(53);
const ZONES = { 'inbox.example': { MX: ['mx.inbox.example'] }, 'mx.inbox.example': { A: [INBOX] } };
/** The ports of the page that campaigns and transactional messages come in by. */
const [CAMPAIGNS_PORT, TRANSACTIONAL_PORT] = [2525, 2526] as const;
type Kind = 'campaign' | 'receipt';

test.serial('S-05: each kind of a domain’s mail leaves from its own IP, and from that one alone', async (t) => {
  t.timeout(10 * MINUTE);
  const { send, sink, router } = await build(t);
  await send({ campaign: 100, receipt: 50 });
  const first = { campaign: over(sink, 'campaign'), receipt: over(sink, 'receipt') };
  t.deepEqual(first.receipt, { [RECEIPTS]: 50 }, 'transactional mail has an IP that is warm');
  t.true((first.campaign[WARMING] ?? 0) > 0, 'campaigns warm theirs up');
  t.true((first.campaign[WARMING] ?? 0) <= CAP, 'S-26: no further than its cap');
  t.deepEqual(Object.keys(first.campaign).sort(), [WARMING, SHARED].sort(), 'C-15: the rest goes over the pool');

  await send({ receipt: 100 });
  t.deepEqual(over(sink, 'receipt'), { [RECEIPTS]: 150 }, 'as much of it as comes');
  t.deepEqual(over(sink, 'campaign'), first.campaign);

  router.child.kill('SIGTERM');
  await router.ended;
  await send({ campaign: 10, receipt: 10 });
  const pooled = (first.campaign[SHARED] ?? 0) + 10;
  t.deepEqual(over(sink, 'campaign'), { ...first.campaign, [SHARED]: pooled }, 'while Warmdesk is away');
  t.deepEqual(
    over(sink, 'receipt'),
    { [RECEIPTS]: 150, [SHARED]: 10 },
    'nobody can tell the kinds apart, and nothing is lost',
  );
});

/** Messages of a kind that were taken, by the address that they came from. */
function over(sink: Sink, kind: Kind): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { message, from, isTaken } of sink.tries)
    if (isTaken && message.includes(`-${WHO[kind]}-`)) counts[from] = (counts[from] ?? 0) + 1;
  return counts;
}

/** Under which customer's name a kind is handed in. */
const WHO = { campaign: 'warming', receipt: 'warm' } as const;

/** The account whose IP warms up keeps that one for campaigns, and a warm one for transactional mail. */
async function splitOf({ world, warming, give }: Customers): Promise<void> {
  await give(RECEIPTS);
  const requestId = await make.request(world, warming.admin);
  await make.decided(world, requestId);
  const { id: allocationId } = await world.db('allocations').where({ request_id: requestId }).first('id');
  await world
    .db('warmups')
    .where({ allocation_id: allocationId })
    .update({
      status: 'running',
      caps: JSON.stringify([CAP, TARGET]),
      target_per_day: TARGET,
      pattern: JSON.stringify(evenPattern(7 * TARGET, 'measured')),
      stage: 1,
      changed_at: world.now,
    });
  await complete(world, allocationId);
  const actor = { person: warming.admin, at: world.now };
  const all: { id: number; stream: 'marketing' | 'transactional' }[] = (
    await world.db('allocations').where({ account_id: warming.id }).select('id')
  ).map(({ id }) => ({ id, stream: id === allocationId ? 'transactional' : 'marketing' }));
  for (const { id, stream } of all) {
    const use = await findUse(world.db, warming.id, id);
    const domainIds = use?.links.filter((link) => link.allocationId === id).map((link) => link.id) ?? [];
    const form = { accountId: warming.id, allocationId: id, seen: domainIds, domainIds, reason: '' };
    const done = await changeUse(world.db, actor, {
      ...form,
      seenStream: 'both',
      stream,
      policy: world.deps.policy.document,
    });
    if (!done.ok) throw new Error(JSON.stringify(done.problem));
  }
}

async function build(t: ExecutionContext) {
  const place = await customers(t, { cap: CAP, target: TARGET });
  await splitOf(place);
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
  const from = { ...place.from, [WHO.receipt]: place.from[WHO.campaign] };
  const ports = { [WHO.campaign]: CAMPAIGNS_PORT, [WHO.receipt]: TRANSACTIONAL_PORT };
  /** Hands in messages of each kind, all of one domain, and waits for them. */
  const send = async ({ campaign = 0, receipt = 0 }: Partial<Record<Kind, number>>) => {
    const port = (who: keyof typeof from) => postfix.port(who === WHO.receipt ? ports.warm : ports.warming);
    const { taken, refused } = await handIn(port, from, { [WHO.campaign]: campaign, [WHO.receipt]: receipt });
    if (refused.length > 0) throw new Error(`Postfix did not take all: ${refused[0]}`);
    messages += taken.length;
    await sink.took(messages);
  };
  return { sink, router, send };
}
