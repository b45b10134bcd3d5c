import { randomBytes } from 'node:crypto';
import { promisify } from 'node:util';
import type { Request, RequestHandler, Response } from 'express';
import session from 'express-session';
import passport from 'passport';
import { Strategy } from 'passport-local';
import type { Deps } from '../../deps.ts';
import { isWithin } from '../addresses/ranges.ts';
import { findListsOf } from '../addresses/store.ts';
import { verifyPassword } from '../password.ts';
import type { Person } from '../person.ts';
import { findCredentials } from '../store.ts';
import { addressOf } from '../store-throttle.ts';
import { markHash, noteDevice } from './actions.ts';
import { deviceName } from './device.ts';
import { type BegunSignIn, LONGEST_MS, passwordMark, SessionStore } from './store.ts';

type Done = (error?: unknown) => void;
/**
 * Somebody who is known. `passwordMark`: of the password that they have now. `shownAt`: when they showed who they are
 * (UTC milliseconds); null: that is not known, as a provider says who they are by its own session.
 */
export type Known = { readonly person: Person; readonly passwordMark: string; readonly shownAt: number | null };

/** Who signs in with what, and what a session keeps of them. */
function authenticator(deps: Deps): passport.Authenticator {
  const made = new passport.Passport();
  made.use(
    new Strategy(
      { usernameField: 'email', passwordField: 'password', session: true, passReqToCallback: true },
      (req, email, password, done) => {
        checkPassword(deps, req, { email, password }).then((found) => done(null, found ?? false), done);
      },
    ),
  );
  made.serializeUser((req: Request, user: Express.User, done: (error: unknown, person?: Person) => void) => {
    const known = user as Known;
    req.session.begunAt = deps.now();
    req.session.shownAt = known.shownAt;
    req.session.passwordMark = known.passwordMark;
    req.session.from = fromOf(req);
    done(null, known.person);
  });
  // The store has read the person together with the session.
  made.deserializeUser((person: Person, done) => done(null, person));
  return made;
}

type Given = { readonly email: string; readonly password: string };

/** From where somebody is not let in a right password says no more than a wrong one (S-27). */
async function checkPassword(deps: Deps, req: Request, { email, password }: Given): Promise<Known | null> {
  const found = await findCredentials(deps.db, email);
  const matches = await verifyPassword(password, found?.passwordHash ?? null, deps.passwordMemory);
  if (!found || !matches || !(await mayComeFromHere(deps, req, found.person))) return null;
  return { person: found.person, passwordMark: passwordMark(found.passwordHash), shownAt: deps.now() };
}

/** Whether somebody is let in from where the request comes from (S-27); where not, the log will say so. */
export async function mayComeFromHere(deps: Pick<Deps, 'db'>, req: Request, person: Person): Promise<boolean> {
  if (isWithin(await findListsOf(deps.db, person), req.ip)) return true;
  req.outsider = { person: person.id };
  return false;
}

/** Reads who is signed in (`req.person`): one query with a session cookie, none without. */
export function sessions(deps: Deps): RequestHandler[] {
  const https = deps.config.baseUrl.startsWith('https:');
  if (https && deps.config.trustProxy === 0) {
    deps.log.warn('BASE_URL is https and TRUST_PROXY is 0: behind a proxy nobody can sign in; set TRUST_PROXY');
  }
  return [
    session({
      name: cookieName(https),
      secret: deps.sessionSecret,
      store: new SessionStore(deps),
      resave: false,
      saveUninitialized: false,
      cookie: { httpOnly: true, sameSite: 'lax', secure: https, path: '/', maxAge: LONGEST_MS },
    }),
    authenticator(deps).session(),
    (req, _res, next) => {
      const person = (req.user as Person | undefined) ?? null;
      const isOutside = person !== null && !isWithin(req.session.addressLists ?? [], req.ip);
      req.person = isOutside ? null : person;
      if (isOutside) req.outsider = { person: person.id };
      next();
    },
  ];
}

/** A cookie that only this host can have set, where that can be had. */
export const cookieName = (https: boolean): string => (https ? '__Host-warmdesk' : 'warmdesk');

/**
 * Makes the function that checks the form's fields `email` and `password`. It returns who that is, or null where address
 * and password do not belong together. Nobody is signed in by it: `goOnSigningIn` comes next.
 */
export function checkingPassword(deps: Deps): (req: Request) => Promise<Known | null> {
  const made = authenticator(deps);
  return (req) =>
    new Promise((resolve, reject) => {
      const finish = (error: unknown, found?: Known | false | null): void =>
        error ? reject(error) : resolve(found || null);
      made.authenticate('local', finish)(req, req.res, reject);
    });
}

/** Signs somebody in; the session gets a new id. */
export async function enter(req: Request, known: Known): Promise<void> {
  await promisify(req.logIn.bind(req) as (user: Express.User, done: Done) => void)(known as unknown as Express.User);
  req.person = known.person;
}

/** From where a request comes, as a session keeps it. */
const fromOf = (req: Request) => ({ address: req.ip ?? '', device: deviceName(req.get('user-agent')) });

const deviceCookie = (https: boolean): string => `${cookieName(https)}-device`;
const A_YEAR_MS = 365 * 24 * 3_600_000;

/** Notes from which browser somebody signs in, who is told where it is a new one; the browser gets another mark to keep. */
export async function recogniseDevice(deps: Deps, req: Request, res: Response, person: Person): Promise<void> {
  const https = deps.config.baseUrl.startsWith('https:');
  const name = deviceCookie(https);
  const mark = new RegExp(`(?:^|; *)${name}=([\\w-]{22})(?:;|$)`).exec(req.get('cookie') ?? '')?.[1];
  const next = randomBytes(16).toString('base64url');
  const { device } = fromOf(req);
  await noteDevice(
    deps.db,
    { person, at: deps.now() },
    { mark: mark ? markHash(mark) : null, next: markHash(next), device, address: addressOf(req.ip) },
  );
  res.cookie(name, next, { httpOnly: true, sameSite: 'lax', secure: https, path: '/', maxAge: A_YEAR_MS });
}

/** Keeps a sign-in that is not complete in a session with a new id; who had been signed in here is so no more. */
export async function holdSignIn(
  req: Request,
  known: Known,
  begun: Omit<BegunSignIn, 'person'>,
  at: number,
): Promise<void> {
  await promisify(req.session.regenerate.bind(req.session) as (done: Done) => void)();
  req.person = null;
  req.session.begun = { ...begun, person: known.person };
  req.session.begunAt = at;
  req.session.shownAt = known.shownAt;
  req.session.passwordMark = known.passwordMark;
  // At the end of an answer it is stored, too, but only after its head is sent: a browser may be on the next page by then.
  await promisify(req.session.save.bind(req.session) as (done: Done) => void)();
}

/** How long after showing who they are somebody may change how they sign in; later they sign in again first. */
const FRESH_MS = 15 * 60_000;

export const isFresh = (req: Request, now: number): boolean => now - (req.session.shownAt ?? 0) <= FRESH_MS;

/** Ends the session, here and in the database. */
export function signOut(req: Request): Promise<void> {
  return new Promise((resolve, reject) => {
    req.session.destroy((error: unknown) => (error ? reject(error) : resolve()));
    req.person = null;
  });
}
