// What names in reports mean: domains, and IPs with whose they were when.
import type { Db } from '../database.ts';
import { isDomainName } from '../domains/name.ts';
import { normalAddress } from '../ips/address.ts';
import type { Policy } from '../policy/document/policy.ts';
import { addressIn } from './egress-name.ts';
import type { Holding, Known, KnownDomain, KnownIp } from './reported.ts';

const MOST_KEPT = 50_000;

/**
 * Looks up names by the thousand and keeps what it found: `learn` those of some reports, then ask. It forgets when it
 * has grown large, so that its size does not depend on how much is read.
 */
export class Directory implements Known {
  readonly pools: ReadonlySet<string>;
  readonly providers: ReadonlySet<string>;
  readonly #db: Db;
  /** The pool that an address of the policy belongs to. */
  readonly #poolAddresses = new Map<string, string>();
  readonly #domains = new Map<string, KnownDomain | undefined>();
  readonly #ips = new Map<string, KnownIp | undefined>();
  /** Addresses as they were written, in normal form. */
  readonly #written = new Map<string, string | undefined>();

  constructor(db: Db, policy: Policy) {
    this.#db = db;
    this.pools = new Set(policy.pools.map(({ key }) => key));
    for (const { key, addresses } of policy.pools)
      for (const address of addresses) this.#poolAddresses.set(normalAddress(address) ?? address, key);
    this.providers = new Set([...policy.providers.value.map(({ key }) => key), 'other']);
  }

  async learn(reports: Iterable<{ readonly domain: string; readonly via: string }>): Promise<void> {
    if (this.#domains.size + this.#written.size > MOST_KEPT) this.forget();
    const domains = new Set<string>();
    const addresses = new Set<string>();
    for (const { domain, via } of reports) {
      // What cannot be a name is not asked for: it may have characters that no database takes.
      if (!this.#domains.has(domain) && isDomainName(domain)) domains.add(domain);
      if (this.pools.has(via)) continue;
      const address = this.#normal(via);
      if (address !== undefined && !this.#ips.has(address)) addresses.add(address);
    }
    if (domains.size > 0) {
      const found = await listDomainsByName(this.#db, [...domains]);
      for (const name of domains) this.#domains.set(name, found.get(name));
    }
    if (addresses.size > 0) {
      const found = await listIpsByAddress(this.#db, [...addresses]);
      for (const address of addresses) this.#ips.set(address, found.get(address));
    }
  }

  /** Lets go of what it knows: an IP may have changed hands since. */
  forget(): void {
    this.#domains.clear();
    this.#ips.clear();
    this.#written.clear();
  }

  #normal(written: string): string | undefined {
    if (this.#written.has(written)) return this.#written.get(written);
    const normal = normalAddress(written);
    this.#written.set(written, normal);
    return normal;
  }

  domain(name: string): KnownDomain | undefined {
    return this.#domains.get(name);
  }

  /** The pool of this name, or with this address. */
  poolOf(name: string): string | undefined {
    if (this.pools.has(name)) return name;
    if (this.#poolAddresses.size === 0) return undefined;
    const address = this.#normal(addressIn(name) ?? name);
    return address === undefined ? undefined : this.#poolAddresses.get(address);
  }

  /** Whether a name in a log can be an IP or a pool of ours: a pool's key, an address, or a transport called by one. */
  isEgress(name: string): boolean {
    return this.pools.has(name) || addressIn(name) !== undefined || this.#normal(name) !== undefined;
  }

  ip(address: string): KnownIp | undefined {
    const normal = this.#normal(address);
    return normal === undefined ? undefined : this.#ips.get(normal);
  }
}

/** Those of these domains (some thousands at most) that a customer has, by name. */
export async function listDomainsByName(db: Db, names: readonly string[]): Promise<Map<string, KnownDomain>> {
  const rows = await db('domains as d')
    .join('accounts as a', 'a.id', 'd.account_id')
    .whereIn('d.name', [...names])
    .whereNull('d.removed_at')
    .select('d.id', 'd.name', 'd.usage', 'd.account_id', 'a.name as account', 'a.parent_id');
  return new Map(
    rows.map(({ id, name, account_id: accountId, parent_id: parentId, account, usage }) => [
      name,
      { id, accountId, parentId, account, usage },
    ]),
  );
}

/** Those of these addresses (in normal form, some thousands at most) that are in the inventory. */
export async function listIpsByAddress(db: Db, addresses: readonly string[]): Promise<Map<string, KnownIp>> {
  const rows = await db('ips as i')
    .leftJoin('allocations as a', 'a.ip_id', 'i.id')
    .whereIn('i.address', [...addresses])
    .select('i.id', 'i.address', 'a.account_id', 'a.allocated_at', 'a.released_at');
  const found = new Map<string, { id: number; holdings: Holding[] }>();
  for (const row of rows) {
    const ip: { id: number; holdings: Holding[] } = found.get(row.address) ?? { id: row.id, holdings: [] };
    if (row.account_id !== null)
      ip.holdings.push({ accountId: row.account_id, from: row.allocated_at, until: row.released_at });
    found.set(row.address, ip);
  }
  return found;
}
