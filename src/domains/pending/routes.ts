// Adding a domain, and the page of one that waits for its proof.

import { countTries } from '../../accounts/actions.ts';
import { can } from '../../accounts/permissions.ts';
import type { Account } from '../../accounts/store.ts';
import type { Limit } from '../../accounts/store-throttle.ts';
import type { Deps } from '../../deps.ts';
import type { FieldErrors, Typed } from '../../form.ts';
import { NotFound } from '../../web/errors.ts';
import { idIn } from '../../web/params.ts';
import type { Route } from '../../web/router.ts';
import { USAGE_WORDS } from '../domain.ts';
import { writtenName } from '../name.ts';
import { at, type Desk, PLACES, type Place } from '../routes-place.ts';
import { findDomainNamed } from '../store.ts';
import { askForLook, dropDomain, type PendingProblem, wantDomain } from './actions.ts';
import { readWantedDomain } from './form.ts';
import { type PendingDomain, proofRecord } from './pending.ts';
import { findPendingOf } from './store.ts';
import { proofWords, troubleWords } from './wording.ts';

type Usage = { readonly value: string; readonly label: string; readonly hint: string };

declare module '../../web/page.ts' {
  interface Views {
    'domains/new': {
      title: string;
      account: Account;
      base: string;
      isStaff: boolean;
      usages: readonly Usage[];
      typed: Typed;
      errors: FieldErrors;
    };
    'domains/pending': {
      title: string;
      account: Account;
      base: string;
      isStaff: boolean;
      mayChange: boolean;
      pending: PendingDomain;
      written: string | null;
      usage: string;
      record: ReturnType<typeof proofRecord>;
      words: ReturnType<typeof proofWords>;
      trouble: string | null;
      /** Staff only: who has the domain now. */
      holder: { readonly accountId: number; readonly domainId: number } | null;
    };
  }
}

const MINUTE = 60_000;
/** Own choices: what one account may set off. */
const ADDING: Limit = { name: 'domains:account', most: 100, windowMs: 24 * 60 * MINUTE };
export const LOOKING: Limit = { name: 'looks:account', most: 60, windowMs: 10 * MINUTE };
const LOOKING_AT_ONE: Limit = { name: 'looks:pending', most: 1, windowMs: MINUTE };

const USAGES: readonly Usage[] = [
  { value: 'both', label: USAGE_WORDS.both, hint: 'Newsletters and receipts alike.' },
  { value: 'marketing', label: USAGE_WORDS.marketing, hint: 'Campaigns and newsletters.' },
  {
    value: 'transactional',
    label: USAGE_WORDS.transactional,
    hint: 'Only what somebody’s own action sets off, such as receipts. Such a domain may ask for the transactional pool.',
  },
];

const PROBLEMS: Readonly<Record<Exclude<PendingProblem, 'not-found'>, string>> = {
  own: 'This domain is in your list already.',
  stopped: 'This account is suspended or closed, so no domain can be added to it.',
  many: 'So many domains wait for their proof that no other can be added. Prove or remove some of them first.',
};

export const pendingRoutes = (deps: Deps): Route[] => PLACES.flatMap((place) => routesOf(deps, place));

function routesOf(deps: Deps, place: Place): Route[] {
  const { path, see, change } = place;
  const one = `${path}/pending/:pending`;
  const get = (to: string, may: Place['see'], handle: (desk: Desk) => Promise<void>): Route => ({
    ...{ method: 'get', path: to, may, handle: at(deps, place, handle) },
  });
  const post = (to: string, handle: (desk: Desk) => Promise<void>): Route => ({
    ...{ method: 'post', path: to, may: change, handle: at(deps, place, handle) },
  });
  return [
    get(`${path}/new`, change, async (desk) => showNew(desk, {}, {}, 200)),
    post(path, takeWanted),
    get(one, see, showPending),
    post(`${one}/look`, lookAtOne),
    post(`${one}/removal`, (desk) => settle(desk, dropDomain, () => '?note=domain-dropped')),
  ];
}

function showNew({ res, account, base, place }: Desk, typed: Typed, errors: FieldErrors, status: number): void {
  const { isStaff } = place;
  res.page('domains/new', { title: 'Add a domain', account, base, isStaff, usages: USAGES, typed, errors }, status);
}

async function takeWanted(desk: Desk): Promise<void> {
  const { deps, req, res, account, base, actor } = desk;
  const form = readWantedDomain(req.body);
  if (!form.ok) return showNew(desk, form.typed, form.errors, 422);
  const again = (name: string, status: number): void => showNew(desk, form.typed, { name }, status);
  if ((await countTries(deps.db, [[ADDING, `account ${account.id}`]], actor.at)) > 0)
    return again('So many domains were added today that we stop here. Go on tomorrow.', 429);
  const done = await wantDomain(deps.db, actor, { ...form.value, accountId: account.id });
  if (done.ok) return res.redirect(303, `${base}/pending/${done.value}`);
  if (done.problem === 'not-found') throw new NotFound();
  again(PROBLEMS[done.problem], done.problem === 'own' ? 422 : 409);
}

async function pendingAsked({ deps, req, account }: Desk): Promise<PendingDomain> {
  const id = idIn(req.params['pending']);
  const pending = id === undefined ? undefined : await findPendingOf(deps.db, account.id, id);
  if (!pending) throw new NotFound();
  return pending;
}

async function showPending(desk: Desk): Promise<void> {
  const { deps, res, account, base, place, actor } = desk;
  const pending = await pendingAsked(desk);
  const holder = place.isStaff ? await findDomainNamed(deps.db, pending.name) : undefined;
  res.page('domains/pending', {
    title: pending.name,
    account,
    base,
    isStaff: place.isStaff,
    mayChange: can(actor.person, place.change),
    pending,
    written: writtenName(pending.name),
    usage: USAGE_WORDS[pending.usage],
    record: proofRecord(pending),
    words: proofWords(pending),
    trouble: troubleWords(pending.trouble),
    holder: holder && holder.accountId !== account.id ? { accountId: holder.accountId, domainId: holder.id } : null,
  });
}

async function lookAtOne(desk: Desk): Promise<void> {
  const { deps, res, base, actor } = desk;
  const { id } = await pendingAsked(desk);
  if ((await countTries(deps.db, [[LOOKING_AT_ONE, `${id}`]], actor.at)) > 0)
    return res.redirect(303, `${base}/pending/${id}?note=look-again`);
  await settle(desk, askForLook, () => `pending/${id}?note=looking`);
}

/** Does something to the domain of the address. One that was proven or given up meanwhile is looked for in the list. */
async function settle(
  desk: Desk,
  action: typeof askForLook | typeof dropDomain,
  next: (pending: PendingDomain) => string,
): Promise<void> {
  const { deps, res, account, base, actor } = desk;
  const pending = await pendingAsked(desk);
  if ((await countTries(deps.db, [[LOOKING, `account ${account.id}`]], actor.at)) > 0)
    return res.redirect(303, `${base}/pending/${pending.id}?note=look-later`);
  const done = await action(deps.db, actor, { accountId: account.id, id: pending.id });
  const to = done.ok ? next(pending) : '?note=moved-on';
  res.redirect(303, to.startsWith('?') ? `${base}${to}` : `${base}/${to}`);
}
