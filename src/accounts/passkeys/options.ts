// What a browser is told to ask an authenticator for (WebAuthn level 3, in its JSON form). Pure.
import { isIP } from 'node:net';
import { newChallenge } from './challenge.ts';

/** Where passkeys are for: the name that they are bound to, and the address of the pages on which they work. */
export type Site = { readonly rpId: string; readonly origin: string };

/** Where this desk's passkeys are for; null where browsers have none: without https, but for localhost, and at a bare IP. */
export function siteOf(baseUrl: string): Site | null {
  const { protocol, hostname, origin } = new URL(baseUrl);
  const isSecure = protocol === 'https:' || hostname === 'localhost' || hostname.endsWith('.localhost');
  return isSecure && isIP(hostname.replace(/[[\]]/g, '')) === 0 ? { rpId: hostname, origin } : null;
}

/** The algorithms that authenticators have: EdDSA, ES256, RS256. */
export const ALGORITHMS = [-8, -7, -257];
export const SIGN_IN = 'sign-in';
export const adding = (personId: number): string => `add:${personId}`;

/** Asks for any passkey of this site; of `own` only where they are named. User verification makes it two factors. */
export function askOptions(site: Site, secret: string, at: number, own: readonly string[] = []): string {
  return JSON.stringify({
    challenge: newChallenge(secret, SIGN_IN, at),
    rpId: site.rpId,
    userVerification: 'required',
    allowCredentials: own.map((id) => ({ type: 'public-key', id })),
    timeout: 300_000,
  });
}

type NewPasskey = {
  readonly provider: string;
  readonly person: { readonly id: number; readonly email: string; readonly name: string };
  /** Those that they have: no authenticator makes a second one. */
  readonly own: readonly string[];
};

/** Makes a passkey that is found without an address being typed. Who made the authenticator is not asked. */
export function addOptions(site: Site, secret: string, at: number, { provider, person, own }: NewPasskey): string {
  return JSON.stringify({
    challenge: newChallenge(secret, adding(person.id), at),
    rp: { id: site.rpId, name: provider },
    user: {
      id: Buffer.from(`warmdesk ${person.id}`).toString('base64url'),
      name: person.email,
      displayName: person.name,
    },
    pubKeyCredParams: ALGORITHMS.map((alg) => ({ type: 'public-key', alg })),
    authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
    excludeCredentials: own.map((id) => ({ type: 'public-key', id })),
    attestation: 'none',
    timeout: 300_000,
  });
}
