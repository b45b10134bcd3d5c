// A database of the first release, brought up to date: what was in it is still there.
import { globSync } from 'node:fs';
import { basename } from 'node:path';
import { actIn } from '../src/act.ts';
import { record } from '../src/audit/actions.ts';
import { type Db, migrate } from '../src/database.ts';
import { findNewestPolicy } from '../src/policy/store.ts';
import { appealDecline } from '../src/requests/appeals/actions.ts';
import { answerRequest } from '../src/requests/customer/actions.ts';
import { addNote, askForInformation } from '../src/requests/review/actions.ts';
import { confirmApproval, declineRequest } from '../src/requests/review/decide.ts';
import { readQueueFilter } from '../src/requests/review/queue/filter.ts';
import { gatherQueue } from '../src/requests/review/queue/gather.ts';
import { capNow } from '../src/warmup/state.ts';
import { findWarmup } from '../src/warmup/store.ts';
import * as make from './support/make.ts';
import { itself } from './support/people.ts';
import { acmeWithIp } from './support/scene.ts';
import { DAY, HOUR, onBothEngines } from './support/world.ts';

const FIRST_RELEASE = 9;

/** Takes back every change of the tables since the first release, the newest first. */
async function backToFirstRelease(db: Db): Promise<void> {
  const later = globSync('migrations/*.ts')
    .map((file) => basename(file))
    .sort()
    .slice(FIRST_RELEASE);
  for (const name of later.reverse())
    await db.migrate.down({ directory: 'migrations', loadExtensions: ['.ts'], name } as never);
}

onBothEngines('counts, plans and policies of the first release are kept by what came after it', async (t, world) => {
  const { warmupId, domain } = await acmeWithIp(world);
  const { db } = world;
  const sums = () => db('sending_counts').sum({ sent: 'sent', bounced: 'bounced' }).where({ domain_id: domain.id });
  const before = {
    sums: await sums(),
    plan: (await findWarmup(db, warmupId))?.plan,
    policy: world.deps.policy.document,
  };
  const refused = { status: 'failed', next_at: null, claim_token: null, claimed_until: null, sent_at: null };
  const [mail] = await db('outbox')
    .where({ id: db('outbox').min('id') })
    .update(refused)
    .returning('id');
  await db('ips').insert({ address: '192.0.2.200', region: 'us', status: 'withdrawn', created_at: 0 });
  await backToFirstRelease(db);
  t.like(await db('ips').where({ address: '192.0.2.200' }).first(), { status: 'quarantined' }, 'nobody gets it');
  t.like(await db('outbox').where({ id: mail.id }).first(), { status: 'held' }, 'its name in the first release');
  t.false(await db.schema.hasTable('warmup_days'));
  t.deepEqual(await db('warmups').where({ id: warmupId }).pluck('status'), ['running'], 'as the first release had it');
  t.true((await migrate(db)).length > 0);
  t.like(await db('ips').where({ address: '192.0.2.200' }).first(), { status: 'withdrawn' }, 'staff can put it back');
  t.like(await db('outbox').where({ id: mail.id }).first(), { status: 'failed' });
  await t.throwsAsync(db('outbox').where({ id: mail.id }).update({ status: 'held' }), undefined, 'a name no more');
  t.deepEqual(await sums(), before.sums);
  t.deepEqual((await findWarmup(db, warmupId))?.plan, before.plan);
  // A stored policy keeps the mailbox providers and the shared pools that it was given when it came.
  const { providers: then, pools, ...stored } = (await findNewestPolicy(db, 'customerio'))?.document ?? before.policy;
  const { providers: now, pools: poolsNow, ...today } = before.policy;
  t.deepEqual(stored, today, 'stored policies can be read');
  t.deepEqual(
    pools,
    poolsNow.filter(({ tier }) => tier === undefined),
  );
  t.true(then.value.length > 0 && then.value.length <= now.value.length);
});

/** Upgrades the tables as far as the migration before `next`. */
async function upTo(db: Db, next: string): Promise<void> {
  const later = globSync('migrations/*.ts').map((file) => basename(file));
  for (const name of later.sort().slice(FIRST_RELEASE)) {
    if (name >= next) return;
    await db.migrate.up({ directory: 'migrations', loadExtensions: ['.ts'], name } as never);
  }
}

onBothEngines('a plan that runs at the upgrade goes on with what its day of the calendar allowed', async (t, world) => {
  const { warmupId } = await acmeWithIp(world);
  const { db } = world;
  await backToFirstRelease(db);
  // The first release went by the calendar: the fifth day of the plan had its fifth cap.
  const caps = [50, 101, 333, 777, 1_999, 4_001, 10_000];
  const fifthDay = Math.floor(Date.now() / DAY) - 4;
  await db('warmups')
    .where({ id: warmupId })
    .update({ starts_on: fifthDay, caps: JSON.stringify(caps), target_per_day: 10_000 });
  await migrate(db);
  const after = await findWarmup(db, warmupId);
  if (!after) throw new Error('the plan is gone');
  // The upgrade takes the day from the clock of the machine, which may pass midnight meanwhile.
  const stage = after.nextDay - fifthDay + 1;
  t.true(stage === 5 || stage === 6);
  t.like(after, { status: 'running', stage });
  t.is(capNow(after), caps[stage - 1] ?? 0);
});

onBothEngines('decisions made before the upgrade count from when they were made', async (t, world) => {
  const { db } = world;
  const { reviewer, reviewer2 } = await make.staff(world);
  await make.ips(world, 'us', 2);
  const later = () => {
    world.now += HOUR;
  };
  const [ash, birch, cedar, elm] = [
    await make.account(world),
    await make.account(world, { weekly: 40_000 }),
    await make.account(world),
    await make.account(world, { weekly: 40_000 }),
  ];
  await make.decided(world, await make.request(world, ash.admin));
  const two = await make.request(world, birch.admin);
  await make.approve(world, two, 'A known customer.');
  later();
  const form = async (id: number) => ({ seen: await make.seen(world, id), reason: 'So.' });
  t.true((await confirmApproval(db, { person: reviewer2, at: world.now }, two, await form(two))).ok);
  const declined = await make.request(world, cedar.admin);
  later();
  t.true((await declineRequest(db, { person: reviewer, at: world.now }, declined, await form(declined))).ok);
  t.true((await appealDecline(db, { person: cedar.admin, at: world.now }, declined, 'It is cleaned.')).ok);
  later();
  await make.approve(world, await make.request(world, elm.admin), 'Not agreed to yet.');
  const all = () =>
    db('decisions').orderBy('id').select('id', 'verdict', 'rank', 'decided_at', 'clock_spent', 'void_at');
  const before = await all();
  t.is(before.length, 5);
  t.deepEqual(
    before.map((one) => one.decided_at === null),
    [false, false, false, false, true],
  );
  const name = '0071_when_decisions_counted.ts';
  await db.migrate.down({ directory: 'migrations', loadExtensions: ['.ts'], name } as never);
  t.false(await db.schema.hasColumn('decisions', 'decided_at'));
  await migrate(db);
  const unknown = (one: (typeof before)[number]) => (one.void_at === null ? one : { ...one, clock_spent: null });
  t.deepEqual(await all(), before.map(unknown), 'how long it took is not known of what is void');
});

onBothEngines('a plan that has not begun at the upgrade begins with its first stage', async (t, world) => {
  const { warmupId } = await acmeWithIp(world);
  const { db } = world;
  await backToFirstRelease(db);
  const startsOn = Math.floor(Date.now() / DAY) + 9;
  await db('warmups').where({ id: warmupId }).update({ starts_on: startsOn });
  await migrate(db);
  t.like(await findWarmup(db, warmupId), { status: 'planned', stage: 1, nextDay: startsOn });
});

onBothEngines(
  'a completed IP stays without a cap, warmed to its target or to its busiest day lately',
  async (t, world) => {
    const { warmupId, allocationId, domain } = await acmeWithIp(world);
    const { db } = world;
    const today = Math.floor(Date.now() / DAY);
    const ip = await db('ips').where({ address: '192.0.2.1' }).first('id');
    const over = {
      ...{ domain_id: domain.id, ip_id: ip.id, pool: '', provider: 'other', stream: 'marketing' },
      bounced: 0,
    };
    const count = (day: number, sent: number) => ({
      ...{ ...over, day, sent, delivered: sent, deferred: 0, complained: 0, recorded_at: Date.now() },
    });
    // What check-data reads of the IP's state is its last record.
    const facts = { address: '192.0.2.1', region: 'us', warming: false, perDay: 10_000 };
    await db.transaction((trx) =>
      record(actIn(trx, itself(world)), {
        name: 'allocation.movedIn',
        subject: { type: 'allocation', id: allocationId },
        accountId: domain.accountId,
        ...{ from: 'warming', to: 'active', facts },
      }),
    );
    for (const [counts, warmedTo] of [
      [[], 10_000],
      [[count(today - 2, 9_000)], 10_000],
      [[count(today - 2, 24_000), count(today - 60, 90_000)], 24_000],
    ] as const) {
      await backToFirstRelease(db);
      const done = { status: 'complete', starts_on: today - 120, completed_at: Date.now() - 90 * DAY };
      await db('warmups')
        .where({ id: warmupId })
        .update({ ...done, caps: '[5000,10000]', target_per_day: 10_000 });
      await db('allocations').where({ id: allocationId }).update({ status: 'active' });
      await upTo(db, '0019');
      await db('sending_counts').where({ domain_id: domain.id }).delete();
      if (counts.length > 0) await db('sending_counts').insert([...counts]);
      await migrate(db);
      const after = await findWarmup(db, warmupId);
      t.like(after, { status: 'complete', warmedTo });
      t.is(after ? capNow(after) : 0, null);
    }
  },
);

onBothEngines('how long reviewers had a request is read from its record at the upgrade', async (t, world) => {
  const { db } = world;
  const [ash, birch] = [await make.account(world), await make.account(world)];
  const { reviewer } = await make.staff(world);
  const by = () => ({ person: reviewer, at: world.now });
  const id = await make.request(world, ash.admin);
  const open = await make.request(world, birch.admin);
  world.now += 4 * HOUR;
  await askForInformation(db, by(), id, 'How much?');
  world.now += 3 * DAY;
  await answerRequest(db, { person: ash.admin, at: world.now }, id, 'This much.');
  world.now += HOUR;
  await declineRequest(db, by(), id, { seen: await make.seen(world, id), reason: 'Too little.' });
  const columns = ['id', 'clock_since', 'clock_spent', 'soon_at'];
  const before = await db('requests').orderBy('id').select(columns);
  t.like(before[0], { clock_since: null, clock_spent: 5 * HOUR });
  t.is(before.length, 2);
  const name = '0064_reviewers_clock.ts';
  await db.migrate.down({ directory: 'migrations', loadExtensions: ['.ts'], name } as never);
  await db.migrate.up({ directory: 'migrations', loadExtensions: ['.ts'], name } as never);
  t.deepEqual(await db('requests').orderBy('id').select(columns), before);
  t.is(before[1].id, open);
});

onBothEngines('what was written before a search took ß for ss is found by it as well', async (t, world) => {
  const { db } = world;
  const { reviewer } = await make.staff(world);
  const acme = await make.account(world, { name: 'Acme' });
  const id = await make.request(world, acme.admin, { sends: 'Die Straßenzeitung.', signup: 'メーカーABCのフォーム' });
  const other = await make.request(world, (await make.account(world, { name: 'Other' })).admin, { sends: 'Cards.' });
  await addNote(db, { person: reviewer, at: world.now }, id, 'Mon cœur.');
  const found = async (q: string): Promise<number[]> => {
    const filter = readQueueFilter({ tab: 'all', q });
    return (await gatherQueue(db, filter, { person: reviewer, at: world.now })).rows.map(({ request }) => request.id);
  };
  const name = '0068_letters_of_words.ts';
  await db.migrate.down({ directory: 'migrations', loadExtensions: ['.ts'], name } as never);
  for (const q of ['strassenzeitung', 'coeur', 'ABC']) t.deepEqual(await found(q), [], q);
  await db.migrate.up({ directory: 'migrations', loadExtensions: ['.ts'], name } as never);
  for (const q of ['Straßenzeitung', 'strassenzeitung', 'coeur', 'メーカー', 'ABC'])
    t.deepEqual(await found(q), [id], q);
  t.deepEqual(await found('cards'), [other]);
});
