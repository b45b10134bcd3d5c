// A desk on which decisions can be undone for thirty seconds.
import type { Person } from '../../src/accounts/person.ts';
import { type PendingDecision, reference } from '../../src/requests/request.ts';
import { decide } from '../../src/requests/review/pending/actions.ts';
import * as make from '../support/make.ts';
import { HOUR, type World } from '../support/world.ts';

export const SECOND = 1_000;
export const UNDO = 30 * SECOND;

/** Ash has sent a request of which every check passes, and three IPs are free; decisions can be undone. */
export async function scene(world: World) {
  Object.assign(world.deps, { config: { ...world.deps.config, undoMs: UNDO } });
  const staff = await make.staff(world);
  await make.ips(world, 'us', 3);
  const ash = await make.account(world, { name: 'Ash' });
  const id = await make.request(world, ash.admin);
  world.now += HOUR;
  return { ...staff, ash, id, path: `/review/${reference(id)}` };
}

export const statusOf = async (world: World, id: number): Promise<string> =>
  (await world.db('requests').where({ id }).first('status')).status;

export const approval = async (world: World, id: number) =>
  ({
    decision: 'approve',
    ms: UNDO,
    form: { seen: await make.seen(world, id), reason: '', approvedCount: 0 },
  }) as const;

/** Decides on what is seen now, so that it takes effect after `UNDO`. Throws where that is refused. */
export async function decideNow(
  world: World,
  person: Person,
  id: number,
  wish: {
    readonly decision?: PendingDecision['decision'];
    readonly reason?: string;
    readonly approvedCount?: number;
  } = {},
): Promise<void> {
  const { ms, form } = await approval(world, id);
  const { decision = 'approve', ...rest } = wish;
  const result = await decide(world.db, { person, at: world.now }, id, { decision, ms, form: { ...form, ...rest } });
  if (!result.ok) throw new Error(`refused: ${JSON.stringify(result.problem)}`);
}
