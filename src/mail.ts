// Mail as this installation sends it: what the mails say, over which server they leave.
import { accountLetters } from './accounts/mail.ts';
import { withResetPath } from './accounts/reset.ts';
import type { Deps } from './deps.ts';
import type { Letters } from './notifications/letter.ts';
import type { RenderSettings } from './notifications/render.ts';
import { createSender, MAIL_MS, type Sender } from './notifications/sender.ts';
import { checkTransport, createTransport } from './notifications/transport.ts';
import { requestLetters } from './requests/mail.ts';

/** How every mail is written. */
export function mailSettings(deps: Deps): RenderSettings {
  const letters: Letters = {
    writers: { ...requestLetters, ...accountLetters },
    enrich: { 'password-reset': (facts) => withResetPath(deps.sessionSecret, facts) },
  };
  return { letters, baseUrl: deps.config.baseUrl, provider: deps.policy.document.title };
}

export type MailOut = {
  readonly sender: Sender;
  /** Tries the mail server: null where all is well. */
  readonly check: () => ReturnType<typeof checkTransport>;
};

/** The outbox's way out: the SMTP server of the settings, or the development mailbox. */
export function createMail(deps: Deps): MailOut {
  const transport = createTransport(deps.config);
  const { db, now, log } = deps;
  const delivery = { db, now, log, transport, mailFrom: deps.config.mailFrom, render: mailSettings(deps), mailMs: MAIL_MS };
  return { sender: createSender(delivery), check: () => checkTransport(transport) };
}
