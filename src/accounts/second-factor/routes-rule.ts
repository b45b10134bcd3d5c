// Of whom a second step is asked, as an administrator sets it.
import type { Request, Response } from 'express';
import type { Deps } from '../../deps.ts';
import { type FieldErrors, readForm } from '../../form.ts';
import { NotFound } from '../../web/errors.ts';
import type { Route } from '../../web/router.ts';
import { onceShown } from '../session/routes-again.ts';
import { setSecondFactorRule } from './actions.ts';
import { type SecondFactorRule, secondFactorRules } from './need.ts';
import { countStaffWithout, findSecondFactorRule } from './store.ts';

declare module '../../web/page.ts' {
  interface Views {
    'second-factor/rule': {
      title: string;
      rule: SecondFactorRule;
      errors: FieldErrors;
      /** How many of the staff have no second step yet. */
      without: number;
    };
  }
}

const PATH = '/settings/sign-in';

export function secondFactorRuleRoutes(deps: Deps): Route[] {
  const may = 'set up';
  return [
    { method: 'get', path: PATH, may, handle: (_req, res) => show(deps, res) },
    { method: 'post', path: PATH, may, handle: onceShown(deps, (req, res) => take(deps, req, res)) },
  ];
}

async function show({ db }: Deps, res: Response, errors: FieldErrors = {}): Promise<void> {
  const page = {
    title: 'Signing in',
    rule: await findSecondFactorRule(db),
    without: await countStaffWithout(db),
    errors,
  };
  res.page('second-factor/rule', page, Object.keys(errors).length > 0 ? 422 : 200);
}

async function take(deps: Deps, req: Request, res: Response): Promise<void> {
  if (req.person === null) throw new NotFound();
  const form = readForm(req.body);
  const rule = form.choice('rule', { label: 'of whom a second step is asked', among: secondFactorRules });
  const read = form.result(() => rule as SecondFactorRule);
  if (!read.ok) return show(deps, res, read.errors);
  await setSecondFactorRule(deps.db, { person: req.person, at: deps.now() }, read.value);
  res.redirect(303, `${PATH}?note=settings-saved`);
}
