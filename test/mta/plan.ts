// The plan of the IP that the real mail warms: what its log moves, and how it goes on.
import type { ExecutionContext } from 'ava';
import { dayOf } from '../../src/day.ts';
import type { Warming } from '../routing/scene.ts';
import { atThree, goodDay, judgedDays, type Scene, step, warmupNow } from '../support/warm.ts';
import type { World } from '../support/world.ts';

type Planned = { readonly world: World; readonly scene: Scene; readonly ipId: number };

/** The plan's first day is today, so that today's mail is judged. */
export async function plannedFromToday(world: World, { allocationId, account }: Warming): Promise<Scene> {
  const today = dayOf(world.now);
  const [row] = await world
    .db('warmups')
    .where({ allocation_id: allocationId })
    .update({ starts_on: today, next_day: today, judged_from: today, stage_since: today })
    .returning('id');
  const [domain] = account.domains;
  if (domain === undefined) throw new Error('the account has no domain');
  return { domain, warmupId: row.id };
}

/** S-20, C-17: by the day that was read from the log the plan goes on, and thirty days later it is complete. */
export async function goesOn(t: ExecutionContext, { world, scene, ipId }: Planned): Promise<void> {
  const first = dayOf(world.now);
  atThree(world, first + 1);
  t.is(await step(world), 1);
  t.like(await warmupNow(world, scene.warmupId), { stage: 2, verdict: 'advance', nextDay: first + 1 });
  t.is((await judgedDays(world, scene.warmupId))[0]?.day, first);
  for (let day = 1; day < 30; day += 1) await goodDay(world, scene);
  t.like(await warmupNow(world, scene.warmupId), { status: 'complete', nextDay: first + 30 });
  t.is((await world.db('allocations').where({ ip_id: ipId }).first('status')).status, 'active');
}
