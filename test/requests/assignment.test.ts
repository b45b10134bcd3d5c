// New requests that go to the reviewer who has least on the desk, where the policy wants that.
import ava from 'ava';
import fc from 'fast-check';
import { adoptPolicy } from '../../src/policy/actions.ts';
import { goAway } from '../../src/requests/absence/actions.ts';
import { setScope } from '../../src/requests/assignment/actions.ts';
import { leastLoaded } from '../../src/requests/assignment/by-load.ts';
import { listClaims } from '../../src/requests/claims/store.ts';
import * as make from '../support/make.ts';
import { DAY, HOUR, MINUTE, onBothEngines, type World } from '../support/world.ts';

ava('the one with least on the desk is chosen; of several who got something longest ago, whatever their order', (t) => {
  const candidate = fc.record({ id: fc.nat(50), load: fc.nat(3), lastAt: fc.option(fc.nat(9)) });
  const candidates = fc.uniqueArray(candidate, { selector: ({ id }) => id, minLength: 1 });
  fc.assert(
    fc.property(candidates, (all) => {
      const chosen = leastLoaded(all);
      const least = Math.min(...all.map(({ load }) => load));
      const those = all.filter(({ load }) => load === least);
      const longest = Math.min(...those.map(({ lastAt }) => lastAt ?? 0));
      return (
        chosen?.load === least && (chosen.lastAt ?? 0) === longest && leastLoaded(all.toReversed())?.id === chosen.id
      );
    }),
  );
  t.is(leastLoaded([]), undefined);
});

/** From now on requests are assigned. */
async function assigning(world: World): Promise<void> {
  const document = { ...world.deps.policy.document, assignByLoad: { value: true, rule: 'own choice' } } as const;
  const policy = await adoptPolicy(world.db, { person: null, at: world.now }, document as never);
  Object.assign(world.deps, { policy });
}

const holders = async (world: World): Promise<string[]> => {
  const ids: number[] = await world.db('requests').orderBy('id').pluck('id');
  const claims = await listClaims(world.db, ids, world.now);
  return ids.map((id) => claims.get(id)?.name ?? 'nobody');
};

async function sendMany(world: World, count: number): Promise<void> {
  for (let n = 0; n < count; n += 1) {
    world.now += MINUTE;
    await make.request(world, (await make.account(world)).admin);
  }
}

onBothEngines(
  'requests go round, only the one who is assigned is mailed, and who is away gets none',
  async (t, world) => {
    const { reviewer, reviewer2, admin } = await make.staff(world);
    const names = [reviewer, reviewer2, admin].toSorted((one, other) => one.id - other.id).map(({ name }) => name);
    await assigning(world);
    await sendMany(world, 6);
    t.deepEqual(await holders(world), [...names, ...names]);
    const mailed = () =>
      world.db('outbox').whereIn('template', ['request-assigned', 'request-to-review']).orderBy('id').pluck('template');
    t.deepEqual(await mailed(), Array(6).fill('request-assigned'));
    await goAway(world.db, { person: reviewer2, at: world.now }, { until: world.now + DAY, standInId: null });
    await sendMany(world, 4);
    t.is((await holders(world)).slice(6).filter((name) => name === reviewer2.name).length, 0);
    world.now += 5 * HOUR;
    t.true(
      (await holders(world)).every((name) => name === 'nobody'),
      'they lapse like any claim',
    );
    const office = await world.signedIn(admin.email);
    t.regex((await office.get('/review/WD-1001')).text, new RegExp(`assigned it to ${names[0]}`));
  },
);

onBothEngines('requests go round too where each is decided before the next one comes', async (t, world) => {
  await make.staff(world);
  await assigning(world);
  const had: string[] = [];
  for (let n = 0; n < 6; n += 1) {
    await sendMany(world, 1);
    had.push((await holders(world)).at(-1) ?? '');
    await world.db('requests').update({ claimed_by: null, claimed_at: null, claimed_until: null });
  }
  t.is(new Set(had.slice(0, 3)).size, 3);
  t.deepEqual(had.slice(3), had.slice(0, 3));
});

onBothEngines('without the policy’s word the whole team is told and nobody has it', async (t, world) => {
  await make.staff(world);
  await sendMany(world, 2);
  t.deepEqual(await holders(world), ['nobody', 'nobody']);
  t.is((await world.db('outbox').where({ template: 'request-to-review' })).length, 6);
});

onBothEngines(
  'nobody is assigned a request of their own account; where nobody is left the team is told',
  async (t, world) => {
    const { reviewer, reviewer2, admin } = await make.staff(world);
    const ash = await make.account(world, { name: 'Ash' });
    await assigning(world);
    await world.db('people').where({ id: reviewer.id }).update({ account_id: ash.id, account_role: 'member' });
    for (const person of [reviewer2, admin])
      await setScope(world.db, { person: admin, at: world.now }, person, POOL_ONLY);
    await make.request(world, ash.admin);
    t.deepEqual(await holders(world), ['nobody']);
    const told = await world.db('outbox').where({ template: 'request-to-review' }).pluck('recipient_id');
    t.deepEqual(told.toSorted(), [reviewer2.id, admin.id].toSorted());
  },
);

const POOL_ONLY = { kinds: ['transactional_pool'], regions: ['us', 'eu'] } as const;

onBothEngines(
  'an administrator sets on a page what somebody takes; it holds for the next request',
  async (t, world) => {
    const { reviewer, reviewer2, admin } = await make.staff(world);
    await assigning(world);
    const office = await world.signedIn(admin.email);
    for (const person of [reviewer, admin]) {
      const path = `/staff/${person.id}/assignments`;
      const page = await office.get(path);
      t.is((page.html.match(/type="checkbox"[^>]* checked/g) ?? []).length, 4, 'everything at first');
      const refused = await office.submit(page, path, { regions: 'us' });
      t.is(refused.status, 422);
      t.regex(refused.text, /Choose at least one kind of request/);
      const saved = await office.submit(page, path, { kinds: ['dedicated_ip', 'transactional_pool'], regions: 'eu' });
      t.is(saved.location, `/staff/${person.id}?note=scope-set`);
    }
    await sendMany(world, 3);
    t.deepEqual(await holders(world), Array(3).fill(reviewer2.name), 'requests for IPs in the US');
    t.regex((await office.get('/audit')).text, /is assigned: dedicated IPs \(EU\) and the transactional pool/);
    const all = { kinds: ['dedicated_ip', 'transactional_pool'], regions: ['us', 'eu'] };
    await office.submit(
      await office.get(`/staff/${reviewer.id}/assignments`),
      `/staff/${reviewer.id}/assignments`,
      all,
    );
    t.deepEqual(await world.db('reviewer_scopes').pluck('person_id'), [admin.id]);
    await sendMany(world, 1);
    t.is((await holders(world)).at(-1), reviewer.name);
  },
);

onBothEngines('two requests at once go to two reviewers, 10 rounds', async (t, world) => {
  const { admin } = await make.staff(world);
  await assigning(world);
  await setScope(world.db, { person: admin, at: world.now }, admin, POOL_ONLY);
  for (let round = 0; round < 10; round += 1) {
    const accounts = [await make.account(world), await make.account(world)];
    world.now += MINUTE;
    await Promise.all(accounts.map((account) => make.request(world, account.admin)));
    const [one, other] = (await holders(world)).slice(-2);
    t.not(one, other);
    t.false([one, other].includes('nobody'));
  }
});
