// The second step of signing in: a code of the app or a recovery code, or setting up an app where there is none yet.
import type { Request, Response } from 'express';
import type { Deps } from '../../deps.ts';
import type { FieldErrors } from '../../form.ts';
import type { Route } from '../../web/router.ts';
import { askOptions, siteOf } from '../passkeys/options.ts';
import { listPasskeys } from '../passkeys/store.ts';
import type { Person } from '../person.ts';
import { admit, begunSignIn, fieldsOf, homeOf, letIn } from '../session/sign-in.ts';
import { addressOf, forgiveTry, type Limit, limits, takeTries } from '../store-throttle.ts';
import { answerTooMany } from '../too-many-tries.ts';
import { type CodeProblem, takeCode, takeRecoveryCode, warnOfCodes } from './actions.ts';
import { showCodes, showEnrolment, takeEnrolment } from './routes-enrolment.ts';
import { findSecondFactor } from './store.ts';
import { readCode } from './totp.ts';

declare module '../../web/page.ts' {
  interface Views {
    'sign-in/code': {
      title: string;
      errors: FieldErrors;
      email: string;
      hasApp: boolean;
      /** What a browser does with a passkey of theirs; null: they have none. */
      passkey: string | null;
    };
  }
}

type Exchange = { readonly deps: Deps; readonly req: Request; readonly res: Response };
type Begun = NonNullable<ReturnType<typeof begunSignIn>>;

export function secondStepRoutes(deps: Deps): Route[] {
  const may = 'anyone';
  /** A step of a sign-in that needs this; without one, the way begins at the password. */
  const step =
    (needs: 'code' | 'enrolment', take: (exchange: Exchange, begun: Begun) => Promise<void>): Route['handle'] =>
    async (req, res) => {
      const begun = begunSignIn(req, needs);
      if (begun === null) return res.redirect(303, '/sign-in');
      await take({ deps, req, res }, begun);
    };
  return [
    { method: 'get', path: '/sign-in/code', may, handle: step('code', (at, begun) => showCode(at, begun)) },
    { method: 'post', path: '/sign-in/code', may, handle: step('code', takeAppCode) },
    { method: 'post', path: '/sign-in/recovery', may, handle: step('code', takeRecovery) },
    {
      method: 'get',
      path: ENROLMENT,
      may,
      handle: step('enrolment', async ({ res }, begun) => showEnrolment(deps, res, forced(begun))),
    },
    { method: 'post', path: ENROLMENT, may, handle: step('enrolment', takeForcedEnrolment) },
  ];
}

const ENROLMENT = '/sign-in/enrolment';
const forced = ({ person }: Begun) => ({ person, action: ENROLMENT, isForced: true });

/** Shows the page of the second step. */
export async function showCode(
  { deps, res }: Exchange,
  { person }: Pick<Begun, 'person'>,
  errors: FieldErrors = {},
  status = 200,
): Promise<void> {
  const { appSince } = await findSecondFactor(deps.db, person.id);
  const own = (await listPasskeys(deps.db, person.id)).map(({ credentialId }) => credentialId);
  const site = siteOf(deps.config.baseUrl);
  const passkey = site && own.length > 0 ? askOptions(site, deps.sessionSecret, deps.now(), own) : null;
  res.page(
    'sign-in/code',
    { title: 'Second step', errors, email: person.email, hasApp: appSince !== null, passkey },
    status,
  );
}

const PROBLEMS: Readonly<Record<CodeProblem, string>> = {
  wrong: 'This is not the code that your app shows now. Wait for the next one and type that.',
  used: 'This code was used already. Wait for the next one: each works once.',
  unreadable:
    'We can no longer check codes of your app. Use a recovery code, or ask an administrator to remove your second step.',
};

async function takeAppCode(exchange: Exchange, begun: Begun): Promise<void> {
  const { deps, req, res } = exchange;
  const { person, known } = begun;
  const again = (code: string, status: number) => showCode(exchange, begun, { code }, status);
  const code = readCode(req.body?.code);
  if (code === undefined) return again('Type the six digits that your app shows.', 422);
  const who = String(person.id);
  const tries = [
    [limits.signInFromAddress, addressOf(req.ip)],
    [limits.codeOfPerson, who],
    [limits.codeOfPersonADay, who],
  ] as const;
  const waitMs = await takeTries(deps.db, tries, deps.now());
  if (waitMs > 0) {
    await warn(deps, person);
    return again(`${answerTooMany(res, 'a code', waitMs)} A recovery code works meanwhile.`, 429);
  }
  const taken = await takeCode(deps.db, { person, at: deps.now() }, { key: deps.sessionSecret, code });
  if (!taken.ok) {
    if (taken.problem === 'unreadable')
      deps.log.warn(
        { person: person.id },
        'a second factor cannot be read: SESSION_SECRET is not the one that it was set up with',
      );
    return again(PROBLEMS[taken.problem], 422);
  }
  await forgive(deps, tries);
  await letIn(deps, { req, res }, known, begun);
}

/** Who knows the password and tries codes is told to its owner, once a day. */
async function warn(deps: Deps, person: Person): Promise<void> {
  const isFirst = (await takeTries(deps.db, [[limits.codeWarning, String(person.id)]], deps.now())) === 0;
  if (isFirst) await warnOfCodes(deps.db, person, deps.now());
}

async function takeRecovery(exchange: Exchange, begun: Begun): Promise<void> {
  const { deps, req, res } = exchange;
  const { person, known } = begun;
  const again = (recovery: string, status: number) => showCode(exchange, begun, { recovery }, status);
  const typed: unknown = req.body?.recovery;
  if (typeof typed !== 'string' || typed.trim() === '' || typed.length > 100)
    return again('Type one of your recovery codes.', 422);
  const tries = [
    [limits.signInFromAddress, addressOf(req.ip)],
    [limits.recoveryOfPerson, String(person.id)],
  ] as const;
  const waitMs = await takeTries(deps.db, tries, deps.now());
  if (waitMs > 0) return again(answerTooMany(res, 'a recovery code', waitMs), 429);
  const taken = await takeRecoveryCode(deps.db, { person, at: deps.now() }, typed);
  if (!taken.ok) return again('This is not a recovery code of yours, or it was used already.', 422);
  await forgive(deps, tries);
  await letIn(deps, { req, res }, known, begun);
}

async function forgive(deps: Deps, tries: readonly (readonly [Limit, who: string])[]): Promise<void> {
  for (const [limit, who] of tries) await forgiveTry(deps.db, limit, who);
}

async function takeForcedEnrolment({ deps, req, res }: Exchange, begun: Begun): Promise<void> {
  const { known, next, kept } = begun;
  const codes = await takeEnrolment(deps, { req, res }, forced(begun));
  if (codes === null) return;
  // Somebody set one up in another window: this sign-in has to show it.
  if (codes === 'has-one') return res.redirect(303, '/sign-in');
  await admit(deps, { req, res }, known);
  const fields = kept && next !== '/' ? fieldsOf(kept) : null;
  showCodes(res, codes, { next: homeOf(known.person, next), fields });
}
