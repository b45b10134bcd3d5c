// Mail that nobody wrote: answering it, or taking it for an answer, would begin a loop (RFC 3834, section 2). Pure.
import { type Message, valuesOf } from './message.ts';

const OF_LISTS = ['list-id', 'list-post', 'list-unsubscribe'];
/** Fields that neither people's mail programs nor their relays write: some relays put a Feedback-ID on every mail. */
const OF_ROBOTS = ['x-autoreply', 'x-autorespond', 'x-auto-reply'];

/** Why a mail counts as written by a program, as the end of a sentence; null where a person seems to have written it. */
export function automaticBecause(message: Message, envelopeFrom: string, isOurs: boolean): string | null {
  const first = (name: string): string => valuesOf(message, name)[0]?.trim().toLowerCase() ?? '';
  const has = (name: string): boolean => valuesOf(message, name).length > 0;
  const submitted = first('auto-submitted');
  if (submitted !== '' && !/^no\b/.test(submitted)) return 'it says that it was sent automatically';
  if (envelopeFrom === '') return 'it has no sender to reply to';
  if (/^(mailer-daemon|postmaster)@/i.test(envelopeFrom)) return 'a mail server sent it';
  if (/^(bulk|list|junk|auto_reply)$/.test(first('precedence'))) return `its precedence is ${first('precedence')}`;
  const list = OF_LISTS.find(has);
  if (list !== undefined) return 'it came through a mailing list';
  if (OF_ROBOTS.some(has)) return 'it says that it was sent automatically';
  if (/^multipart\/report\b/.test(first('content-type'))) return 'it is a report from a mail program';
  if (isOurs) return 'it is one of our own mails, sent back to us';
  return null;
}
