// Which optional mails somebody gets: on a page of their profile, and by the link in each such mail.
import type { Request, Response } from 'express';
import { can } from '../../accounts/permissions.ts';
import type { Person } from '../../accounts/person.ts';
import { findActivePerson } from '../../accounts/store.ts';
import type { Deps } from '../../deps.ts';
import { type FieldErrors, readForm, type Typed } from '../../form.ts';
import { NotFound } from '../../web/errors.ts';
import type { Route } from '../../web/router.ts';
import { listed } from '../../wording.ts';
import { chooseMails, stopMails } from './actions.ts';
import {
  CHOICE_WORDS,
  type Choice,
  EVENTS,
  type EventKey,
  eventKeys,
  type OptionalEvent,
  optionalEvent,
} from './events.ts';
import { findChosen } from './store.ts';
import { readUnsubscribe, type Stopped } from './token.ts';

type Row = Pick<OptionalEvent, 'label' | 'hint' | 'choices'> & { readonly key: EventKey; readonly choice: Choice };

declare module '../../web/page.ts' {
  interface Views {
    'profile/mails': { title: string; rows: readonly Row[]; words: typeof CHOICE_WORDS; errors: FieldErrors };
    /** `what`: the kind of mail; `path`: where it is stopped; null: it is. */
    'profile/unsubscribe': { title: string; what: string; email: string; path: string | null };
  }
}

export function mailPreferenceRoutes(deps: Deps): Route[] {
  const own = '/profile/mails';
  const link = '/unsubscribe/:token';
  return [
    { method: 'get', path: own, may: 'signed in', handle: (req, res) => show(deps, req, res) },
    { method: 'post', path: own, may: 'signed in', handle: (req, res) => save(deps, req, res) },
    { method: 'get', path: link, may: 'anyone', handle: (req, res) => ask(deps, req, res) },
    // RFC 8058: a mailbox provider posts here without a cookie, and follows no redirect.
    { method: 'post', path: link, may: 'anyone', handle: (req, res) => stop(deps, req, res) },
  ];
}

/** The kinds of optional mail that somebody can get. */
const ofPerson = (person: Person): EventKey[] => eventKeys.filter((key) => can(person, EVENTS[key].of));

type Shown = { readonly typed: Typed; readonly errors: FieldErrors };

async function show({ db }: Deps, { person }: Request, res: Response, shown?: Shown): Promise<void> {
  if (person === null) throw new NotFound();
  const chosen = await findChosen(db, person.id);
  const rows = ofPerson(person).map((key) => {
    const { label, hint, choices } = optionalEvent(key);
    const typed = choices.find((one) => one === shown?.typed[key]);
    return { key, label, hint, choices, choice: typed ?? chosen[key] ?? ('now' as const) };
  });
  const page = { title: 'Your mails', rows, words: CHOICE_WORDS, errors: shown?.errors ?? {} };
  res.page('profile/mails', page, shown === undefined ? 200 : 422);
}

async function save(deps: Deps, req: Request, res: Response): Promise<void> {
  const { person, body } = req;
  if (person === null) throw new NotFound();
  const form = readForm(body);
  const chosen = ofPerson(person).map((key) => {
    const { choices, label } = optionalEvent(key);
    return [key, form.choice(key, { label: `when you get “${label}”`, among: choices })];
  });
  const read = form.result(() => Object.fromEntries(chosen));
  if (!read.ok) return show(deps, req, res, read);
  await chooseMails(deps.db, { person, at: deps.now() }, { of: person }, read.value);
  res.redirect(303, '/profile/mails?note=mails-chosen');
}

async function ask(deps: Deps, req: Request, res: Response): Promise<void> {
  const { person, what } = await linkOf(deps, req, res);
  res.page('profile/unsubscribe', {
    title: 'Stop these mails',
    what: await labelOf(deps, person, what),
    email: person.email,
    path: req.path,
  });
}

async function stop(deps: Deps, req: Request, res: Response): Promise<void> {
  const { person, what } = await linkOf(deps, req, res);
  const label = await labelOf(deps, person, what);
  await stopMails(deps.db, { person: null, at: deps.now() }, { of: person, byLink: true }, what);
  res.page('profile/unsubscribe', {
    title: 'These mails are stopped',
    what: label,
    email: person.email,
    path: null,
  });
}

/** What a link stops, in words. The summary takes with it all that would be in it: that is not mailed otherwise either. */
async function labelOf({ db }: Deps, { id }: Person, what: Stopped): Promise<string> {
  if (what !== 'summary') return EVENTS[what].label;
  const chosen = await findChosen(db, id);
  const gathered = eventKeys.filter((key) => chosen[key] === 'digest').map((key) => `“${EVENTS[key].label}”`);
  return gathered.length === 0 ? 'The daily summary' : `The daily summary, with everything in it: ${listed(gathered)}`;
}

/** Whose link it is, and what it stops. Throws NotFound where we did not make it, or its person is gone. */
async function linkOf(
  { db, sessionSecret }: Deps,
  req: Request,
  res: Response,
): Promise<{ person: Person; what: Stopped }> {
  res.set('Referrer-Policy', 'strict-origin');
  const link = readUnsubscribe(sessionSecret, req.params['token']);
  const person = link && (await findActivePerson(db, link.personId));
  if (!link || !person) throw new NotFound();
  return { person, what: link.what };
}
