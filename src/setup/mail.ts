// The test mail. Pure.
import type { Writer } from '../notifications/letter.ts';

declare module '../notifications/mail.ts' {
  interface MailFacts {
    'test-mail': { readonly by: string };
  }
}

export const setupLetters: { readonly 'test-mail': Writer<'test-mail'> } = {
  'test-mail': ({ by }, { provider }) => ({
    subject: `A test mail from ${provider}`,
    preview: 'Mail from your desk arrives.',
    reference: null,
    state: { word: 'Test', tone: 'plain' },
    title: 'Mail from your desk arrives',
    blocks: [
      { kind: 'text', text: `${by} sent it from the settings of ${provider}.` },
      {
        kind: 'text',
        text: 'Check its headers too: SPF, DKIM and DMARC should pass, or customers will find such mail in their spam folder.',
      },
    ],
    button: { label: 'See the mail settings', path: '/settings/mail' },
    why: 'You get this mail because you asked for a test.',
  }),
};
