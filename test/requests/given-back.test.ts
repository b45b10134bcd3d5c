// The request of IPs that were given back says so: in its title, in lists, on its page, with the price of today.
import { findAccount } from '../../src/accounts/store.ts';
import { releaseIp } from '../../src/release/actions.ts';
import { releaseBasis } from '../../src/release/effects.ts';
import { gatherRelease } from '../../src/release/gather.ts';
import { acme, staff } from '../support/people.ts';
import { approved, dedicatedAnswers, freeIps, sendingDomain, sent } from '../support/scene.ts';
import { DAY, onBothEngines, type World } from '../support/world.ts';

/** Acme with two IPs of one request, and how it gives the older one of what is left back. */
async function withTwoIps(world: World) {
  const people = await acme(world);
  const domain = await sendingDomain(world, people.id, { name: 'shop.acme.example', weekly: 280_000 });
  await freeIps(world, ['192.0.2.1', '192.0.2.2']);
  const volumes = { ipCount: 2, weeklyVolume: 280_000, peakWeeklyVolume: 280_000 };
  const id = await sent(world, people.owner, { ...dedicatedAnswers(world, [domain.id]), ...volumes });
  await approved(world, (await staff(world)).reviewer, id);
  const giveBack = async (): Promise<void> => {
    const { document } = world.deps.policy;
    const account = await findAccount(world.db, people.id);
    const next = await world.db('allocations').whereNull('released_on').orderBy('id').first('id');
    if (account === null || next === undefined) throw new Error('nothing can be given back');
    const effects = await gatherRelease(world.db, { document, at: world.now }, account, [next.id]);
    const form = { accountId: account.id, allocationId: next.id, seen: releaseBasis(effects), reason: '' };
    const done = await releaseIp(world.db, { person: people.owner, at: world.now }, document, form);
    if (!done.ok) throw new Error(done.problem);
  };
  return { id, path: `/requests/WD-${1000 + id}`, giveBack };
}

onBothEngines('C-09: a request says which of its IPs were given back, and what is left costs', async (t, world) => {
  const { id, path, giveBack } = await withTwoIps(world);
  const visitor = await world.signedIn('owner@acme.example');
  t.regex((await visitor.get(path)).text, /Two dedicated IPs Approved .*Your request is approved and set up\. Whose/);
  await world.db('quotes').where({ request_id: id }).update({ monthly_cents: 5_000, included_count: 1 });
  const { id: dearer } = await world.db('allocations').orderBy('id', 'desc').first('id');
  await world.db('allocations').where({ id: dearer }).update({ monthly_cents: 5_000 });
  t.regex((await visitor.get(path)).text, /Price fixed by the approval \$50 a month/);
  await giveBack();
  const page = (await visitor.get(path)).text;
  t.regex(page, /Two dedicated IPs, one given back Partly given back/);
  t.regex(page, /approved and set up\. One of its two IPs was given back on 23 Nov 2026 \(UTC\)\./);
  t.regex(page, /Price as it is now \$0 a month The approval fixed \$50 a month\./);
  world.now += DAY;
  await visitor.post('/sign-in', { email: 'owner@acme.example', password: 'warmdesk-demo' });
  await giveBack();
  const gone = (await visitor.get(path)).text;
  t.regex(gone, /Two dedicated IPs, given back Given back/);
  t.regex(
    gone,
    /Your request was approved and set up\. Its two IPs were given back, the last on 24 Nov 2026 \(UTC\)\./,
  );
  t.regex(gone, /Price Nothing is charged any more: the last day was 24 Nov 2026 \(UTC\)\./);
  t.notRegex(gone, /is approved and set up/);
  for (const list of ['/', '/requests'])
    t.regex(
      (await visitor.get(list)).text,
      new RegExp(`WD-${1000 + id} Two dedicated IPs, given back .*Given back Nobody`),
      list,
    );
  const desk = await world.signedIn('reviewer2@warmdesk.example');
  const review = (await desk.get(`/review/WD-${1000 + id}`)).text;
  t.regex(review, /Two dedicated IPs, given back for Acme Given back/);
  t.regex(review, /Price nothing any more Its two IPs were given back, the last on 24 Nov 2026/);
  const { account_id: accountId } = await world.db('allocations').first('account_id');
  t.regex((await desk.get(`/customers/${accountId}`)).text, /Two dedicated IPs, given back \d+ Nov 2026 Given back/);
  await world.db('quotes').where({ request_id: id }).update({ monthly_cents: 0, included_count: 2 });
});

onBothEngines('a request whose IPs all serve is called as before in every list', async (t, world) => {
  const { id } = await withTwoIps(world);
  const visitor = await world.signedIn('owner@acme.example');
  for (const list of ['/', '/requests'])
    t.regex(
      (await visitor.get(list)).text,
      new RegExp(`WD-${1000 + id} Two dedicated IPs \\d+ \\w+ 2026 Approved Done`),
      list,
    );
});
