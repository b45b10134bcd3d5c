// The way to the OpenID provider: what it says of itself, where a sign-in begins, and what comes back of it.
import {
  allowInsecureRequests,
  authorizationCodeGrant,
  buildAuthorizationUrl,
  ClientSecretBasic,
  type Configuration,
  calculatePKCECodeChallenge,
  discovery,
  enableNonRepudiationChecks,
  fetchUserInfo,
  None,
  randomNonce,
  randomPKCECodeVerifier,
  randomState,
} from 'openid-client';
import { type Identity, identityOf } from './identity.ts';
import type { OpenIdSetting } from './setting.ts';

/** How long the provider has for each answer, seconds. */
const PATIENCE_S = 5;
const KNOWN_FOR_MS = 60 * 60_000;
/** How long ago somebody may have signed in there who has to show again that it is them, seconds. */
const AGAIN_S = 300;

/** What has to come back with an answer, so that it belongs to this sign-in. */
export type Expected = {
  readonly state: string;
  readonly nonce: string;
  readonly verifier: string;
  /** Whether the person had to sign in at the provider again. */
  readonly isAgain: boolean;
};

export type Provider = {
  /** Where to send the browser, and what to expect. Rejects where the provider does not answer. */
  begin(isAgain: boolean): Promise<Expected & { readonly url: string }>;
  /** Who came back with the query `query` (of the callback's address). Rejects where anything is not as it has to be. */
  finish(query: string, expected: Expected): Promise<Identity>;
};

/** The provider of the setting; what it says of itself is read at the first sign-in, and again each hour. */
export function openProvider(setting: OpenIdSetting, callback: string): Provider {
  let known: { readonly configuration: Configuration; readonly at: number } | null = null;
  const configurationNow = async (): Promise<Configuration> => {
    if (known === null || performance.now() - known.at > KNOWN_FOR_MS)
      known = { configuration: await discover(setting), at: performance.now() };
    return known.configuration;
  };
  return {
    async begin(isAgain) {
      const configuration = await configurationNow();
      const [state, nonce, verifier] = [randomState(), randomNonce(), randomPKCECodeVerifier()];
      const url = buildAuthorizationUrl(configuration, {
        redirect_uri: callback,
        scope: setting.scope,
        state,
        nonce,
        code_challenge: await calculatePKCECodeChallenge(verifier),
        code_challenge_method: 'S256',
        ...(isAgain && { prompt: 'login', max_age: String(AGAIN_S) }),
      });
      return { url: url.href, state, nonce, verifier, isAgain };
    },
    async finish(query, { state, nonce, verifier, isAgain }) {
      const configuration = await configurationNow();
      const tokens = await authorizationCodeGrant(configuration, new URL(`${callback}?${query}`), {
        expectedState: state,
        expectedNonce: nonce,
        pkceCodeVerifier: verifier,
        idTokenExpected: true,
        ...(isAgain && { maxAge: AGAIN_S }),
      });
      const claims = tokens.claims();
      if (claims === undefined) throw new Error('no ID token');
      // Many providers tell addresses and groups only there. It is of the same person, or this rejects.
      const { userinfo_endpoint: more } = configuration.serverMetadata();
      const told = more ? await fetchUserInfo(configuration, tokens.access_token, claims.sub) : {};
      return identityOf({ ...told, ...claims }, setting.groupsClaim);
    },
  };
}

function discover({ issuer, clientId, clientSecret }: OpenIdSetting): Promise<Configuration> {
  const authentication = clientSecret === null ? None() : ClientSecretBasic(clientSecret);
  // Plain http only where the settings allow it: on this machine.
  const insecure = issuer.startsWith('http:') ? [allowInsecureRequests] : [];
  const options = { timeout: PATIENCE_S, execute: [enableNonRepudiationChecks, ...insecure] };
  return discovery(new URL(issuer), clientId, undefined, authentication, options);
}
