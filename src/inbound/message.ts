// A mail that came in, read: who it says it is from, what it says. Nothing of it is believed here. Pure.
import { convert } from 'html-to-text';
import PostalMime, { type Attachment, addressParser, type Header } from 'postal-mime';
import { showsNothing } from '../visible.ts';

/** What HTML says: quoted parts are marked as in text, pictures say nothing. Mails of programs can be nested deeply. */
const HTML = {
  wordwrap: false,
  limits: { maxInputLength: 2_000_000, maxDepth: 200 },
  selectors: [
    { selector: 'a', options: { hideLinkHrefIfSameAsText: true } },
    { selector: 'img', format: 'skip' },
  ],
} as const;

/** A file as the mail has it: nothing of it is believed, its type is not even read. */
export type MailFile = { readonly name: string; readonly content: Uint8Array };

export type Message = {
  /** Every header field in its order, the uppermost first; names in lower case, values unfolded. */
  readonly headers: readonly Header[];
  /** Every address of every From field, in lower case. */
  readonly from: readonly string[];
  /** Every address of its To field, in lower case; none where it has several such fields. */
  readonly to: readonly string[];
  /** '' where it has none. */
  readonly messageId: string;
  readonly subject: string;
  /** Its text, or that of its HTML; nothing of it is markup. */
  readonly text: string;
  /** The files that came with it, but for the pictures of its HTML. */
  readonly files: readonly MailFile[];
  /** Groups of fields of a delivery status (RFC 3464), as text; null where it is not one. */
  readonly status: string | null;
};

/** Headers of people's mails have some kilobytes, those that went through many hands some tens. */
const LIMITS = { maxHeadersSize: 128 * 1024, maxNestingDepth: 20, maxRfc822NestingDepth: 0 };
const SUBJECT_MAX = 250;
const ID_MAX = 998;
/** More of a text is not looked at: many times what is kept of one, and of what it quotes. */
const READ_MAX = 500_000;
/** A report about one mail has some hundred bytes. */
const STATUS_MAX = 64 * 1024;

/** The values of all fields of a name (lower case), the uppermost first. */
export const valuesOf = ({ headers }: Pick<Message, 'headers'>, name: string): string[] =>
  headers.filter(({ key }) => key === name).map(({ value }) => value);

/** Reads a mail. Throws where it is not one that can be read. */
export async function readMessage(raw: Uint8Array): Promise<Message> {
  const mail = await PostalMime.parse(raw, { ...LIMITS, forceRfc822Attachments: true });
  const { headers, attachments, text = '' } = mail;
  const addresses = (name: string) => valuesOf({ headers }, name).flatMap(addressesIn);
  const status = attachments.find(({ mimeType }) => /^message\/(global-)?delivery-status$/.test(mimeType));
  return {
    headers,
    from: addresses('from'),
    to: valuesOf({ headers }, 'to').length === 1 ? addresses('to') : [],
    messageId: (valuesOf({ headers }, 'message-id')[0] ?? '').trim().slice(0, ID_MAX),
    subject: storable(mail.subject ?? '')
      .replaceAll('\n', ' ')
      .slice(0, SUBJECT_MAX),
    text: storable((showsNothing(text) ? convert(mail.html ?? '', HTML) : text).slice(0, READ_MAX)),
    files: attachments
      .filter(isFile)
      .map(({ filename, content }) => ({ name: filename ?? '', content: Buffer.from(content as Uint8Array) })),
    status: status ? textOf(status.content).slice(0, STATUS_MAX) : null,
  };
}

const SIGNATURE = /^application\/(pgp-signature|(x-)?pkcs7-signature)$/i;

/** Phones send attached pictures inline; those within HTML have a Content-ID. A signature belongs to the mail itself. */
const isFile = ({ disposition, related, contentId, filename, mimeType }: Attachment): boolean =>
  related !== true &&
  !SIGNATURE.test(mimeType) &&
  (disposition === 'attachment' || (contentId === undefined && (filename ?? '') !== ''));

const addressesIn = (value: string): string[] =>
  addressParser(value, { flatten: true }).map(({ address }) => (address ?? '').toLowerCase());

const textOf = (content: string | ArrayBuffer | Uint8Array): string =>
  typeof content === 'string' ? content : Buffer.from(content as Uint8Array).toString('utf8');

// biome-ignore lint/suspicious/noControlCharactersInRegex: exactly these cannot be stored, or mean something to a terminal
const CONTROL = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]/g;
/** Marks that turn the direction of text, with which a line can be made to read otherwise than it is written. */
const TURNING = /\p{Bidi_Control}/gu;

/** Text as it can be stored on either engine and shown: lines end with one line feed. */
const storable = (text: string): string =>
  text
    .toWellFormed()
    .replace(/\r\n?|[\u2028\u2029]/g, '\n')
    .replace(CONTROL, '')
    .replace(TURNING, '')
    .split('\n')
    // No pattern: one for blanks at the end is tried again at each blank of a long run, which takes hours for megabytes of them.
    .map((line) => line.trimEnd())
    .join('\n')
    .trim();
