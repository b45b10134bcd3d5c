// The pages on which a pool is made, changed, and deleted; what becomes of its mail is told first.
import type { Deps } from '../deps.ts';
import type { FieldErrors, Typed } from '../form.ts';
import { ALLOCATION_WORDS } from '../ips/allocation.ts';
import type { OwnPool } from '../ips/own-pools/pool.ts';
import { NotFound } from '../web/errors.ts';
import type { Route } from '../web/router.ts';
import { changePool, createPool, removePool } from './actions.ts';
import { DIRECT, readDeletion, readPool } from './form.ts';
import { atPools, MAY, type PoolDesk, poolAsked, type ShownAgain } from './routes-place.ts';
import { afterDeletion, barToPool, deletionBasis, heirsOf, type PoolProblem } from './rules.ts';
import { afterInWords, MEMBER_BARS, POOL_PROBLEMS } from './wording.ts';

declare module '../web/page.ts' {
  interface Views {
    'own-pools/form': {
      title: string;
      /** The pool that is changed; null: a new one is made. */
      pool: OwnPool | null;
      /** The IPs that can be chosen, each with what is said of it; those that cannot, with why. */
      ips: readonly { readonly name: string; readonly label: string; readonly hint: string }[];
      barred: readonly { readonly address: string; readonly why: string }[];
      problem: string | null;
      typed: Typed;
      errors: FieldErrors;
    };
    'own-pools/removal': {
      title: string;
      pool: OwnPool;
      /** Where its mail can go, each with what becomes of each domain, a sentence each. */
      ways: readonly { readonly value: string; readonly label: string; readonly effects: readonly string[] }[];
      seen: string;
      problem: string | null;
      typed: Typed;
      errors: FieldErrors;
    };
  }
}

export const poolFormRoutes = (deps: Deps): Route[] => [
  { method: 'get', path: '/ips/pools/new', may: MAY, handle: atPools(deps, (desk) => show(desk, null)) },
  { method: 'post', path: '/ips/pools', may: MAY, handle: atPools(deps, make) },
  { method: 'get', path: '/ips/pools/:id', may: MAY, handle: atPools(deps, (desk) => show(desk, poolAsked(desk))) },
  { method: 'post', path: '/ips/pools/:id', may: MAY, handle: atPools(deps, change) },
  { method: 'get', path: '/ips/pools/:id/removal', may: MAY, handle: atPools(deps, (desk) => ask(desk)) },
  { method: 'post', path: '/ips/pools/:id/removal', may: MAY, handle: atPools(deps, remove) },
];

const fieldOf = (allocationId: number): string => `weight-${allocationId}`;

/** The form of a pool: one field for each IP that is in it or can be. */
async function show({ res, known }: PoolDesk, pool: OwnPool | null, again: ShownAgain = {}): Promise<void> {
  const { typed, errors = {}, problem, status = 200 } = again;
  const weightOf = new Map((pool?.members ?? []).map(({ allocationId, weight }) => [allocationId, weight]));
  const looked = known.live.map((ip) => ({ ip, bar: weightOf.has(ip.id) ? null : barToPool(ip.id, known) }));
  const ips = looked.flatMap(({ ip, bar }) => {
    if (bar !== null) return [];
    const host = known.names.get(ip.ipId);
    const state = `${ip.region.toUpperCase()}, ${ALLOCATION_WORDS[ip.status].label.toLowerCase()}`;
    return [{ name: fieldOf(ip.id), label: `Weight of ${ip.address}`, hint: host ? `${state}, ${host.name}` : state }];
  });
  const barred = looked.flatMap(({ ip, bar }) =>
    bar === null ? [] : [{ address: ip.address, why: MEMBER_BARS[bar] }],
  );
  const stored = Object.fromEntries([...weightOf].map(([id, weight]) => [fieldOf(id), String(weight)]));
  const page = {
    ...{ title: pool === null ? 'Make an IP pool' : `IP pool ${pool.name}`, pool, ips, barred, errors },
    typed: typed ?? { name: pool?.name ?? '', ...stored },
    problem: problem ?? null,
  };
  res.page('own-pools/form', page, status);
}

/** Shows the form again with what keeps it from being done. */
async function showProblem(desk: PoolDesk, pool: OwnPool | null, typed: Typed, problem: PoolProblem): Promise<void> {
  if (problem === 'not-found') throw new NotFound();
  const words = POOL_PROBLEMS[problem];
  if (problem === 'taken') return show(desk, pool, { typed, errors: { name: words }, status: 422 });
  const [first] = desk.known.live;
  if (problem === 'empty' && first) return show(desk, pool, { typed, problem: words, status: 422 });
  await show(desk, pool, { typed, problem: words, status: 409 });
}

async function make(desk: PoolDesk): Promise<void> {
  const { deps, req, res, account, known, ruled } = desk;
  const form = readPool(req.body, known.live);
  if (!form.ok) return show(desk, null, { ...form, status: 422 });
  const done = await createPool(deps.db, ruled, account.id, form.value);
  if (done.ok) return res.redirect(303, '/ips/pools?note=pool-made');
  await showProblem(desk, null, form.typed, done.problem);
}

async function change(desk: PoolDesk): Promise<void> {
  const { deps, req, res, account, known, ruled } = desk;
  const pool = poolAsked(desk);
  const form = readPool(req.body, known.live);
  if (!form.ok) return show(desk, pool, { ...form, status: 422 });
  const done = await changePool(deps.db, ruled, account.id, { ...form.value, id: pool.id });
  if (done.ok) return res.redirect(303, '/ips/pools?note=pool-changed');
  await showProblem(desk, pool, form.typed, done.problem);
}

async function ask(desk: PoolDesk, again: ShownAgain = {}): Promise<void> {
  const { res, known } = desk;
  const { typed = {}, errors = {}, problem, status = 200 } = again;
  const pool = poolAsked(desk);
  const heirs = heirsOf(pool, known.pools);
  const told = (heir: number | null) => afterInWords(afterDeletion(pool, heir, known.choices), pool, known.pools);
  const direct = {
    value: DIRECT,
    label: 'Over the other pool of a domain, or the same IPs directly',
    effects: told(null),
  };
  const page = {
    ...{ title: `Delete the IP pool ${pool.name}`, pool, errors },
    ways: [
      direct,
      ...heirs.map(({ id, name }) => ({ value: String(id), label: `Over the pool ${name}`, effects: told(id) })),
    ],
    seen: deletionBasis(pool),
    typed: { heir: DIRECT, ...typed },
    problem: problem ?? null,
  };
  res.page('own-pools/removal', page, status);
}

async function remove(desk: PoolDesk): Promise<void> {
  const { deps, req, res, account, known, ruled } = desk;
  const pool = poolAsked(desk);
  const form = readDeletion(req.body, heirsOf(pool, known.pools));
  if (!form.ok) return ask(desk, { ...form, status: 422 });
  const done = await removePool(deps.db, ruled, account.id, { ...form.value, id: pool.id });
  if (done.ok) return res.redirect(303, '/ips/pools?note=pool-deleted');
  if (done.problem === 'not-found') throw new NotFound();
  await ask(desk, { typed: form.typed, problem: POOL_PROBLEMS[done.problem], status: 409 });
}
