// S-04, S-17, S-18 in `route`: whatever is assigned, taken away, given back or stopped, in whatever order and at once.
import fc from 'fast-check';
import { findAccount } from '../../src/accounts/store.ts';
import type { Region } from '../../src/policy/checks/facts.ts';
import { releaseIp } from '../../src/release/actions.ts';
import { releaseBasis } from '../../src/release/effects.ts';
import { gatherRelease } from '../../src/release/gather.ts';
import { type Egress, egressOf } from '../../src/routing/egress.ts';
import type { Sender } from '../../src/routing/sending-domain.ts';
import { loadSenders, State } from '../../src/routing/snapshot.ts';
import { pause } from '../routing/scene.ts';
import * as make from '../support/make.ts';
import { onBothEngines, type World } from '../support/world.ts';
import { aboutToAssign, assign, type OwnIp, warmIp } from './scene.ts';

const SENDGRID = { POLICY: 'sendgrid' };

const giveBack = async (world: World, account: make.Account, ip: OwnIp) =>
  (await aboutToGiveBack(world, account, ip))();

async function aboutToGiveBack(world: World, account: make.Account, ip: OwnIp) {
  const { document } = world.deps.policy;
  const whole = await findAccount(world.db, account.id);
  if (!whole) throw new Error('no account');
  const effects = await gatherRelease(world.db, { document, at: world.now }, whole, [ip.id]);
  const form = { accountId: account.id, allocationId: ip.id, seen: releaseBasis(effects), reason: '' };
  return () => releaseIp(world.db, { person: account.admin, at: world.now }, document, form);
}

/** The IPs that an egress may lead to, and the regions of its pools. */
function reached({ warming, fallback, beyond }: Egress) {
  const ways = [fallback, ...(beyond ? [beyond] : [])];
  return {
    ips: [...warming.map(({ ip }) => ip), ...ways.flatMap((one) => (one.to === 'ips' ? one.ips : []))],
    pools: ways.flatMap((one) => (one.to === 'pool' ? [one.pool] : [])),
  };
}

/** Who may send over which IP, as the test has it: written by hand, apart from the code's own. */
type Model = Map<number, { readonly ip: OwnIp; subuserIds: number[]; ownerSends: boolean; isLive: boolean }>;

type Family = { readonly parent: make.Account; readonly regions: ReadonlyMap<number, Region | null> };

/** What is wrong with a sender's egress by the model; empty: nothing. */
function faultsOf(world: World, sender: Sender, model: Model, { parent, regions }: Family): string[] {
  const { id } = sender.account;
  const may = [...model.values()].filter(
    (one) => one.isLive && (id === parent.id ? one.ownerSends : one.subuserIds.includes(id)),
  );
  const region = regions.get(id) ?? null;
  return (['marketing', 'transactional'] as const).flatMap((stream) => {
    const { ips, pools } = reached(egressOf(sender, stream, world.deps.policy.document));
    return [
      ...ips
        .filter((ip) => !may.some((one) => one.ip.address === ip.address))
        .map((ip) => `${sender.name}: ${ip.address}`),
      ...[...ips, ...pools]
        .filter((one) => region === 'eu' && one.region !== 'eu')
        .map(() => `${sender.name} leaves the EU`),
      ...ips.filter((ip) => id !== parent.id && ip.region !== region).map((ip) => `${sender.name}: ${ip.region}`),
    ];
  });
}

onBothEngines(
  'S-04, S-18: whatever is assigned in whatever order, EU mail leaves from the EU and nobody sends over an IP that is not theirs',
  async (t, world) => {
    t.timeout(600_000);
    const { db } = world;
    const parent = await make.account(world, { name: 'Acme', plan: 'pro' });
    const other = await make.account(world, { name: 'Other', plan: 'pro' });
    const model: Model = new Map();
    for (const region of ['us', 'us', 'eu', 'eu'] as const) {
      const ip = await warmIp(world, parent, region);
      model.set(ip.id, { ip, subuserIds: [], ownerSends: true, isLive: true });
    }
    const regions = new Map<number, Region | null>([
      [parent.id, null],
      [other.id, null],
    ]);
    for (const [index, region] of (['us', 'eu', 'us', 'eu'] as const).entries())
      regions.set((await make.subuser(world, parent, { name: `Sub ${index}`, region, domains: 2 })).id, region);
    const ids = [...regions.keys()];
    // A router that reads only what changed has to come to the same.
    const state = new State(db, world.deps.log, () => world.now);
    t.true(await state.refresh());
    const drawn = fc.record({
      of: fc.nat(3),
      fitting: fc.subarray([0, 1]),
      // Often none, sometimes one that has no business there.
      stray: fc.oneof({ arbitrary: fc.constant(null), weight: 3 }, { arbitrary: fc.constantFrom(...ids), weight: 1 }),
      ownerSends: fc.boolean(),
      isGivenBack: fc.integer({ min: 0, max: 24 }).map((one) => one === 0),
    });
    const most = { minLength: 40, maxLength: 40, size: 'max' } as const;
    const { seed = Date.now() } = fc.readConfigureGlobal();
    t.log({ seed });
    const [steps = []] = fc.sample(fc.array(drawn, most), { numRuns: 1, seed });
    const done = { assigned: 0, refused: 0, released: 0 };
    for (const [step, { of, fitting, stray, ownerSends, isGivenBack }] of steps.entries()) {
      world.now += 1_000;
      const one = [...model.values()][of];
      if (one === undefined) continue;
      const ofRegion = ids.filter((id) => regions.get(id) === one.ip.region);
      const chosen = [...fitting.map((index) => ofRegion[index] ?? 0), ...(stray === null ? [] : [stray])];
      const subuserIds = [...new Set(chosen)];
      if (isGivenBack) {
        if ((await giveBack(world, parent, one.ip)).ok) {
          Object.assign(one, { isLive: false, subuserIds: [] });
          done.released += 1;
        }
      } else {
        const result = await assign(world, parent.admin, one.ip, { subuserIds, ownerSends });
        const isRight = subuserIds.every(
          (id) => id !== parent.id && id !== other.id && regions.get(id) === one.ip.region,
        );
        if (result.ok) t.true(isRight && one.isLive, 'what was taken is right');
        if (result.ok) Object.assign(one, { subuserIds, ownerSends });
        done[result.ok ? 'assigned' : 'refused'] += 1;
      }
      t.true(await state.refresh());
      const all = [...(await loadSenders(db)).values()];
      for (const sender of all) {
        t.deepEqual(faultsOf(world, sender, model, { parent, regions }), [], `step ${step}`);
        const lately = state.find(sender.name);
        t.deepEqual(
          lately?.ips.map(({ address }) => address),
          sender.ips.map(({ address }) => address),
        );
        t.deepEqual(
          lately?.account.ips.map(({ address }) => address).toSorted(),
          sender.account.ips.map(({ address }) => address).toSorted(),
          `${sender.name}, step ${step}`,
        );
      }
    }
    t.log(done);
    t.true(done.assigned > 3 && done.refused > 3);
    const links = await db('allocation_domains as l')
      .join('domains as d', 'd.id', 'l.domain_id')
      .join('allocations as a', 'a.id', 'l.allocation_id')
      .whereNotIn('a.status', ['releasing', 'released'])
      .select('a.id', 'd.account_id');
    for (const { id, account_id: accountId } of links) {
      const one = model.get(id);
      t.true(accountId === parent.id ? one?.ownerSends : one?.subuserIds.includes(accountId));
    }
  },
  SENDGRID,
);

onBothEngines(
  'an IP that is assigned while it is given back ends up given back, assigned to nobody, 15 rounds',
  async (t, world) => {
    t.timeout(600_000);
    const { db } = world;
    const won = { before: 0, after: 0 };
    for (let round = 0; round < 15; round += 1) {
      const parent = await make.account(world, { plan: 'pro' });
      const labs = await make.subuser(world, parent);
      const ip = await warmIp(world, parent, 'us');
      const wish = { subuserIds: [labs.id] };
      const acts = [
        await aboutToAssign(world, parent.billing, ip, wish),
        await aboutToGiveBack(world, parent, ip),
      ] as const;
      const done = await Promise.all((round % 2 ? acts : acts.toReversed()).map((act) => act()));
      const [assigned, released] = round % 2 ? done : done.toReversed();
      if (!assigned?.ok) t.is(assigned?.problem, 'not-open');
      // What follows from the release changed under it: it is shown again, and given back then.
      if (!released?.ok) t.is(released?.problem, 'changed');
      if (!released?.ok) t.true((await giveBack(world, parent, ip)).ok);
      won[assigned?.ok ? 'before' : 'after'] += 1;
      t.deepEqual(await db('ip_assignments').select(), []);
      t.is((await db('allocations').where({ id: ip.id }).first()).status, 'releasing');
      t.deepEqual(await db('domains').where({ route: 'dedicated' }).pluck('name'), []);
      const told = { assigned: 0, taken: 0 };
      for (const name of ['assigned', 'taken'] as const)
        told[name] = (await db('outbox').where({ template: `ip-${name}`, to_address: labs.admin.email })).length;
      t.is(told.assigned, told.taken, 'one mail for each change, or none');
    }
    t.log(won);
  },
  SENDGRID,
);

onBothEngines(
  'two who change at once who sends over an IP: one does, the other is shown what changed',
  async (t, world) => {
    t.timeout(600_000);
    for (let round = 0; round < 10; round += 1) {
      const parent = await make.account(world, { plan: 'pro' });
      const [one, two] = [await make.subuser(world, parent), await make.subuser(world, parent)];
      const ip = await warmIp(world, parent, 'us');
      const wish = (id: number) => ({ subuserIds: [id], ownerSends: true });
      const done = await Promise.all([
        assign(world, parent.admin, ip, wish(one.id)),
        assign(world, parent.billing, ip, wish(two.id)),
      ]);
      const lost = done.flatMap((result) => (result.ok ? [] : [result.problem]));
      t.deepEqual(
        lost.filter((problem) => problem !== 'changed'),
        [],
      );
      t.true(lost.length <= 1);
      const stored = await world.db('ip_assignments').where({ allocation_id: ip.id }).pluck('account_id');
      t.is(stored.length, 1);
    }
  },
  SENDGRID,
);

onBothEngines(
  'a subuser’s mail takes only its part of a warming IP, whose day’s cap it shares with its parent',
  async (t, world) => {
    const acme = await make.account(world, { name: 'Acme' });
    await make.ips(world, 'us', 1);
    const requestId = await make.requestIn(world, 'fulfilled', acme.admin);
    const ip: OwnIp = await world
      .db('allocations as a')
      .join('ips as i', 'i.id', 'a.ip_id')
      .where({ request_id: requestId })
      .first('a.id', { ipId: 'a.ip_id' }, 'i.address', 'i.region');
    await world.db('warmups').where({ allocation_id: ip.id }).update({ status: 'running', changed_at: world.now });
    const labs = await make.subuser(world, acme, { name: 'Labs' });
    const state = new State(world.db, world.deps.log, () => world.now);
    await state.refresh();
    world.now += 1_000;
    t.true((await assign(world, acme.admin, ip, { subuserIds: [labs.id] })).ok);
    await state.refresh();
    const egress = () => {
      const sender = state.find('d0.labs.example');
      return sender && egressOf(sender, 'marketing', world.deps.policy.document);
    };
    t.deepEqual(
      egress()?.warming.map((one) => one.ip.address),
      [ip.address],
    );
    t.is(egress()?.fallback.to, 'pool');
    // Later than what a look reads once more.
    for (let look = 0; look < 2; look += 1) {
      world.now += 60_000;
      await state.refresh();
    }
    await pause(world, ip.id);
    await state.refresh();
    t.deepEqual(egress()?.warming, [], 'a pause of the parent’s warm-up reaches the subuser’s mail');
    const page = await (await world.signedIn(acme.admin.email)).get(
      `/warm-ups/${(await world.db('warmups').first('id')).id}`,
    );
    t.is(page.status, 200);
  },
);
