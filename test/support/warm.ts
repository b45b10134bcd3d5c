// Mail over warming IPs, and the day's step, for tests.
import { actIn } from '../../src/act.ts';
import { dayOf } from '../../src/day.ts';
import { recordCounts } from '../../src/sending/actions.ts';
import { type Counts, plainCount } from '../../src/sending/counts.ts';
import { evaluateDue } from '../../src/warmup/daily/run.ts';
import { findWarmup, type Warmup } from '../../src/warmup/store.ts';
import { itself } from './people.ts';
import type { acmeWithIp } from './scene.ts';
import { DAY, HOUR, type World } from './world.ts';

export type Scene = Pick<Awaited<ReturnType<typeof acmeWithIp>>, 'domain' | 'warmupId'>;

/** The warm-up as it is stored. */
export async function warmupNow(world: World, id: number): Promise<Warmup> {
  const found = await findWarmup(world.db, id);
  if (!found) throw new Error(`there is no warm-up ${id}`);
  return found;
}

/** Runs the day's step over everything. */
export const step = (world: World): Promise<number> =>
  evaluateDue(world.db, world.deps.policy.document, world.now, world.deps.log);

/** Moves the clock to 03:00 of a day, when the one before it is over and counted. */
export function atThree(world: World, day: number): void {
  world.now = day * DAY + 3 * HOUR;
}

/** Counts what went over the warming IP on a day; delivered where it did not bounce. */
export async function overIp(
  world: World,
  { domain, warmupId }: Scene,
  day: number,
  counts: Partial<Counts> & { readonly sent: number },
  provider = 'gmail',
): Promise<void> {
  const { ipId } = await warmupNow(world, warmupId);
  const { sent, bounced = 0, complained = 0, ...more } = counts;
  await world.db.transaction((trx) =>
    recordCounts(actIn(trx, itself(world)), domain.id, [
      plainCount({ day, ipId, pool: '', provider, sent, bounced, complained, ...more }),
    ]),
  );
}

/** Lets the plan begin: the clock shows its first day. Returns that day. */
export async function begun(world: World, { warmupId }: Scene): Promise<number> {
  const { startsOn } = (await warmupNow(world, warmupId)).plan;
  atThree(world, startsOn);
  await step(world);
  return startsOn;
}

/** A day on which everything that the IP may carry goes over it, and the step after it. */
export async function goodDay(world: World, scene: Scene): Promise<void> {
  const { plan, stage } = await warmupNow(world, scene.warmupId);
  const day = dayOf(world.now);
  await overIp(world, scene, day, { sent: plan.caps[stage - 1] ?? plan.targetPerDay });
  atThree(world, day + 1);
  await step(world);
}

/** The days of a warm-up as they were judged. */
export const judgedDays = (world: World, warmupId: number) =>
  world
    .db('warmup_days')
    .where({ warmup_id: warmupId })
    .orderBy('day')
    .select('day', 'stage', 'cap', 'sent', 'verdict');

/** The mails of a template: to whom. */
export const mailedTo = (world: World, template: string): Promise<string[]> =>
  world.db('outbox').where({ template }).orderBy('to_address').pluck('to_address');
