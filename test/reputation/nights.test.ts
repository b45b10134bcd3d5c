// Shared pools live: a month of nights over good and bad senders, and what staff decide against them.
import { actIn } from '../../src/act.ts';
import { dayOf } from '../../src/day.ts';
import { moveDomain } from '../../src/domains/actions.ts';
import { setPoolAddresses } from '../../src/ips/pools/actions.ts';
import type { Stream } from '../../src/policy/checks/facts.ts';
import { rateDue } from '../../src/reputation/background.ts';
import { placeByStaff } from '../../src/reputation/tiers/actions.ts';
import { routerOver } from '../routing/scene.ts';
import * as make from '../support/make.ts';
import { DAY, onBothEngines, type World } from '../support/world.ts';

const night = (world: World) => rateDue(world.db, world.deps.policy.document, world.now);
const mailed = async ({ db }: World, template: string): Promise<string[]> =>
  (await db('outbox').where({ template }).orderBy('id')).map(({ to_address: to }) => to);
const eventsOf = ({ db }: World, id: number): Promise<string[]> =>
  db('audit_events')
    .where({ subject_type: 'domain', subject_id: id })
    .whereIn('name', EVENTS)
    .orderBy('seq')
    .pluck('name');

const EVENTS = ['warned', 'unwarned', 'lowered', 'raised', 'stopped', 'placed', 'reported'].map(
  (name) => `domain.${name}`,
);

/** The recovery pool gets an address, so that mail servers know it. */
async function withRecovery(world: World): Promise<void> {
  const { admin } = await make.staff(world);
  await setPoolAddresses(world.db, { person: admin, at: world.now }, 'recovery-us', ['198.18.200.1']);
  await world.deps.reload();
}

/** An account of its own with one domain more, which sends like this. */
async function sender(world: World, bounced: number, complained = 0.0002, usage: Stream = 'both') {
  const account = await make.account(world, { weekly: null });
  const name = `mail.${account.admin.email.split('@')[1]}`;
  const domain = await make.domain(world, account.id, name, { weekly: 70_000, bounced, complained, usage });
  return { account, domain };
}

/** Nights, one a day; the same mail goes on. */
async function nights(world: World, count: number, sending: () => Promise<void> = async () => {}): Promise<void> {
  for (let nth = 0; nth < count; nth += 1) {
    world.now += DAY;
    await sending();
    await night(world);
  }
}

const poolOf = async (world: World, name: string): Promise<string | undefined> => {
  const { router } = await routerOver(world);
  const found = router.senderOf(`a@${name}`);
  if (found === undefined) return undefined;
  const answer = router.preview(
    { sender: found, stream: 'marketing', message: 'm', recipients: [], count: null },
    () => 0,
  );
  return answer.via === 'pool' ? answer.pool.key : answer.via;
};

onBothEngines(
  'C-02: over a month of nights the bad leave step by step, the good stay, and each move is explained on the pages',
  async (t, world) => {
    await withRecovery(world);
    const { admin, reviewer } = await make.staff(world);
    const [good, bad, worst] = [await sender(world, 0.01), await sender(world, 0.08), await sender(world, 0.15, 0.005)];
    await night(world);
    t.deepEqual(await eventsOf(world, bad.domain.id), ['domain.warned']);
    t.deepEqual(await mailed(world, 'pool-warned'), [bad.account.admin.email, worst.account.admin.email]);
    const { facts } = await world.db('outbox').where({ template: 'pool-warned' }).orderBy('id').first();
    t.like(JSON.parse(facts), {
      why: 'Over the last 28 days, 8 % of its mail bounced (limit 5 %).',
      onDay: dayOf(world.now) + 7,
    });
    const staff = await world.signedIn(reviewer.email);
    t.regex(
      (await staff.get('/pools/shared-us')).text,
      /What changed last night .*mail\.\S+ : Warned \. Over the last 28 days, 8 %/,
    );
    await nights(world, 6);
    const eve = await world.signedIn(reviewer.email);
    t.regex((await eve.get('/pools/shared-us')).text, /What will change tonight .*Moved down \. Over the last 28 days/);
    t.is(await poolOf(world, bad.domain.name), 'shared-us');
    await nights(world, 1);
    t.is(await poolOf(world, bad.domain.name), 'recovery-us');
    t.is(await poolOf(world, good.domain.name), 'shared-us');
    t.deepEqual(await mailed(world, 'pool-lowered'), [bad.account.admin.email, worst.account.admin.email]);
    const again = await world.signedIn(reviewer.email);
    const page = (await again.get('/pools/recovery-us')).text;
    t.regex(page, /Moved down , from shared-us to recovery-us/);
    t.regex(page, /Members lowest score first/);
    const owner = await world.signedIn(bad.account.admin.email);
    t.regex(
      (await owner.get(`/domains/${bad.domain.id}`)).text,
      /Warned on .*It has been in tier 2 of the shared IPs since/,
    );

    await nights(world, 7);
    t.deepEqual(await eventsOf(world, worst.domain.id), ['domain.warned', 'domain.lowered', 'domain.stopped']);
    t.deepEqual(
      await eventsOf(world, bad.domain.id),
      ['domain.warned', 'domain.lowered'],
      'over the limits, not the last ones',
    );
    t.is(await poolOf(world, worst.domain.name), 'refusal');
    t.deepEqual(await mailed(world, 'domain-stopped'), [worst.account.admin.email]);
    t.deepEqual(await mailed(world, 'pool-to-review'), [admin.email], 'a task for those who look after domains');
    const task = await world.signedIn(admin.email);
    t.regex((await task.get('/pools')).text, /Stopped or reported automatically \(1\) .*mail\.\S+ of .* stopped on /);
    const back = `/customers/${worst.account.id}/domains/${worst.domain.id}/return`;
    t.is((await task.post(back, { reason: 'The list is gone.' })).status, 303);
    t.regex((await task.get('/pools')).text, /Stopped or reported automatically \(0\)/);

    const clean = () => make.counts(world, bad.domain.id, { weekly: 70_000, bounced: 0.001 });
    await nights(world, 7, clean);
    t.deepEqual(await eventsOf(world, bad.domain.id), [
      'domain.warned',
      'domain.lowered',
      'domain.unwarned',
      'domain.raised',
    ]);
    t.is(await poolOf(world, bad.domain.name), 'shared-us');
    t.deepEqual(await mailed(world, 'pool-raised'), [bad.account.admin.email]);
    t.deepEqual(await eventsOf(world, good.domain.id), []);
    t.deepEqual(
      await eventsOf(world, worst.domain.id),
      ['domain.warned', 'domain.lowered', 'domain.stopped', 'domain.warned'],
      'one that was let in is warned before anything else, though its old mail still counts',
    );
    t.deepEqual(await mailed(world, 'pool-cleared'), [bad.account.admin.email]);
    const history = await world.signedIn(bad.account.admin.email);
    t.regex(
      (await history.get('/history')).text,
      /moved mail\.\S+ up to tier 1 of the shared pools\. Its score of \d+ has reached the 65/,
    );
  },
);

onBothEngines(
  'S-01: under SendGrid’s policy the score alone decides the group, and nobody is warned or stopped',
  async (t, world) => {
    await withRecovery(world);
    const { domain } = await sender(world, 0.15, 0.005);
    await night(world);
    t.deepEqual(await eventsOf(world, domain.id), ['domain.lowered']);
    t.is(await poolOf(world, domain.name), 'recovery-us');
    await nights(world, 15);
    t.deepEqual(await eventsOf(world, domain.id), ['domain.lowered']);
    t.deepEqual(await mailed(world, 'pool-to-review'), []);
  },
  { POLICY: 'sendgrid' },
);

onBothEngines(
  'C-02: staff overrule with a reason and a date, which the customer reads; then its reputation decides again',
  async (t, world) => {
    await withRecovery(world);
    const { admin } = await make.staff(world);
    const { account, domain } = await sender(world, 0.15, 0.005);
    await night(world);
    const visitor = await world.signedIn(admin.email);
    const path = `/customers/${account.id}/domains/${domain.id}/tier`;
    const wrong = await visitor.post(path, { tier: '3', until: '2026-11-01', reason: '' });
    t.is(wrong.status, 422);
    t.regex(wrong.text, /Tier must be at most 2\..*Until must be today or later\..*Reason is missing/);
    t.is(
      (await visitor.post(path, { tier: '1', until: '2026-12-04', reason: 'Their list is being cleaned.' })).status,
      303,
    );
    t.deepEqual(await mailed(world, 'pool-placed'), [account.admin.email]);
    await nights(world, 11);
    t.deepEqual(await eventsOf(world, domain.id), ['domain.warned', 'domain.placed']);
    t.is(await poolOf(world, domain.name), 'shared-us');
    await nights(world, 1);
    t.deepEqual(await eventsOf(world, domain.id), ['domain.warned', 'domain.placed', 'domain.warned']);
    const customer = await world.signedIn(account.admin.email);
    t.regex(
      (await customer.get('/history')).text,
      /put mail\.\S+ in tier 1 of the shared pools until the end of 2026-12-04/,
    );
  },
);

onBothEngines(
  'C-03: rates that the default pool bears are warned of in the transactional pool, and then reviewers decide',
  async (t, world) => {
    const { reviewer, reviewer2, admin } = await make.staff(world);
    const pooled = await sender(world, 0.03, 0.0002, 'transactional');
    const plain = await sender(world, 0.03);
    const actor = { person: null, at: world.now };
    await world.db.transaction((trx) => moveDomain(actIn(trx, actor), pooled.domain, 'transactional'));
    await night(world);
    const { facts } = await world.db('outbox').where({ template: 'pool-warned' }).first();
    t.is(JSON.parse(facts).why, 'Over the last 28 days, 3 % of its mail bounced (limit 2 %).');
    await nights(world, 7);
    t.deepEqual(await eventsOf(world, pooled.domain.id), ['domain.warned', 'domain.reported']);
    t.deepEqual(await eventsOf(world, plain.domain.id), []);
    t.deepEqual(
      (await mailed(world, 'pool-to-review')).toSorted(),
      [admin, reviewer, reviewer2].map(({ email }) => email).toSorted(),
    );
    const visitor = await world.signedIn(reviewer.email);
    t.regex(
      (await visitor.get('/pools')).text,
      /Stopped or reported automatically \(1\) .* reported on .*3 % of its mail bounced/,
    );
    const path = `/customers/${pooled.account.id}/domains/${pooled.domain.id}/leaving`;
    t.is((await visitor.post(path, { reason: 'The list is not clean.' })).status, 303);
    t.regex((await visitor.get('/pools')).text, /Stopped or reported automatically \(0\)/);
  },
);

onBothEngines('C-02: what staff decide while a night works holds, whichever of them is first', async (t, world) => {
  const { admin } = await make.staff(world);
  const { account, domain } = await sender(world, 0.08);
  await night(world);
  await nights(world, 6);
  world.now += DAY;
  const placing = { accountId: account.id, id: domain.id, tier: 1, until: dayOf(world.now) + 20, reason: 'Agreed.' };
  const placed = placeByStaff(world.db, { person: admin, at: world.now }, world.deps.policy.document, placing);
  const [done] = await Promise.all([placed, night(world)]);
  t.true(done.ok);
  t.like(await world.db('domain_tiers').where({ domain_id: domain.id }).first(), {
    tier: 1,
    kept_until: dayOf(world.now) + 20,
  });
  await nights(world, 1);
  t.like(await world.db('domain_tiers').where({ domain_id: domain.id }).first(), { tier: 1 });
});

onBothEngines(
  'S-01: a pool of a lower tier takes no mail before it has addresses, and its page says so',
  async (t, world) => {
    const { domain } = await sender(world, 0.15, 0.005);
    await night(world);
    await nights(world, 7);
    t.deepEqual(await eventsOf(world, domain.id), ['domain.warned', 'domain.lowered']);
    t.is(await poolOf(world, domain.name), 'shared-us');
    const visitor = await world.signedIn((await make.staff(world)).reviewer.email);
    t.regex(
      (await visitor.get('/pools')).text,
      /recovery-us default pool of tier 2, US It takes no mail until it has addresses/,
    );
    await withRecovery(world);
    t.is(await poolOf(world, domain.name), 'recovery-us');
  },
);
