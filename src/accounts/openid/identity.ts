// Who somebody is at an OpenID provider, read from what it says of them. Pure.
import { isPlainAddress } from '../../notifications/mail.ts';

export type Identity = {
  readonly issuer: string;
  /** The provider's own name for the person, which never changes. */
  readonly subject: string;
  /** In lower case; null: none was told that mail can be sent to. */
  readonly email: string | null;
  /** Whether the provider says that the address was verified. Anything but a plain yes is a no. */
  readonly isVerified: boolean;
  readonly name: string | null;
  readonly groups: readonly string[];
};

type Claims = Readonly<Record<string, unknown>>;

/** Reads claims. `groupsClaim`: the one that lists groups, as a list or as one text. */
export function identityOf(
  claims: Claims & { readonly iss: string; readonly sub: string },
  groupsClaim: string,
): Identity {
  const { iss, sub, email, email_verified: verified, name } = claims;
  const groups = claims[groupsClaim];
  return {
    issuer: iss,
    subject: sub,
    email: typeof email === 'string' && isPlainAddress(email) ? email.toLowerCase() : null,
    isVerified: verified === true,
    name: typeof name === 'string' && name.trim() !== '' ? name.trim().slice(0, 100) : null,
    groups: [groups].flat().filter((one): one is string => typeof one === 'string'),
  };
}
