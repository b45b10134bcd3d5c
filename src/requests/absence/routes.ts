// Where a reviewer says that they are away, and until when.
import type { Request, Response } from 'express';
import { findAbsence } from '../../accounts/absence/store.ts';
import type { Absence, Person } from '../../accounts/person.ts';
import type { Deps } from '../../deps.ts';
import { type FieldErrors, type Typed, typedOf } from '../../form.ts';
import { NotFound } from '../../web/errors.ts';
import type { Route } from '../../web/router.ts';
import { listClaimedBy } from '../claims/store.ts';
import type { Reviewer } from '../review/decide.ts';
import { comeBack, goAway, listStandIns } from './actions.ts';
import { absenceAsTyped, readAbsence } from './form.ts';

declare module '../../web/page.ts' {
  interface Views {
    'absence/form': {
      title: string;
      typed: Typed;
      errors: FieldErrors;
      /** null: the reader is not away. */
      absence: Absence | null;
      /** Who gets the mails of the reader, who is away; null: nobody in particular. */
      standIn: string | null;
      standIns: readonly Pick<Person, 'id' | 'name'>[];
      /** Requests that the reader has on the desk. */
      claimed: number;
    };
  }
}

export function absenceRoutes(deps: Deps): Route[] {
  const may = 'review requests';
  return [
    { method: 'get', path: '/absence', may, handle: (req, res) => show(deps, req, res, {}) },
    { method: 'post', path: '/absence', may, handle: (req, res) => leave(deps, req, res) },
    { method: 'post', path: '/absence/ending', may, handle: (req, res) => end(deps, req, res) },
  ];
}

function actorOf({ now }: Deps, { person }: Request): Reviewer {
  if (!person) throw new NotFound();
  return { person, at: now() };
}

type Shown = { readonly typed?: Typed; readonly errors?: FieldErrors };

async function show(deps: Deps, req: Request, res: Response, { typed, errors = {} }: Shown): Promise<void> {
  const actor = actorOf(deps, req);
  const { db } = deps;
  const absence = await findAbsence(db, actor.person.id, actor.at);
  const standIns = await listStandIns(db, actor);
  const page = {
    title: 'When you are away',
    ...{ errors, absence, standIns },
    typed: typed ?? (absence ? absenceAsTyped(absence, actor.person.timeZone) : {}),
    standIn: standIns.find(({ id }) => id === absence?.standInId)?.name ?? null,
    claimed: (await listClaimedBy(db, actor.person.id, actor.at)).length,
  };
  res.page('absence/form', page, Object.keys(errors).length > 0 ? 422 : 200);
}

async function leave(deps: Deps, req: Request, res: Response): Promise<void> {
  const actor = actorOf(deps, req);
  const form = readAbsence(req.body, { at: actor.at, timeZone: actor.person.timeZone });
  if (!form.ok) return show(deps, req, res, form);
  const done = await goAway(deps.db, actor, form.value);
  if (!done.ok) {
    const standIn = 'This colleague is away too, or no longer reviews requests. Choose another one.';
    return show(deps, req, res, { typed: typedOf(req.body), errors: { standIn } });
  }
  res.redirect(303, '/absence?note=away');
}

async function end(deps: Deps, req: Request, res: Response): Promise<void> {
  await comeBack(deps.db, actorOf(deps, req));
  res.redirect(303, '/absence?note=back');
}
