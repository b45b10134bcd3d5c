// The page on which an account's admin or billing contact adds one IP at once (S-10, S-11, S-12, S-14, S-15).
import { randomUUID } from 'node:crypto';
import type { Request, Response } from 'express';
import { dayIn, dayOf } from '../../day.ts';
import type { Deps } from '../../deps.ts';
import type { FieldErrors, Typed } from '../../form.ts';
import type { Region } from '../../policy/checks/facts.ts';
import type { Policy } from '../../policy/document/policy.ts';
import type { Quote } from '../../pricing/quote.ts';
import { askListsBefore } from '../../warmup/listings/background.ts';
import { NotFound } from '../../web/errors.ts';
import type { Route } from '../../web/router.ts';
import { type DomainChoice, gatherVolumes } from '../customer/gather.ts';
import { type Member, memberOf } from '../customer/new-form.ts';
import { typedAgain } from '../customer/prefill.ts';
import { keepTyped } from '../customer/store-typed.ts';
import type { Evidence } from '../evidence/gather.ts';
import { gatherAsking } from '../qualifying/gather.ts';
import { type Answers, reference } from '../request.ts';
import { type ForecastWords, forecastInWords } from '../warmup-forecast.ts';
import { type Words, viewWords as words } from '../wording.ts';
import { type BuyProblem, buyIp } from './actions.ts';
import { answersOf, readChoice, readConfirmed, typedChoice } from './form.ts';
import { type Bars, gatherBars, gatherChosen, gatherUsualChoice } from './gather.ts';
import { chargedFrom, priceInWords, prorated, stepsOf } from './wording.ts';

/** What is chosen, judged: the checks, the price in words, and what happens. */
type Offer = {
  readonly evidence: Evidence;
  readonly quote: Quote;
  readonly bars: Bars;
  readonly price: string;
  readonly steps: readonly string[];
  readonly says: ForecastWords | null;
};

declare module '../../web/page.ts' {
  interface Views {
    'requests/buy': Words & {
      title: string;
      typed: Typed;
      errors: FieldErrors;
      notice: string | null;
      domains: readonly DomainChoice[];
      regions: readonly Region[];
      policy: Policy;
      formToken: string;
      /** null: what is chosen cannot be judged yet. */
      offer: Offer | null;
    };
  }
}

const FORM = '/requests/new/dedicated-ips';

export function buyingRoutes(deps: Deps): Route[] {
  const path = '/ips/new';
  const may = 'manage own IPs';
  return [
    { method: 'get', path, may, handle: (req, res) => start(deps, req, res) },
    { method: 'post', path, may, handle: (req, res) => confirm(deps, req, res) },
  ];
}

/** Without self-service every IP is asked for. */
async function start(deps: Deps, req: Request, res: Response): Promise<void> {
  if (deps.policy.document.selfService.value === null) return res.redirect(303, FORM);
  await show(deps, req, res, 'region' in req.query ? { typed: req.query } : {});
}

/** `typed`: what was chosen; not given: nothing yet. */
type Shown = { readonly typed?: unknown; readonly notice?: string; readonly status?: number };

async function show(deps: Deps, req: Request, res: Response, shown: Shown): Promise<void> {
  const { db, policy } = deps;
  const buying = { person: memberOf(req), policy, at: deps.now() };
  const asking = await gatherAsking(db, buying.person, buying.at);
  if (!asking) throw new NotFound();
  const own = asking.domains.filter(({ accountId }) => accountId === asking.account.id);
  const isChosen = shown.typed !== undefined;
  const typed = shown.typed ?? typedChoice(await gatherUsualChoice(db, asking, policy));
  const read = readChoice(typed, policy.document);
  const evidence = read.ok ? await gatherChosen(db, asking, read.value, buying) : null;
  if (evidence === undefined) throw new NotFound();
  const page = {
    ...{ words, title: 'Add a dedicated IP', domains: own, policy: policy.document },
    ...{ regions: policy.document.regions.value, formToken: randomUUID(), notice: shown.notice ?? null },
    typed: read.typed,
    // Somebody who has no domain yet did nothing wrong.
    errors: read.ok || !isChosen ? {} : read.errors,
    offer: evidence && offerOf(evidence, await gatherBars(db, asking.account.id, evidence, buying.at), buying.at),
  };
  res.page('requests/buy', page, shown.status ?? (read.ok || !isChosen ? 200 : 422));
}

function offerOf(evidence: Evidence, bars: Bars, at: number): Offer {
  const { forecast, quote, policy } = evidence;
  if (!quote) throw new Error('dedicated IPs have a price');
  return {
    ...{ evidence, quote, bars },
    price: priceInWords(quote, prorated(quote, chargedFrom(forecast, dayOf(at)))),
    steps: stepsOf(evidence),
    says: forecast && forecastInWords(forecast, policy.document),
  };
}

/** Adds the IP, or leads on to the ordinary form with what was chosen, where a person has to decide. */
async function confirm(deps: Deps, req: Request, res: Response): Promise<void> {
  const { db } = deps;
  const member = memberOf(req);
  // Another process may have switched the policy.
  await deps.reload();
  const { policy } = deps;
  const read = readChoice(req.body, policy.document);
  if (!read.ok) return show(deps, req, res, { typed: req.body ?? {} });
  const { domains } = await gatherVolumes(db, { accountId: member.accountId, withSubusers: false }, deps.now());
  // A request names domains of subusers; this page is for the account's own.
  const own = new Set(domains.filter(({ accountId }) => accountId === member.accountId).map(({ id }) => id));
  if (read.value.domainIds.some((id) => !own.has(id))) throw new NotFound();
  const answers = answersOf(read.value, domains, dayIn(deps.now(), member.timeZone));
  if (read.typed.step === 'ask') return ask(deps, res, { member, answers, note: 'ask-for-ip' });
  const { formToken, shownCents } = readConfirmed(req.body);
  if (formToken === undefined) return show(deps, req, res, { typed: req.body, notice: INCOMPLETE, status: 409 });
  // No list is asked inside the transaction.
  await askListsBefore(deps, read.value.region, 1);
  const bought = await buyIp(db, { person: member, at: deps.now() }, policy, { answers, formToken, shownCents });
  if (bought.ok) {
    deps.log.info({ request: reference(bought.value), person: member.id, requestId: req.requestId }, 'IP added');
    return res.redirect(303, `/requests/${reference(bought.value)}?note=ip-bought`);
  }
  await refuse(deps, req, res, { problem: bought.problem, asking: { member, answers } });
}

type Asking = { readonly member: Member; readonly answers: Answers };
type Refused = { readonly problem: BuyProblem; readonly asking: Asking };

function refuse(deps: Deps, req: Request, res: Response, { problem, asking }: Refused): Promise<void> | void {
  switch (problem.name) {
    case 'not-found':
      throw new NotFound();
    case 'already-sent':
      return res.redirect(303, `/requests/${reference(problem.id)}?note=already-sent`);
    case 'changed':
      return show(deps, req, res, { typed: req.body, notice: CHANGED, status: 409 });
    case 'not-clear':
      return ask(deps, res, { ...asking, note: problem.isMonthly ? 'second-ip-this-month' : 'ask-for-ip-now' });
  }
}

const INCOMPLETE =
  'This page was not complete when it was sent, and nothing was added. Look at it, then confirm again.';
const CHANGED =
  'Nothing was added: the price or our rules are no longer those that you saw. Look at them, then confirm again.';

/** Leads on to the ordinary form, filled in with what was chosen. */
async function ask(
  deps: Deps,
  res: Response,
  { member, answers, note }: Asking & { readonly note: string },
): Promise<void> {
  const token = randomUUID();
  const typed = typedAgain(answers, answers.domainIds, dayIn(deps.now(), member.timeZone));
  const form = { token, personId: member.id, kind: answers.kind, typed };
  await keepTyped(deps.db, form, deps.now());
  res.redirect(303, `${FORM}?draft=${token}&note=${note}`);
}
