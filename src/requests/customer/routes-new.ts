// Asking: the two forms, the page that shows the checks before anything is sent, and the sending.
import { randomUUID } from 'node:crypto';
import type { Request, Response } from 'express';
import { dayIn } from '../../day.ts';
import type { Deps } from '../../deps.ts';
import { listDomainsOf } from '../../domains/store.ts';
import type { FormResult, Typed } from '../../form.ts';
import { NotFound } from '../../web/errors.ts';
import { idIn, idOf } from '../../web/params.ts';
import type { Route } from '../../web/router.ts';
import { handOver } from '../drafts/actions.ts';
import { findDraft } from '../drafts/store.ts';
import { formTokenIn, readCarried, readDedicated, readPool } from '../form.ts';
import { type Answers, type Kind, kinds, reference } from '../request.ts';
import { findByToken } from '../store.ts';
import { previewRequest, type SendProblem, sendRequest } from './actions.ts';
import { type AccountPatterns, gatherPatterns } from './gather.ts';
import { choose, type Member, memberOf, showForm, start } from './new-form.ts';
import { type Carried, check, PATHS, showCheck } from './routes-check.ts';
import { findTyped, keepTyped } from './store-typed.ts';

const FORMS: Readonly<Record<Kind, string>> = {
  dedicated_ip: '/requests/new/dedicated-ips',
  transactional_pool: '/requests/new/transactional-pool',
};
export function askRoutes(deps: Deps): Route[] {
  const may = 'make requests';
  return [
    { method: 'get', path: '/requests/new', may, handle: (req, res) => choose(deps, memberOf(req), res) },
    { method: 'get', path: '/requests/drafts/:id', may, handle: (req, res) => showDraft(deps, req, res) },
    ...kinds.flatMap((kind): Route[] => [
      { method: 'get', path: FORMS[kind], may, handle: (req, res) => start(deps, kind, req, res) },
      // The browser's address after a form was refused or checked: reloading it shows the form.
      { method: 'get', path: PATHS[kind], may, handle: (_req, res) => res.redirect(303, FORMS[kind]) },
      { method: 'post', path: PATHS[kind], may, handle: (req, res) => proceed(deps, kind, req, res) },
      { method: 'get', path: `${PATHS[kind]}/:token`, may, handle: (req, res) => checkDraft(deps, kind, req, res) },
    ]),
  ];
}

type Read = FormResult<Answers> & { readonly mail?: AccountPatterns };

/** Reads the form of one kind, with what the account's domains send where reading it took that. */
export async function readAnswers(deps: Deps, kind: Kind, member: Member, body: unknown): Promise<Read> {
  if (kind === 'transactional_pool') return readPool(body);
  const mail = await gatherPatterns(deps.db, member.accountId, deps.now());
  const { domains, patternOf } = mail;
  const own = new Set(domains.map(({ id }) => id));
  // What is not theirs is refused later, and tells nothing of itself here.
  const isMeasured = (ids: readonly number[]) => ids.some((id) => !own.has(id)) || patternOf(ids) !== null;
  return { ...readDedicated(body, deps.policy.document, dayIn(deps.now(), member.timeZone), isMeasured), mail };
}

/**
 * One address for the form's three buttons: check it, change it again, send it. The first two lead on to a page with an
 * address of its own, so that a browser can go back to it once the request is sent.
 */
async function proceed(deps: Deps, kind: Kind, req: Request, res: Response): Promise<void> {
  const { formToken, shownCents } = readCarried(req.body);
  const read = await readAnswers(deps, kind, memberOf(req), req.body);
  const { typed, mail } = read;
  const keep = formToken === undefined ? {} : { formToken };
  const step = typed.step;
  if (step === 'change')
    return leadTo(deps, req, res, { kind, typed, formToken, to: (token) => `${FORMS[kind]}?draft=${token}` });
  if (!read.ok) {
    // A form that was sent leads to its request, also where a rule that came since would refuse it now.
    if (step === 'send' && formToken !== undefined && (await showReceipt(deps, req, res, formToken))) return;
    return showForm(deps, req, res, { kind, typed, errors: read.errors, ...keep, status: 422 });
  }
  if (step !== 'send' && !(await ownsAll(deps, memberOf(req), read.value, mail))) throw new NotFound();
  if (step === 'hand' && formToken !== undefined)
    return hand(deps, req, res, { answers: read.value, typed, formToken });
  if (step !== 'send')
    return leadTo(deps, req, res, { kind, typed, formToken, to: (token) => `${PATHS[kind]}/${token}` });
  if (formToken === undefined) {
    const notice =
      'This page was not complete when it was sent. Nothing was stored; what you typed is here. Check it and send it again.';
    return showForm(deps, req, res, { kind, typed, errors: {}, notice, status: 422 });
  }
  await send(deps, req, res, { answers: read.value, typed, formToken, shownCents, mail });
}

async function ownsAll(
  deps: Deps,
  member: Member,
  { domainIds }: Answers,
  mail: AccountPatterns | undefined,
): Promise<boolean> {
  const domains = mail?.domains ?? (await listDomainsOf(deps.db, member.accountId));
  const own = new Set(domains.map(({ id }) => id));
  return domainIds.every((id) => own.has(id));
}

type Leading = {
  readonly kind: Kind;
  readonly typed: Typed;
  readonly formToken: string | undefined;
  readonly to: (token: string) => string;
};

/** Keeps what was typed, and leads on to a page that shows it. */
async function leadTo(deps: Deps, req: Request, res: Response, leading: Leading): Promise<void> {
  const { kind, to } = leading;
  const { step: _, formToken: __, shownCents: ___, ...typed } = leading.typed;
  const keep = (token: string) => keepTyped(deps.db, { token, personId: memberOf(req).id, kind, typed }, deps.now());
  let token = leading.formToken ?? randomUUID();
  if (!(await keep(token))) {
    token = randomUUID();
    await keep(token);
  }
  res.redirect(303, to(token));
}

/** The page with the checks. What was sent since leads to its request; what is not there any more, to the form. */
async function checkDraft(deps: Deps, kind: Kind, req: Request, res: Response): Promise<void> {
  const member = memberOf(req);
  const token = formTokenIn(req.params.token);
  if (token !== undefined && (await showReceipt(deps, req, res, token))) return;
  const typed = token === undefined ? null : await findTyped(deps.db, { token, personId: member.id, kind });
  if (token === undefined || typed === null) return res.redirect(303, FORMS[kind]);
  const read = await readAnswers(deps, kind, member, typed);
  if (!read.ok) return showForm(deps, req, res, { kind, typed, errors: read.errors, formToken: token, status: 422 });
  await check(deps, req, res, { answers: read.value, typed, formToken: token, mail: read.mail });
}

/** A form that was sent already leads to the request that it made. */
async function showReceipt(deps: Deps, req: Request, res: Response, formToken: string): Promise<boolean> {
  const sent = await findByToken(deps.db, formToken);
  if (sent?.accountId !== memberOf(req).accountId) return false;
  res.redirect(303, `/requests/${reference(sent.id)}?note=already-sent`);
  return true;
}

const NOTICES: Readonly<Record<Exclude<SendProblem['name'], 'already-sent'>, string>> = {
  blocked: 'Nothing was sent: something changed, and now a rule stops this request.',
  'price-changed': 'Nothing was sent: the price is no longer the one that you saw. Look at it, then send the request.',
};

async function send(
  deps: Deps,
  req: Request,
  res: Response,
  form: Carried & { shownCents: number | null },
): Promise<void> {
  const sent = await sendRequest(deps.db, { person: memberOf(req), at: deps.now() }, deps.policy, form);
  if (!sent) throw new NotFound();
  if (sent.ok) {
    deps.log.info({ request: reference(sent.value), person: req.person?.id, requestId: req.requestId }, 'request sent');
    return res.redirect(303, `/requests/${reference(sent.value)}?note=request-sent`);
  }
  const { problem } = sent;
  if (problem.name === 'already-sent') return res.redirect(303, `/requests/${reference(problem.id)}?note=already-sent`);
  const { answers, typed, formToken } = form;
  const looked = { answers, typed, formToken, evidence: problem.evidence, notice: NOTICES[problem.name] };
  await showCheck(deps, req, res, looked);
}

/** S-11: a person who may not commit to the cost hands the request to a colleague who may. */
async function hand(deps: Deps, req: Request, res: Response, carried: Carried): Promise<void> {
  const actor = { person: memberOf(req), at: deps.now() };
  const { step: _, handTo, formToken: __, shownCents: ___, ...typed } = carried.typed;
  const draft = { kind: carried.answers.kind, formToken: carried.formToken, typed, to: idIn(handTo) ?? 0 };
  const done = await handOver(deps.db, actor, deps.policy.document, draft);
  if (done.ok) return res.redirect(303, '/requests?note=handed-over');
  const evidence = await previewRequest(deps.db, actor, deps.policy, carried);
  if (!evidence) throw new NotFound();
  const notice = 'Nothing was handed over: choose a colleague from the list.';
  await showCheck(deps, req, res, { ...carried, evidence, notice });
}

/** What a colleague prepared, with the checks and the price of today. */
async function showDraft(deps: Deps, req: Request, res: Response): Promise<void> {
  const draft = await findDraft(deps.db, memberOf(req).accountId, idOf(req));
  if (!draft) throw new NotFound();
  if (draft.requestId !== null) return res.redirect(303, `/requests/${reference(draft.requestId)}?note=already-sent`);
  const { kind, typed, formToken } = draft;
  const read = await readAnswers(deps, kind, memberOf(req), typed);
  if (!read.ok) return showForm(deps, req, res, { kind, typed, errors: read.errors, formToken });
  await check(deps, req, res, {
    answers: read.value,
    typed,
    formToken,
    path: `/requests/drafts/${draft.id}`,
    mail: read.mail,
  });
}
