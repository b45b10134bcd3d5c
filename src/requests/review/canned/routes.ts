// The texts that reviewers use: the page that keeps them, and writing one into an open form.
import type { Request, Response } from 'express';
import type { Deps } from '../../../deps.ts';
import { type FieldErrors, type FormResult, readForm, type Typed, typedOf } from '../../../form.ts';
import { NotFound } from '../../../web/errors.ts';
import { idIn } from '../../../web/params.ts';
import type { Route } from '../../../web/router.ts';
import type { Reviewer } from '../decide.ts';
import { gatherDossier, modes } from '../gather.ts';
import { findAsked, showRequest } from '../routes-page.ts';
import { addCanned, type CannedProblem, changeCanned, MOST_CANNED, removeCanned } from './actions.ts';
import { type Canned, EXAMPLE, filled, PURPOSES, placeholderList, purposes, unknownIn, withText } from './canned.ts';
import { gatherOffered } from './gather.ts';
import { type CannedText, findCanned, listCanned } from './store.ts';

declare module '../../../web/page.ts' {
  interface Views {
    'review/canned': {
      title: string;
      texts: readonly Canned[];
      purposes: typeof PURPOSES;
      placeholders: ReturnType<typeof placeholderList>;
      /** A text with the placeholders of an example. */
      shown: (body: string) => string;
      /** The text whose form is shown; null: the form for a new one. */
      changed: Canned | null;
      typed: Typed;
      errors: FieldErrors;
    };
  }
}

export function cannedRoutes(deps: Deps): Route[] {
  const may = 'review requests';
  const one = '/review/answers/:answer';
  return [
    { method: 'get', path: '/review/answers', may, handle: (_req, res) => show(deps, res, {}) },
    { method: 'post', path: '/review/answers', may, handle: (req, res) => add(deps, req, res) },
    { method: 'get', path: one, may, handle: async (req, res) => show(deps, res, { changed: await find(deps, req) }) },
    { method: 'post', path: one, may, handle: (req, res) => change(deps, req, res) },
    { method: 'post', path: `${one}/removal`, may, handle: (req, res) => remove(deps, req, res) },
    { method: 'post', path: '/review/:reference/text', may, handle: (req, res) => write(deps, req, res) },
  ];
}

function reviewerOf({ now }: Deps, { person }: Request): Reviewer {
  if (!person) throw new NotFound();
  return { person, at: now() };
}

async function find({ db }: Deps, req: Request): Promise<Canned> {
  const id = idIn(req.params.answer);
  const text = id === undefined ? undefined : await findCanned(db, id);
  if (!text) throw new NotFound();
  return text;
}

type Shown = {
  readonly changed?: Canned;
  readonly typed?: Typed;
  readonly errors?: FieldErrors;
  readonly status?: number;
};

async function show({ db }: Deps, res: Response, { changed, typed, errors = {}, status }: Shown): Promise<void> {
  const known: Typed = changed ? { purpose: changed.purpose, name: changed.name, body: changed.body } : {};
  const page = {
    title: changed ? `Change “${changed.name}”` : 'Canned answers',
    texts: await listCanned(db, null),
    purposes: PURPOSES,
    placeholders: placeholderList(),
    shown: (body: string) => filled(body, EXAMPLE),
    changed: changed ?? null,
  };
  res.page('review/canned', { ...page, typed: typed ?? known, errors }, status);
}

function readCanned(body: unknown): FormResult<CannedText> {
  const form = readForm(body);
  const purpose = form.choice('purpose', { label: 'for which form it is', among: purposes });
  const name = form.name('name', { label: 'Name', max: 80 });
  const text = form.text('body', { label: 'Text', max: 1_500 });
  const [unknown] = unknownIn(text);
  if (unknown !== undefined)
    form.fail('body', `${unknown} is not one of the names below. Use one of them, or write it without braces.`);
  return form.result(() => ({ purpose: purpose ?? 'ask', name, body: text }));
}

const SENTENCES: Readonly<Record<Exclude<CannedProblem, 'not-found'>, string>> = {
  'name-taken': 'This form already has a text with this name. Choose another name.',
  'too-many': `There are ${MOST_CANNED} texts, and there can be no more. Delete one that nobody uses.`,
};

type Sent = { readonly typed: Typed; readonly changed?: Canned; readonly note: string };

/** Answers what became of a text: the list, or the form again where it says why. */
async function answer(
  deps: Deps,
  res: Response,
  done: Awaited<ReturnType<typeof addCanned>>,
  { note, ...form }: Sent,
): Promise<void> {
  if (done.ok) return res.redirect(303, `/review/answers?note=${note}`);
  if (done.problem === 'not-found') throw new NotFound();
  await show(deps, res, { ...form, errors: { name: SENTENCES[done.problem] }, status: 422 });
}

async function add(deps: Deps, req: Request, res: Response): Promise<void> {
  const read = readCanned(req.body);
  if (!read.ok) return show(deps, res, { ...read, status: 422 });
  const done = await addCanned(deps.db, reviewerOf(deps, req), read.value);
  await answer(deps, res, done, { typed: read.typed, note: 'text-kept' });
}

async function change(deps: Deps, req: Request, res: Response): Promise<void> {
  const changed = await find(deps, req);
  const read = readCanned(req.body);
  if (!read.ok) return show(deps, res, { ...read, changed, status: 422 });
  const done = await changeCanned(deps.db, reviewerOf(deps, req), changed.id, read.value);
  await answer(deps, res, done, { typed: read.typed, changed, note: 'text-kept' });
}

async function remove(deps: Deps, req: Request, res: Response): Promise<void> {
  const { id } = await find(deps, req);
  const done = await removeCanned(deps.db, reviewerOf(deps, req), id);
  await answer(deps, res, done, { typed: {}, note: 'text-deleted' });
}

const GONE = {
  sentence: 'That text no longer exists, or is for another form. What you had written is unchanged.',
  differences: [],
};

/** The page of the request again, with the chosen text below what was typed in the form that is open. */
async function write(deps: Deps, req: Request, res: Response): Promise<void> {
  const { actor, request } = await findAsked(deps, req);
  const typed = typedOf(req.body);
  const mode = modes.find((one) => one === typed.mode) ?? 'approve';
  const dossier = await gatherDossier(deps.db, actor.person, request, actor.at);
  const chosen = (await gatherOffered(deps.db, mode, dossier)).find(({ id }) => id === idIn(typed.canned));
  if (!chosen || mode === 'note') return showRequest(deps, req, res, { mode, typed, problem: GONE, status: 409 });
  const { field } = PURPOSES[mode];
  const before = typed[field];
  const text = withText(typeof before === 'string' ? before : '', chosen.text);
  await showRequest(deps, req, res, { mode, typed: { ...typed, [field]: text } });
}
