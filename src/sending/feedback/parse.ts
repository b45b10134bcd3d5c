// A mail, taken apart by its MIME parts.
import PostalMime from 'postal-mime';
import { type Fields, fieldsOf } from './fields.ts';

export type Mail = {
  readonly headers: Fields;
  /** Whom it was delivered to, by the envelope where that is known. */
  readonly recipients: readonly string[];
  /** The parts of a report, by their type; text parts are left out. */
  readonly parts: readonly { readonly type: string; readonly text: string }[];
};

/** Takes a mail apart. `recipients`: of the envelope; empty where nobody knows them. */
export async function parseMail(raw: Buffer, recipients: readonly string[]): Promise<Mail> {
  const mail = await PostalMime.parse(raw, { forceRfc822Attachments: true, maxNestingDepth: 20 });
  return {
    headers: fieldsOf(raw.toString('latin1', 0, Math.min(raw.length, 256 * 1024))),
    recipients,
    parts: mail.attachments.map(({ mimeType, content }) => ({
      type: mimeType.toLowerCase(),
      text: typeof content === 'string' ? content : Buffer.from(content as ArrayBuffer).toString('utf8'),
    })),
  };
}
