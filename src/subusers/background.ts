// Domains that a subuser adds use the IPs that were assigned to it before.
import { holdAccount, holdAccounts } from '../accounts/actions.ts';
import { act } from '../act.ts';
import type { Db } from '../database.ts';
import { keepDomains, moveDomain } from '../domains/actions.ts';
import type { Domain } from '../domains/domain.ts';
import { setUse } from '../ips/actions.ts';
import { listIpsAssignedTo, listNewDomains, type NewDomains } from '../ips/assignments/store.ts';
import { gatherAssignment } from './gather.ts';

const TOGETHER = 100;

/**
 * Has domains of subusers whose mail never moved use all IPs that are assigned to the subuser, at the instant `at`: what
 * somebody takes off an IP later stays off. Any number of processes may do it at once. Returns how many subusers it was done for.
 */
export async function joinNewDomains(db: Db, at: number): Promise<number> {
  let joined = 0;
  for (const one of await listNewDomains(db, TOGETHER)) if ((await join(db, one, at)).ok) joined += 1;
  return joined;
}

const join = (db: Db, { subuserId, parentId, domainIds }: NewDomains, at: number) =>
  act<void, 'gone'>(db, { person: null, at }, async (act) => {
    const { trx, refuse } = act;
    if ((await holdAccount(trx, parentId)) === null) return refuse('gone');
    await holdAccounts(trx, [subuserId]);
    const moving = new Map<number, Domain>();
    for (const { id } of await listIpsAssignedTo(trx, subuserId)) {
      const { allocation, domains, links } = (await gatherAssignment(trx, parentId, id)) ?? refuse('gone');
      const joining = domains.filter((one) => domainIds.includes(one.id) && one.route === 'default');
      const before = links.filter((link) => link.allocationId === id).map((link) => link.id);
      const added = joining.filter((one) => !before.includes(one.id));
      if (added.length === 0) continue;
      await keepDomains(
        act,
        subuserId,
        added.map((one) => one.id),
      );
      const use = { domainIds: [...before, ...added.map((one) => one.id)], stream: allocation.stream };
      await setUse(act, allocation, use, { added: added.map(({ name }) => name), removed: [], reason: '' });
      for (const domain of added) moving.set(domain.id, domain);
    }
    // Another process was faster, or the IPs were taken away.
    if (moving.size === 0) return refuse('gone');
    for (const domain of moving.values()) await moveDomain(act, domain, 'dedicated');
  });
