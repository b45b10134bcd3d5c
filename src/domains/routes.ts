// The customer's sending domains, and the Mail Servers page of each.
import type { Request, Response } from 'express';
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
import { NotFound } from '../web/errors.ts';
import { accountIdOf, idOf } from '../web/params.ts';
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
import { findDomainOf, listDomainsOf } from './store.ts';

declare module '../web/page.ts' {
  interface Views {
    'domains/list': {
      title: string;
      domains: readonly { readonly domain: Domain; readonly weekly: number | null }[];
      words: typeof ROUTE_WORDS;
      usages: typeof USAGE_WORDS;
    };
    'domains/show': {
      title: string;
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

export function domainRoutes(deps: Deps): Route[] {
  const may = 'see own account';
  return [
    { method: 'get', path: '/domains', may, handle: (req, res) => list(deps, req, res) },
    { method: 'get', path: '/domains/:id', may, handle: (req, res) => show(deps, req, res) },
  ];
}

async function list({ db, now }: Deps, req: Request, res: Response): Promise<void> {
  const own = await listDomainsOf(db, accountIdOf(req));
  const counts = await listWeekCounts(
    db,
    own.map((domain) => domain.id),
    now(),
  );
  const domains = own.map((domain) => ({ domain, weekly: measure(counts.get(domain.id) ?? [], now()).weekly }));
  res.page('domains/list', { title: 'Domains', domains, words: ROUTE_WORDS, usages: USAGE_WORDS });
}

async function show({ db, now, policy }: Deps, req: Request, res: Response): Promise<void> {
  const accountId = accountIdOf(req);
  const domain = await findDomainOf(db, accountId, idOf(req));
  if (!domain) throw new NotFound();
  const counts = await listWeekCounts(db, [domain.id], now());
  const ips = await listIpsOfAccount(db, accountId);
  const sender = (await findSendersOf(db, accountId)).find(({ id }) => id === domain.id);
  const today = dayOf(now());
  const ids = sender?.ips.map((ip) => ip.id) ?? [];
  const spent = await listSpent(db, ids, today);
  res.page('domains/show', {
    title: `${domain.name}, mail servers`,
    domain,
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
