// What programs ask: which way a message goes, and how the IPs stand.
import type { Request, Response } from 'express';
import type { Db } from '../database.ts';
import { dayOf } from '../day.ts';
import type { Deps } from '../deps.ts';
import { normalAddress } from '../ips/address.ts';
import { NotFound } from '../web/errors.ts';
import type { Route } from '../web/router.ts';
import { type RouteQuestion, readQuestion, readQuestions } from './form.ts';
import { allocationJson, answerJson, NOT_OURS } from './json.ts';
import { Leases } from './leases.ts';
import { type Question, Router, streamOf } from './router.ts';
import { capOf, type Sender } from './sender.ts';
import { State } from './state.ts';
import { listAllocationFacts, listSpent } from './store.ts';

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
    found = { state, leases, router: new Router(state, leases, policy.document), lookedAt: Number.NEGATIVE_INFINITY };
    kept.set(db, found);
  }
  // While the database is away, what was known last holds.
  if (performance.now() - found.lookedAt >= FRESH_MS) {
    await found.state.refresh();
    found.lookedAt = performance.now();
  }
  return found;
}

const refuseWith = (res: Response, req: Request, problems: readonly string[]) =>
  res.status(422).json({ error: { status: 422, message: problems.join('; '), reference: req.requestId } });

const questionOf = (sender: Sender, { recipient, stream, message }: RouteQuestion): Question => ({
  sender,
  recipient: recipient.toLowerCase(),
  stream: streamOf(stream, sender),
  message: message ?? recipient,
  count: 1,
  isWhole: false,
});

/** With a message's name the answer counts towards the cap, once; without, it only says what it would be. */
async function answer(deps: Deps, req: Request, res: Response): Promise<void> {
  const asked = readQuestion(req.query);
  if (!asked.ok) return void refuseWith(res, req, asked.problem);
  const { router } = await routerOf(deps);
  const sender = router.senderOf(asked.value.sender);
  if (sender === undefined) return void res.json(NOT_OURS);
  const question = questionOf(sender, asked.value);
  if (asked.value.message !== undefined) return void res.json(answerJson(router.answer(question), sender));
  const { warming } = router.ways(sender, question.stream);
  const ids = warming.map(({ ip }) => ip.id);
  const spent = ids.length === 0 ? new Map<number, number>() : await listSpent(deps.db, ids, dayOf(deps.now()));
  const told = router.preview(question, (ip) => Number(capOf(ip)) - (spent.get(ip.id) ?? 0));
  res.json(answerJson(told, sender));
}

async function answerAll(deps: Deps, req: Request, res: Response): Promise<void> {
  const asked = readQuestions(req.body);
  if (!asked.ok) return void refuseWith(res, req, asked.problem);
  const { router } = await routerOf(deps);
  const senders = asked.value.questions.map(({ sender }) => router.senderOf(sender));
  const ours = asked.value.questions.flatMap((one, i) => (senders[i] ? [questionOf(senders[i], one)] : []));
  const told = (await router.answerAll(ours)).values();
  const answers = senders.map((sender) => {
    const next = sender && told.next().value;
    return sender && next ? answerJson(next, sender) : NOT_OURS;
  });
  res.json({ answers });
}

async function list(deps: Deps, req: Request, res: Response): Promise<void> {
  const { db, now, policy } = deps;
  const after = typeof req.query.after === 'string' ? req.query.after : '0';
  if (!/^[0-9]{1,9}$/.test(after)) return void refuseWith(res, req, ['after: must be the "next" of an answer']);
  const facts = await listAllocationFacts(db, { after: Number(after), limit: PAGE }, dayOf(now()));
  const next = facts.length === PAGE ? String(facts.at(-1)?.ip.allocationId) : null;
  const minimumDays = policy.document.warmup.minimumDays.value;
  res.json({ allocations: facts.map((one) => allocationJson(one, dayOf(now()), minimumDays)), next });
}

async function show({ db, now, policy }: Deps, req: Request, res: Response): Promise<void> {
  const address = normalAddress(String(req.params.address));
  const [facts] = address === undefined ? [] : await listAllocationFacts(db, { address }, dayOf(now()));
  if (!facts) throw new NotFound();
  res.json(allocationJson(facts, dayOf(now()), policy.document.warmup.minimumDays.value));
}
