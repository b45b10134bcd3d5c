// The token of an invitation's link. As with a forgotten password it is stored nowhere: the row keeps its hash, the mail a seed.
import { createHmac, randomBytes } from 'node:crypto';
import type { InvitationFacts } from '../people/mail.ts';

const HOUR = 3_600_000;
/** An invitation that is mailed works for this long. */
export const INVITATION_LASTS_MS = 7 * 24 * HOUR;
/** A link that is printed at the server's console works for this long. */
export const CONSOLE_LINK_LASTS_MS = HOUR;

/** The token of 256 bits that belongs to a random seed. */
export const invitationToken = (secret: string, seed: string): string =>
  createHmac('sha256', secret).update(`invitation\n${seed}`).digest('base64url');

/** A seed, or a token that no mail has to write again. */
export const randomToken = (): string => randomBytes(32).toString('base64url');

/** The facts of an invitation with the link's path, as they are needed when the mail is written. */
export const withInvitationPath = (secret: string, facts: InvitationFacts): InvitationFacts => ({
  ...facts,
  path: `/invitation/${invitationToken(secret, facts.seed)}`,
});
