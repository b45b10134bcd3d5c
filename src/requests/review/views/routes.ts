// Views of the queue that reviewers keep: saving one from the queue, and the page that lists them.
import type { Request, Response } from 'express';
import type { Person } from '../../../accounts/person.ts';
import type { Deps } from '../../../deps.ts';
import { type FieldErrors, type FormResult, readForm, type Typed } from '../../../form.ts';
import { NotFound } from '../../../web/errors.ts';
import { idIn } from '../../../web/params.ts';
import type { Route } from '../../../web/router.ts';
import type { Reviewer } from '../decide.ts';
import { changeView, keepView, removeView, type ViewProblem } from './actions.ts';
import { findView, listViews } from './store.ts';
import { addressOf, MOST_VIEWS, mayChange, type QueueView, queryOf } from './view.ts';

declare module '../../../web/page.ts' {
  interface Views {
    'review/views': {
      title: string;
      views: readonly QueueView[];
      me: Person;
      addressOf: typeof addressOf;
      mayChange: typeof mayChange;
      /** The view whose form is shown, with what was typed; null: the form for a new one. */
      changed: QueueView | null;
      /** What a new view would keep, as the queue's address has it; null: a new one is not being named. */
      query: string | null;
      typed: Typed;
      errors: FieldErrors;
    };
  }
}

export function viewRoutes(deps: Deps): Route[] {
  const may = 'review requests';
  const one = '/review/views/:view';
  return [
    { method: 'get', path: '/review/views', may, handle: (req, res) => show(deps, req, res, {}) },
    { method: 'post', path: '/review/views', may, handle: (req, res) => keep(deps, req, res) },
    {
      method: 'get',
      path: one,
      may,
      handle: async (req, res) => show(deps, req, res, { changed: await find(deps, req) }),
    },
    { method: 'post', path: one, may, handle: (req, res) => change(deps, req, res) },
    { method: 'post', path: `${one}/removal`, may, handle: (req, res) => remove(deps, req, res) },
  ];
}

function reviewerOf({ now }: Deps, { person }: Request): Reviewer {
  if (!person) throw new NotFound();
  return { person, at: now() };
}

/** A view that the person may change. */
async function find(deps: Deps, req: Request): Promise<QueueView> {
  const { person } = reviewerOf(deps, req);
  const id = idIn(req.params.view);
  const view = id === undefined ? undefined : await findView(deps.db, id, person.id);
  if (!view || !mayChange(view, person)) throw new NotFound();
  return view;
}

type Shown = {
  readonly changed?: QueueView;
  readonly query?: string;
  readonly typed?: Typed;
  readonly errors?: FieldErrors;
  readonly status?: number;
};

async function show(deps: Deps, req: Request, res: Response, shown: Shown): Promise<void> {
  const { person: me } = reviewerOf(deps, req);
  const { changed = null, query = null, errors = {}, status = 200 } = shown;
  const known: Typed = changed ? { name: changed.name, ...(changed.isShared ? { shared: 'yes' } : {}) } : {};
  const page = { views: await listViews(deps.db, me.id), me, addressOf, mayChange, changed, query, errors };
  const title = changed ? `Change the view ${changed.name}` : 'Views of the queue';
  res.page('review/views', { ...page, title, typed: shown.typed ?? known }, status);
}

function readView(body: unknown): FormResult<{ name: string; query: string; isShared: boolean }> {
  const form = readForm(body);
  const name = form.name('name', { label: 'Name', max: 80 });
  const query = form.text('query', { label: 'What it shows', max: 2_000, required: false });
  const isShared = form.flag('shared');
  return form.result(() => ({ name, query: queryOf(query), isShared }));
}

const SENTENCES: Readonly<Record<Exclude<ViewProblem, 'not-found' | 'not-yours'>, string>> = {
  'name-taken': 'You already have a view with this name. Choose another name.',
  'too-many': `You can keep at most ${MOST_VIEWS} views. Delete one that you no longer use.`,
};

async function keep(deps: Deps, req: Request, res: Response): Promise<void> {
  const read = readView(req.body);
  const { typed } = read;
  const query = queryOf(typeof typed.query === 'string' ? typed.query : '');
  if (!read.ok) return show(deps, req, res, { ...read, query, status: 422 });
  const kept = await keepView(deps.db, reviewerOf(deps, req), read.value);
  if (kept.ok) return res.redirect(303, withNote(addressOf(read.value), 'view-kept'));
  await refuse(deps, req, res, { problem: kept.problem, typed, query });
}

async function change(deps: Deps, req: Request, res: Response): Promise<void> {
  const changed = await find(deps, req);
  const read = readView(req.body);
  if (!read.ok) return show(deps, req, res, { ...read, changed, status: 422 });
  const { name, isShared } = read.value;
  const done = await changeView(deps.db, reviewerOf(deps, req), changed.id, { name, isShared });
  if (done.ok) return res.redirect(303, '/review/views?note=view-changed');
  await refuse(deps, req, res, { problem: done.problem, typed: read.typed, changed });
}

/** What one asked to do was not done: the form again, where it says why. */
async function refuse(
  deps: Deps,
  req: Request,
  res: Response,
  { problem, ...shown }: Shown & { readonly problem: ViewProblem },
): Promise<void> {
  if (problem === 'not-found' || problem === 'not-yours') throw new NotFound();
  await show(deps, req, res, { ...shown, errors: { name: SENTENCES[problem] }, status: 422 });
}

async function remove(deps: Deps, req: Request, res: Response): Promise<void> {
  const { id } = await find(deps, req);
  const done = await removeView(deps.db, reviewerOf(deps, req), id);
  // Somebody who was faster did the same.
  if (!done.ok && done.problem !== 'not-found') throw new NotFound();
  res.redirect(303, '/review/views?note=view-deleted');
}

const withNote = (address: string, note: string): string =>
  `${address}${address.includes('?') ? '&' : '?'}note=${note}`;
