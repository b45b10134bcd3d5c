// A database of the first release, brought up to date: what was in it is still there.
import { globSync } from 'node:fs';
import { basename } from 'node:path';
import { type Db, migrate } from '../src/database.ts';
import { findNewestPolicy } from '../src/policy/store.ts';
import { findWarmup } from '../src/warmup/store.ts';
import { acmeWithIp } from './support/scene.ts';
import { onBothEngines } from './support/world.ts';

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
  // A stored policy keeps the table of mailbox providers that it was given when it came.
  const { providers: then, ...stored } = (await findNewestPolicy(db, 'customerio'))?.document ?? before.policy;
  const { providers: now, ...today } = before.policy;
  t.deepEqual(stored, today, 'stored policies can be read');
  t.true(then.value.length > 0 && then.value.length <= now.value.length);
});
