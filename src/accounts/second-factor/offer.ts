// The secret that a page shows to be set up in an app. It is kept nowhere yet: it travels with the page's form, sealed. Pure.
import { seal, unseal } from './sealed.ts';
import { appUri, newSecret, qrPath } from './totp.ts';

/** A page on which somebody sets up an app can be sent for this long. */
const OFFER_LASTS_MS = 60 * 60_000;

export type Offer = {
  /** The secret as the form carries it. */
  readonly sealed: string;
  /** In groups of four, to be typed. */
  readonly secret: string;
  readonly uri: string;
  readonly qr: { readonly size: number; readonly path: string };
};

type Whose = { readonly key: string; readonly personId: number; readonly at: number };
type Names = { readonly issuer: string; readonly label: string };

const about = (personId: number): string => `totp-offer:${personId}`;

/** An offer with a new secret, or with the same again where the form was refused. */
export function offerOf(whose: Whose, names: Names, again: string | null = null): Offer {
  const secret = again ?? newSecret();
  const uri = appUri(secret, names.issuer, names.label);
  const text = JSON.stringify({ secret, until: whose.at + OFFER_LASTS_MS });
  return {
    sealed: seal(whose.key, about(whose.personId), text),
    secret: secret.replace(/.{4}(?=.)/g, '$& '),
    uri,
    qr: qrPath(uri),
  };
}

/** The secret of an offer as its form brings it back; null where it is too old, or was made for somebody else. */
export function unsealOffer({ key, personId, at }: Whose, sealed: unknown): string | null {
  const text = typeof sealed === 'string' ? unseal(key, about(personId), sealed) : null;
  const read: { secret: string; until: number } | null = text === null ? null : JSON.parse(text);
  return read !== null && read.until > at ? read.secret : null;
}
