// The mail about a sign-in from elsewhere. Pure.
import type { Writer } from '../../notifications/letter.ts';

export type NewDeviceFacts = { readonly device: string; readonly address: string; readonly at: number };

declare module '../../notifications/mail.ts' {
  interface MailFacts {
    'new-device': NewDeviceFacts;
  }
}

export const sessionLetters: { readonly 'new-device': Writer<'new-device'> } = {
  'new-device': ({ device, address, at }, { h, provider }) => ({
    subject: `Somebody signed in to your account with ${device}`,
    preview: `At ${h.time(at)}, from ${address}.`,
    reference: null,
    state: { word: 'Sign-in', tone: 'plain' },
    title: 'A sign-in from a new device',
    blocks: [
      {
        kind: 'text',
        text: `Somebody, probably you, signed in to your account at ${provider} from a device that you did not use here before.`,
      },
      {
        kind: 'facts',
        rows: [
          ['Device', device],
          ['Address', address],
          ['When', h.time(at)],
        ],
      },
      { kind: 'text', text: 'If this was you, there is nothing to do.' },
      {
        kind: 'text',
        text: 'If it was not, choose a new password at once: that signs out everybody who is in your account. Passkeys stay: on the page below, remove each that you did not add. It also shows where you are signed in.',
      },
    ],
    button: { label: 'See where you are signed in', path: '/profile/sign-in' },
    why: 'You get this mail because somebody signed in with your address.',
  }),
};
