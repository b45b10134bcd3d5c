// S-19: the page on which a domain is linked to an IP, with both records, who sets which, and what DNS says.
import { countTries } from '../../accounts/actions.ts';
import type { Account } from '../../accounts/store.ts';
import type { Limit } from '../../accounts/store-throttle.ts';
import type { Deps } from '../../deps.ts';
import { troubleWords } from '../../domains/pending/wording.ts';
import { listDomainsOf } from '../../domains/store.ts';
import type { FieldErrors, Typed } from '../../form.ts';
import { NotFound } from '../../web/errors.ts';
import type { Route } from '../../web/router.ts';
import type { Allocation } from '../allocation.ts';
import { type IpDesk, postsAtIp, routesAtIp, type ShownAgain } from '../routes-place.ts';
import { type LinkProblem, linkName, lookAtNameNow, unlinkName } from './actions.ts';
import { readHostName } from './form.ts';
import { UNKNOWN } from './names.ts';
import { findNamedIp, type Link } from './store.ts';
import { linkBanner, type NameRecord, nameRecords } from './wording.ts';

declare module '../../web/page.ts' {
  interface Views {
    'ips/name': {
      title: string;
      account: Account;
      allocation: Allocation;
      base: string;
      back: string;
      isStaff: boolean;
      link: Link | null;
      records: readonly NameRecord[];
      banner: ReturnType<typeof linkBanner> | null;
      /** When DNS last answered (UTC milliseconds), and what kept it from answering since. */
      seenAt: number | null;
      trouble: string | null;
      /** The account's domains, at or below which a host name may be. */
      domains: readonly string[];
      isClosed: boolean;
      problem: string | null;
      typed: Typed;
      errors: FieldErrors;
    };
  }
}

/** Own choice, as for domains: DNS does not change faster. */
const LOOKING_AT_ONE: Limit = { name: 'looks:ip', most: 1, windowMs: 60_000 };

export const nameRoutes = (deps: Deps): Route[] => [
  ...routesAtIp(deps, 'name', whereRuled(show), whereRuled(link)),
  ...postsAtIp(deps, 'name/look', whereRuled(look)),
  ...postsAtIp(deps, 'name/ending', whereRuled(unlink)),
];

/** A policy without S-19 has no such page. */
const whereRuled =
  (handle: (desk: IpDesk) => Promise<void>) =>
  async (desk: IpDesk): Promise<void> => {
    if (desk.deps.policy.document.reverseDns.value === null) return desk.res.redirect(303, desk.back);
    await handle(desk);
  };

const PROBLEMS: Readonly<Record<Exclude<LinkProblem, 'not-found' | 'foreign'>, string>> = {
  'not-open': 'The IP has been given back, so no name can be linked to it.',
  'not-yours': 'You cannot decide this.',
  'own-account': 'The IP belongs to your own account; another member of staff has to decide.',
};

async function show(desk: IpDesk, shown: ShownAgain = {}): Promise<void> {
  const { deps, res, account, allocation, base, back, isStaff } = desk;
  const { typed = {}, errors = {}, problem = null, status = 200 } = shown;
  const { address } = allocation;
  const found = await findNamedIp(deps.db, allocation.ipId);
  const own = found?.link?.allocationId === allocation.id ? found.link : null;
  const seen = found?.seen ?? UNKNOWN;
  const about = { name: own?.name ?? '', address };
  const page = {
    title: `Link a domain to ${address}`,
    ...{ account, allocation, base, back, isStaff, link: own, typed, errors, problem },
    records: own === null ? [] : nameRecords(about, seen),
    banner: own === null ? null : linkBanner(own.status, about, seen),
    seenAt: found?.seen?.seenAt ?? null,
    trouble: troubleWords(seen.trouble),
    domains: (await listDomainsOf(deps.db, account.id)).map(({ name }) => name),
    isClosed: allocation.status === 'releasing',
  };
  res.page('ips/name', page, status);
}

async function link(desk: IpDesk): Promise<void> {
  const { deps, req, res, account, allocation, actor, base } = desk;
  const read = readHostName(req.body);
  if (!read.ok) return show(desk, { ...read, status: 422 });
  const which = { accountId: account.id, allocationId: allocation.id };
  const done = await linkName(deps.db, actor, { ...which, name: read.value });
  if (done.ok) return res.redirect(303, `${base}/name?note=name-asked`);
  if (done.problem !== 'foreign') return refuse(desk, done.problem);
  const errors = {
    name: `${read.value} is not at or below a domain of ${account.name}. Add and prove its domain first.`,
  };
  await show(desk, { typed: read.typed, errors, status: 422 });
}

async function look(desk: IpDesk): Promise<void> {
  const { deps, res, account, allocation, actor, base } = desk;
  if ((await countTries(deps.db, [[LOOKING_AT_ONE, `${allocation.ipId}`]], actor.at)) > 0)
    return res.redirect(303, `${base}/name?note=name-again`);
  const done = await lookAtNameNow(deps.db, actor, { accountId: account.id, allocationId: allocation.id });
  if (!done.ok) return refuse(desk, done.problem);
  res.redirect(303, `${base}/name?note=name-asked`);
}

async function unlink(desk: IpDesk): Promise<void> {
  const { deps, res, account, allocation, actor, base } = desk;
  const done = await unlinkName(deps.db, actor, { accountId: account.id, allocationId: allocation.id });
  if (!done.ok) return refuse(desk, done.problem);
  res.redirect(303, `${base}/name?note=name-ended`);
}

async function refuse(desk: IpDesk, problem: LinkProblem): Promise<void> {
  if (problem === 'not-found' || problem === 'foreign') throw new NotFound();
  await show(desk, { problem: PROBLEMS[problem], status: 409 });
}
