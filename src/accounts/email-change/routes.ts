// Changing one's mail address: asked for from the profile, answered from both mailboxes.
import type { Request, Response } from 'express';
import type { Deps } from '../../deps.ts';
import type { FieldErrors, Typed } from '../../form.ts';
import { NotFound } from '../../web/errors.ts';
import type { Route } from '../../web/router.ts';
import type { Person } from '../person.ts';
import { looksLikeToken, tokenHash } from '../reset/token.ts';
import { isFresh } from '../session/session.ts';
import { findPersonById } from '../store.ts';
import { limits, takeTries } from '../store-throttle.ts';
import { answerTooMany } from '../too-many-tries.ts';
import {
  answerEmailChange,
  askEmailChange,
  type ChangeProblem,
  stopEmailChange,
  withdrawEmailChange,
} from './actions.ts';
import type { EmailChange, Side } from './email-change.ts';
import { readNewEmail } from './form.ts';
import { findChangeByToken, findChangeOf } from './store.ts';

declare module '../../web/page.ts' {
  interface Views {
    'email-change/ask': {
      title: string;
      current: string;
      open: EmailChange | null;
      typed: Typed;
      errors: FieldErrors;
    };
    'email-change/answer': { title: string; side: Side; name: string; before: string; change: EmailChange };
    'email-change/outcome': { title: string; outcome: Outcome; change: EmailChange | null };
  }
}

type Outcome = 'changed' | 'waits for old' | 'waits for new' | 'stopped' | ChangeProblem;

const TITLES: Readonly<Record<Outcome, string>> = {
  changed: 'Your address is changed',
  'waits for old': 'Your new address is confirmed',
  'waits for new': 'Thank you',
  stopped: 'The change is stopped',
  link: 'This link no longer works',
  taken: 'This address belongs to somebody by now',
};

const OWN = '/profile/email';
const LINK = '/email-change/:token';

export function emailChangeRoutes(deps: Deps): Route[] {
  const own = 'signed in';
  return [
    { method: 'get', path: OWN, may: own, handle: (req, res) => showAsk(deps, req, res) },
    { method: 'post', path: OWN, may: own, handle: (req, res) => takeAsk(deps, req, res) },
    { method: 'post', path: `${OWN}/withdrawal`, may: own, handle: (req, res) => withdraw(deps, req, res) },
    { method: 'get', path: LINK, may: 'anyone', handle: (req, res) => showAnswer(deps, req, res) },
    { method: 'post', path: LINK, may: 'anyone', handle: (req, res) => takeAnswer(deps, req, res) },
  ];
}

/** Who has a browser that somebody left open must not be able to take the account over. */
const showAgain = (res: Response): void => res.redirect(303, `/sign-in?again=1&next=${encodeURIComponent(OWN)}`);

type Filled = { readonly typed: Typed; readonly errors: FieldErrors; readonly status: number };

async function showAsk(
  deps: Deps,
  req: Request,
  res: Response,
  { typed, errors, status }: Filled = { typed: {}, errors: {}, status: 200 },
): Promise<void> {
  const person = personOf(req);
  if (!isFresh(req, deps.now())) return showAgain(res);
  const open = await findChangeOf(deps.db, person.id, deps.now());
  res.page('email-change/ask', { title: 'Change your address', current: person.email, open, typed, errors }, status);
}

function personOf({ person }: Request): Person {
  if (person === null) throw new NotFound();
  return person;
}

async function takeAsk(deps: Deps, req: Request, res: Response): Promise<void> {
  const person = personOf(req);
  const at = deps.now();
  if (!isFresh(req, at)) return showAgain(res);
  const form = readNewEmail(req.body, person.email);
  const again = (errors: FieldErrors, status: number) => showAsk(deps, req, res, { typed: form.typed, errors, status });
  if (!form.ok) return again(form.errors, 422);
  const waitMs = await takeTries(deps.db, [[limits.emailChangeOfPerson, String(person.id)]], at);
  if (waitMs > 0) return again({ email: answerTooMany(res, 'changing your address', waitMs) }, 429);
  await askEmailChange(deps.db, { person, at }, { ...form.value, secret: deps.sessionSecret });
  res.redirect(303, `${OWN}?note=email-asked`);
}

async function withdraw(deps: Deps, req: Request, res: Response): Promise<void> {
  const person = personOf(req);
  const open = await findChangeOf(deps.db, person.id, deps.now());
  if (open) await withdrawEmailChange(deps.db, { person, at: deps.now() }, open);
  res.redirect(303, '/profile?note=email-kept');
}

type Found = { readonly token: string; readonly side: Side; readonly change: EmailChange; readonly person: Person };

/** What the address's token opens; null, with the page that says so already answered, where it opens nothing. */
async function open(deps: Deps, req: Request, res: Response): Promise<Found | null> {
  // As with a reset link: other pages are not told the address.
  res.set('Referrer-Policy', 'strict-origin');
  const { token } = req.params;
  const found = looksLikeToken(token) ? await findChangeByToken(deps.db, tokenHash(token), deps.now()) : null;
  const person = found && (await findPersonById(deps.db, found.change.personId));
  // Somebody else who is signed in has come by a link that is not theirs.
  const isOther = req.person !== null && req.person.id !== person?.id;
  if (found && person && looksLikeToken(token) && !isOther) return { token, ...found, person };
  showOutcome(res, 'link', null);
  return null;
}

function showOutcome(res: Response, outcome: Outcome, change: EmailChange | null): void {
  const status = outcome === 'link' ? 404 : outcome === 'taken' ? 409 : 200;
  res.page('email-change/outcome', { title: TITLES[outcome], outcome, change }, status);
}

async function showAnswer(deps: Deps, req: Request, res: Response): Promise<void> {
  const found = await open(deps, req, res);
  if (found === null) return;
  const { side, change, person } = found;
  const hasAnswered = (side === 'new' ? change.provenAt : change.agreedAt) !== null;
  if (hasAnswered) return showOutcome(res, side === 'new' ? 'waits for old' : 'waits for new', change);
  const title = side === 'new' ? 'Confirm your new address' : 'Your address is about to change';
  res.page('email-change/answer', { title, side, name: person.name, before: person.email, change });
}

async function takeAnswer(deps: Deps, req: Request, res: Response): Promise<void> {
  const found = await open(deps, req, res);
  if (found === null) return;
  const { side, token } = found;
  if (side === 'old' && req.body?.answer === 'stop') {
    const stopped = await stopEmailChange(deps.db, token, deps.now());
    return showOutcome(res, stopped.ok ? 'stopped' : 'link', found.change);
  }
  const done = await answerEmailChange(deps.db, { side, token }, deps.now());
  if (!done.ok) return showOutcome(res, done.problem, found.change);
  const { isChanged, change } = done.value;
  showOutcome(res, isChanged ? 'changed' : side === 'new' ? 'waits for old' : 'waits for new', change);
}
