// Which mails are optional, by what they are about. What is not listed here is always mailed: decisions, questions, and
// everything about somebody's sign-in. Pure.
import type { Permission } from '../../accounts/permissions.ts';
import type { MailName } from '../mail.ts';

export const choices = ['now', 'digest', 'off'] as const;
/** At once, in the daily summary, or not at all. */
export type Choice = (typeof choices)[number];

export type OptionalEvent = {
  readonly label: string;
  readonly hint: string;
  /** Who gets such mails: people who hold this permission. */
  readonly of: Permission;
  readonly templates: readonly MailName[];
  readonly choices: readonly Choice[];
  /** Whether the summary lists what these mails are about anyway, so that none has to be kept for it. */
  readonly isListed?: true;
};

const WEEKLY: readonly Choice[] = ['now', 'off'];

export const EVENTS = {
  'to-review': {
    label: 'New requests',
    hint: 'One for each request that is sent, or comes back to the reviewers. The summary lists what is waiting, with the checks that fail.',
    of: 'review requests',
    templates: ['request-to-review'],
    choices,
    isListed: true,
  },
  due: {
    label: 'Decisions that are due',
    hint: 'Requests that are due soon or overdue. The summary lists them too.',
    of: 'review requests',
    templates: ['request-due-soon', 'request-overdue'],
    choices,
    isListed: true,
  },
  'customer-words': {
    label: 'Changes and comments by customers',
    hint: 'On requests that are on your desk, or on nobody’s.',
    of: 'review requests',
    templates: ['request-edited', 'request-commented'],
    choices,
  },
  mentions: {
    label: 'Notes that mention you',
    hint: 'A colleague wrote @ and your name in a note on a request, or a customer in an appeal.',
    of: 'review requests',
    templates: ['request-mentioned'],
    choices,
  },
  quarantine: {
    label: 'Replies in quarantine',
    hint: 'Mail about requests of which it is not certain who wrote it. At most once a day.',
    of: 'review requests',
    templates: ['mail-quarantined'],
    choices,
  },
  'warmups-to-look-at': {
    label: 'Warm-ups that need a look',
    hint: 'They are on the board of warm-ups as well.',
    of: 'run warm-ups',
    templates: ['warmup-to-look-at'],
    choices,
  },
  'own-requests': {
    label: 'Receipts for your requests',
    hint: 'Sent when we get a request from you, a change to one, or an appeal. Questions and decisions are always mailed at once.',
    of: 'see own account',
    templates: ['request-received', 'request-changed', 'request-appealed'],
    choices,
  },
  'own-warmups': {
    label: 'Warm-ups that go to plan',
    hint: 'Sent when one begins, is adjusted to what you send, or is complete. We always tell you at once when one is paused or stands still.',
    of: 'see own account',
    templates: ['warmup-started', 'warmup-followed', 'warmup-complete'],
    choices,
  },
  'own-domains': {
    label: 'Domains that are ready',
    hint: 'Sent when we find the records of a domain, or of the name of an IP. We always tell you at once when records are lost.',
    of: 'see own account',
    templates: ['domain-proven', 'ip-linked'],
    choices,
  },
  'weekly-progress': {
    label: 'Progress of warm-ups, each Monday',
    hint: 'How far along each IP of your account is, and what went over it.',
    of: 'see own account',
    templates: ['warmup-progress'],
    choices: WEEKLY,
  },
} as const satisfies Readonly<Record<string, OptionalEvent>>;

export type EventKey = keyof typeof EVENTS;
export const eventKeys = Object.keys(EVENTS) as EventKey[];

const byTemplate: ReadonlyMap<string, EventKey> = new Map(
  eventKeys.flatMap((key) => EVENTS[key].templates.map((template) => [template, key] as const)),
);

/** What a mail with this template is about; undefined: it is not optional. */
export const eventOf = (template: string): EventKey | undefined => byTemplate.get(template);

/** One kind of optional mail, its properties alike for all kinds. */
export const optionalEvent = (key: EventKey): OptionalEvent => EVENTS[key];

/** A choice in words, as a form and the history have it. */
export const CHOICE_WORDS: Readonly<Record<Choice, string>> = {
  now: 'At once',
  digest: 'In the daily summary',
  off: 'Not at all',
};
