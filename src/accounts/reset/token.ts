// A reset link's token is never stored: the row keeps its hash, the mail that waits keeps a seed, and only a process that
// knows the server's secret can make the token from the seed.
import { createHash, createHmac } from 'node:crypto';
import type { ResetFacts } from '../mail.ts';

/** A link works for this long. */
export const RESET_LASTS_MS = 60 * 60_000;

/** The token of 256 bits that belongs to a random seed. */
export const resetToken = (secret: string, seed: string): string =>
  createHmac('sha256', secret).update(`password-reset\n${seed}`).digest('base64url');

/** What is stored of a token. */
export const tokenHash = (token: string): string => createHash('sha256').update(token).digest('hex');

/** Whether this could be a token at all. */
export const looksLikeToken = (token: unknown): token is string =>
  typeof token === 'string' && /^[\w-]{43}$/.test(token);

/** The facts of a reset mail with the link's path, as they are needed when it is written. */
export const withResetPath = (secret: string, facts: ResetFacts): ResetFacts => ({
  ...facts,
  path: `/password-reset/${resetToken(secret, facts.seed)}`,
});
