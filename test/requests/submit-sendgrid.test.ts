import test from 'ava';
import { checkData } from '../../src/invariants/store.ts';
import { previewRequest } from '../../src/requests/customer/actions.ts';
import * as make from '../support/make.ts';
import { createWorld, MINUTE } from '../support/world.ts';

/** S-15, S-16: an account without a warm IP can ask for one only without automated warm-up. */
const ALONE = { automatedWarmup: false };

for (const engine of ['SQLite', 'PostgreSQL'] as const) {
  for (const plan of ['trial', 'essentials', 'pro', 'advanced']) {
    const allows = plan === 'pro' || plan === 'advanced';
    test(`S-03: the plan ${plan} ${allows ? 'may' : 'may not'} ask for dedicated IPs (${engine})`, async (t) => {
      const world = await createWorld(t, engine, { POLICY: 'sendgrid' });
      const acme = await make.account(world, { plan });
      const sending = make.request(world, acme.admin, ALONE);
      await (allows ? t.notThrowsAsync(sending) : t.throwsAsync(sending, { message: /blocked/ }));
      t.is((await world.db('requests')).length, allows ? 1 : 0);
      t.deepEqual(await checkData(world.db, world.now), []);
    });
  }

  test(`S-08, S-10: the first IP is included, the next costs a monthly charge, one at a time (${engine})`, async (t) => {
    const world = await createWorld(t, engine, { POLICY: 'sendgrid' });
    const acme = await make.account(world, { plan: 'pro' });
    await make.ips(world, 'us', 2);
    await make.decided(world, await make.request(world, acme.admin, ALONE));
    await make.decided(world, await make.request(world, acme.admin, ALONE));
    t.deepEqual(await world.db('allocations').orderBy('id').pluck('monthly_cents'), [0, 3000]);
    const two = await make.dedicated(world, acme.admin, { ipCount: 2 });
    const evidence = await previewRequest(world.db, { person: acme.admin, at: world.now }, world.deps.policy, {
      answers: two,
    });
    t.is(evidence?.findings.find((finding) => finding.check === 'ip-count')?.verdict, 'blocks');
    t.deepEqual(await checkData(world.db, world.now), []);
  });

  test(`S-12: an IP counts for the calendar month (UTC) in which it was given, also when released since (${engine})`, async (t) => {
    const world = await createWorld(t, engine, { POLICY: 'sendgrid' });
    const acme = await make.account(world, { plan: 'pro', weekly: 2_000_000 });
    await make.ips(world, 'us', 1);
    const added = async () => {
      const answers = await make.dedicated(world, acme.admin, ALONE);
      const evidence = await previewRequest(world.db, { person: acme.admin, at: world.now }, world.deps.policy, {
        answers,
      });
      const { fact, verdict } = evidence?.findings.find(({ check }) => check === 'new-ips') ?? t.fail();
      return { fact, verdict };
    };
    world.now = Date.UTC(2026, 9, 31, 23, 59);
    const oneMore = { fact: '1 added, 1 asked for', verdict: 'look' };
    const none = { fact: '0 added, 1 asked for', verdict: 'passes' };
    t.deepEqual(await added(), none);
    await make.decided(world, await make.request(world, acme.admin, ALONE));
    t.deepEqual(await added(), oneMore);
    world.now += MINUTE;
    t.deepEqual(await added(), none, 'a new month');
    await world.db('allocations').update({ allocated_at: world.now });
    t.deepEqual(await added(), oneMore, 'given in the first instant of the month');
    await world.db('allocations').update({ status: 'released', released_at: world.now });
    t.deepEqual(await added(), oneMore, 'giving it back makes no room for another');
  });
}
