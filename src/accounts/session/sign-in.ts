// What comes after somebody has shown who they are: what the sign-in still needs, or the way in. All ways of signing in end here.
import type { Request, Response } from 'express';
import type { Deps } from '../../deps.ts';
import type { Typed } from '../../form.ts';
import { isWithin } from '../addresses/ranges.ts';
import { markSignedIn } from '../people/store.ts';
import { startOf } from '../permissions.ts';
import type { Person } from '../person.ts';
import { mustHave, type Need, needOf } from '../second-factor/need.ts';
import { findSecondFactor, findSecondFactorRule } from '../second-factor/store.ts';
import { enter, holdSignIn, type Known, recogniseDevice } from './session.ts';
import type { BegunSignIn } from './store.ts';

declare module '../../web/page.ts' {
  interface Views {
    'sign-in/resume': { title: string; next: string; fields: readonly (readonly [name: string, value: string])[] };
  }
}

/** Where a sign-in leads. `next`: a path of this site; `kept`: a form that was sent after the session had ended. */
export type Onward = { readonly next: string; readonly kept: Typed | null };

/** The pages on which what is missing can be shown. */
export const pageOfNeed: Readonly<Record<Need, string>> = {
  code: '/sign-in/code',
  enrolment: '/sign-in/enrolment',
};

/**
 * Goes on with a sign-in in which one thing was shown (a password, an identity at a provider): answers with the page for
 * what it still needs, or signs in. `isEnough`: two factors were shown already, as with a passkey.
 */
export async function goOnSigningIn(
  deps: Deps,
  { req, res }: { readonly req: Request; readonly res: Response },
  known: Known,
  onward: Onward & { readonly isEnough?: boolean },
): Promise<void> {
  const { next, kept, isEnough = false } = onward;
  const need = isEnough ? null : await findNeed(deps, known);
  if (need === null) return letIn(deps, { req, res }, known, { next, kept });
  await holdSignIn(req, known, { needs: need, next, kept }, deps.now());
  res.redirect(303, pageOfNeed[need]);
}

async function findNeed({ db }: Deps, { person }: Known): Promise<Need | null> {
  const factor = await findSecondFactor(db, person.id);
  return needOf(factor, mustHave(await findSecondFactorRule(db), person));
}

/** Signs in somebody who has shown all that is needed, and answers with what comes next. */
export async function letIn(
  deps: Deps,
  { req, res }: { readonly req: Request; readonly res: Response },
  known: Known,
  { next, kept }: Onward,
): Promise<void> {
  await admit(deps, { req, res }, known);
  if (kept && next !== '/') return resume(res, next, kept);
  res.redirect(303, homeOf(known.person, next));
}

/** Signs somebody in without an answer. */
export async function admit(
  deps: Deps,
  { req, res }: { readonly req: Request; readonly res: Response },
  known: Known,
): Promise<void> {
  await enter(req, known);
  await recogniseDevice(deps, req, res, known.person);
  await markSignedIn(deps.db, known.person.id, deps.now());
}

/** What was sent after the session had ended is sent again only by the person themself, from this page. */
function resume(res: Response, next: string, kept: Typed): void {
  res.page('sign-in/resume', { title: 'You are signed in again', next, fields: fieldsOf(kept) });
}

/** A form's fields, each value on its own. */
export const fieldsOf = (kept: Typed): (readonly [name: string, value: string])[] =>
  Object.entries(kept).flatMap(([name, value]) => [value].flat().map((one) => [name, one] as const));

/** The sign-in of this browser that is not complete and needs this; null: there is none. */
export function begunSignIn(req: Request, needs: Need): (BegunSignIn & { readonly known: Known }) | null {
  const { begun, passwordMark, shownAt = null, addressLists = [] } = req.session;
  if (begun?.needs !== needs || passwordMark === undefined || !isWithin(addressLists, req.ip)) return null;
  return { ...begun, known: { person: begun.person, passwordMark, shownAt } };
}

/** Where somebody goes on who is signed in. */
export const homeOf = (person: Person, next: string): string => (next === '/' ? startOf(person) : next);
