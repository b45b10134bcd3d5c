// The link that stops one kind of mail without signing in (RFC 8058). It is signed, not stored: it says whose mails and which,
// and opens nothing else. Pure.
import { createHmac, timingSafeEqual } from 'node:crypto';
import { type EventKey, eventKeys, eventOf } from './events.ts';

/** What a link stops: one kind of mail, or the daily summary. */
export type Stopped = EventKey | 'summary';

/** The template of the daily summary. */
const SUMMARY = 'summary';

/** What the link in a mail with this template stops; undefined: it is not optional. */
export const stoppedBy = (template: string): Stopped | undefined =>
  template === SUMMARY ? 'summary' : eventOf(template);

const signature = (secret: string, personId: string, what: string): string =>
  createHmac('sha256', secret).update(`unsubscribe\n${personId}\n${what}`).digest('base64url');

/** The path of the link that stops such mails to a person. */
export const unsubscribePath = (secret: string, personId: number, what: Stopped): string =>
  `/unsubscribe/${personId}.${what}.${signature(secret, String(personId), what)}`;

/** Whose mails a link stops, and which; undefined where we did not make it. */
export function readUnsubscribe(
  secret: string,
  token: unknown,
): { readonly personId: number; readonly what: Stopped } | undefined {
  const [, id, what, given] = /^([1-9][0-9]{0,8})\.([a-z-]{1,40})\.([\w-]{43})$/.exec(String(token)) ?? [];
  if (id === undefined || what === undefined || given === undefined) return undefined;
  const expected = signature(secret, id, what);
  if (!timingSafeEqual(Buffer.from(given), Buffer.from(expected))) return undefined;
  const known = [...eventKeys, SUMMARY].find((key): key is Stopped => key === what);
  return known && { personId: Number(id), what: known };
}
