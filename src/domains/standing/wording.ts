// What is said before a step about a domain's place in its pool is taken. Pure.
import type { StandingBar, StandingStep } from './lifecycle.ts';

export type StandingWords = {
  readonly title: string;
  readonly effects: readonly string[];
  readonly hint: string;
  readonly button: string;
  readonly isHard: boolean;
};

/** What holds of mail servers that read exported files, wherever mail is said to be refused. */
export const EXPORTS_FOLLOW =
  'Mail servers that read exported files refuse it from their next export on. PowerMTA’s and Halon’s files cannot refuse: there your mail system has to ask for each message.';

const MAILED = 'Its account’s admins get your words by mail.';

export const STANDING_WORDS: Readonly<Record<StandingStep, (domain: string) => StandingWords>> = {
  stop: (domain) => ({
    title: `Stop ${domain}`,
    effects: [
      `All mail from ${domain} is refused at once, whatever it goes over, so that its pool stays healthy (C-02).`,
      EXPORTS_FOLLOW,
      'Its route, IPs and requests stay as they are, and IPs are charged as before.',
      'The customer reads your reason and how to come back: fix the cause, then write to you. You can then let it send again.',
      MAILED,
    ],
    hint: 'Rates and days, and what has to change. The customer reads it.',
    button: 'Stop it',
    isHard: true,
  }),
  letIn: (domain) => ({
    title: `Let ${domain} send again`,
    effects: [`Mail from ${domain} goes out again at once, the way it went before.`, MAILED],
    hint: 'What has been fixed. The customer reads it.',
    button: 'Let it in',
    isHard: false,
  }),
  askToLeave: (domain) => ({
    title: `Leave the pool with ${domain}`,
    effects: [
      'A member of our staff decides, and you get a mail.',
      'Once it has left, its mail goes over the default shared pool, and it may send campaigns.',
      'To come back, it has to be requested again.',
    ],
    hint: 'Why it should leave. Our staff read it.',
    button: 'Ask to leave',
    isHard: false,
  }),
  leave: (domain) => ({
    title: `Take ${domain} out of the pool`,
    effects: [
      'Its mail goes over the default shared pool at once, and its campaigns are no longer refused.',
      'To come back, it has to be requested again.',
      MAILED,
    ],
    hint: 'The customer reads it.',
    button: 'Take it out',
    isHard: true,
  }),
  keep: (domain) => ({
    title: `Keep ${domain} in the pool`,
    effects: ['The customer’s request to leave is declined: it stays in the pool.', MAILED],
    hint: 'Why it stays. The customer reads it.',
    button: 'Keep it in the pool',
    isHard: false,
  }),
};

export const STANDING_PROBLEMS: Readonly<Record<StandingBar, string>> = {
  'not-open': 'This is not possible for the domain as it is now. Somebody else may have been faster.',
  'not-yours': 'You may not decide this.',
  'own-account': 'The domain belongs to your own account; another member of staff has to decide.',
};
