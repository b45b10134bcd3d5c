// All sending domains and their IPs, kept in memory by a router: a lookup reads no database. What changed is read
// again each second, all of it every ten minutes; while the database is away the last state holds.
import { isWithin, type Ranges } from '../accounts/addresses/ranges.ts';
import { findRanges } from '../accounts/addresses/store.ts';
import type { Db } from '../database.ts';
import { oldestWriteMs } from '../dialect.ts';
import type { Log } from '../log.ts';
import { handOnNoted } from '../sending/receivers/actions.ts';
import { refreshReceivers } from '../sending/receivers/gather.ts';
import { Receivers } from '../sending/receivers/memory.ts';
import { listTokenHashes } from '../systems/store.ts';
import { shareSent } from './daily/actions.ts';
import { DailyLimits } from './daily/limits.ts';
import { type Links, linksOf, listIn, pooledIps } from './pooled-ips.ts';
import type { Account, Ip, Sender } from './sending-domain.ts';
import {
  type DomainRow,
  type IpRow,
  type LinkRow,
  listChangedAccountIds,
  listDomainRows,
  listIpRows,
  listLinkRows,
} from './store.ts';

const PAGE = 2_000;
const WHOLE_EVERY_MS = 600_000;
const RECEIVERS_EVERY_MS = 10_000;
/** What a wait for a transaction or another machine's clock may lag behind. */
const OVERLAP_MS = 30_000;
/** From this many changed accounts on, reading all is quicker. */
const MANY = 2_000;

type Senders = Map<string, Sender>;
type Accounts = Map<number, { readonly account: Account; readonly names: readonly string[] }>;

/** The sending domains of some accounts now, with the IPs that they may use. */
export async function findSendersOf(db: Db, ...accountIds: readonly number[]): Promise<Sender[]> {
  const [senders, accounts] = [new Map(), new Map()] as [Senders, Accounts];
  put(await readAccounts(db, accountIds), senders, accounts);
  return [...senders.values()];
}

/** All sending domains now, by name. */
export async function loadSenders(db: Db): Promise<Senders> {
  return (await readAll(db)).senders;
}

export class State {
  readonly #db: Db;
  readonly #log: Log;
  readonly #now: () => number;
  #senders: Senders = new Map();
  #tokens: ReadonlySet<string> = new Set();
  #allowed: readonly Ranges[] = [];
  #accounts: Accounts = new Map();
  /** Monotonic, milliseconds. */
  #wholeAt = Number.NEGATIVE_INFINITY;
  #lookedAt = 0;
  #looking: Promise<boolean> | null = null;
  #isAway = false;
  readonly receivers = new Receivers();
  readonly limits: DailyLimits;
  /** Monotonic, milliseconds; and up to when what is known of receivers was read (UTC). */
  #receiversAt = Number.NEGATIVE_INFINITY;
  #receiversReadTo = 0;

  constructor(db: Db, log: Log, now: () => number) {
    this.#db = db;
    this.#log = log;
    this.#now = now;
    this.limits = new DailyLimits(now);
  }

  /** The sending domain of this name (lower case), if it is one of ours. */
  find(name: string): Sender | undefined {
    return this.#senders.get(name);
  }

  /** The hashes of mail systems' tokens that are good. */
  get tokens(): ReadonlySet<string> {
    return this.#tokens;
  }

  /** Whether mail systems may ask from this address (S-27). */
  isAllowed(address: string | undefined): boolean {
    return isWithin(this.#allowed, address);
  }

  get size(): number {
    return this.#senders.size;
  }

  /** Reads what changed, or all when that is due. Never throws: false where the database did not answer. */
  refresh(): Promise<boolean> {
    this.#looking ??= this.#look().finally(() => {
      this.#looking = null;
    });
    return this.#looking;
  }

  /** Tells the other routers the rest of what this one let go (S-02), before it ends. Never throws. */
  async tellRest(): Promise<void> {
    await this.#looking;
    try {
      await shareSent(this.#db, this.limits, this.#now(), 'all');
    } catch (err) {
      this.#log.warn({ err }, 'what was sent last could not be counted towards daily limits');
    }
  }

  async #look(): Promise<boolean> {
    try {
      // What is changed but not committed yet has to be found by the next look.
      const at = this.#now() - (await oldestWriteMs(this.#db));
      const isDue = performance.now() - this.#wholeAt >= WHOLE_EVERY_MS;
      const changed = isDue ? [] : await listChangedAccountIds(this.#db, this.#lookedAt - OVERLAP_MS);
      if (isDue || changed.length > MANY) {
        const { senders, accounts } = await readAll(this.#db);
        [this.#senders, this.#accounts] = [senders, accounts];
        this.#wholeAt = performance.now();
      } else if (changed.length > 0) {
        put(await readAccounts(this.#db, changed), this.#senders, this.#accounts);
      }
      this.#tokens = new Set(await listTokenHashes(this.#db));
      const ranges = await findRanges(this.#db, { kind: 'mail systems' });
      this.#allowed = ranges.length > 0 ? [ranges] : [];
      await this.#lookAtReceivers(at, isDue);
      await shareSent(this.#db, this.limits, this.#now());
      this.#lookedAt = at;
      if (this.#isAway) this.#log.info({}, 'the database answers again');
      this.#isAway = false;
      this.limits.isAway = false;
      return true;
    } catch (error) {
      if (!this.#isAway) this.#log.error({ err: error }, 'the database does not answer; what was known last holds');
      this.#isAway = true;
      this.limits.isAway = true;
      return false;
    }
  }

  /** Whose servers take the mail of recipients' domains. What was noted is handed on, to be looked up. */
  async #lookAtReceivers(at: number, isWhole: boolean): Promise<void> {
    if (!isWhole && performance.now() - this.#receiversAt < RECEIVERS_EVERY_MS) return;
    await handOnNoted(this.#db, this.receivers, this.#now());
    await refreshReceivers(this.#db, this.receivers, isWhole ? null : this.#receiversReadTo - OVERLAP_MS);
    this.#receiversAt = performance.now();
    this.#receiversReadTo = at;
  }
}

type Rows = { readonly domains: DomainRow[]; readonly ips: IpRow[]; readonly links: LinkRow[] };

async function readAccounts(db: Db, accountIds: readonly number[]): Promise<Rows> {
  const all: Rows = { domains: [], ips: [], links: [] };
  for (let from = 0; from < accountIds.length; from += 500) {
    const part = { accountIds: accountIds.slice(from, from + 500) };
    // One after the other: an IP given meanwhile is then missing whole or there whole, and read again with the next look.
    all.domains.push(...(await listDomainRows(db, part)));
    all.ips.push(...(await listIpRows(db, part)));
    all.links.push(...(await listLinkRows(db, part)));
  }
  return all;
}

/** Reads everything in pages, so that answers in between do not wait long for the work on one. */
async function readAll(db: Db): Promise<{ senders: Senders; accounts: Accounts }> {
  const ips = new Map<number, IpRow[]>();
  const links: LinkRow[] = [];
  for (let after = 0; ; ) {
    const page = await listIpRows(db, { after, limit: PAGE });
    for (const ip of page) if (ip.maySend) listIn(ips, ip.accountId, ip);
    const last = page.at(-1)?.allocationId;
    if (last === undefined) break;
    links.push(...(await listLinkRows(db, { from: after, to: last })));
    after = last;
  }
  const found = { ips, ...linksOf(links) };
  const drafts = new Map<number, Draft>();
  const senders: Senders = new Map();
  for (let after = 0; ; ) {
    const page = await listDomainRows(db, { after, limit: PAGE });
    for (const domain of page) add(domain, found, { drafts, senders });
    const last = page.at(-1)?.id;
    if (last === undefined) break;
    after = last;
  }
  return { senders, accounts: drafts };
}

type Draft = { readonly account: Account; readonly names: string[] };

/** Puts what was read of some accounts in place of what was known of them. */
function put(rows: Rows, senders: Senders, accounts: Accounts): void {
  const [ips, drafts] = [new Map<number, IpRow[]>(), new Map<number, Draft>()];
  for (const ip of rows.ips) if (ip.maySend) listIn(ips, ip.accountId, ip);
  const found = { ips, ...linksOf(rows.links) };
  const fresh: Senders = new Map();
  for (const domain of rows.domains) add(domain, found, { drafts, senders: fresh });
  for (const [id, draft] of drafts) {
    for (const name of accounts.get(id)?.names ?? []) senders.delete(name);
    accounts.set(id, draft);
  }
  for (const [name, sender] of fresh) senders.set(name, sender);
}

/** The IPs that each account may send over (S-17, S-18), the allocations to which each domain is linked, and what `pooledIps` needs. */
type Found = Links & { readonly ips: ReadonlyMap<number, readonly Ip[]> };

function add(
  { accountId, region, status, stoppedAt, dailyLimit, tier, ...domain }: DomainRow,
  { ips, linked, weights }: Found,
  { drafts, senders }: { readonly drafts: Map<number, Draft>; readonly senders: Senders },
): void {
  let draft = drafts.get(accountId);
  if (draft === undefined) {
    const stopped = status === 'active' ? {} : { stopped: status };
    const limited = dailyLimit === null ? {} : { dailyLimit };
    draft = { account: { id: accountId, region, ips: ips.get(accountId) ?? NONE, ...stopped, ...limited }, names: [] };
    drafts.set(accountId, draft);
  }
  draft.names.push(domain.name);
  const own = linked.get(domain.id);
  const used = own === undefined ? NONE : draft.account.ips.filter((ip) => own.includes(ip.allocationId));
  const weighted = weights.get(domain.id);
  senders.set(domain.name, {
    ...domain,
    ...(weighted === undefined ? {} : { pooled: pooledIps(used, weighted) }),
    ...(stoppedAt === null ? {} : { isStopped: true as const }),
    ...(tier === null || tier === 1 ? {} : { tier }),
    account: draft.account,
    ips: used,
  });
}

const NONE: readonly Ip[] = Object.freeze([]);
