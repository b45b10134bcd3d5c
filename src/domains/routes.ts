// An account's sending domains, and the Mail Servers page of each: for the customer and for staff.
import { can } from '../accounts/permissions.ts';
import type { Account } from '../accounts/store.ts';
import { dayOf } from '../day.ts';
import type { Deps } from '../deps.ts';
import { ALLOCATION_WORDS } from '../ips/allocation.ts';
import { type AccountIp, listIpsOfAccount } from '../ips/store.ts';
import type { Measured } from '../policy/checks/facts.ts';
import { type EgressToday, egressToday } from '../routing/egress-today.ts';
import { findSendersOf } from '../routing/snapshot.ts';
import { listSpent } from '../routing/store.ts';
import { measure } from '../sending/counts.ts';
import { listWeekCounts } from '../sending/store.ts';
import type { Route } from '../web/router.ts';
import {
  type DnsRecord,
  type Domain,
  dnsRecords,
  type MailServers,
  mailServers,
  ROUTE_WORDS,
  USAGE_WORDS,
} from './domain.ts';
import { writtenName } from './name.ts';
import type { PendingDomain } from './pending/pending.ts';
import { listPendingOf } from './pending/store.ts';
import { proofWords } from './pending/wording.ts';
import { at, type Desk, domainAsked, PLACES } from './routes-place.ts';
import { listDomainsOf } from './store.ts';

/** Whose domains a page shows, and what the reader may do with them. */
type Where = {
  account: Account;
  base: string;
  isStaff: boolean;
  mayChange: boolean;
  mayRemove: boolean;
};

declare module '../web/page.ts' {
  interface Views {
    'domains/list': Where & {
      title: string;
      pending: readonly { readonly one: PendingDomain; readonly words: ReturnType<typeof proofWords> }[];
      written: typeof writtenName;
      domains: readonly { readonly domain: Domain; readonly weekly: number | null }[];
      words: typeof ROUTE_WORDS;
      usages: typeof USAGE_WORDS;
    };
    'domains/show': Where & {
      title: string;
      written: string | null;
      domain: Domain;
      usage: string;
      servers: MailServers;
      words: typeof ROUTE_WORDS;
      records: readonly DnsRecord[];
      states: typeof ALLOCATION_WORDS;
      ips: readonly AccountIp[];
      measured: Measured;
      egress: EgressToday | null;
      /** Messages a week that one dedicated IP needs (C-08). */
      gate: number;
    };
  }
}

export const domainRoutes = (deps: Deps): Route[] =>
  PLACES.flatMap((place): Route[] => [
    { method: 'get', path: place.path, may: place.see, handle: at(deps, place, list) },
    { method: 'get', path: place.one, may: place.see, handle: at(deps, place, show) },
  ]);

const whereOf = ({ account, base, place, actor }: Desk): Where => ({
  account,
  base,
  isStaff: place.isStaff,
  mayChange: can(actor.person, place.change),
  mayRemove: can(actor.person, place.remove),
});

async function list(desk: Desk): Promise<void> {
  const { deps, res, account, place } = desk;
  const { db, now } = deps;
  const own = await listDomainsOf(db, account.id);
  const counts = await listWeekCounts(
    db,
    own.map((domain) => domain.id),
    now(),
  );
  const domains = own.map((domain) => ({ domain, weekly: measure(counts.get(domain.id) ?? [], now()).weekly }));
  const pending = (await listPendingOf(db, account.id)).map((one) => ({ one, words: proofWords(one) }));
  const title = place.isStaff ? `Domains of ${account.name}` : 'Domains';
  res.page('domains/list', {
    ...{ title, ...whereOf(desk), domains, pending, written: writtenName },
    ...{ words: ROUTE_WORDS, usages: USAGE_WORDS },
  });
}

async function show(desk: Desk): Promise<void> {
  const { deps, res, account } = desk;
  const { db, now, policy } = deps;
  const domain = await domainAsked(desk);
  const counts = await listWeekCounts(db, [domain.id], now());
  const ips = await listIpsOfAccount(db, account.id);
  const sender = (await findSendersOf(db, account.id)).find(({ id }) => id === domain.id);
  const today = dayOf(now());
  const ids = sender?.ips.map((ip) => ip.id) ?? [];
  const spent = await listSpent(db, ids, today);
  res.page('domains/show', {
    title: `${domain.name}, mail servers`,
    ...whereOf(desk),
    domain,
    written: writtenName(domain.name),
    usage: USAGE_WORDS[domain.usage],
    servers: mailServers(domain),
    words: ROUTE_WORDS,
    records: dnsRecords(domain),
    states: ALLOCATION_WORDS,
    ips: ips.filter((ip) => ip.domains.some((each) => each.id === domain.id)),
    measured: measure(counts.get(domain.id) ?? [], now()),
    egress: sender ? egressToday(sender, policy.document, spent, today) : null,
    gate: policy.document.weeklyVolumePerIp.value,
  });
}
