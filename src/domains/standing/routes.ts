// The pages on which staff stop a domain, let it in and take it out of the transactional pool, and customers ask to leave it.
import type { Account } from '../../accounts/store.ts';
import type { Deps } from '../../deps.ts';
import { type FieldErrors, readForm, type Typed } from '../../form.ts';
import { NotFound } from '../../web/errors.ts';
import type { Route } from '../../web/router.ts';
import type { Domain } from '../domain.ts';
import { at, type Desk, domainAsked, PLACES } from '../routes-place.ts';
import { takeStanding } from './actions.ts';
import { barToStanding, type StandingStep, standingTransitions } from './lifecycle.ts';
import { STANDING_PROBLEMS, STANDING_WORDS, type StandingWords } from './wording.ts';

declare module '../../web/page.ts' {
  interface Views {
    'domains/standing': {
      title: string;
      account: Account;
      domain: Domain;
      base: string;
      isStaff: boolean;
      path: string;
      words: StandingWords;
      /** Why it is not possible now; null: it is. */
      problem: string | null;
      typed: Typed;
      errors: FieldErrors;
    };
  }
}

/** Where each step is posted to, below the domain. */
const PATHS: Readonly<Record<StandingStep, string>> = {
  stop: 'stop',
  letIn: 'return',
  askToLeave: 'leaving',
  leave: 'leaving',
  keep: 'staying',
};
const STAFF: readonly StandingStep[] = ['stop', 'letIn', 'leave', 'keep'];

export const standingRoutes = (deps: Deps): Route[] =>
  PLACES.flatMap((place) =>
    (place.isStaff ? STAFF : (['askToLeave'] as const)).flatMap((step): Route[] => {
      const path = `${place.one}/${PATHS[step]}`;
      const { may } = standingTransitions[step];
      return [
        { method: 'get', path, may, handle: at(deps, place, (desk) => show(desk, step)) },
        { method: 'post', path, may, handle: at(deps, place, (desk) => take(desk, step)) },
      ];
    }),
  );

type Shown = { readonly typed?: Typed; readonly errors?: FieldErrors; readonly status?: number };

async function show(
  desk: Desk,
  step: StandingStep,
  { typed = {}, errors = {}, status = 200 }: Shown = {},
): Promise<void> {
  const { res, account, base, place, actor } = desk;
  const domain = await domainAsked(desk);
  const bar = barToStanding(step, domain, actor.person);
  const words = STANDING_WORDS[step](domain.name);
  const page = {
    title: words.title,
    ...{ account, domain, base, isStaff: place.isStaff, path: PATHS[step], words, typed, errors },
    problem: bar === null ? null : STANDING_PROBLEMS[bar],
  };
  res.page('domains/standing', page, status);
}

async function take(desk: Desk, step: StandingStep): Promise<void> {
  const { deps, req, res, account, base, actor } = desk;
  const domain = await domainAsked(desk);
  const form = readForm(req.body);
  const reason = form.text('reason', { label: 'Reason', max: 2000 });
  const read = form.result(() => reason);
  if (!read.ok) return show(desk, step, { ...read, status: 422 });
  const done = await takeStanding(deps.db, actor, step, { accountId: account.id, id: domain.id, reason });
  if (done.ok) return res.redirect(303, `${base}/${domain.id}?note=standing-${PATHS[step]}`);
  if (done.problem === 'not-found') throw new NotFound();
  const { typed } = read;
  if (done.problem === 'reason-missing')
    return show(desk, step, { typed, errors: { reason: 'Reason is missing. The other side reads it.' }, status: 422 });
  await show(desk, step, { typed, status: 409 });
}
