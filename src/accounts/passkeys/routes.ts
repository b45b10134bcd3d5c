// Passkeys: signing in with one, adding and removing one's own. They need a script; all else works without.
import type { Request, Response } from 'express';
import type { Deps } from '../../deps.ts';
import { NotFound } from '../../web/errors.ts';
import { idIn } from '../../web/params.ts';
import type { Route } from '../../web/router.ts';
import { ownPath, readKept } from '../form.ts';
import { showSignIn } from '../routes-sign-in.ts';
import { showCodes } from '../second-factor/routes-enrolment.ts';
import { againFirst, OWN_SIGN_IN, showOwn } from '../second-factor/routes-own.ts';
import { showCode } from '../second-factor/routes-sign-in.ts';
import { deviceName } from '../session/device.ts';
import { isFresh, mayComeFromHere } from '../session/session.ts';
import { begunSignIn, goOnSigningIn } from '../session/sign-in.ts';
import { addressOf, forgiveTry, limits, takeTries } from '../store-throttle.ts';
import { answerTooMany } from '../too-many-tries.ts';
import { addPasskey, removePasskey, takePasskey } from './actions.ts';
import { addOptions, siteOf } from './options.ts';
import { listPasskeys } from './store.ts';

declare module '../../web/page.ts' {
  interface Views {
    'passkeys/add': {
      title: string;
      /** What the browser is to do, as JSON; null: this desk's address has no passkeys. */
      options: string | null;
      problem: string | null;
    };
  }
}

const ADD = `${OWN_SIGN_IN}/passkeys`;
type Exchange = { readonly deps: Deps; readonly req: Request; readonly res: Response };

export function passkeyRoutes(deps: Deps): Route[] {
  const with_ =
    (take: (exchange: Exchange) => Promise<void>): Route['handle'] =>
    (req, res) =>
      take({ deps, req, res });
  const removal = `${ADD}/:passkey/removal`;
  return [
    { method: 'post', path: '/sign-in/passkey', may: 'anyone', handle: with_(signIn) },
    { method: 'get', path: ADD, may: 'signed in', handle: with_((exchange) => offer(exchange)) },
    { method: 'post', path: ADD, may: 'signed in', handle: with_(takeNew) },
    { method: 'post', path: removal, may: 'signed in', handle: with_(remove) },
  ];
}

/** What the browser sent in the form's one field; null where it is nothing of the kind. */
function credentialOf(req: Request): unknown {
  const text: unknown = req.body?.credential;
  if (typeof text !== 'string' || text.length > 100_000) return null;
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

async function signIn(exchange: Exchange): Promise<void> {
  const { deps, req, res } = exchange;
  const begun = begunSignIn(req, 'code');
  const onward = begun ?? { next: ownPath(req.body?.next), kept: readKept(req.body?.kept) };
  const isAgain = req.person !== null && req.body?.again === '1';
  const again = (passkey: string, status: number): Promise<void> | void =>
    begun
      ? showCode(exchange, begun, { passkey }, status)
      : showSignIn(exchange, onward, { errors: { passkey }, status, isAgain });
  const tries = [limits.signInFromAddress, addressOf(req.ip)] as const;
  const waitMs = await takeTries(deps.db, [tries], deps.now());
  if (waitMs > 0) return again(answerTooMany(res, 'signing in', waitMs), 429);
  const site = siteOf(deps.config.baseUrl);
  const answer = { site, key: deps.sessionSecret, credential: credentialOf(req) };
  const taken = site && (await takePasskey(deps.db, deps.now(), { ...answer, site }));
  if (!taken?.ok || !(await mayComeFromHere(deps, req, taken.value.person)))
    return again('This passkey was not taken. Try again, or sign in another way.', 422);
  await forgiveTry(deps.db, ...tries);
  const { next, kept } = begun && begun.person.id !== taken.value.person.id ? { next: '/', kept: null } : onward;
  // It was unlocked by a finger, a face or a PIN: two factors in one.
  await goOnSigningIn(deps, { req, res }, { ...taken.value, shownAt: deps.now() }, { next, kept, isEnough: true });
}

function selfOf({ deps, req }: Exchange) {
  if (req.person === null) throw new NotFound();
  return { person: req.person, at: deps.now() };
}

async function offer(exchange: Exchange, problem: string | null = null): Promise<void> {
  const { deps, req, res } = exchange;
  const { person, at } = selfOf(exchange);
  if (!isFresh(req, at)) return againFirst(res);
  const site = siteOf(deps.config.baseUrl);
  const own = (await listPasskeys(deps.db, person.id)).map(({ credentialId }) => credentialId);
  const options = site && addOptions(site, deps.sessionSecret, at, { provider: deps.provider.name, person, own });
  res.page('passkeys/add', { title: 'Add a passkey', options, problem }, problem === null ? 200 : 422);
}

async function takeNew(exchange: Exchange): Promise<void> {
  const { deps, req, res } = exchange;
  const self = selfOf(exchange);
  const site = siteOf(deps.config.baseUrl);
  const answer = { site, key: deps.sessionSecret, credential: credentialOf(req) };
  // Who was shown the challenge had signed in a moment before.
  const done = site && (await addPasskey(deps.db, self, { ...answer, site }, deviceName(req.get('user-agent'))));
  if (!done?.ok)
    return offer(
      exchange,
      done?.problem === 'taken' ? 'This passkey was added already.' : 'The passkey could not be added. Try again.',
    );
  if (done.value) return showCodes(res, done.value, { next: OWN_SIGN_IN, fields: null });
  res.redirect(303, `${OWN_SIGN_IN}?note=passkey-added`);
}

async function remove(exchange: Exchange): Promise<void> {
  const { deps, req, res } = exchange;
  const self = selfOf(exchange);
  if (!isFresh(req, self.at)) return againFirst(res);
  const done = await removePasskey(deps.db, self, idIn(req.params['passkey']) ?? 0);
  if (done.ok) return res.redirect(303, `${OWN_SIGN_IN}?note=passkey-removed`);
  if (done.problem === 'none') throw new NotFound();
  await showOwn(exchange, 'Your provider asks for a second step, so the last one stays. Set up another first.');
}
