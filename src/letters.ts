import { withChangePath } from './accounts/email-change/email-change.ts';
import { emailLetters } from './accounts/email-change/mail.ts';
import { withInvitationPath } from './accounts/invitations/token.ts';
import { accountLetters } from './accounts/mail.ts';
import { openIdLetters } from './accounts/openid/mail.ts';
import { peopleLetters } from './accounts/people/mail.ts';
import { withResetPath } from './accounts/reset/token.ts';
import { secondFactorLetters } from './accounts/second-factor/mail.ts';
import { sessionLetters } from './accounts/session/mail.ts';
import type { Deps } from './deps.ts';
import { domainLetters } from './domains/mail.ts';
import { standingLetters } from './domains/standing/mail.ts';
import { importLetters } from './imports/mail.ts';
import { quarantineLetters } from './inbound/quarantine/mail.ts';
import { assignmentLetters } from './ips/assignments/mail.ts';
import { listingLetters } from './ips/listings/mail.ts';
import { nameLetters } from './ips/names/mail.ts';
import type { Letters } from './notifications/letter.ts';
import { poolLetters } from './pools/mail.ts';
import { releaseLetters } from './release/mail.ts';
import { reputationLetters } from './reputation/mail.ts';
import { tierLetters } from './reputation/tiers/mail.ts';
import { absenceLetters } from './requests/absence/mail.ts';
import { customerAccountLetters } from './requests/account/mail.ts';
import { summaryLetter } from './requests/digest/mail.ts';
import { draftLetters } from './requests/drafts/mail.ts';
import { requestLetters } from './requests/mails/index.ts';
import { useLetters } from './requests/use/mail.ts';
import { watchLetters } from './requests/watch/mail.ts';
import { setupLetters } from './setup/mail.ts';
import { warmupLetters } from './warmup/mails/letters.ts';

/** All mails but the summary, which tells of them by their subjects. */
const writers = {
  ...requestLetters,
  ...warmupLetters,
  ...accountLetters,
  ...peopleLetters,
  ...secondFactorLetters,
  ...emailLetters,
  ...sessionLetters,
  ...openIdLetters,
  ...customerAccountLetters,
  ...releaseLetters,
  ...standingLetters,
  ...useLetters,
  ...assignmentLetters,
  ...poolLetters,
  ...draftLetters,
  ...absenceLetters,
  ...watchLetters,
  ...setupLetters,
  ...importLetters,
  ...quarantineLetters,
  ...domainLetters,
  ...listingLetters,
  ...nameLetters,
  ...reputationLetters,
  ...tierLetters,
};

/** How every mail is written. A template of MailFacts that has no writer here does not compile. */
export const lettersOf = ({ sessionSecret }: Deps): Letters => ({
  writers: { ...writers, summary: summaryLetter(writers) },
  enrich: {
    'password-reset': (facts) => withResetPath(sessionSecret, facts),
    invitation: (facts) => withInvitationPath(sessionSecret, facts),
    'email-proof': (facts) => withChangePath(sessionSecret, facts),
    'email-asked': (facts) => withChangePath(sessionSecret, facts),
  },
});
