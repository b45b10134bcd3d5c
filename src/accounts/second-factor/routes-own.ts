// How somebody signs in, as their own pages show and change it. Changes are for those who signed in a moment ago.
import type { Request, Response } from 'express';
import type { Deps } from '../../deps.ts';
import { NotFound } from '../../web/errors.ts';
import type { Route } from '../../web/router.ts';
import { findLinkedAt } from '../openid/store.ts';
import { listPasskeys, type Passkey } from '../passkeys/store.ts';
import { isFresh } from '../session/session.ts';
import { listSessionsOf, type ShownSession, sessionKey } from '../session/store.ts';
import { removeApp, renewCodes, type Self } from './actions.ts';
import { mustHave, type SecondFactor } from './need.ts';
import { RECOVERY_CODES } from './recovery-code.ts';
import { showCodes, showEnrolment, takeEnrolment } from './routes-enrolment.ts';
import { findSecondFactor, findSecondFactorRule } from './store.ts';

declare module '../../web/page.ts' {
  interface Views {
    'profile/sign-in': {
      title: string;
      email: string;
      factor: SecondFactor;
      /** How many recovery codes there are at first. */
      mostCodes: number;
      isRequired: boolean;
      passkeys: readonly Passkey[];
      /** The account at the OpenID provider that opens this one, since when; null: there is none. */
      identity: { readonly label: string; readonly since: number } | null;
      sessions: readonly ShownSession[];
      /** The id of the session in which the page is shown. */
      current: string;
      problem: string | null;
    };
  }
}

/** The page of how one signs in. */
export const OWN_SIGN_IN = '/profile/sign-in';
const HOME = OWN_SIGN_IN;
const APP = `${HOME}/app`;

type Exchange = { readonly deps: Deps; readonly req: Request; readonly res: Response; readonly self: Self };

export function ownSignInRoutes(deps: Deps): Route[] {
  const may = 'signed in';
  const at = (req: Request, res: Response): Exchange => {
    if (req.person === null) throw new NotFound();
    return { deps, req, res, self: { person: req.person, at: deps.now() } };
  };
  /** What only somebody may do who signed in a moment ago. */
  const fresh =
    (take: (exchange: Exchange) => Promise<void> | void): Route['handle'] =>
    async (req, res) => {
      if (!isFresh(req, deps.now())) return againFirst(res);
      await take(at(req, res));
    };
  return [
    { method: 'get', path: HOME, may, handle: (req, res) => show(at(req, res)) },
    { method: 'get', path: APP, may, handle: fresh(offerApp) },
    { method: 'post', path: APP, may, handle: fresh(takeApp) },
    { method: 'post', path: `${APP}/removal`, may, handle: fresh(dropApp) },
    { method: 'post', path: `${HOME}/recovery-codes`, may, handle: fresh(takeRenewal) },
  ];
}

/** Sends somebody to sign in again, who wants to change how they sign in. */
export const againFirst = (res: Response): void =>
  res.redirect(303, `/sign-in?again=1&next=${encodeURIComponent(OWN_SIGN_IN)}`);

/** The page of how one signs in, with why nothing was changed. */
export async function showOwn({ deps, req, res }: Omit<Exchange, 'self'>, problem: string): Promise<void> {
  if (req.person === null) throw new NotFound();
  await show({ deps, req, res, self: { person: req.person, at: deps.now() } }, problem);
}

async function show({ deps, req, res, self }: Exchange, problem: string | null = null): Promise<void> {
  const { db } = deps;
  const { person } = self;
  const current = sessionKey(req.sessionID);
  const sessions = await listSessionsOf(db, person.id, self.at);
  const page = {
    title: 'How you sign in',
    email: person.email,
    factor: await findSecondFactor(db, person.id),
    mostCodes: RECOVERY_CODES,
    passkeys: await listPasskeys(db, person.id),
    sessions: sessions.toSorted((one, other) => Number(other.id === current) - Number(one.id === current)),
    current,
    identity: await findIdentity(deps, person.id),
    isRequired: mustHave(await findSecondFactorRule(db), person),
    problem,
  };
  res.page('profile/sign-in', page, problem === null ? 200 : 409);
}

async function findIdentity({ db, config }: Deps, personId: number) {
  const { openId } = config;
  const since = openId && (await findLinkedAt(db, personId, openId.issuer));
  return openId && since !== null ? { label: openId.label, since } : null;
}

const placeOf = ({ self }: Exchange) => ({ person: self.person, action: APP, isForced: false });

async function offerApp(exchange: Exchange): Promise<void> {
  const { deps, res, self } = exchange;
  if ((await findSecondFactor(deps.db, self.person.id)).appSince !== null) return show(exchange, HAS_ONE);
  showEnrolment(deps, res, placeOf(exchange));
}

const HAS_ONE = 'You have an authenticator app already. Remove it first, then set up another.';

async function takeApp(exchange: Exchange): Promise<void> {
  const { deps, req, res } = exchange;
  const codes = await takeEnrolment(deps, { req, res }, placeOf(exchange));
  if (codes === 'has-one') return show(exchange, HAS_ONE);
  if (codes !== null) showCodes(res, codes, { next: HOME, fields: null });
}

async function dropApp(exchange: Exchange): Promise<void> {
  const { deps, res, self } = exchange;
  const done = await removeApp(deps.db, self);
  if (done.ok) return res.redirect(303, `${HOME}?note=app-removed`);
  if (done.problem === 'none') return show(exchange, 'There is no authenticator app to remove.');
  await show(exchange, 'Your provider asks for a second step, so the last one stays. An administrator can reset it.');
}

async function takeRenewal(exchange: Exchange): Promise<void> {
  const { deps, res, self } = exchange;
  const done = await renewCodes(deps.db, self);
  if (done.ok) return showCodes(res, done.value, { next: HOME, fields: null });
  await show(exchange, 'Recovery codes are for those who have a second step. Set one up first.');
}
