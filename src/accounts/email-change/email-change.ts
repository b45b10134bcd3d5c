// A change of somebody's mail address: proven by a link to the new one; the old one agrees, or can stop it. Pure.
import { createHmac } from 'node:crypto';

const DAY = 24 * 3_600_000;

/**
 * How long both links work. An old address that says nothing until then has agreed: it may be one that its owner lost,
 * and somebody else who asked was told to it in time to be stopped.
 */
export const CHANGE_LASTS_MS = 3 * DAY;

export type Side = 'new' | 'old';

export type EmailChange = {
  readonly personId: number;
  /** The new one, in lower case. */
  readonly email: string;
  readonly expiresAt: number;
  readonly provenAt: number | null;
  readonly agreedAt: number | null;
};

/** Whether the address is to be changed at the instant `at`. */
export const isDue = ({ provenAt, agreedAt, expiresAt }: EmailChange, at: number): boolean =>
  provenAt !== null && (agreedAt !== null || expiresAt <= at);

/** The token of 256 bits that belongs to a random seed. As with a forgotten password it is stored nowhere. */
export const changeToken = (secret: string, seed: string): string =>
  createHmac('sha256', secret).update(`email-change\n${seed}`).digest('base64url');

/** The facts of a mail with its link's path, as they are needed when the mail is written. */
export const withChangePath = <F extends { readonly seed: string }>(
  secret: string,
  facts: F,
): F & { path: string } => ({
  ...facts,
  path: `/email-change/${changeToken(secret, facts.seed)}`,
});
