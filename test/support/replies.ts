// People who reply to mails of ours, over a real listener, as the mail server in front would hand it on.
import type { ExecutionContext } from 'ava';
import { createTransport } from 'nodemailer';
import type { Resolver } from '../../src/dns/resolver.ts';
import type { Taking } from '../../src/inbound/actions.ts';
import { listenForReplies } from '../../src/inbound/listener.ts';
import { sendDue } from '../../src/notifications/background.ts';
import { type Received, startMailServer } from './mail-server.ts';
import { deliveryTo } from './outbox.ts';
import type { World } from './world.ts';

export const REPLY_DOMAIN = 'reply.warmdesk.example';
export const MX = 'mx.warmdesk.example';
/** What makes a world take replies. */
export const INBOUND = { INBOUND_DOMAIN: REPLY_DOMAIN, INBOUND_AUTHSERV_ID: MX };

export const takingOf = (world: World, other: Partial<Pick<Taking, 'authservId' | 'dns'>> = {}): Taking => {
  const { db, dns, log, now, sessionSecret: secret } = world.deps;
  const { attachmentsDir: folder } = world.deps.config;
  return { db, dns, folder, log, now, secret, domain: REPLY_DOMAIN, authservId: MX, ...other };
};

/** Sends what waits in the outbox. Returns what arrived for an address, the oldest first. */
export async function received(t: ExecutionContext, world: World, email: string): Promise<Received[]> {
  const server = await startMailServer(t);
  await sendDue(deliveryTo(t, world, server));
  return server.accepted.filter(({ to }) => to.includes(email));
}

/** Where a mail asks for answers; '' where it does not. */
export const replyToOf = (mail: Received | undefined): string => mail?.mail.replyTo?.value[0]?.address ?? '';

export type Wish = {
  readonly from: string;
  readonly to: string;
  readonly text?: string;
  readonly id?: string;
  /** Header lines above all others, as the mail server in front writes them. */
  readonly above?: string;
  /** Further header lines of its own. */
  readonly own?: string;
};

let written = 0;

/** The mail server's word that the mail is from `domain`, as OpenDMARC writes it beside OpenDKIM. */
export const passes = (domain: string, by = MX): string =>
  `Authentication-Results: ${by}; dmarc=pass (p=reject dis=none) header.from=${domain}\r\n` +
  `Authentication-Results: ${by};\r\n\tdkim=pass (2048-bit key; unprotected) header.d=${domain} header.i=@${domain} header.b="abc"\r\n`;

/** A reply as a mail program writes it, with what the mail server in front put above it. */
export function reply({ from, to, text = 'About 70,000 a week.', id, above, own = '' }: Wish): string {
  written += 1;
  const domain = from.slice(from.lastIndexOf('@') + 1).replace('>', '');
  return [
    `${above ?? passes(domain)}Received: from mail.example by ${MX}; Mon, 23 Nov 2026 09:00:00 +0000`,
    'Received: from laptop by mail.example; Mon, 23 Nov 2026 08:59:59 +0000',
    `From: ${from}`,
    `To: <${to}>`,
    'Subject: Re: A question',
    `Message-ID: ${id ?? `<reply-${written}@mail.example>`}`,
    'Date: Mon, 23 Nov 2026 09:00:00 +0000',
    `${own}MIME-Version: 1.0`,
    'Content-Type: text/plain; charset=utf-8',
    '',
    text,
    '',
  ].join('\r\n');
}

export type Envelope = { readonly to: string | readonly string[]; readonly from?: string; readonly lmtp?: boolean };

/** Hands a mail to a listener. Returns what it answered last. */
export type Hand = (raw: string | Buffer, envelope: Envelope) => Promise<string>;

/** Starts both listeners; they are gone when the test ends. */
export async function startInbound(
  t: ExecutionContext,
  world: World,
  other: { readonly authservId?: string | null; readonly dns?: Resolver } = {},
): Promise<Hand> {
  const taking = takingOf(world, other);
  const [lmtp, smtp] = [
    await listenForReplies(taking, { lmtp: true, host: '127.0.0.1', port: 0 }),
    await listenForReplies(taking, { lmtp: false, host: '127.0.0.1', port: 0 }),
  ];
  t.teardown(async () => {
    await Promise.all([lmtp.stop(), smtp.stop()]);
  });
  return handTo({ lmtp: lmtp.port, smtp: smtp.port });
}

/** Hands mails to what listens on these ports. */
export const handTo =
  (ports: { readonly lmtp: number; readonly smtp: number }): Hand =>
  async (raw, { to, from = 'ann@mail.example', lmtp: isLmtp = true }) => {
    const port = isLmtp ? ports.lmtp : ports.smtp;
    const mailer = createTransport({ host: '127.0.0.1', port, lmtp: isLmtp, ignoreTLS: true });
    try {
      const sent = await mailer.sendMail({ envelope: { from, to: [to].flat() as string[] }, raw });
      return [sent.response, ...(sent.rejectedErrors ?? []).map(({ response }) => response)].join(' / ');
    } catch (error) {
      return (error as { response?: string }).response ?? String(error);
    } finally {
      mailer.close();
    }
  };
