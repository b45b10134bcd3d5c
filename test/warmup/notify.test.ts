// Who is told of a warm-up: who asked for the IP, whatever their role is by now, and who pays for it.
import { takeStaffStep } from '../../src/warmup/staff/actions.ts';
import { sendWeeklyProgress } from '../../src/warmup/weekly/background.ts';
import { somebody } from '../support/people.ts';
import { acmeWithIp } from '../support/scene.ts';
import { begun, goodDay, mailedTo, warmupNow } from '../support/warm.ts';
import { onBothEngines } from '../support/world.ts';

onBothEngines(
  'R-07: who asked for an IP is told of its warm-up, also as a plain member of the account',
  async (t, world) => {
    const scene = await acmeWithIp(world);
    const { acme, staff, warmupId } = scene;
    await somebody(world, { email: 'admin@acme.example', accountId: acme.id, accountRole: 'admin' });
    await world.db('people').where({ id: acme.owner.id }).update({ account_role: 'member' });
    const notified = ['admin@acme.example', 'billing@acme.example', 'owner@acme.example'];
    await begun(world, scene);
    t.deepEqual(await mailedTo(world, 'warmup-started'), notified, 'the other member did not ask for it');
    for (let nth = 0; nth < 7; nth += 1) await goodDay(world, scene);
    await sendWeeklyProgress(world.db, world.deps.policy.document, world.now, world.deps.log);
    t.deepEqual(await mailedTo(world, 'warmup-progress'), notified);
    const seen = await warmupNow(world, warmupId);
    const form = { id: warmupId, name: 'pause', seen, reason: 'A list was bought.' } as const;
    await takeStaffStep(world.db, { person: staff.reviewer, at: world.now }, form, 30);
    t.deepEqual(await mailedTo(world, 'warmup-paused'), notified);
  },
);
