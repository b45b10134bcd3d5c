// Changing a sent request: the form filled with its answers, the page that shows the checks and the price, and the saving.
import { randomUUID } from 'node:crypto';
import type { Request, Response } from 'express';
import { dayIn } from '../../day.ts';
import type { Deps } from '../../deps.ts';
import type { Typed } from '../../form.ts';
import { NotFound } from '../../web/errors.ts';
import { idIn } from '../../web/params.ts';
import type { Route } from '../../web/router.ts';
import { memberOf, showForm } from '../customer/new-form.ts';
import { typedAgain } from '../customer/prefill.ts';
import { showCheck } from '../customer/routes-check.ts';
import { readAnswers } from '../customer/routes-new.ts';
import { findOwn } from '../customer/routes-show.ts';
import { findTyped, keepTyped } from '../customer/store-typed.ts';
import { formTokenIn, readCarried } from '../form.ts';
import { barTo } from '../lifecycle.ts';
import { type IpRequest, reference } from '../request.ts';
import { listDomainsOfRequests } from '../store.ts';
import { type EditProblem, editRequest } from './actions.ts';
import { gatherEdited } from './gather.ts';

export function editingRoutes(deps: Deps): Route[] {
  const may = 'make requests';
  const path = '/requests/:reference/edit';
  return [
    { method: 'get', path, may, handle: (req, res) => show(deps, req, res) },
    { method: 'post', path, may, handle: (req, res) => proceed(deps, req, res) },
  ];
}

const pathOf = (request: IpRequest): string => `/requests/${reference(request.id)}`;

/** The form, or with `step=check` the page that shows what was typed with its checks and its price. */
async function show(deps: Deps, req: Request, res: Response): Promise<void> {
  const { person, request } = await findOwn(deps, req);
  if (barTo('edit', request, person) !== null) return res.redirect(303, `${pathOf(request)}?note=moved-on`);
  const { kind } = request.answers;
  const token = formTokenIn(req.query.draft);
  const kept = token === undefined ? null : await findTyped(deps.db, { token, personId: person.id, kind });
  if (token !== undefined && kept !== null && req.query.step === 'check')
    return check(deps, req, res, { request, typed: kept, formToken: token });
  const typed = kept ?? (await typedOf(deps, req, request));
  await showForm(deps, req, res, {
    ...{ kind, typed, errors: {}, editing: request },
    ...(kept !== null && token !== undefined ? { formToken: token } : {}),
  });
}

/** A request's answers as somebody would type them, with the version that they are of. */
async function typedOf({ db, now }: Deps, req: Request, request: IpRequest): Promise<Typed> {
  const domains = (await listDomainsOfRequests(db, [request.id])).get(request.id) ?? [];
  const ids = domains.map(({ id }) => id);
  return {
    ...typedAgain(request.answers, ids, dayIn(now(), memberOf(req).timeZone)),
    version: String(request.version),
  };
}

type Carried = {
  readonly request: IpRequest;
  readonly typed: Typed;
  readonly formToken: string;
  readonly notice?: string;
};

async function check(deps: Deps, req: Request, res: Response, carried: Carried): Promise<void> {
  const { request, typed, formToken, notice } = carried;
  const { kind } = request.answers;
  const read = await readAnswers(deps, kind, memberOf(req), typed);
  if (!read.ok) {
    const { errors } = read;
    return showForm(deps, req, res, { kind, typed, errors, formToken, editing: request, status: 422 });
  }
  const evidence = await gatherEdited(deps.db, request, read.value, deps.now());
  if (!evidence) throw new NotFound();
  await showCheck(deps, req, res, {
    ...{ answers: read.value, typed, formToken, evidence, editing: request },
    ...(notice === undefined ? {} : { notice }),
  });
}

async function proceed(deps: Deps, req: Request, res: Response): Promise<void> {
  const { person, request } = await findOwn(deps, req);
  const { kind } = request.answers;
  const { formToken = randomUUID(), shownCents } = readCarried(req.body);
  const read = await readAnswers(deps, kind, memberOf(req), req.body);
  const { step, formToken: _, shownCents: __, ...typed } = read.typed;
  const onwards = async (query: string): Promise<void> => {
    const kept = { personId: person.id, kind, typed };
    const isKept = await keepTyped(deps.db, { token: formToken, ...kept }, deps.now());
    const token = isKept ? formToken : randomUUID();
    if (!isKept) await keepTyped(deps.db, { token, ...kept }, deps.now());
    res.redirect(303, `${pathOf(request)}/edit?draft=${token}${query}`);
  };
  if (step === 'change') return onwards('');
  if (!read.ok) {
    const { errors } = read;
    return showForm(deps, req, res, { kind, typed, errors, formToken, editing: request, status: 422 });
  }
  if (step !== 'send') return onwards('&step=check');
  const edit = { answers: read.value, shownCents, version: idIn(typed.version) ?? 0 };
  const done = await editRequest(deps.db, { person, at: deps.now() }, request.id, edit);
  if (done.ok) {
    // S-12: nobody looks at what is about to be approved automatically.
    const note = done.value.request.automaticAt === undefined ? 'request-changed' : 'request-changed-automatic';
    return res.redirect(303, `${pathOf(request)}?note=${note}`);
  }
  await refuse(deps, req, res, { problem: done.problem, carried: { request, typed, formToken } });
}

const NOTICES = {
  blocked: 'Nothing was changed: with these answers a rule stops this request.',
  'price-changed':
    'Nothing was changed: the price is no longer the one that you saw. Look at it, then save the change.',
  'not-yours':
    'Nothing was changed: only the person who sent it, an admin or a billing contact of your account can change it.',
  'moved-on':
    'Nothing was changed: the request has moved on since you opened this form. What you typed is below; its page says where it is now.',
  unchanged:
    'Nothing was changed: these are the answers that you sent. Change one of them, or leave the request as it is.',
} as const;

type Refused = { readonly problem: EditProblem; readonly carried: Carried };

async function refuse(deps: Deps, req: Request, res: Response, { problem, carried }: Refused): Promise<void> {
  const { name } = problem;
  if (name === 'not-found') throw new NotFound();
  await check(deps, req, res, {
    ...carried,
    notice: name in NOTICES ? NOTICES[name as keyof typeof NOTICES] : NOTICES['moved-on'],
  });
}
