// The provider's customers: found by name, person, address, domain or IP, and added.
import type { Request, Response } from 'express';
import type { Deps } from '../../deps.ts';
import type { FieldErrors, Typed } from '../../form.ts';
import { type Policy, planOf } from '../../policy/document/policy.ts';
import { idIn } from '../../web/params.ts';
import type { Route } from '../../web/router.ts';
import { PROBLEMS } from '../people/wording.ts';
import { can } from '../permissions.ts';
import { type AccountStatus, accountStatuses } from '../person.ts';
import { addCustomer } from './actions.ts';
import { type Choices, readCustomer } from './form.ts';
import { type CustomerRow, findCustomers, listCustomers, MOST_FOUND } from './store.ts';

export type Option = { readonly value: string; readonly label: string; readonly hint?: string };

declare module '../../web/page.ts' {
  interface Views {
    'customers/list': {
      title: string;
      search: string;
      status: AccountStatus | null;
      rows: readonly (CustomerRow & { readonly planName: string })[];
      /** Whether there are more that the search did not show. */
      isCut: boolean;
      next: string | null;
      isFirst: boolean;
      mayAdd: boolean;
    };
    'customers/new': {
      title: string;
      plans: readonly Option[];
      regions: readonly Option[];
      typed: Typed;
      errors: FieldErrors;
    };
  }
}

const PAGE = 50;

export function customerRoutes(deps: Deps): Route[] {
  const may = 'manage customers';
  return [
    { method: 'get', path: '/customers', may: 'see customers', handle: (req, res) => list(deps, req, res) },
    {
      method: 'get',
      path: '/customers/new',
      may,
      handle: (_req, res) => showNew(deps, res, { typed: { region: 'any' } }),
    },
    { method: 'post', path: '/customers', may, handle: (req, res) => add(deps, req, res) },
  ];
}

async function list({ db, policy }: Deps, req: Request, res: Response): Promise<void> {
  const asked = req.query['q'];
  const search = typeof asked === 'string' ? asked.trim().slice(0, 200) : '';
  const status = accountStatuses.find((one) => one === req.query['status']) ?? null;
  const after = idIn(req.query['after']) ?? null;
  const found =
    search === '' ? await listCustomers(db, { status, after, limit: PAGE + 1 }) : await findCustomers(db, search);
  const rows = found.slice(0, PAGE);
  const more = new URLSearchParams({ ...(status ? { status } : {}), after: String(rows.at(-1)?.id) });
  res.page('customers/list', {
    title: 'Customers',
    search,
    status,
    rows: rows.map((row) => ({ ...row, planName: planOf(policy.document, row.plan)?.name ?? row.plan })),
    isCut: search !== '' && found.length >= MOST_FOUND,
    next: search === '' && found.length > PAGE ? `/customers?${more}` : null,
    isFirst: after === null,
    mayAdd: can(req.person, 'manage customers'),
  });
}

/** The plans and regions of a policy, to be chosen from. */
export const choicesOf = (policy: Policy): Choices => ({
  plans: policy.plans.map(({ key }) => key),
  regions: policy.regions.value,
});

export const optionsOf = (policy: Policy): { readonly plans: Option[]; readonly regions: Option[] } => ({
  plans: policy.plans.map(({ key, name, includedIps, dedicatedIps }) => ({
    value: key,
    label: name,
    hint: dedicatedIps.value ? `${includedIps.value} dedicated IPs included` : 'shared IPs only',
  })),
  regions: [
    { value: 'any', label: 'Any', hint: 'Its mail may leave from anywhere.' },
    ...policy.regions.value.map((value) => ({ value, label: value.toUpperCase() })),
  ],
});

type Filled = { readonly typed: Typed; readonly errors?: FieldErrors };

function showNew({ policy }: Deps, res: Response, { typed, errors = {} }: Filled): void {
  const status = Object.keys(errors).length > 0 ? 422 : 200;
  res.page('customers/new', { title: 'Add a customer', ...optionsOf(policy.document), typed, errors }, status);
}

async function add(deps: Deps, req: Request, res: Response): Promise<void> {
  const form = readCustomer(req.body, choicesOf(deps.policy.document));
  if (!form.ok) return showNew(deps, res, form);
  const actor = { person: req.person, at: deps.now() };
  const added = await addCustomer(deps.db, actor, { ...form.value, secret: deps.sessionSecret });
  if (!added.ok) return showNew(deps, res, { typed: form.typed, errors: { email: PROBLEMS[added.problem] } });
  res.redirect(303, `/customers/${added.value}?note=customer-added`);
}
