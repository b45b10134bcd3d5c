// From a stored mail to its text and HTML.
import { viewHelpers } from '../web/view-helpers.ts';
import type { Letter, Letters, Writer } from './letter.ts';
import { asText, type LetterFrame } from './letter-text.ts';
import type { MailName, Recipient } from './mail.ts';

/** The part of an outbox row that a letter is written from. */
export type Writable = {
  readonly to: Recipient;
  readonly template: string;
  readonly facts: unknown;
  readonly createdAt: number;
};
export type Rendered = {
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  /** Where such mails are stopped (RFC 8058); null: they are not optional. */
  readonly unsubscribe: string | null;
};
export type RenderSettings = {
  readonly letters: Letters;
  readonly baseUrl: string;
  readonly provider: string;
  /** Of the button, `#rrggbb`, on which white text can be read; Warmdesk's own where it is left out. */
  readonly colour?: string;
  /** Whether a mail can be answered by mail; not given: none can. */
  readonly takesReplies?: (mail: Pick<Writable, 'template' | 'facts'>) => boolean;
  /** The path that stops mails like this one to their reader; undefined: they are not optional. */
  readonly stopPath?: (mail: Writable) => string | undefined;
  /** The HTML of a letter in its frame. */
  readonly html: (frame: Frame) => string;
};

/** A letter with what surrounds it, as a page. */
export type Frame = LetterFrame & { readonly colour: string };

/**
 * Writes a mail: subject, text and HTML. Reads no clock (times are told as of when the mail was queued), so a mail that
 * is tried again is the same mail. Throws where the template is unknown or its facts do not fit.
 */
export async function renderMail(mail: Writable, settings: RenderSettings): Promise<Rendered> {
  const enrich = settings.letters.enrich[mail.template as MailName] as ((facts: unknown) => unknown) | undefined;
  const facts = enrich ? await enrich(mail.facts) : mail.facts;
  const letter = writeLetter({ ...mail, facts }, settings);
  const stopPath = settings.stopPath?.(mail);
  const frame: Frame = {
    letter,
    link: (path: string) => link(settings.baseUrl, path),
    stopPath: stopPath ?? null,
    provider: settings.provider,
    colour: settings.colour ?? '#1f5fd6',
    to: mail.to,
    replies: settings.takesReplies?.(mail)
      ? 'Reply to this mail to write to the reviewers.'
      : 'Replies to this address are not read.',
  };
  const unsubscribe = stopPath === undefined ? null : link(settings.baseUrl, stopPath);
  return { subject: oneLine(letter.subject), text: asText(frame), html: settings.html(frame), unsubscribe };
}

/** The subject alone, from the facts as they are stored. A mail that cannot be written is named by its template. */
export function subjectOf(mail: Writable, settings: RenderSettings): string {
  try {
    return oneLine(writeLetter(mail, settings).subject);
  } catch {
    return mail.template;
  }
}

function writeLetter(mail: Writable, settings: RenderSettings): Letter {
  if (!Object.hasOwn(settings.letters.writers, mail.template)) throw new Error(`no mail is called ${mail.template}`);
  const write = settings.letters.writers[mail.template as MailName] as Writer<MailName>;
  const h = viewHelpers(mail.to.timeZone, mail.createdAt);
  return write(mail.facts as Parameters<typeof write>[0], { h, provider: settings.provider, to: mail.to });
}

/** A page of our own as a whole address. Throws where `path` would lead to another host. */
export function link(baseUrl: string, path: string): string {
  const url = new URL(`${baseUrl}${path}`);
  if (!path.startsWith('/') || url.origin !== new URL(baseUrl).origin) throw new Error(`not a page of ours: ${path}`);
  return url.href;
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: exactly these must not reach a header
const CONTROLS = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g;

/** Text for one header line: line breaks and other controls become spaces. */
export const oneLine = (text: string): string =>
  text.toWellFormed().replace(CONTROLS, ' ').replace(/ {2,}/g, ' ').trim();
