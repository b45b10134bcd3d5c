// The mails about how somebody signs in. Pure.
import type { Writer } from '../../notifications/letter.ts';

/** What became of the second factor. `by`: who did it, where that was somebody else. */
export type SecondFactorFacts =
  | { readonly change: 'app-added' | 'app-removed' | 'codes-made'; readonly at: number }
  | { readonly change: 'passkey-added' | 'passkey-removed'; readonly at: number; readonly name: string }
  | { readonly change: 'code-used'; readonly at: number; readonly left: number }
  | { readonly change: 'many-wrong'; readonly at: number }
  | { readonly change: 'reset'; readonly at: number; readonly by: string };

declare module '../../notifications/mail.ts' {
  interface MailFacts {
    'second-factor': SecondFactorFacts;
  }
}

type Told = { readonly title: string; readonly happened: string; readonly follows: string };
type Facts<C extends SecondFactorFacts['change']> = Extract<SecondFactorFacts, { change: C }>;

const codesLeft = (left: number): string =>
  left === 0
    ? 'That was the last one: make new codes now.'
    : `${left === 1 ? 'One recovery code is' : `${left} recovery codes are`} left.`;

const TOLD: { readonly [C in SecondFactorFacts['change']]: (facts: Facts<C>, provider: string) => Told } = {
  'app-added': () => ({
    title: 'Signing in takes a second step now',
    happened: 'An authenticator app was set up for your account.',
    follows: 'From now on you sign in with your password and a code from that app. Keep your recovery codes safe.',
  }),
  'app-removed': () => ({
    title: 'Your authenticator app was removed',
    happened: 'The authenticator app of your account was removed.',
    follows: 'Codes from it no longer work. Unless you have a passkey, your password alone lets you in now.',
  }),
  'passkey-added': ({ name }) => ({
    title: 'A passkey was added to your account',
    happened: `A passkey was added to your account, with ${name}.`,
    follows:
      'It signs you in without your password. When you use your password instead, you are asked for a second step.',
  }),
  'passkey-removed': ({ name }) => ({
    title: 'A passkey of your account was removed',
    happened: `The passkey that was added with ${name} was removed from your account.`,
    follows: 'It no longer signs you in. You can delete it from your device, too.',
  }),
  'codes-made': () => ({
    title: 'You have new recovery codes',
    happened: 'New recovery codes were made for your account.',
    follows: 'Your old codes no longer work.',
  }),
  'code-used': ({ left }) => ({
    title: 'A recovery code was used',
    happened: 'Somebody, probably you, signed in to your account with your password and a recovery code.',
    follows: codesLeft(left),
  }),
  'many-wrong': () => ({
    title: 'Many wrong codes were tried',
    happened: 'Somebody who knows your password tried many wrong codes of your second step. They were not let in.',
    follows: 'For now we take no more codes; your recovery codes still work.',
  }),
  reset: ({ by }, provider) => ({
    title: 'Your second step was removed',
    happened: `${by} removed the second step of your sign-in at ${provider}, and you were signed out everywhere.`,
    follows:
      'Your authenticator app, passkeys and recovery codes no longer work. Sign in with your password and set the second step up again.',
  }),
};

const NOT_YOU: Readonly<Record<SecondFactorFacts['change'], string>> = {
  'app-added': 'If this was not you, choose a new password at once and ask an administrator to remove the app.',
  'passkey-added': 'If this was not you, remove it on the page below and choose a new password at once.',
  'passkey-removed': 'If this was not you, choose a new password at once.',
  'app-removed': 'If this was not you, choose a new password at once.',
  'codes-made': 'If this was not you, choose a new password at once.',
  'code-used': 'If this was not you, choose a new password at once and make new recovery codes.',
  'many-wrong': 'If it was not you who typed them, choose a new password at once.',
  reset: 'If you did not ask for this, tell an administrator.',
};

export const secondFactorLetters: { readonly 'second-factor': Writer<'second-factor'> } = {
  'second-factor': (facts, { h, provider }) => {
    const tell = TOLD[facts.change] as (facts: SecondFactorFacts, provider: string) => Told;
    const { title, happened, follows } = tell(facts, provider);
    const isToReset = facts.change === 'many-wrong';
    return {
      subject: title,
      preview: happened,
      reference: null,
      state: { word: 'Sign-in', tone: facts.change === 'many-wrong' ? 'stop' : 'plain' },
      title,
      blocks: [
        { kind: 'text', text: happened },
        { kind: 'facts', rows: [['When', h.time(facts.at)]] },
        { kind: 'text', text: follows },
        { kind: 'text', text: NOT_YOU[facts.change] },
      ],
      button: isToReset
        ? { label: 'Choose a new password', path: '/password-reset' }
        : { label: 'See how you sign in', path: '/profile/sign-in' },
      why: 'You get this mail because it is about how you sign in.',
    };
  },
};
