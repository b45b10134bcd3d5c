// The page on which a domain is used for other mail; what follows from each use is told first.
import type { Account } from '../../accounts/store.ts';
import type { Deps } from '../../deps.ts';
import { type Domain, USAGE_WORDS } from '../../domains/domain.ts';
import { USAGES } from '../../domains/pending/form.ts';
import { at, type Desk, domainAsked, PLACES } from '../../domains/routes-place.ts';
import { type FieldErrors, readForm } from '../../form.ts';
import { NotFound } from '../../web/errors.ts';
import type { Route } from '../../web/router.ts';
import { useFor } from './actions.ts';
import { listOpenWithDomain } from './store.ts';
import { USE_PROBLEMS, useBar, useWords } from './wording.ts';

declare module '../../web/page.ts' {
  interface Views {
    'domains/use': {
      title: string;
      account: Account;
      domain: Domain;
      base: string;
      isStaff: boolean;
      uses: readonly { readonly value: string; readonly label: string; readonly hint: string }[];
      /** Why it cannot be changed yet; null: it can. */
      bar: string | null;
      errors: FieldErrors;
    };
  }
}

export const domainUseRoutes = (deps: Deps): Route[] =>
  PLACES.flatMap((place): Route[] => [
    { method: 'get', path: `${place.one}/use`, may: place.change, handle: at(deps, place, (desk) => show(desk)) },
    { method: 'post', path: `${place.one}/use`, may: place.change, handle: at(deps, place, change) },
  ]);

async function show(desk: Desk, errors: FieldErrors = {}, status = 200): Promise<void> {
  const { deps, res, account, base, place } = desk;
  const domain = await domainAsked(desk);
  const open = await listOpenWithDomain(deps.db, domain.id);
  const uses = USAGES.map((value) => ({ value, label: USAGE_WORDS[value], hint: useWords(domain, value, open) }));
  const title = `Use of ${domain.name}`;
  res.page(
    'domains/use',
    { title, account, domain, base, isStaff: place.isStaff, uses, bar: useBar(domain), errors },
    status,
  );
}

async function change(desk: Desk): Promise<void> {
  const { deps, req, res, account, base, actor } = desk;
  const domain = await domainAsked(desk);
  const form = readForm(req.body);
  const to = form.choice('usage', { label: 'what it is used for', among: USAGES });
  const from = form.choice('from', { label: 'what it was used for', among: USAGES });
  const read = form.result(() => null);
  if (!read.ok || to === null || from === null) return show(desk, read.ok ? {} : read.errors, 422);
  const done = await useFor(deps.db, actor, { accountId: account.id, id: domain.id, from, to });
  if (done.ok) return res.redirect(303, `${base}/${domain.id}?note=domain-used`);
  if (done.problem === 'not-found') throw new NotFound();
  await show(desk, { usage: USE_PROBLEMS[done.problem] }, done.problem === 'same' ? 422 : 409);
}
