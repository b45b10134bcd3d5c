// The page on which a domain is removed; what follows is told first.
import type { Account } from '../../accounts/store.ts';
import type { Deps } from '../../deps.ts';
import type { Domain } from '../../domains/domain.ts';
import { at, type Desk, domainAsked, PLACES } from '../../domains/routes-place.ts';
import { type FieldErrors, readForm, type Typed } from '../../form.ts';
import { NotFound } from '../../web/errors.ts';
import type { Route } from '../../web/router.ts';
import { findTies, isBarred, takeOut } from './actions.ts';
import { removalWords, stoppedWords, tiesWords } from './wording.ts';

declare module '../../web/page.ts' {
  interface Views {
    'domains/removal': {
      title: string;
      account: Account;
      domain: Domain;
      base: string;
      isStaff: boolean;
      effects: readonly string[];
      /** What has to be done before; null: nothing. */
      before: string | null;
      typed: Typed;
      errors: FieldErrors;
    };
  }
}

export const domainRemovalRoutes = (deps: Deps): Route[] =>
  PLACES.flatMap((place): Route[] => [
    { method: 'get', path: `${place.one}/removal`, may: place.remove, handle: at(deps, place, (desk) => show(desk)) },
    { method: 'post', path: `${place.one}/removal`, may: place.remove, handle: at(deps, place, remove) },
  ]);

async function show(desk: Desk, typed: Typed = {}, errors: FieldErrors = {}, status = 200): Promise<void> {
  const { deps, res, account, base, place, actor } = desk;
  const domain = await domainAsked(desk);
  const page = {
    title: `Remove ${domain.name}`,
    account,
    domain,
    base,
    isStaff: place.isStaff,
    effects: removalWords(domain),
    before: isBarred(domain, actor.person) ? stoppedWords(domain) : tiesWords(await findTies(deps.db, domain)),
    typed,
    errors,
  };
  res.page('domains/removal', page, status);
}

async function remove(desk: Desk): Promise<void> {
  const { deps, req, res, account, base, place, actor } = desk;
  const domain = await domainAsked(desk);
  const form = readForm(req.body);
  const reason = form.text('reason', { label: 'Reason', max: 2000, required: place.isStaff });
  const read = form.result(() => reason);
  if (!read.ok) return show(desk, read.typed, read.errors, 422);
  const done = await takeOut(deps.db, actor, { accountId: account.id, id: domain.id, reason });
  if (done.ok) return res.redirect(303, `${base}?note=domain-removed`);
  if (done.problem === 'not-found') throw new NotFound();
  await show(desk, read.typed, {}, 409);
}
