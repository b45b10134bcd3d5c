// What a mail server reports of a mail of ours that it could not deliver (RFC 3464). Pure.
import { first, groupsOf } from '../sending/feedback/fields.ts';

const REPLY_MAX = 500;

/** What the server says of a mail that failed for good, in one line; null where it did not, or not yet. */
export function bounceReply(status: string): string | null {
  const failed = groupsOf(status).find((fields) => first(fields, 'action').toLowerCase() === 'failed');
  if (failed === undefined) return null;
  const said = first(failed, 'diagnostic-code').replace(/^[\w-]+\s*;\s*/, '');
  const words = said === '' ? first(failed, 'status') : said;
  return (
    words
      .replace(/[\s\p{Cc}]+/gu, ' ')
      .trim()
      .slice(0, REPLY_MAX) || 'The report does not say why.'
  );
}
