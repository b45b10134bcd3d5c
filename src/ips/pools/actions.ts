import type { Actor } from '../../accounts/person.ts';
import { type Act, act } from '../../act.ts';
import { record } from '../../audit/actions.ts';
import { type Db, isDuplicate, lockSubject } from '../../database.ts';
import type { Policy } from '../../policy/document/policy.ts';
import { type Result, refused } from '../../result.ts';
import { listKnownAddresses } from '../store.ts';
import { listPoolAddresses, replacePoolAddresses } from './store.ts';

/** Adding to the inventory and to pools waits for each other: an address is never in both. */
export const lockAddresses = (trx: Db): Promise<void> => lockSubject(trx, 'addresses', 0);

/** Returns a pool these addresses, in normal form, instead of those it has. Refused where one is elsewhere already. */
export async function setPoolAddresses(
  db: Db,
  actor: Actor,
  pool: string,
  addresses: readonly string[],
): Promise<Result<void, 'elsewhere'>> {
  try {
    return await act<void, 'elsewhere'>(db, actor, async (act) => {
      await lockAddresses(act.trx);
      if ((await listKnownAddresses(act.trx, addresses)).length > 0) return act.refuse('elsewhere');
      const before = (await listPoolAddresses(act.trx)).get(pool) ?? [];
      if (before.join() === addresses.join()) return;
      await replacePoolAddresses(act.trx, pool, addresses, act.actor.at);
      await recordPool(act, pool, before, addresses);
    });
  } catch (error) {
    if (isDuplicate(error)) return refused('elsewhere');
    throw error;
  }
}

const recordPool = (act: Act, pool: string, before: readonly string[], after: readonly string[]) =>
  record(act, {
    name: 'pool.changed',
    subject: { type: 'settings', id: 1 },
    accountId: null,
    facts: {
      pool,
      added: after.filter((one) => !before.includes(one)),
      removed: before.filter((one) => !after.includes(one)),
    },
  });

/**
 * Moves the addresses that a policy's file lists into the database, for pools that have none there, when the policy is
 * adopted. From then on they are kept on pages.
 */
export async function movePoolAddresses(db: Db, actor: Actor, policy: Policy): Promise<void> {
  const known = await listPoolAddresses(db);
  const taken = new Set([...known.values()].flat());
  for (const { key, addresses } of policy.pools) {
    const fresh = addresses.filter((address) => !taken.has(address));
    if (known.has(key) || fresh.length === 0) continue;
    for (const address of fresh) taken.add(address);
    await setPoolAddresses(db, actor, key, fresh);
  }
}
