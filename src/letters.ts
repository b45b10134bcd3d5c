import { accountLetters } from './accounts/mail.ts';
import { withResetPath } from './accounts/reset/token.ts';
import type { Deps } from './deps.ts';
import type { Letters } from './notifications/letter.ts';
import { requestLetters } from './requests/mails/index.ts';
import { warmupLetters } from './warmup/mails/letters.ts';

/** How every mail is written. A template of MailFacts that has no writer here does not compile. */
export const lettersOf = ({ sessionSecret }: Deps): Letters => ({
  writers: { ...requestLetters, ...warmupLetters, ...accountLetters },
  enrich: { 'password-reset': (facts) => withResetPath(sessionSecret, facts) },
});
