// Accounts with IPs at any stage of warm-up, in a real database, and the router over it.
import type { Person } from '../../src/accounts/person.ts';
import { Leases } from '../../src/routing/cap-leases.ts';
import { MailToday } from '../../src/routing/mail-today.ts';
import { Router } from '../../src/routing/router.ts';
import { State } from '../../src/routing/snapshot.ts';
import { listMixes } from '../../src/routing/store-mixes.ts';
import { evenPattern } from '../../src/sending/pattern.ts';
import { type StaffStep, takeStaffStep } from '../../src/warmup/staff/actions.ts';
import { findWarmup, type Warmup } from '../../src/warmup/store.ts';
import * as make from '../support/make.ts';
import { MINUTE, type World } from '../support/world.ts';

export type Warming = {
  readonly account: make.Account;
  readonly domain: string;
  readonly ipId: number;
  readonly address: string;
  readonly allocationId: number;
};

type Wish = {
  readonly cap: number;
  readonly target?: number;
  readonly region?: 'us' | 'eu';
  readonly slowed?: Readonly<Record<string, number>>;
  /** Whether the free IP that it gets is there already. */
  readonly hasIp?: boolean;
};

/** An account with one dedicated IP, which may carry `cap` messages today of the `target` that it is to carry later. */
export async function warmingAccount(
  world: World,
  { cap, target = cap, region = 'us', slowed = {}, hasIp = false }: Wish,
) {
  const account = await make.account(world, { region: region === 'eu' ? 'eu' : null });
  if (!hasIp) await make.ips(world, region, 1);
  const requestId = await make.requestIn(world, 'fulfilled', account.admin, { region });
  const row = await world
    .db('allocations as a')
    .join('ips as i', 'i.id', 'a.ip_id')
    .where({ request_id: requestId })
    .first('a.id', 'a.ip_id', 'i.address');
  await world
    .db('warmups')
    .where({ allocation_id: row.id })
    .update({
      status: 'running',
      caps: JSON.stringify([cap, target]),
      target_per_day: target,
      pattern: JSON.stringify(evenPattern(7 * target, 'measured')),
      stage: 1,
      slowed: JSON.stringify(slowed),
      changed_at: world.now,
    });
  const [domain] = account.domains;
  return {
    account,
    domain: domain?.name ?? '',
    ipId: row.ip_id,
    address: row.address,
    allocationId: row.id,
  } as Warming;
}

/** A router over the world's database, with all domains read. */
export async function routerOver(world: World, now = () => world.now) {
  const state = new State(world.db, world.deps.log, () => world.now);
  if (!(await state.refresh())) throw new Error('the database does not answer');
  // Many tests at once are slower than any database.
  const leases = new Leases(world.db, world.deps.log, now, { patience: MINUTE });
  const mail = new MailToday({
    mixesOf: (ids, day) => listMixes(world.db, ids, day),
    log: world.deps.log,
    now,
  });
  leases.shareWith(mail);
  return { state, leases, mail, router: new Router(state, leases, mail, world.deps.policy.document) };
}

/** Ends the warm-up of an allocation early, as two of the staff do together: all mail goes over the IP. */
export async function complete(world: World, allocationId: number): Promise<void> {
  const { reviewer, reviewer2 } = await make.staff(world);
  await staffStep(world, allocationId, 'propose', reviewer);
  await staffStep(world, allocationId, 'agree', reviewer2);
}

/** Pauses the warm-up of an allocation, as a reviewer does: nothing may go over the IP. */
export const pause = async (world: World, allocationId: number): Promise<void> =>
  staffStep(world, allocationId, 'pause', (await make.staff(world)).reviewer);

async function staffStep(world: World, allocationId: number, name: StaffStep, person: Person): Promise<void> {
  const { id } = await world.db('warmups').where({ allocation_id: allocationId }).first('id');
  const seen = (await findWarmup(world.db, id)) as Warmup;
  const done = await takeStaffStep(
    world.db,
    { person, at: world.now },
    { id, name, seen, reason: 'Looked at.' },
    world.deps.policy.document,
  );
  if (!done.ok) throw new Error(JSON.stringify(done.problem));
}

/** What is handed out of today's cap of an IP; of a provider's part of it. */
export async function spentOf(world: World, ipId: number, provider = ''): Promise<number> {
  const rows = await world.db('route_spending').where({ ip_id: ipId, provider }).select('spent');
  return rows.reduce((sum, row) => sum + row.spent, 0);
}
