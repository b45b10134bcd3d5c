// Signing in over the OpenID provider: off to it, and back.
import { createHash, randomBytes } from 'node:crypto';
import type { Request, Response } from 'express';
import type { Deps } from '../../deps.ts';
import { NotFound, NotFromHere } from '../../web/errors.ts';
import type { Route } from '../../web/router.ts';
import { ownPath, readKept } from '../form.ts';
import { isFresh, mayComeFromHere } from '../session/session.ts';
import { goOnSigningIn } from '../session/sign-in.ts';
import { addressOf, forgiveTry, limits, takeTries } from '../store-throttle.ts';
import { answerTooMany } from '../too-many-tries.ts';
import { disconnect, type EntryProblem, enterByIdentity } from './actions.ts';
import type { Identity } from './identity.ts';
import { openProvider, type Provider } from './provider.ts';
import type { OpenIdSetting } from './setting.ts';
import { claimFlow, type Flow, insertFlow } from './store.ts';

declare module '../../web/page.ts' {
  interface Views {
    'sign-in/openid-leave': { title: string; label: string; url: string };
    'sign-in/openid-refused': { title: string; sentence: string; label: string };
  }
}

const OWN = '/profile/sign-in';
const START = '/sign-in/openid';
const CALLBACK = '/sign-in/openid/callback';
/** Somebody has this long to sign in at the provider. */
const FLOW_LASTS_MS = 10 * 60_000;

type Refusal = EntryProblem | 'away' | 'stale' | 'cancelled' | 'wrong';
type Desk = { readonly deps: Deps; readonly setting: OpenIdSetting; readonly provider: Provider };

/** The routes are there whatever the settings say; without a provider they lead to the form for a password. */
export function openIdRoutes(deps: Deps): Route[] {
  const deskNow = lazily(deps);
  const may = 'anyone';
  const at =
    (handle: (desk: Desk, req: Request, res: Response) => Promise<void>): Route['handle'] =>
    (req, res) => {
      const desk = deskNow();
      return desk === null ? res.redirect(303, '/sign-in') : handle(desk, req, res);
    };
  return [
    { method: 'get', path: START, may, handle: at(leave) },
    { method: 'post', path: START, may, handle: at(leaveWithForm) },
    { method: 'get', path: CALLBACK, may, handle: at(comeBack) },
    { method: 'post', path: `${OWN}/identity/removal`, may: 'signed in', handle: (req, res) => forget(deps, req, res) },
  ];
}

async function forget(deps: Deps, req: Request, res: Response): Promise<void> {
  const { person } = req;
  if (person === null) throw new NotFound();
  if (!isFresh(req, deps.now())) return res.redirect(303, `/sign-in?again=1&next=${encodeURIComponent(OWN)}`);
  const label = deps.config.openId?.label ?? 'a provider';
  const done = await disconnect(deps.db, { person, at: deps.now() }, label);
  res.redirect(303, `${OWN}?note=${done.ok ? 'identity-forgotten' : 'identity-kept'}`);
}

function lazily(deps: Deps): () => Desk | null {
  let made: Desk | undefined;
  return () => {
    const setting = deps.config.openId;
    if (setting === null) return null;
    made ??= { deps, setting, provider: openProvider(setting, `${deps.config.baseUrl}${CALLBACK}`) };
    return made;
  };
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

async function leave(desk: Desk, req: Request, res: Response): Promise<void> {
  const isAgain = req.query['again'] === '1';
  const url = await begin(desk, req, res, { next: ownPath(req.query['next']), isAgain, kept: null });
  if (url !== null) res.redirect(303, url);
}

/** A form may not lead to another site, so what was typed before the session ended is stored, and a link leads there. */
async function leaveWithForm(desk: Desk, req: Request, res: Response): Promise<void> {
  const fields = readKept(req.body?.kept);
  const kept = fields && JSON.stringify(fields);
  const isAgain = req.body?.again === '1';
  const url = await begin(desk, req, res, { next: ownPath(req.body?.next), isAgain, kept });
  const { label } = desk.setting;
  if (url !== null) res.page('sign-in/openid-leave', { title: `Sign in with ${label}`, label, url });
}

type Onward = Pick<Flow, 'next' | 'isAgain' | 'kept'>;

/** Notes a sign-in that goes off. Returns where to; null where the answer says already that it cannot. */
async function begin(desk: Desk, req: Request, res: Response, onward: Onward): Promise<string | null> {
  const { deps, provider } = desk;
  const at = deps.now();
  const waitMs = await takeTries(deps.db, [[limits.openIdFromAddress, addressOf(req.ip)]], at);
  if (waitMs > 0) {
    refuseWith(desk, res, answerTooMany(res, 'signing in', waitMs), 429);
    return null;
  }
  const begun = await provider.begin(onward.isAgain).catch((err: unknown) => {
    deps.log.warn({ err, requestId: req.requestId }, 'the OpenID provider does not answer');
    refuse(desk, res, 'away');
    return null;
  });
  if (begun === null) return null;
  const browser = cookieOf(deps, req) ?? randomBytes(32).toString('base64url');
  const { state, nonce, verifier, url } = begun;
  const hashes = { stateHash: sha256(state), browserHash: sha256(browser) };
  await insertFlow(deps.db, { ...hashes, nonce, verifier, ...onward, expiresAt: at + FLOW_LASTS_MS });
  res.cookie(cookieName(deps), browser, { ...cookieOptions(deps), maxAge: FLOW_LASTS_MS });
  return url;
}

const isHttps = ({ config }: Deps): boolean => config.baseUrl.startsWith('https:');
const cookieName = (deps: Deps): string => (isHttps(deps) ? '__Host-warmdesk-openid' : 'warmdesk-openid');
// Lax: the provider sends the browser back from its own site.
const cookieOptions = (deps: Deps) => ({ httpOnly: true, sameSite: 'lax', secure: isHttps(deps), path: '/' }) as const;

function cookieOf(deps: Deps, req: Request): string | null {
  const name = cookieName(deps);
  const pairs = (req.get('cookie') ?? '').split(/; */).map((pair) => pair.split('='));
  const [, value = ''] = pairs.find(([one]) => one === name) ?? [];
  return /^[\w-]{43}$/.test(value) ? value : null;
}

async function comeBack(desk: Desk, req: Request, res: Response): Promise<void> {
  const { deps, setting } = desk;
  const { state } = req.query;
  const browser = cookieOf(deps, req);
  const flow =
    typeof state === 'string' && browser !== null
      ? await claimFlow(deps.db, { stateHash: sha256(state), browserHash: sha256(browser) }, deps.now())
      : null;
  if (flow === null || typeof state !== 'string') return refuse(desk, res, 'stale');
  if (req.query['error'] === 'access_denied') return refuse(desk, res, 'cancelled');
  const identity = await redeem(desk, req, { ...flow, state });
  if (typeof identity === 'string') return refuse(desk, res, identity);
  const entered = await enterByIdentity(deps.db, identity, setting, deps.now());
  if (!entered.ok) {
    deps.log.info({ why: entered.problem, requestId: req.requestId }, 'an OpenID sign-in is refused');
    return refuse(desk, res, entered.problem);
  }
  if (!(await mayComeFromHere(deps, req, entered.value.person))) throw new NotFromHere();
  await forgiveTry(deps.db, limits.openIdFromAddress, addressOf(req.ip));
  const kept = flow.kept === null ? null : readKept(flow.kept);
  const isEnough = setting.trustsSecondFactor;
  // Only where it had to ask them again: else its own session may have answered, in a browser that was left open.
  const shownAt = flow.isAgain ? deps.now() : null;
  await goOnSigningIn(deps, { req, res }, { ...entered.value, shownAt }, { next: flow.next, kept, isEnough });
}

/** Who came back, or why that is not known. */
async function redeem(
  { deps, provider }: Desk,
  req: Request,
  flow: Flow & { readonly state: string },
): Promise<Identity | 'away' | 'wrong'> {
  const [, query = ''] = /^[^?]*\?(.*)$/s.exec(req.originalUrl) ?? [];
  try {
    return await provider.finish(query, flow);
  } catch (err) {
    const why = isAway(err) ? 'away' : 'wrong';
    // Never the query: its code opens an account.
    const { code, message } = err as { code?: unknown; message?: unknown };
    deps.log.warn({ why, code, message, requestId: req.requestId }, 'an OpenID sign-in could not be completed');
    return why;
  }
}

/** Whether the provider could not be reached, or took too long: `fetch` throws a TypeError, or a DOMException. */
function isAway(error: unknown): boolean {
  const { code, cause } = error as { code?: unknown; cause?: { code?: unknown } };
  return code === 'OAUTH_TIMEOUT' || /^(E[A-Z]+|UND_ERR_.*)$/.test(String(cause?.code ?? ''));
}

const SENTENCES: Readonly<Record<Refusal, (label: string) => string>> = {
  away: (label) => `${label} does not answer just now. Try again in a minute, or sign in with your password.`,
  stale: () =>
    'This sign-in was used already, took longer than ten minutes, or was begun in another browser. Begin again.',
  cancelled: (label) => `You did not sign in at ${label}.`,
  wrong: (label) => `What came back from ${label} does not fit this sign-in, so nobody was signed in. Begin again.`,
  unknown: (label) =>
    `You are signed in at ${label}, but nobody who can sign in here has your address. Ask an admin for an invitation.`,
  'not-verified': (label) =>
    `${label} does not say that your address was verified. Confirm it there, or sign in with your password.`,
  other: (label) =>
    `Your address belongs to somebody here who signs in with another account at ${label}. Sign in with that one, or ask an admin.`,
  'no-group': (label) => `Your groups at ${label} do not make you one of the staff here. Ask an administrator.`,
};

const STATUS: Readonly<Partial<Record<Refusal, number>>> = { away: 503, stale: 400, cancelled: 400, wrong: 400 };

const refuse = (desk: Desk, res: Response, why: Refusal): void =>
  refuseWith(desk, res, SENTENCES[why](desk.setting.label), STATUS[why] ?? 403);

function refuseWith({ setting: { label } }: Desk, res: Response, sentence: string, status: number): void {
  res.page('sign-in/openid-refused', { title: 'You are not signed in', sentence, label }, status);
}
