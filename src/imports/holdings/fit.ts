// Whether an IP that is to be moved in fits what is stored. Pure.
import { nameKey } from '../../accounts/person.ts';
import { dayOf } from '../../day.ts';
import type { Domain } from '../../domains/domain.ts';
import type { DomainOwner } from '../../domains/store.ts';
import type { KnownIp } from '../../ips/store.ts';
import type { Region } from '../../policy/checks/facts.ts';
import { ok, type Result, refused } from '../../result.ts';
import { type HoldingLine, isoDay } from './row.ts';

/** What is stored of the addresses and domains of some lines. */
export type Stored = {
  readonly ips: ReadonlyMap<string, KnownIp>;
  /** The shared pools that have some of the addresses. */
  readonly pools: ReadonlyMap<string, string>;
  readonly domains: ReadonlyMap<string, { readonly domain: Domain; readonly account: DomainOwner }>;
};

/** An IP that fits: whose it is, and which domains use it. */
export type Fitting = { readonly region: Region; readonly accountId: number; readonly domains: readonly Domain[] };

/**
 * What a line comes to. Refused with a sentence for each thing that keeps its IP from being moved in. `own`: the
 * account of the person who sends the file, about which somebody else decides; null: they have none.
 */
export function fitHolding(
  line: HoldingLine,
  { ips, pools, domains }: Stored,
  own: number | null,
): Result<Fitting, string[]> {
  const { address } = line;
  const wrong: string[] = [];
  const ip = ips.get(address);
  const pool = pools.get(address);
  const region = line.region ?? ip?.region ?? null;
  if (pool !== undefined) wrong.push(`${address} belongs to the shared pool ${pool}.`);
  if (ip && !ip.isFree) wrong.push(`${address} is not free: the inventory says who has it.`);
  if (ip && line.region !== null && ip.region !== line.region)
    wrong.push(`${address} is in ${ip.region.toUpperCase()} by the inventory, not in ${line.region.toUpperCase()}.`);
  if (ip?.isFree && ip.lastHeldAt !== null) wrong.push(...earlierThan(line, ip.lastHeldAt));
  if (region === null) wrong.push(`The field region is missing: the inventory does not know ${address}.`);
  const owners = line.domains.flatMap((name) => {
    const found = domains.get(name);
    if (found) wrong.push(...problemsOf(line, found, own));
    else wrong.push(`${name} belongs to no customer here. Import the customers with their domains first.`);
    return found ? [found] : [];
  });
  const account = owners[0]?.account;
  if (account && region && account.region !== null && account.region !== region && wrong.length === 0)
    wrong.push(
      `${account.name} may send from ${account.region.toUpperCase()} alone, and ${address} is in ${region.toUpperCase()}. Change the customer’s region first.`,
    );
  if (wrong.length > 0 || !account || !region) return refused(wrong);
  return ok({ region, accountId: account.id, domains: owners.map(({ domain }) => domain) });
}

type Owned = { readonly domain: Domain; readonly account: DomainOwner };

/** C-07: nobody has an address, or pays for it, before the release by its last customer was over (UTC milliseconds). */
function earlierThan({ address, since, chargedFrom }: HoldingLine, lastHeldAt: number): string[] {
  const last = dayOf(lastHeldAt);
  const days = [['since', since] as const, ['charged_from', chargedFrom] as const];
  return days
    .filter(([, day]) => day <= last)
    .map(
      ([field, day]) =>
        `The field ${field} must be after ${isoDay(last)}, not ${isoDay(day)}: until then another customer had ${address}.`,
    );
}

function problemsOf({ customer }: HoldingLine, { domain, account }: Owned, own: number | null): string[] {
  if (nameKey(account.name) !== nameKey(customer))
    return [`${domain.name} belongs to ${account.name}, not to ${customer}.`];
  if (account.id === own)
    return [`${account.name} is your own account: somebody else of the staff has to move its IPs in.`];
  if (account.parentId !== null)
    return [`${account.name} is a subuser: move its IPs in for its parent, whose people assign them to it.`];
  if (account.status === 'closed') return [`${account.name} is closed. Reopen it first.`];
  if (domain.route === 'transactional')
    return [`${domain.name} is in the transactional pool, so its mail cannot go over dedicated IPs.`];
  return [];
}
