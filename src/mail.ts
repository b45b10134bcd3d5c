// Mail as this installation sends it: what the mails say, over which server they leave.
import type { Deps } from './deps.ts';
import { addressOf } from './inbound/address.ts';
import { lettersOf } from './letters.ts';
import { createSender, MAIL_MS, type Sender } from './notifications/background.ts';
import type { Outgoing } from './notifications/outgoing.ts';
import { stoppedBy, unsubscribePath } from './notifications/preferences/token.ts';
import type { Frame, RenderSettings } from './notifications/render.ts';
import type { OutboxMail } from './notifications/store.ts';
import { checkTransport, createTransport } from './notifications/transport.ts';
import { takesReplies } from './requests/mails/replies.ts';
import { mailColour } from './setup/provider.ts';
import { render } from './web/page.ts';

/** A mail's HTML. */
export const asHtml = (frame: Frame): string => render('mail/frame.html', frame);

/** How every mail is written. */
export function mailSettings(deps: Deps): RenderSettings {
  return {
    letters: lettersOf(deps),
    html: asHtml,
    baseUrl: deps.config.baseUrl,
    takesReplies: (mail) => deps.config.inboundDomain !== null && takesReplies(mail),
    stopPath({ to, template }) {
      const what = stoppedBy(template);
      return what && unsubscribePath(deps.sessionSecret, to.id, what);
    },
    get provider() {
      return deps.provider.name;
    },
    get colour() {
      return mailColour(deps.provider.colour);
    },
  };
}

/** Where answers to each mail come in, and where it comes back; nowhere without a domain for that. */
export const addressesOf =
  ({ config, sessionSecret: secret }: Deps) =>
  (mail: OutboxMail): Pick<Outgoing, 'replyTo' | 'returnPath'> => {
    const { inboundDomain: domain } = config;
    if (domain === null) return {};
    const returnPath = addressOf({ secret, domain }, 'bounce', mail);
    return takesReplies(mail) ? { returnPath, replyTo: addressOf({ secret, domain }, 'reply', mail) } : { returnPath };
  };

export type MailOut = {
  readonly sender: Sender;
  /** Tries the mail server: null where all is well. */
  readonly check: () => ReturnType<typeof checkTransport>;
};

/** The outbox's way out: the SMTP server of the settings, or the development mailbox. */
export function createMail(deps: Deps): MailOut {
  const transport = createTransport(deps.config);
  const { db, now, log } = deps;
  const delivery = {
    db,
    now,
    log,
    transport,
    mailFrom: deps.config.mailFrom,
    render: mailSettings(deps),
    mailMs: MAIL_MS,
    addresses: addressesOf(deps),
  };
  return { sender: createSender(delivery), check: () => checkTransport(transport) };
}
