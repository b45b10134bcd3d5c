// A real OpenID provider (oidc-provider) on loopback, and a browser that signs in at it and comes back.
import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ExecutionContext } from 'ava';
import { type Configuration, type JWK, Provider } from 'oidc-provider';
import type { Answer, Visitor } from './visitor.ts';
import { createWorld, type Engine, type World } from './world.ts';

/** What the provider says of somebody, by the name that they sign in with. */
export type Claims = {
  email?: unknown;
  email_verified?: unknown;
  name?: string;
  groups?: unknown;
};

export const CLIENT = { id: 'warmdesk', secret: 'a secret of forty characters, or so, at least' };
export const CALLBACK = '/sign-in/openid/callback';

export type OpenIdPlace = {
  readonly world: World;
  readonly issuer: string;
  readonly people: Record<string, Claims>;
  /** Ends the provider: from then on nothing answers. */
  readonly stop: () => Promise<void>;
};

const SETTINGS = {
  OIDC_CLIENT_ID: CLIENT.id,
  OIDC_CLIENT_SECRET: CLIENT.secret,
  OIDC_LABEL: 'Nimbus ID',
  OIDC_SCOPE: 'openid email profile groups',
  OIDC_ROLES: 'desk-admins=admin; desk-reviewers=reviewer',
};

/** A world with a provider beside it. `settings` are environment variables. */
export async function openIdPlace(
  t: ExecutionContext,
  engine: Engine,
  settings: Record<string, string> = {},
): Promise<OpenIdPlace> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  // Another site than the desk, as it is in earnest.
  const issuer = `http://localhost:${(server.address() as AddressInfo).port}`;
  const world = await createWorld(t, engine, { OIDC_ISSUER: issuer, ...SETTINGS, ...settings });
  const people: Record<string, Claims> = {};
  serve(server, issuer, world.url, people);
  const stop = async (): Promise<void> => {
    server.closeAllConnections();
    if (server.listening) await new Promise((resolve) => server.close(resolve));
  };
  t.teardown(stop);
  return { world, issuer, people, stop };
}

/** Makes the provider without what it would tell people who run it in earnest. */
function quietly<T>(make: () => T): T {
  const { warn, info } = console;
  Object.assign(console, { warn() {}, info() {} });
  try {
    return make();
  } finally {
    Object.assign(console, { warn, info });
  }
}

const HOUR_S = 3600;
const ttl = Object.fromEntries(
  ['Interaction', 'Grant', 'Session', 'AccessToken', 'IdToken', 'AuthorizationCode'].map((what) => [what, HOUR_S]),
);
const key = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ format: 'jwk' });

function serve(server: Server, issuer: string, home: string, people: Record<string, Claims>): void {
  const settings: Configuration = {
    ttl,
    jwks: { keys: [key as JWK] },
    clients: [{ client_id: CLIENT.id, client_secret: CLIENT.secret, redirect_uris: [`${home}${CALLBACK}`] }],
    claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name'], groups: ['groups'] },
    scopes: ['openid', 'email', 'profile', 'groups'],
    cookies: { keys: ['for tests alone'] },
    findAccount: async (_context, sub) => ({
      accountId: sub,
      claims: async () => ({ sub, ...people[sub] }) as { sub: string },
    }),
    // Nobody is asked whether the desk may know who they are.
    loadExistingGrant: async (context) => {
      const grant = new context.oidc.provider.Grant({
        clientId: context.oidc.client?.clientId ?? '',
        accountId: context.oidc.session?.accountId ?? '',
      });
      grant.addOIDCScope('openid email profile groups');
      await grant.save();
      return grant;
    },
  };
  const provider = quietly(() => new Provider(issuer, settings));
  server.on('request', provider.callback());
}

/** Somebody's browser at the provider: its cookies there. */
export class ProviderVisitor {
  readonly #cookies = new Map<string, string>();

  /** Signs in at the provider as `sub` and returns the address that it sends the browser back to. */
  async signIn(url: string, sub: string): Promise<URL> {
    let next = new URL(url);
    for (let step = 0; step < 10; step++) {
      const answer = await this.#ask(next);
      const to = answer.headers.get('location');
      if (to !== null) {
        next = new URL(to, next);
        if (next.pathname === CALLBACK) return next;
        continue;
      }
      const html = await answer.text();
      if (!next.pathname.startsWith('/interaction/')) throw new Error(`the provider says ${answer.status}: ${html}`);
      const sent = await this.#ask(next, new URLSearchParams({ prompt: 'login', login: sub, password: 'any' }));
      next = new URL(sent.headers.get('location') ?? '', next);
    }
    throw new Error('the provider goes on and on');
  }

  async #ask(url: URL, body?: URLSearchParams): Promise<Response> {
    const cookie = [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const answer = await fetch(url, {
      method: body ? 'POST' : 'GET',
      body: body ?? null,
      headers: { cookie },
      redirect: 'manual',
    });
    for (const line of answer.headers.getSetCookie()) {
      const [pair = ''] = line.split(';');
      const at = pair.indexOf('=');
      this.#cookies.set(pair.slice(0, at), pair.slice(at + 1));
    }
    return answer;
  }
}

/** The path of the desk that the provider sends `visitor` back to once they signed in there as `sub`. */
export async function leaveFor(visitor: Visitor, sub: string, query = ''): Promise<string> {
  const begun = await visitor.get(`/sign-in/openid${query}`);
  if (begun.status !== 303) throw new Error(`the sign-in does not begin: ${begun.status} ${begun.text}`);
  const back = await new ProviderVisitor().signIn(begun.location ?? '', sub);
  return `${back.pathname}${back.search}`;
}

/** Signs in over the provider as `sub`, there and back. */
export const signInOver = async (visitor: Visitor, sub: string, query = ''): Promise<Answer> =>
  visitor.get(await leaveFor(visitor, sub, query));
