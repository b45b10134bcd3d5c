// The mail about sign-in over an OpenID provider. Pure.
import type { Writer } from '../../notifications/letter.ts';

export type IdentityLinkedFacts = { readonly label: string };

declare module '../../notifications/mail.ts' {
  interface MailFacts {
    'identity-linked': IdentityLinkedFacts;
  }
}

export const openIdLetters: { readonly 'identity-linked': Writer<'identity-linked'> } = {
  'identity-linked': ({ label }, { provider, to }) => ({
    subject: `You signed in to ${provider} with ${label}`,
    preview: 'From now on this account there opens yours here.',
    reference: null,
    state: { word: 'Sign-in', tone: 'plain' },
    title: `You signed in with ${label}`,
    blocks: [
      {
        kind: 'text',
        text: `For the first time somebody signed in to ${provider} as you with an account at ${label}, which says that ${to.email} is theirs. From now on that account opens yours here.`,
      },
      { kind: 'text', text: 'If that was not you, write to us at once.' },
    ],
    button: { label: 'See how you sign in', path: '/profile/sign-in' },
    why: 'You get this mail because another way to sign in was used for the first time.',
  }),
};
