// The page on which somebody sets up an authenticator app: from the profile, or on the way in where the provider asks for it.
import type { Request, Response } from 'express';
import type { Deps } from '../../deps.ts';
import type { FieldErrors } from '../../form.ts';
import type { Person } from '../person.ts';
import { addApp } from './actions.ts';
import { type Offer, offerOf, unsealOffer } from './offer.ts';
import { readCode } from './totp.ts';

declare module '../../web/page.ts' {
  interface Views {
    'second-factor/enrolment': {
      title: string;
      offer: Offer;
      errors: FieldErrors;
      action: string;
      /** Whether there is no other way in. */
      isForced: boolean;
    };
    'second-factor/codes': { title: string; codes: readonly string[] } & GoingOn;
  }
}

/** Where to go on, and the fields of a form that is sent there; null: it is a link. */
type GoingOn = { readonly next: string; readonly fields: readonly (readonly [name: string, value: string])[] | null };
type Place = { readonly person: Person; readonly action: string; readonly isForced: boolean };

export function showEnrolment(
  deps: Deps,
  res: Response,
  { person, action, isForced }: Place,
  { errors = {}, secret = null }: { readonly errors?: FieldErrors; readonly secret?: string | null } = {},
): void {
  const whose = { key: deps.sessionSecret, personId: person.id, at: deps.now() };
  const offer = offerOf(whose, { issuer: deps.provider.name, label: person.email }, secret);
  const page = { title: 'Set up an authenticator app', offer, errors, action, isForced };
  res.page('second-factor/enrolment', page, Object.keys(errors).length > 0 ? 422 : 200);
}

/** Sets up the app that the form is about. Returns new recovery codes, `has-one`, or null where the page is shown again. */
export async function takeEnrolment(
  deps: Deps,
  { req, res }: { readonly req: Request; readonly res: Response },
  place: Place,
): Promise<string[] | 'has-one' | null> {
  const { person } = place;
  const at = deps.now();
  const key = deps.sessionSecret;
  const secret = unsealOffer({ key, personId: person.id, at }, req.body?.offer);
  const again = (errors: FieldErrors): null => {
    showEnrolment(deps, res, place, { errors, secret });
    return null;
  };
  if (secret === null)
    return again({ code: 'This page was open for too long. Scan the new picture and type the code that it leads to.' });
  const code = readCode(req.body?.code);
  if (code === undefined) return again({ code: 'Type the six digits that the app shows.' });
  const done = await addApp(deps.db, { person, at }, { key, secret, code, isFirst: place.isForced });
  if (done.ok) return done.value;
  if (done.problem === 'has-one') return 'has-one';
  return again({
    code: 'This is not the code that the app should show now. Scan the picture again, and check that your device’s clock is right.',
  });
}

/** Shows recovery codes, once. */
export function showCodes(res: Response, codes: readonly string[], onward: GoingOn): void {
  res.page('second-factor/codes', { title: 'Your recovery codes', codes, ...onward });
}
