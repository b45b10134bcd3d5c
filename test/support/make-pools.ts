// Customers' own pools of IPs. For make.ts.
import type { Person } from '../../src/accounts/person.ts';
import type { PoolChoice } from '../../src/ips/own-pools/pool.ts';
import { findChoices } from '../../src/ips/own-pools/store.ts';
import { choosePools, createPool } from '../../src/pools/actions.ts';
import { choiceBasis, type Wish } from '../../src/pools/rules.ts';
import type { Account } from './make-accounts.ts';
import type { World } from './world.ts';

/** Who acts, under the policy in force, but for linked domains, which only tests about these have. */
export const ruled = ({ deps, now }: World, person: Person) => {
  const { document } = deps.policy;
  const reverseDns = { ...document.reverseDns, value: null };
  return { actor: { person, at: now }, document: { ...document, reverseDns } };
};

/** A pool of an account, of these of its IPs; not given: of all live ones, each with weight 1. Returns its id. */
export async function ownPool(world: World, account: Account, name = 'News', members?: readonly Wish[]) {
  const live = await world
    .db('allocations')
    .where({ account_id: account.id })
    .whereNotIn('status', ['releasing', 'released'])
    .pluck('id');
  const all = live.map((allocationId: number) => ({ allocationId, weight: 1 }));
  const done = await createPool(world.db, ruled(world, account.admin), account.id, { name, members: members ?? all });
  if (!done.ok) throw new Error(`no pool: ${done.problem}`);
  return done.value;
}

/** Points a domain to pools, as somebody does who looks at its page as it is now. */
export async function point(world: World, account: Account, domainId: number, choice: PoolChoice | number | null) {
  const seen = choiceBasis((await findChoices(world.db, account.id)).get(domainId));
  const whole = typeof choice === 'number' ? { marketing: choice, transactional: choice } : choice;
  return choosePools(world.db, ruled(world, account.admin), account.id, { domainId, seen, choice: whole });
}
