// A parent with warm dedicated IPs, and what its people do with them.
import type { Person } from '../../src/accounts/person.ts';
import { actIn } from '../../src/act.ts';
import { dayOf, startOfDay } from '../../src/day.ts';
import { moveDomain } from '../../src/domains/actions.ts';
import { listDomainsOf } from '../../src/domains/store.ts';
import { moveIpIn } from '../../src/ips/actions.ts';
import type { Region } from '../../src/policy/checks/facts.ts';
import { type AssignmentForm, assignIp } from '../../src/subusers/actions.ts';
import { moveWarmupIn } from '../../src/warmup/moving-in/actions.ts';
import type * as make from '../support/make.ts';
import type { World } from '../support/world.ts';

export type OwnIp = { readonly id: number; readonly ipId: number; readonly address: string; readonly region: Region };

let last = 0;

/** An account has one warm IP more, which it had before Warmdesk came; all of its own domains use it. */
export async function warmIp(world: World, { id: accountId, admin }: make.Account, region: Region): Promise<OwnIp> {
  const { document } = world.deps.policy;
  last += 1;
  const address = `198.19.${last >> 8}.${last & 255}`;
  const day = dayOf(world.now) - 60;
  const holding = { address, region, accountId, perDay: 50_000, monthlyCents: 0, currency: document.currency };
  const id = await world.db.transaction(async (trx) => {
    const act = actIn(trx, { person: null, at: world.now });
    const domains = await listDomainsOf(trx, admin.accountId ?? 0);
    const domainIds = domains.map((domain) => domain.id);
    const times = { at: startOfDay(day), chargedFrom: day };
    const allocationId = await moveIpIn(act, { ...holding, ...times, domainIds, status: 'active' });
    const warmth = { state: 'active', perDay: 50_000, target: 50_000, since: day } as const;
    await moveWarmupIn(act, allocationId, warmth, document);
    for (const domain of domains) await moveDomain(act, domain, 'dedicated');
    return allocationId;
  });
  const { ip_id: ipId } = await world.db('allocations').where({ id }).first('ip_id');
  return { id, ipId, address, region };
}

type Wish = { readonly subuserIds: readonly number[]; readonly ownerSends?: boolean };

/** Assigns an IP as somebody does who looks at the page as it is now. */
export const assign = async (world: World, person: Person, ip: OwnIp, wish: Wish) =>
  (await aboutToAssign(world, person, ip, wish))();

/** The same, once they press the button. */
export async function aboutToAssign(world: World, person: Person, ip: OwnIp, { subuserIds, ownerSends = true }: Wish) {
  const allocation = await world.db('allocations').where({ id: ip.id }).first();
  const seen = {
    subuserIds: await world.db('ip_assignments').where({ allocation_id: ip.id }).pluck('account_id'),
    ownerSends: Boolean(allocation.owner_sends),
  };
  const form: AssignmentForm = {
    ...{ accountId: allocation.account_id, allocationId: ip.id, subuserIds, ownerSends, seen },
    policy: world.deps.policy.document,
  };
  return () => assignIp(world.db, { person, at: world.now }, form);
}
