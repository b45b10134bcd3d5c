// What programs ask: which IP or pool carries a message, and the state of the IPs.
import type { Request, Response } from 'express';
import type { Db } from '../database.ts';
import { dayOf } from '../day.ts';
import type { Deps } from '../deps.ts';
import { normalAddress } from '../ips/address.ts';
import { NotFound } from '../web/errors.ts';
import type { Route } from '../web/router.ts';
import { answersTo, answerTo } from './answer.ts';
import { Leases } from './cap-leases.ts';
import { readQuestion, readQuestions } from './form.ts';
import { allocationJson } from './json.ts';
import { MailToday } from './mail-today.ts';
import { Router } from './router.ts';
import { State } from './snapshot.ts';
import { listAllocationFacts, listSpent } from './store.ts';
import { listMixes } from './store-mixes.ts';

const FRESH_MS = 1_000;
const PAGE = 100;

export function routingRoutes(deps: Deps): Route[] {
  const may = 'mail system';
  return [
    { method: 'get', path: '/api/v1/route', may, handle: (req, res) => answer(deps, req, res) },
    { method: 'post', path: '/api/v1/routes', may, handle: (req, res) => answerAll(deps, req, res) },
    { method: 'get', path: '/api/v1/allocations', may, handle: (req, res) => list(deps, req, res) },
    { method: 'get', path: '/api/v1/allocations/:address', may, handle: (req, res) => show(deps, req, res) },
  ];
}

type Kept = { readonly state: State; readonly leases: Leases; readonly router: Router; lookedAt: number };

const kept = new WeakMap<Db, Kept>();

/** The router of this process: made when it is first asked, its state at most a second old. */
async function routerOf({ db, log, now, policy }: Deps): Promise<Kept> {
  let found = kept.get(db);
  if (found === undefined) {
    const [state, leases] = [new State(db, log, now), new Leases(db, log, now)];
    const mail = new MailToday({ mixesOf: (ids, day) => listMixes(db, ids, day), log, now });
    leases.shareWith(mail);
    const router = new Router(state, leases, mail, policy.document);
    found = { state, leases, router, lookedAt: Number.NEGATIVE_INFINITY };
    kept.set(db, found);
  }
  found.router.follow(policy.document);
  // While the database is away, what was known last holds.
  if (performance.now() - found.lookedAt >= FRESH_MS) {
    await found.state.refresh();
    found.lookedAt = performance.now();
  }
  return found;
}

/** Ends this process's router, if it had one: what it let go is told, and what it holds of the caps is given back. */
export async function stopRouting(db: Db): Promise<void> {
  const found = kept.get(db);
  await found?.state.tellRest();
  await found?.leases.giveBack();
}

const refuseWith = (res: Response, req: Request, problems: readonly string[]) =>
  res.status(422).json({ error: { status: 422, message: problems.join('; '), reference: req.requestId } });

async function answer(deps: Deps, req: Request, res: Response): Promise<void> {
  const asked = readQuestion(req.query);
  if (!asked.ok) return void refuseWith(res, req, asked.problem);
  const { db, now } = deps;
  const { router } = await routerOf(deps);
  const spentToday = (ids: readonly number[], provider?: string) => listSpent(db, ids, dayOf(now()), provider);
  res.json(await answerTo({ router, spentToday }, asked.value));
}

async function answerAll(deps: Deps, req: Request, res: Response): Promise<void> {
  const asked = readQuestions(req.body);
  if (!asked.ok) return void refuseWith(res, req, asked.problem);
  const { router } = await routerOf(deps);
  res.json({ answers: await answersTo(router, asked.value.questions) });
}

async function list(deps: Deps, req: Request, res: Response): Promise<void> {
  const { db, now, policy } = deps;
  const after = typeof req.query.after === 'string' ? req.query.after : '0';
  if (!/^[0-9]{1,9}$/.test(after)) return void refuseWith(res, req, ['after: must be the "next" of an answer']);
  const facts = await listAllocationFacts(db, { after: Number(after), limit: PAGE }, dayOf(now()));
  const next = facts.length === PAGE ? String(facts.at(-1)?.ip.allocationId) : null;
  res.json({ allocations: facts.map((one) => allocationJson(one, dayOf(now()), policy.document)), next });
}

async function show({ db, now, policy }: Deps, req: Request, res: Response): Promise<void> {
  const address = normalAddress(String(req.params.address));
  const [facts] = address === undefined ? [] : await listAllocationFacts(db, { address }, dayOf(now()));
  if (!facts) throw new NotFound();
  res.json(allocationJson(facts, dayOf(now()), policy.document));
}
