// The mails about a change of somebody's address. Pure.
import type { Writer } from '../../notifications/letter.ts';

type LinkFacts = {
  /** The link is made from it when the mail is written; by itself it opens nothing. */
  readonly seed: string;
  readonly email: string;
  readonly expiresAt: number;
  /** The link's page; only there while the mail is written, never stored. */
  readonly path?: string;
};

export type EmailChangedFacts = { readonly before: string; readonly after: string };

declare module '../../notifications/mail.ts' {
  interface MailFacts {
    'email-proof': LinkFacts;
    'email-asked': LinkFacts;
    'email-in-use': { readonly email: string };
    'email-changed': EmailChangedFacts;
  }
}

type EmailMail = 'email-proof' | 'email-asked' | 'email-in-use' | 'email-changed';

export const emailLetters: { readonly [Name in EmailMail]: Writer<Name> } = {
  'email-proof': (facts, { h, provider, to }) => ({
    subject: `Confirm your new address for ${provider}`,
    preview: `The link works until ${h.time(facts.expiresAt)}.`,
    reference: null,
    state: { word: 'Address', tone: 'plain' },
    title: 'Is this your address?',
    blocks: [
      { kind: 'text', text: `${to.name} wants to sign in to ${provider} with ${facts.email} from now on.` },
      {
        kind: 'text',
        text: `If that is you, confirm it on the page below, until ${h.time(facts.expiresAt)}. Your old address gets a mail too; once you agree there, the new one takes effect at once.`,
      },
      { kind: 'text', text: 'If you do not know what this is about, do nothing: your address is not used.' },
    ],
    button: { label: 'Confirm this address', path: facts.path ?? '/profile/email' },
    why: `You get this mail because somebody wants to use ${facts.email}.`,
  }),
  'email-asked': (facts, { h, provider, to }) => ({
    subject: `Your address for ${provider} is about to change`,
    preview: 'If you did not ask for this, stop it.',
    reference: null,
    state: { word: 'Address', tone: 'stop' },
    title: 'Your address is about to change',
    blocks: [
      {
        kind: 'text',
        text: `Somebody who is signed in as ${to.name} wants to sign in with ${facts.email} from now on, and receive all mail there.`,
      },
      {
        kind: 'text',
        text: `If that was you, agree on the page below, and the new address takes effect as soon as it is confirmed. If you say nothing, it takes effect from ${h.time(facts.expiresAt)}.`,
      },
      { kind: 'text', text: 'If it was not you, stop it there. Somebody else is signed in to your account.' },
    ],
    button: { label: 'Agree or stop it', path: facts.path ?? '/profile/email' },
    why: 'You get this mail because your address is about to change.',
  }),
  'email-in-use': ({ email }, { provider }) => ({
    subject: `Somebody asked to use your address for ${provider}`,
    preview: 'Nothing was changed, and there is nothing for you to do.',
    reference: null,
    state: { word: 'Address', tone: 'plain' },
    title: 'Your address stays yours',
    blocks: [
      {
        kind: 'text',
        text: `Somebody else who signs in to ${provider} asked to use ${email} from now on. You sign in with it, so nothing was changed. They were not told that it is yours.`,
      },
      {
        kind: 'text',
        text: 'If it was you, with another sign-in: an address belongs to one person here. Change yours first, then it is free for the other one.',
      },
    ],
    button: { label: 'See your profile', path: '/profile' },
    why: `You get this mail because you sign in with ${email}.`,
  }),
  'email-changed': (facts, { provider }) => ({
    subject: `Your address for ${provider} is changed`,
    preview: `You sign in with ${facts.after} from now on.`,
    reference: null,
    state: { word: 'Address', tone: 'plain' },
    title: 'Your address is changed',
    blocks: [
      {
        kind: 'text',
        text: `You sign in to ${provider} with ${facts.after} from now on, instead of ${facts.before}. Your password stays the same.`,
      },
      { kind: 'text', text: 'If this should not have happened, write to us at once.' },
    ],
    button: { label: 'See your profile', path: '/profile' },
    why: 'You get this mail because your address was changed. It goes to both addresses.',
  }),
};
