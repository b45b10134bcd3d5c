// What a mail says, before it has a form: pure. Text and HTML are both made from this one letter, so they say the same.
import type { ViewHelpers } from '../web/view-helpers.ts';
import type { MailFacts, MailName, Recipient } from './mail.ts';

export type Block =
  | { readonly kind: 'text'; readonly text: string }
  /** Labels and values, read in pairs. */
  | { readonly kind: 'facts'; readonly rows: readonly (readonly [label: string, value: string])[] }
  | { readonly kind: 'list'; readonly title: string; readonly items: readonly string[] }
  | { readonly kind: 'checks'; readonly title: string; readonly items: readonly Check[] }
  /** What a person typed, shown as it was typed. */
  | { readonly kind: 'quote'; readonly title: string; readonly text: string };

export type Check = { readonly title: string; readonly ok: boolean };

/** How the word above the title is coloured; the word itself says the same. */
export type Tone = 'plain' | 'good' | 'ask' | 'stop';

export type Letter = {
  readonly subject: string;
  /** The first line that a mailbox shows beside the subject. */
  readonly preview: string;
  /** The request's reference, or null where the mail is about no request. */
  readonly reference: string | null;
  readonly state: { readonly word: string; readonly tone: Tone };
  readonly title: string;
  readonly blocks: readonly Block[];
  /** The one thing to do next. `path` is a page of our own; opening it changes nothing. */
  readonly button: { readonly label: string; readonly path: string };
  /** Why this person gets this mail: one sentence. */
  readonly why: string;
};

/** What a letter is written with: figures and times as its reader reads them, and who writes to whom. */
export type Desk = { readonly h: ViewHelpers; readonly provider: string; readonly to: Recipient };

/** Writes one kind of letter from its facts. */
export type Writer<Name extends MailName> = (facts: MailFacts[Name], desk: Desk) => Letter;
export type Writers = { readonly [Name in MailName]: Writer<Name> };

/**
 * Facts that must not be in the database (a reset link's token) are added when the mail is written.
 * Must give the same each time: a mail that is tried again is the same mail.
 */
export type Enrichers = {
  readonly [Name in MailName]?: (facts: MailFacts[Name]) => Promise<MailFacts[Name]> | MailFacts[Name];
};

/** All that is needed to write any mail. A template without a writer does not compile. */
export type Letters = { readonly writers: Writers; readonly enrich: Enrichers };
