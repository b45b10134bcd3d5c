import type { Deps } from './deps.ts';
import type { Letters } from './notifications/letter.ts';
import { requestLetters } from './requests/mail.ts';

/** How every mail is written. A template of MailFacts that has no writer here does not compile. */
export const lettersOf = (_deps: Deps): Letters => ({ writers: requestLetters, enrich: {} });
