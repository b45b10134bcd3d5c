// An account's sending domains, and the Mail Servers page of each: for the customer and for staff.

import { countTries } from '../accounts/actions.ts';
import { can } from '../accounts/permissions.ts';
import type { Account } from '../accounts/store.ts';
import type { Limit } from '../accounts/store-throttle.ts';
import { dayOf } from '../day.ts';
import type { Deps } from '../deps.ts';
import type { FieldErrors, Typed } from '../form.ts';
import { ALLOCATION_WORDS, type Allocation } from '../ips/allocation.ts';
import { listAllocationsOf, listAssignedTo } from '../ips/store.ts';
import type { Measured } from '../policy/checks/facts.ts';
import { lackingInWords } from '../policy/checks/lacking.ts';
import { gatherOfDomain, type ScoreShown } from '../reputation/gather.ts';
import type { Sending } from '../reputation/tiers/store.ts';
import { gatherAsking, gatherAsks, gatherProspects } from '../requests/qualifying/gather.ts';
import type { Asks } from '../requests/qualifying/wording.ts';
import { type EgressToday, egressToday } from '../routing/egress-today.ts';
import { findSendersOf } from '../routing/snapshot.ts';
import { listSpent } from '../routing/store.ts';
import { measure } from '../sending/counts.ts';
import { postmasterTable, type SeenTable } from '../sending/outside/wording.ts';
import { type OutsideView, outsideViewsOfDomain } from '../sending/outside-views.ts';
import { listWeekCounts } from '../sending/store.ts';
import { type Brief, briefOf } from '../warmup/pages/wording.ts';
import { listWarmups } from '../warmup/store.ts';
import { NotFound } from '../web/errors.ts';
import { idOf } from '../web/params.ts';
import type { Route } from '../web/router.ts';
import { type Domain, type MailServers, mailServers, ROUTE_WORDS, USAGE_WORDS } from './domain.ts';
import { isForDocumentation, writtenName } from './name.ts';
import type { PendingDomain } from './pending/pending.ts';
import { LOOKING } from './pending/routes.ts';
import { listPendingOf } from './pending/store.ts';
import { proofWords } from './pending/wording.ts';
import { lookNow, setSelectors } from './records/actions.ts';
import { readSelectorForm } from './records/form.ts';
import { listRecords } from './records/store.ts';
import { type RecordRow, recordRows } from './records/wording.ts';
import { at, type Desk, domainAsked, PLACES } from './routes-place.ts';
import { listDomainsOf } from './store.ts';

/** Whose domains a page shows, and what the reader may do with them. */
type Where = {
  account: Account;
  base: string;
  isStaff: boolean;
  mayChange: boolean;
  mayRemove: boolean;
  /** Whether they decide about the transactional pool. */
  mayDecide: boolean;
};

declare module '../web/page.ts' {
  interface Views {
    'domains/list': Where & {
      title: string;
      pending: readonly { readonly one: PendingDomain; readonly words: ReturnType<typeof proofWords> }[];
      written: typeof writtenName;
      lacking: typeof lackingInWords;
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
      records: readonly RecordRow[];
      /** Whether it is a domain of the demo, about which DNS is never asked. */
      isDemo: boolean;
      typed: Typed;
      errors: FieldErrors;
      states: typeof ALLOCATION_WORDS;
      ips: readonly Allocation[];
      /** Of their warm-ups those that are not complete, by their ids. */
      warming: ReadonlyMap<number, Brief>;
      /** What the customer could ask for; null for staff. */
      asks: Asks | null;
      measured: Measured;
      /** null: no night has scored it yet. */
      reputation: ScoreShown | null;
      /** C-02, S-01: its place among the shared pools; undefined: it has dedicated IPs. */
      sending: Sending | undefined;
      egress: EgressToday | null;
      /** Messages a week that one dedicated IP needs (C-08). */
      gate: number | null;
      /** S-25: where others show what they see of it. */
      outside: readonly OutsideView[];
      /** What Google reported of it; null: nothing was imported. */
      seen: SeenTable | null;
    };
  }
}

/** Own choice: DNS does not change faster, and each press is a dozen questions. */
const LOOKING_AT_ONE: Limit = { name: 'looks:domain', most: 1, windowMs: 60_000 };

export const domainRoutes = (deps: Deps): Route[] =>
  PLACES.flatMap((place): Route[] => [
    { method: 'get', path: place.path, may: place.see, handle: at(deps, place, list) },
    { method: 'get', path: place.one, may: place.see, handle: at(deps, place, (desk) => show(desk)) },
    { method: 'post', path: `${place.one}/look`, may: place.change, handle: at(deps, place, look) },
    { method: 'post', path: `${place.one}/selectors`, may: place.change, handle: at(deps, place, takeSelectors) },
  ]);

const whereOf = ({ account, base, place, actor }: Desk): Where => ({
  account,
  base,
  isStaff: place.isStaff,
  mayChange: can(actor.person, place.change),
  mayRemove: can(actor.person, place.remove),
  mayDecide: place.isStaff && can(actor.person, 'review requests'),
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
    ...{ title, ...whereOf(desk), domains, pending, written: writtenName, lacking: lackingInWords },
    ...{ words: ROUTE_WORDS, usages: USAGE_WORDS },
  });
}

async function show(desk: Desk, typed?: Typed, errors: FieldErrors = {}): Promise<void> {
  const { deps, res, account, place, actor } = desk;
  const { db, now, policy, provider } = deps;
  const asking = place.isStaff ? undefined : await gatherAsking(db, actor.person, now(), { account });
  const domain = asking?.domains.find(({ id }) => id === idOf(desk.req)) ?? (await domainAsked(desk));
  const counts = asking?.weeks ?? (await listWeekCounts(db, [domain.id], now()));
  const isSubuser = account.parentId !== null;
  const allocated = isSubuser ? await listAssignedTo(db, account.id) : await listAllocationsOf(db, account.id);
  const region = account.region ?? allocated[0]?.region ?? policy.document.regions.value[0];
  const prospects = asking && (await gatherProspects(deps, { ...asking, region, about: domain.id }, now()));
  const sender = (await findSendersOf(db, account.id)).find(({ id }) => id === domain.id);
  const today = dayOf(now());
  const warmups = await listWarmups(db, { accountId: account.id, statuses: ['planned', 'running', 'paused'] });
  const ids = sender?.ips.map((ip) => ip.id) ?? [];
  const spent = await listSpent(db, ids, today);
  const { seen, ...rated } = await gatherOfDomain(db, domain, policy.document);
  res.page(
    'domains/show',
    {
      title: `${domain.name}, mail servers`,
      ...whereOf(desk),
      domain,
      written: writtenName(domain.name),
      usage: USAGE_WORDS[domain.usage],
      servers: mailServers(domain),
      words: ROUTE_WORDS,
      records: recordRows(domain, provider.records, await listRecords(db, domain.id)),
      isDemo: isForDocumentation(domain.name),
      typed: typed ?? { selectors: domain.selectors?.join(' ') ?? '' },
      errors,
      states: ALLOCATION_WORDS,
      warming: new Map(warmups.map((warmup) => [warmup.id, briefOf(warmup, today, policy.document)])),
      asks: prospects ? await gatherAsks(deps, actor.person, prospects) : null,
      ips: allocated.filter(({ ipId }) => ids.includes(ipId)),
      measured: measure(counts.get(domain.id) ?? [], now()),
      ...rated,
      egress: sender ? egressToday(sender, policy.document, spent, today) : null,
      gate: policy.document.weeklyVolumePerIp.value,
      outside: outsideViewsOfDomain(domain.name),
      seen: postmasterTable(seen),
    },
    Object.keys(errors).length > 0 ? 422 : 200,
  );
}

async function look(desk: Desk): Promise<void> {
  const { deps, res, account, base, actor } = desk;
  const { id } = await domainAsked(desk);
  if ((await countTries(deps.db, [[LOOKING_AT_ONE, `${id}`]], actor.at)) > 0)
    return res.redirect(303, `${base}/${id}?note=look-again`);
  if ((await countTries(deps.db, [[LOOKING, `account ${account.id}`]], actor.at)) > 0)
    return res.redirect(303, `${base}/${id}?note=look-later`);
  const done = await lookNow(deps.db, actor, { accountId: account.id, id });
  if (!done.ok) throw new NotFound();
  res.redirect(303, `${base}/${id}?note=looking`);
}

async function takeSelectors(desk: Desk): Promise<void> {
  const { deps, req, res, account, base, actor } = desk;
  const { id } = await domainAsked(desk);
  const form = readSelectorForm(req.body);
  if (!form.ok) return show(desk, form.typed, form.errors);
  const done = await setSelectors(deps.db, actor, { accountId: account.id, id, selectors: form.value });
  if (!done.ok) throw new NotFound();
  res.redirect(303, `${base}/${id}?note=looking`);
}
