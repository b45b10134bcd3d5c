// Approving several clear requests: chosen in the queue, confirmed on a page of their own, each decided by itself.
import type { Request, Response } from 'express';
import type { Deps } from '../../../deps.ts';
import { readForm } from '../../../form.ts';
import { askListsBefore } from '../../../warmup/listings/background.ts';
import { NotFound } from '../../../web/errors.ts';
import type { Route } from '../../../web/router.ts';
import { type IpRequest, reference } from '../../request.ts';
import { findRequest } from '../../store.ts';
import { type Words, viewWords as words } from '../../wording.ts';
import type { Reviewer } from '../decide.ts';
import { readBasis } from '../decision-basis.ts';
import { decide } from '../pending/actions.ts';
import { explain } from '../routes-page.ts';
import { isAllPassed, MOST_AT_ONCE } from './clear.ts';
import { type Chosen, gatherChosen } from './gather.ts';

/** What became of one of them. */
type Outcome = {
  readonly request: IpRequest;
  readonly done: 'approved' | 'waitlisted' | null;
  /** Why nothing was decided, where that is so. */
  readonly why: readonly string[];
};

declare module '../../../web/page.ts' {
  interface Views {
    'review/bulk': Words &
      Chosen & {
        title: string;
        totals: readonly { readonly currency: string; readonly monthlyCents: number }[];
        tooMany: number | null;
      };
    'review/bulk-done': Words & { title: string; outcomes: readonly Outcome[]; undoSeconds: number };
  }
}

export function bulkRoutes(deps: Deps): Route[] {
  const may = 'review requests';
  return [
    { method: 'get', path: '/review/approvals', may, handle: (req, res) => confirm(deps, req, res) },
    { method: 'post', path: '/review/approvals', may, handle: (req, res) => approve(deps, req, res) },
  ];
}

function reviewerOf({ now }: Deps, { person }: Request): Reviewer {
  if (!person) throw new NotFound();
  return { person, at: now() };
}

async function confirm(deps: Deps, req: Request, res: Response, status = 200): Promise<void> {
  const { person, at } = reviewerOf(deps, req);
  const ids = readForm(status === 200 ? req.query : req.body).ids('request', { label: 'Requests' });
  const chosen = [...new Set(ids)].filter((id) => id > 0);
  const { clear, others } = await gatherChosen(deps.db, person, chosen.slice(0, MOST_AT_ONCE), at);
  // A place in the pool has no price, so a page of such places has no total.
  const priced = clear.filter(({ monthlyCents }) => monthlyCents !== null);
  const currencies = [...new Set(priced.map(({ currency }) => currency))];
  const totals = currencies.map((currency) => ({
    currency,
    monthlyCents: priced.reduce((sum, one) => sum + (one.currency === currency ? (one.monthlyCents ?? 0) : 0), 0),
  }));
  const tooMany = chosen.length > MOST_AT_ONCE ? chosen.length : null;
  const title = clear.length === 0 ? 'Nothing to approve' : `Approve ${words.counted(clear.length, 'request')}`;
  res.page('review/bulk', { words, title, clear, others, totals, tooMany }, status);
}

async function approve(deps: Deps, req: Request, res: Response): Promise<void> {
  const form = readForm(req.body);
  const ids = [...new Set(form.ids('request', { label: 'Requests' }))].filter((id) => id > 0);
  if (ids.length === 0 || ids.length > MOST_AT_ONCE) return confirm(deps, req, res, 422);
  const outcomes: Outcome[] = [];
  // One after the other, as a reviewer would: each is a transaction of its own, and what is refused holds up no other.
  for (const id of ids) {
    const seen = form.text(`seen-${id}`, { label: 'What you saw', max: 20_000, required: false });
    const outcome = await approveOne(deps, req, id, seen);
    if (outcome) outcomes.push(outcome);
  }
  const done = outcomes.filter((outcome) => outcome.done !== null).length;
  const undoSeconds = done > 0 ? deps.config.undoMs / 1000 : 0;
  deps.log.info({ did: 'approved', requests: done, of: ids.length, requestId: req.requestId }, 'decided');
  const later = undoSeconds > 0 ? `; you can undo for ${words.counted(undoSeconds, 'second')}` : '';
  const title = `${done} of ${outcomes.length} approved${later}`;
  res.page('review/bulk-done', { words, title, outcomes, undoSeconds });
}

async function approveOne(deps: Deps, req: Request, id: number, text: string): Promise<Outcome | null> {
  const request = await findRequest(deps.db, id);
  if (!request) return null;
  const seen = readBasis(text);
  if (!seen) return { request, done: null, why: ['The page was not complete when it was sent.'] };
  if (!isAllPassed(seen)) return { request, done: null, why: ['A check does not pass: decide it on its own page.'] };
  const { answers } = request;
  if (answers.kind === 'dedicated_ip') await askListsBefore(deps, answers.region, answers.ipCount);
  const form = { seen, reason: '', approvedCount: 0 };
  const deciding = { decision: 'approve', form, ms: deps.config.undoMs } as const;
  const result = await decide(deps.db, reviewerOf(deps, req), id, deciding);
  if (!result.ok) {
    const { sentence, differences } = await explain(deps, id, result.problem);
    return { request, done: null, why: [sentence, ...differences] };
  }
  const done = result.value.request.status === 'waitlisted' ? 'waitlisted' : 'approved';
  deps.log.info({ request: reference(id), did: done, person: req.person?.id, requestId: req.requestId }, 'decided');
  return { request: result.value.request, done, why: [] };
}
