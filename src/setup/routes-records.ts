// What customers publish in DNS, as an administrator sets it.
import type { Request, Response } from 'express';
import type { Deps } from '../deps.ts';
import type { FieldErrors, Typed } from '../form.ts';
import { NotFound } from '../web/errors.ts';
import type { Route } from '../web/router.ts';
import { setRecords } from './actions.ts';
import { readRecords } from './form-records.ts';

declare module '../web/page.ts' {
  interface Views {
    'setup/records': { title: string; typed: Typed; errors: FieldErrors };
  }
}

export function recordRoutes(deps: Deps): Route[] {
  const may = 'set up';
  return [
    { method: 'get', path: '/settings/records', may, handle: (_req, res) => show(deps, res) },
    { method: 'post', path: '/settings/records', may, handle: (req, res) => take(deps, req, res) },
  ];
}

function show({ provider }: Deps, res: Response, typed?: Typed, errors: FieldErrors = {}): void {
  const { spfInclude, selectors, dkimTarget, returnPath } = provider.records;
  const stored = {
    spfInclude: spfInclude ?? '',
    selectors: selectors.join(' '),
    dkimTarget: dkimTarget ?? '',
    returnLabel: returnPath?.label ?? '',
    returnTarget: returnPath?.target ?? '',
  };
  const status = Object.keys(errors).length > 0 ? 422 : 200;
  res.page('setup/records', { title: 'DNS records of customers', typed: typed ?? stored, errors }, status);
}

async function take(deps: Deps, req: Request, res: Response): Promise<void> {
  if (req.person === null) throw new NotFound();
  const form = readRecords(req.body);
  if (!form.ok) return show(deps, res, form.typed, form.errors);
  await setRecords(deps.db, { person: req.person, at: deps.now() }, form.value);
  await deps.reload();
  res.redirect(303, '/settings/records?note=settings-saved');
}
