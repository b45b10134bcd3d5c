// The addresses of shared pools, each pool's in a field of its own.
import type { Request, Response } from 'express';
import type { Deps } from '../deps.ts';
import { type FieldErrors, readForm, type Typed, typedOf } from '../form.ts';
import { readAddresses } from '../ips/address-list.ts';
import { setPoolAddresses } from '../ips/pools/actions.ts';
import { listPoolAddresses, listTakenByPools } from '../ips/pools/store.ts';
import { listKnownAddresses } from '../ips/store.ts';
import type { Pool } from '../policy/document/policy.ts';
import { tierOf } from '../policy/document/pools.ts';
import { NotFound } from '../web/errors.ts';
import type { Route } from '../web/router.ts';

declare module '../web/page.ts' {
  interface Views {
    'setup/pools': {
      title: string;
      pools: readonly (Pick<Pool, 'key' | 'kind' | 'region'> & { readonly tier: number; readonly value: string })[];
      typed: Typed;
      errors: FieldErrors;
    };
  }
}

export function poolRoutes(deps: Deps): Route[] {
  const route = { path: '/settings/pools', may: 'manage inventory' } as const;
  return [
    { ...route, method: 'get', handle: (_req, res) => show(deps, res) },
    { ...route, path: '/settings/pools/:pool', method: 'post', handle: (req, res) => take(deps, req, res) },
  ];
}

async function show(deps: Deps, res: Response, typed: Typed = {}, errors: FieldErrors = {}): Promise<void> {
  const stored = await listPoolAddresses(deps.db);
  const pools = deps.policy.document.pools.map((pool) => ({
    ...{ key: pool.key, kind: pool.kind, region: pool.region, tier: tierOf(pool) },
    value: String(typed[pool.key] ?? stored.get(pool.key)?.join('\n') ?? ''),
  }));
  const status = Object.keys(errors).length > 0 ? 422 : 200;
  res.page('setup/pools', { title: 'Addresses of shared pools', pools, typed, errors }, status);
}

const MOST = 1000;

async function take(deps: Deps, req: Request, res: Response): Promise<void> {
  const pool = deps.policy.document.pools.find(({ key }) => key === req.params['pool']);
  if (!pool || req.person === null) throw new NotFound();
  const { key } = pool;
  const form = readForm(req.body);
  const text = form.text(key, { label: 'Addresses', max: 60_000, required: false });
  const { addresses, bad } = readAddresses(text);
  if (addresses.length > MOST) form.fail(key, `There are ${addresses.length} addresses; ${MOST} fit.`);
  for (const { line, text: written, problem } of bad) form.fail(key, `Line ${line}: ${written} ${problem}`);
  const read = form.result(() => addresses);
  const typed = typedOf(req.body);
  if (!read.ok) return show(deps, res, typed, read.errors);
  const done = await setPoolAddresses(deps.db, { person: req.person, at: deps.now() }, key, addresses);
  if (!done.ok) return show(deps, res, typed, { [key]: await whereElse(deps, key, addresses) });
  await deps.reload();
  res.redirect(303, '/settings/pools?note=settings-saved');
}

async function whereElse({ db }: Deps, key: string, addresses: readonly string[]): Promise<string> {
  const [stock] = await listKnownAddresses(db, addresses);
  if (stock !== undefined) return `${stock} is in the inventory of dedicated IPs. An address is in one place only.`;
  const [taken] = await listTakenByPools(db, addresses, key);
  return taken ? `${taken[0]} is in the pool ${taken[1]}.` : 'One of the addresses was taken meanwhile. Look again.';
}
