// The page on which a domain is pointed to its account's own pools, with all of its mail or each kind apart (S-05, S-07).
import type { Deps } from '../deps.ts';
import type { Domain } from '../domains/domain.ts';
import type { FieldErrors, Typed } from '../form.ts';
import { NotFound } from '../web/errors.ts';
import { idOf } from '../web/params.ts';
import type { Route } from '../web/router.ts';
import { counted } from '../wording.ts';
import { choosePools } from './actions.ts';
import { DIRECT, readChoice, SAME } from './form.ts';
import { atPools, MAY, type PoolDesk, type ShownAgain } from './routes-place.ts';
import { choiceBasis } from './rules.ts';
import { POOL_PROBLEMS } from './wording.ts';

type Option = { readonly value: string; readonly label: string; readonly hint: string };

declare module '../web/page.ts' {
  interface Views {
    'own-pools/domain': {
      title: string;
      domain: Domain;
      /** Whether it points to pools now. */
      isPooled: boolean;
      options: readonly Option[];
      transactional: readonly Option[];
      seen: string;
      problem: string | null;
      typed: Typed;
      errors: FieldErrors;
    };
  }
}

export const domainPoolRoutes = (deps: Deps): Route[] => [
  { method: 'get', path: '/domains/:id/pools', may: MAY, handle: atPools(deps, (desk) => show(desk)) },
  { method: 'post', path: '/domains/:id/pools', may: MAY, handle: atPools(deps, choose) },
];

function domainAsked({ req, known }: PoolDesk): Domain {
  const id = idOf(req);
  const domain = known.domains.find((one) => one.id === id);
  if (domain === undefined) throw new NotFound();
  return domain;
}

async function show(desk: PoolDesk, again: ShownAgain = {}): Promise<void> {
  const { res, known } = desk;
  const { typed, errors = {}, problem, status = 200 } = again;
  const domain = domainAsked(desk);
  const choice = known.choices.get(domain.id) ?? null;
  const pools = known.pools
    .filter(({ members }) => members.length > 0)
    .map(({ id, name, members }) => ({ value: String(id), label: name, hint: counted(members.length, 'IP') }));
  const direct = {
    ...{ value: DIRECT, label: 'No pool' },
    hint: choice ? 'It uses the same IPs directly, each an even part.' : 'Its mail goes where it goes now.',
  };
  const same = { value: SAME, label: 'The same as all other mail', hint: '' };
  const apart = choice === null || choice.marketing === choice.transactional ? SAME : String(choice.transactional);
  const page = {
    ...{ title: `IP pools of ${domain.name}`, domain, isPooled: choice !== null, errors },
    ...{ options: [...pools, direct], transactional: [same, ...pools] },
    seen: choiceBasis(choice),
    typed: typed ?? { pool: choice === null ? DIRECT : String(choice.marketing), transactional: apart },
    problem: problem ?? (domain.route === 'transactional' ? POOL_PROBLEMS['in-pool'] : null),
  };
  res.page('own-pools/domain', page, status);
}

async function choose(desk: PoolDesk): Promise<void> {
  const { deps, req, res, account, known, ruled } = desk;
  const domain = domainAsked(desk);
  const form = readChoice(req.body, known.pools);
  if (!form.ok) return show(desk, { ...form, status: 422 });
  const done = await choosePools(deps.db, ruled, account.id, { ...form.value, domainId: domain.id });
  if (done.ok) return res.redirect(303, '/ips/pools?note=pool-changed');
  if (done.problem === 'not-found') throw new NotFound();
  await show(desk, { typed: form.typed, problem: POOL_PROBLEMS[done.problem], status: 409 });
}
