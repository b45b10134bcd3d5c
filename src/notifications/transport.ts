// Where mail goes: to a mail server, or, in development without SMTP_URL, nowhere but our own mailbox page.
import { createTransport as createPool, type SMTPPoolOptions } from 'nodemailer';
import type { Config } from '../config.ts';
import { CONNECTIONS, type Outgoing, senderOf, type Transport } from './outgoing.ts';

/** How long a mail server may take, in milliseconds. */
export type Patience = { readonly connectMs: number; readonly greetMs: number; readonly silenceMs: number };
export const PATIENCE: Patience = { connectMs: 10_000, greetMs: 10_000, silenceMs: 30_000 };

/** The transport that the settings ask for. */
export function createTransport(
  config: Pick<Config, 'smtpUrl' | 'mailFrom'>,
  patience: Patience = PATIENCE,
): Transport {
  return config.smtpUrl === null ? developmentMailbox : smtpTransport(config.smtpUrl, config.mailFrom, patience);
}

const developmentMailbox: Transport = {
  send: async () => '250 kept in the development mailbox',
  check: async () => {},
  close: () => {},
};

function smtpTransport(url: string, mailFrom: string, patience: Patience): Transport {
  const pool = createPool(poolSettings(url, patience));
  // Failures are told to each mail; without a listener the pool's own report of them would end the process.
  pool.on('error', () => {});
  const from = senderOf(mailFrom);
  return {
    send: async (mail, signal) => {
      const envelope = { from: mail.returnPath ?? from.address, to: [mail.to.address] };
      const info = await pool.sendMail({ ...headersOf(mail), from, envelope, signal });
      const went = [info.envelope.to].flat();
      if (went.join() !== mail.to.address || info.accepted.join() !== mail.to.address) {
        const fault = new Error(`the mail library sent to ${went.join()} instead of ${mail.to.address}`);
        throw Object.assign(fault, { code: 'EENVELOPE' });
      }
      return info.response;
    },
    check: async () => void (await pool.verify()),
    close: () => pool.close({ force: true }),
  };
}

function headersOf(mail: Outgoing) {
  return {
    to: mail.to,
    subject: mail.subject,
    text: mail.text,
    html: mail.html,
    date: new Date(mail.date),
    messageId: mail.messageId,
    ...(mail.inReplyTo === null ? {} : { inReplyTo: mail.inReplyTo, references: mail.inReplyTo }),
    ...(mail.replyTo === undefined ? {} : { replyTo: { name: '', address: mail.replyTo } }),
    headers: { 'Auto-Submitted': 'auto-generated', 'X-Auto-Response-Suppress': 'All', ...unsubscribing(mail) },
    xMailer: false as const,
    disableFileAccess: true,
    disableUrlAccess: true,
  };
}

/** RFC 2369; and RFC 8058, which takes an https address alone. */
function unsubscribing({ unsubscribe }: Outgoing): Record<string, string> {
  if (unsubscribe === null) return {};
  const oneClick = unsubscribe.startsWith('https:') ? { 'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click' } : {};
  return { 'List-Unsubscribe': `<${unsubscribe}>`, ...oneClick };
}

function poolSettings(url: string, patience: Patience): SMTPPoolOptions & { pool: true } {
  const { hostname, username } = new URL(url);
  const isLocal = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(hostname);
  return {
    pool: true,
    url,
    maxConnections: CONNECTIONS,
    // A connection that the server closed while it was idle is replaced once; all else is our own back-off's matter.
    maxRequeues: 1,
    connectionTimeout: patience.connectMs,
    greetingTimeout: patience.greetMs,
    socketTimeout: patience.silenceMs,
    dnsTimeout: patience.connectMs,
    // A password never goes over the wire in the clear, also where somebody strips STARTTLS from the answer.
    requireTLS: url.startsWith('smtp:') && username !== '' && !isLocal,
    disableFileAccess: true,
    disableUrlAccess: true,
  };
}

/**
 * Tries the mail server at start. A host that does not exist and refused credentials are faults of SMTP_URL: `stop`.
 * Anything else passes, and mail waits for it: `warn`. null: all is well.
 */
export async function checkTransport(transport: Transport): Promise<{ stop: boolean; sentence: string } | null> {
  try {
    await transport.check();
    return null;
  } catch (error) {
    const { code, responseCode, message } = error as { code?: string; responseCode?: number; message: string };
    if (code === 'EDNS') return { stop: true, sentence: `SMTP_URL: its host cannot be found (${message}).` };
    if (code === 'EAUTH' && (responseCode ?? 500) >= 500) {
      return { stop: true, sentence: `SMTP_URL: the mail server refuses its user name or password (${message}).` };
    }
    return { stop: false, sentence: `The mail server does not take mail now, so mail waits: ${message}.` };
  }
}
