// What was sent, over time and by provider: of an account, over an IP.
import type { Request, Response } from 'express';
import { can } from '../accounts/permissions.ts';
import { findAccount } from '../accounts/store.ts';
import { findSubuserOf } from '../accounts/subusers/store.ts';
import { dayOf } from '../day.ts';
import type { Deps } from '../deps.ts';
import { type AskedState, findAsked, type Listing, listListings } from '../ips/listings/store.ts';
import { mapPath } from '../ips/map/subnet.ts';
import { type AccountIp, listIpsOfAccount } from '../ips/store.ts';
import { gatherEngaged } from '../reputation/engagement/gather.ts';
import type { Engaged } from '../reputation/engagement/wording.ts';
import { type AccountReputation, gatherReputation } from '../reputation/gather.ts';
import { NotFound } from '../web/errors.ts';
import { accountIdOf, idOf } from '../web/params.ts';
import type { Route } from '../web/router.ts';
import { sumOf } from './counts.ts';
import { listSndsDays } from './outside/store.ts';
import { SEEN_DAYS, type SeenTable, sndsTable } from './outside/wording.ts';
import { type OutsideView, outsideViewsOfIp } from './outside-views.ts';
import {
  type Bar,
  barsOf,
  firstDay,
  inPolicyOrder,
  judgementWords,
  type Limits,
  limitsOf,
  type ProviderRow,
  providerName,
  providersOf,
  rated,
  rateWords,
  recentOf,
  type Unit,
} from './rates.ts';
import { gatherPast, type Past } from './retention/gather.ts';
import { findSendingIp, listProviderDays, type SendingIp } from './store-reports.ts';
import { findUploadUnderWay, type Upload } from './upload/store.ts';

type Tabs = readonly { readonly href: string; readonly label: string; readonly current: boolean }[];

/** A page's mail and where it is about. */
type Shown = {
  readonly title: string;
  readonly mapPath?: string;
  readonly eyebrow: { readonly href: string; readonly label: string } | null;
  readonly path: string;
  readonly ips: readonly AccountIp[];
  readonly staff: boolean;
  /** What blocklists say of the one IP that the page is about; null: it is about more, or no list is asked. */
  readonly listings: ListingsShown | null;
  /** S-25: of that IP; empty where the page is about more. */
  readonly outside: readonly OutsideView[];
  /** What Microsoft reported of it; null: nothing was imported. */
  readonly seen: SeenTable | null;
};

/** The upload that is stored at the moment; null: none is. */
type Storing = { storing: Upload | null };

type ListingsShown = AskedState & {
  /** Names of the policy's lists, of which not all list IPv6 addresses. */
  readonly lists: readonly string[];
  readonly isIpv6: boolean;
  readonly all: readonly Listing[];
};

declare module '../web/page.ts' {
  interface Views {
    'sending/show': Shown &
      Storing & {
        /** The account's; null: no night has scored it yet; undefined: the page is about one IP. `base`: of its domains' pages. */
        reputation: AccountReputation | null | undefined;
        base: string;
        /** S-24: the account's; null: the page is about one IP. */
        engaged: Engaged | null;
        limits: Limits;
        unit: Unit;
        units: Tabs;
        /** Which provider's mail is drawn; null: all. */
        provider: string | null;
        providerTabs: Tabs;
        bars: readonly Bar[];
        providers: readonly ProviderRow[];
        banner: ReturnType<typeof judgementWords>;
        isEmpty: boolean;
        past: Past;
        rateWords: typeof rateWords;
      };
  }
}

export function sendingPageRoutes(deps: Deps): Route[] {
  return [
    { method: 'get', path: '/sending', may: 'see own account', handle: (req, res) => own(deps, req, res) },
    {
      method: 'get',
      path: '/customers/:id/sending',
      may: 'see customers',
      handle: (req, res) => customer(deps, req, res),
    },
    {
      method: 'get',
      path: '/subusers/:id/sending',
      may: 'see subusers',
      handle: (req, res) => subuser(deps, req, res),
    },
    // Whose it is may see it, and staff.
    { method: 'get', path: '/ips/:id/sending', may: 'signed in', handle: (req, res) => ip(deps, req, res) },
  ];
}

async function own(deps: Deps, req: Request, res: Response): Promise<void> {
  const accountId = accountIdOf(req);
  const ips = await listIpsOfAccount(deps.db, accountId);
  await show(deps, req, res, {
    of: { accountId },
    title: 'Sending',
    eyebrow: null,
    path: '/sending',
    ips,
    staff: false,
    listings: null,
    outside: [],
    seen: null,
  });
}

async function customer(deps: Deps, req: Request, res: Response): Promise<void> {
  const account = await findAccount(deps.db, idOf(req));
  if (!account) throw new NotFound();
  const home = `/customers/${account.id}`;
  const ips = await listIpsOfAccount(deps.db, account.id);
  await show(deps, req, res, {
    of: { accountId: account.id },
    title: `Sending of ${account.name}`,
    eyebrow: { href: home, label: account.name },
    path: `${home}/sending`,
    ips,
    staff: true,
    listings: null,
    outside: [],
    seen: null,
  });
}

async function subuser(deps: Deps, req: Request, res: Response): Promise<void> {
  const found = await findSubuserOf(deps.db, accountIdOf(req), idOf(req));
  if (!found) throw new NotFound();
  const home = `/subusers/${found.id}`;
  await show(deps, req, res, {
    of: { accountId: found.id, isSubuser: true },
    title: `Sending of ${found.name}`,
    eyebrow: { href: home, label: found.name },
    path: `${home}/sending`,
    ips: [],
    staff: false,
    listings: null,
    outside: [],
    seen: null,
  });
}

async function ip(deps: Deps, req: Request, res: Response): Promise<void> {
  const found = await findSendingIp(deps.db, idOf(req));
  const staff = can(req.person, 'see inventory');
  const accountId = req.person?.accountId ?? null;
  if (!found || (!staff && (accountId === null || found.accountId !== accountId))) throw new NotFound();
  // What went over it before it was theirs is nothing for its holder's eyes.
  const of = staff || accountId === null ? { ipId: found.id } : { ipId: found.id, accountId };
  await show(deps, req, res, {
    of,
    title: `Sending over ${found.address}`,
    eyebrow: staff
      ? { href: '/inventory', label: found.account === null ? 'Inventory' : `Inventory · ${found.account}` }
      : { href: '/ips', label: 'Dedicated IPs' },
    path: `/ips/${found.id}/sending`,
    ...(staff ? { mapPath: mapPath(found.address) } : {}),
    ips: [],
    staff,
    listings: await listingsOf(deps, found, staff),
    outside: outsideViewsOfIp(found.address),
    seen: sndsTable(await listSndsDays(deps.db, of, SEEN_DAYS)),
  });
}

/** Its holder sees the lists that it is on now, staff those that it was on as well. */
async function listingsOf(
  { db, policy }: Deps,
  { id, address }: Pick<SendingIp, 'id' | 'address'>,
  staff: boolean,
): Promise<ListingsShown | null> {
  const lists = policy.document.blocklists.value.map(({ name }) => name);
  const asked = await findAsked(db, id);
  const all = await listListings(db, [id], staff ? 'all' : 'open');
  if (asked === undefined || (lists.length === 0 && all.length === 0)) return null;
  return { ...asked, lists, isIpv6: address.includes(':'), all };
}

/** `isSubuser`: as its parent's people see it, without the pages of its domains. */
type Whose = { readonly accountId?: number; readonly ipId?: number; readonly isSubuser?: true };

async function show(
  { db, policy, config, now }: Deps,
  req: Request,
  res: Response,
  { of, ...shown }: Shown & { readonly of: Whose },
): Promise<void> {
  const { document } = policy;
  const { accountId } = of.ipId === undefined && !of.isSubuser ? of : {};
  const limits = limitsOf(document);
  const today = dayOf(now());
  const unit: Unit = req.query['by'] === 'day' ? 'day' : 'week';
  const rows = await listProviderDays(db, of, Math.min(firstDay(today, 'week'), firstDay(today, 'day')));
  const providers = providersOf(rows, today, document, limits);
  const keys = [...new Set(rows.map((row) => row.provider))];
  const provider = keys.find((key) => key === req.query['provider']) ?? null;
  const drawn = provider === null ? rows : rows.filter((row) => row.provider === provider);
  const href = (by: Unit, one: string | null) => {
    const query = [by === 'day' ? 'by=day' : '', one === null ? '' : `provider=${one}`].filter(Boolean).join('&');
    return query === '' ? shown.path : `${shown.path}?${query}`;
  };
  res.page('sending/show', {
    ...shown,
    reputation: accountId === undefined ? undefined : await gatherReputation(db, accountId, document, now()),
    engaged: accountId === undefined ? null : await gatherEngaged(db, accountId, document, now()),
    base: shown.staff ? `/customers/${accountId}/domains` : '/domains',
    storing: (await findUploadUnderWay(db)) ?? null,
    limits,
    unit,
    units: (['week', 'day'] as const).map((one) => ({
      href: href(one, provider),
      label: one === 'week' ? 'By week' : 'By day',
      current: one === unit,
    })),
    provider: provider === null ? null : providerName(document, provider),
    providerTabs: [null, ...inPolicyOrder(document, keys)].map((one) => ({
      href: href(unit, one),
      label: one === null ? 'All providers' : providerName(document, one),
      current: one === provider,
    })),
    bars: barsOf(drawn, today, unit, limits),
    providers,
    banner: judgementWords(rated(sumOf(recentOf(rows, today)), limits), limits),
    isEmpty: rows.every(({ sent }) => sent === 0),
    past: await gatherPast(db, accountId, config.keep),
    rateWords,
  });
}
