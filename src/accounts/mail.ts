// The mails about signing in. Pure.
import type { Writer } from '../notifications/letter.ts';

export type ResetFacts = {
  /** The link is made from it when the mail is written; by itself it opens nothing. */
  seed: string;
  expiresAt: number;
  /** The link's page; only there while the mail is written, never stored. */
  path?: string;
};

declare module '../notifications/mail.ts' {
  interface MailFacts {
    'password-reset': ResetFacts;
  }
}

export const accountLetters: { readonly 'password-reset': Writer<'password-reset'> } = {
  'password-reset': (facts, { h, provider, to }) => ({
    subject: `Choose a new password for ${provider}`,
    preview: `The link works once, until ${h.time(facts.expiresAt)}.`,
    reference: null,
    state: { word: 'Password', tone: 'plain' },
    title: 'Choose a new password',
    blocks: [
      { kind: 'text', text: `Somebody, probably you, asked for a new password for ${to.email}.` },
      { kind: 'text', text: `The link below works once, until ${h.time(facts.expiresAt)}. A newer link replaces it.` },
      {
        kind: 'text',
        text: 'If you did not ask for it, do nothing: your password has not changed, and nobody signed in.',
      },
    ],
    button: { label: 'Choose a new password', path: facts.path ?? '/password-reset' },
    why: 'You get this mail because a new password was asked for with your address.',
  }),
};
