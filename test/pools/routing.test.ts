// S-04, S-07, S-26 in `route`: whatever pools are made, changed and deleted, and whatever else changes between.
import fc from 'fast-check';
import { findAccount } from '../../src/accounts/store.ts';
import { checkData } from '../../src/invariants/store.ts';
import { findChoices, listOwnPools } from '../../src/ips/own-pools/store.ts';
import { mayLeaveFrom } from '../../src/policy/document/regions.ts';
import { changePool, createPool, removePool } from '../../src/pools/actions.ts';
import { deletionBasis } from '../../src/pools/rules.ts';
import { releaseIp } from '../../src/release/actions.ts';
import { releaseBasis } from '../../src/release/effects.ts';
import { gatherRelease } from '../../src/release/gather.ts';
import { egressOf } from '../../src/routing/egress.ts';
import { route } from '../../src/routing/route.ts';
import type { Sender } from '../../src/routing/sending-domain.ts';
import { loadSenders, State } from '../../src/routing/snapshot.ts';
import { routerOver, spentOf, warmingAccount } from '../routing/scene.ts';
import { assign, type OwnIp, warmIp } from '../subusers/scene.ts';
import * as make from '../support/make.ts';
import { onBothEngines, type World } from '../support/world.ts';

const STREAMS = ['marketing', 'transactional'] as const;

/** An IP is given back by its customer. */
async function giveBack(world: World, account: make.Account, ip: OwnIp) {
  const { document } = world.deps.policy;
  const whole = await findAccount(world.db, account.id);
  if (!whole) throw new Error('no account');
  const effects = await gatherRelease(world.db, { document, at: world.now }, whole, [ip.id]);
  const form = { accountId: account.id, allocationId: ip.id, seen: releaseBasis(effects), reason: '' };
  return releaseIp(world.db, { person: account.admin, at: world.now }, document, form);
}

/** The addresses over which a sender's mail of one kind may go, all egresses together. */
function reached(world: World, sender: Sender, stream: (typeof STREAMS)[number]) {
  const { warming, fallback, beyond } = egressOf(sender, stream, world.deps.policy.document);
  const ways = [fallback, ...(beyond ? [beyond] : [])];
  return {
    ips: [...warming.map(({ ip }) => ip), ...ways.flatMap((one) => (one.to === 'ips' ? one.ips : []))],
    pools: ways.flatMap((one) => (one.to === 'pool' ? [one.pool] : [])),
  };
}

/** The parts of 3,000 messages that go over each address. */
function partsOf(world: World, sender: Sender): Map<string, number> {
  const found = new Map<string, number>();
  for (let message = 0; message < 3_000; message += 1) {
    const ask = { stream: 'marketing', message: `m${message}`, to: [{ provider: '', count: 1 }] } as const;
    const answer = route(sender, ask, world.deps.policy.document, () => 1_000_000);
    const key = answer.via === 'ip' ? answer.ip.address : answer.via;
    found.set(key, (found.get(key) ?? 0) + 1 / 3_000);
  }
  return found;
}

onBothEngines(
  'S-04, S-07: whatever pools are made, changed and deleted, no mail leaves over an IP that is not its account’s or outside the EU, and weights are followed',
  async (t, world) => {
    t.timeout(600_000);
    const { db } = world;
    const acme = await make.account(world, { name: 'Acme' });
    const euro = await make.account(world, { name: 'Euro', region: 'eu' });
    const labs = await make.subuser(world, acme, { name: 'Labs' });
    const ips = new Map<number, OwnIp[]>([
      [acme.id, [await warmIp(world, acme, 'us'), await warmIp(world, acme, 'us'), await warmIp(world, acme, 'eu')]],
      [euro.id, [await warmIp(world, euro, 'eu'), await warmIp(world, euro, 'eu')]],
    ]);
    const accounts = [acme, euro];
    const state = new State(db, world.deps.log, () => world.now);
    t.true(await state.refresh());
    const drawn = fc.record({
      what: fc.constantFrom('make', 'make', 'change', 'delete', 'point', 'point', 'point', 'assign', 'buy', 'release'),
      of: fc.nat(1),
      foreign: fc.nat(7).map((one) => one === 0),
      weights: fc.array(fc.nat(9), { minLength: 8, maxLength: 8 }),
      nth: fc.nat(5),
      apart: fc.nat(5),
    });
    const { seed = Date.now() } = fc.readConfigureGlobal();
    t.log({ seed });
    const [steps = []] = fc.sample(fc.array(drawn, { minLength: 60, maxLength: 60, size: 'max' }), {
      numRuns: 1,
      seed,
    });
    const done: Record<string, number> = {};
    for (const [step, { what, of, foreign, weights, nth, apart }] of steps.entries()) {
      world.now += 1_000;
      const account = accounts[of] ?? acme;
      const own = ips.get(account.id) ?? [];
      const all = foreign ? [...ips.values()].flat() : own;
      const members = all.flatMap((ip, index) => {
        const weight = weights[index] ?? 0;
        return weight === 0 ? [] : [{ allocationId: ip.id, weight }];
      });
      const pools = await listOwnPools(db, account.id);
      const pool = pools[nth % Math.max(1, pools.length)];
      const other = pools[apart % Math.max(1, pools.length)];
      const ruled = make.ruled(world, account.admin);
      const result = await (async () => {
        if (what === 'make') return createPool(db, ruled, account.id, { name: `Pool ${step}`, members });
        if (what === 'assign') {
          const ip = ips.get(acme.id)?.[nth % 2];
          return ip && assign(world, acme.admin, ip, { subuserIds: [labs.id], ownerSends: apart > 1 });
        }
        if (what === 'buy' && own.length < 6) {
          own.push(await warmIp(world, account, account.id === euro.id || nth > 3 ? 'eu' : 'us'));
          return { ok: true } as const;
        }
        if (what === 'release' && own.length > 1) {
          const [ip] = own.splice(nth % own.length, 1);
          return ip && giveBack(world, account, ip);
        }
        if (pool === undefined || what === 'buy' || what === 'release') return undefined;
        const { id, version, name } = pool;
        if (what === 'change') return changePool(db, ruled, account.id, { id, version, name, members });
        if (what === 'delete') {
          const heir = other && other.id !== id && apart % 2 ? other.id : null;
          return removePool(db, ruled, account.id, { id, seen: deletionBasis(pool), heir });
        }
        const domain = account.domains[nth % 2];
        const choice = apart === 5 ? null : { marketing: id, transactional: other?.id ?? id };
        return domain && make.point(world, account, domain.id, choice);
      })();
      const key = `${what} ${result === undefined ? 'nothing' : result.ok ? 'done' : 'refused'}`;
      done[key] = (done[key] ?? 0) + 1;
      if (foreign && members.length > own.length) t.not(key, 'make done');
      t.deepEqual(await checkData(db, world.now), [], `step ${step}, ${key}`);
      t.true(await state.refresh());
      for (const sender of (await loadSenders(db)).values()) {
        const lately = state.find(sender.name);
        for (const stream of STREAMS) {
          const { ips: over, pools: shared } = reached(world, sender, stream);
          const held = await db('allocations as a')
            .leftJoin('ip_assignments as s', 's.allocation_id', 'a.id')
            .whereNotIn('a.status', ['releasing', 'released'])
            .where((may) =>
              may
                .where((one) => one.where({ 'a.account_id': sender.account.id, 'a.owner_sends': true }))
                .orWhere({ 's.account_id': sender.account.id }),
            )
            .pluck('a.id');
          for (const ip of over) t.true(held.includes(ip.allocationId), `${sender.name}, step ${step}`);
          for (const one of [...over, ...shared])
            t.true(sender.account.region !== 'eu' || one.region === 'eu', `${sender.name} leaves the EU, step ${step}`);
          const seen = (of: Sender | undefined) =>
            of && reached(world, of, stream).ips.map(({ address, weight }) => `${address} ${weight}`);
          t.deepEqual(seen(lately), seen(sender), `a router that reads only what changed, step ${step}`);
        }
      }
      for (const [domainId, { marketing }] of await findChoices(db, account.id)) {
        const wanted = (await listOwnPools(db, account.id)).find(({ id }) => id === marketing);
        const { name } = await db('domains').where({ id: domainId }).first('name');
        const sender = state.find(name);
        if (sender === undefined || wanted === undefined) return t.fail(name);
        const home = account.id === euro.id ? 'eu' : null;
        const carrying = wanted.members.filter(({ region }) => mayLeaveFrom(home, region, world.deps.policy.document));
        if (carrying.length === 0) continue;
        const sum = carrying.reduce((total, { weight }) => total + weight, 0);
        const parts = partsOf(world, sender);
        for (const { address, weight } of carrying)
          t.true(Math.abs((parts.get(address) ?? 0) - weight / sum) < 0.04, `${name} over ${address}, step ${step}`);
      }
    }
    t.log(done);
    for (const key of ['make done', 'point done', 'delete done', 'change done'])
      t.true((done[key] ?? 0) > 0, `${key}: ${JSON.stringify(done)}`);
  },
);

onBothEngines(
  'S-26: a warming IP in a pool never carries more than its stage, whatever its weight',
  async (t, world) => {
    const { account, allocationId, ipId, address } = await warmingAccount(world, { cap: 50, target: 1_000 });
    const warm = await warmIp(world, account, 'us');
    const pool = await make.ownPool(world, account, 'News', [
      { allocationId, weight: 100 },
      { allocationId: warm.id, weight: 1 },
    ]);
    for (const { id } of account.domains) t.true((await make.point(world, account, id, pool)).ok);
    const { router, leases } = await routerOver(world);
    const carried = new Map<string, number>();
    for (const [index, { name }] of account.domains.entries()) {
      const sender = router.senderOf(`a@${name}`);
      if (sender === undefined) return t.fail(name);
      for (let message = 0; message < 800; message += 1) {
        const recipients = [`b${message}@shop.example`];
        const stream = message % 3 ? 'marketing' : 'transactional';
        const asked = { sender, stream, message: `${index} ${message}`, recipients, count: null } as const;
        const answer = await router.decide(asked);
        const key = answer.via === 'ip' ? answer.ip.address : answer.via;
        carried.set(key, (carried.get(key) ?? 0) + 1);
      }
    }
    await leases.close();
    t.true((carried.get(address) ?? 0) <= 50, `${carried.get(address)} of 50`);
    t.true((carried.get(address) ?? 0) > 0, 'and it carries something');
    t.true((await spentOf(world, ipId)) <= 50);
    t.is(
      [...carried.values()].reduce((a, b) => a + b),
      1_600,
    );
    t.deepEqual([...carried.keys()].sort(), [address, warm.address].sort(), 'nothing goes elsewhere');
  },
);
