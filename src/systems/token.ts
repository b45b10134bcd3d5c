// The token by which a mail system is known. Shown once, when it is made; what is stored cannot be turned back into it.
import { createHash, randomBytes } from 'node:crypto';

export type MadeToken = { readonly token: string; readonly hash: string; readonly start: string };

/** The hash under which a token is kept. It has 256 random bits, so a plain hash is enough. */
export const hashOf = (token: string): string => createHash('sha256').update(token).digest('hex');

/** Makes a token. `start`: its first characters, by which people tell tokens apart. */
export function makeToken(): MadeToken {
  const token = `wd_${randomBytes(32).toString('base64url')}`;
  return { token, hash: hashOf(token), start: token.slice(0, 7) };
}
