// What a mail server is given, and what it has to be able to do.
import type { Rendered } from './render.ts';

/** One mail for one person, complete. */
export type Outgoing = Rendered & {
  readonly to: { readonly name: string; readonly address: string };
  readonly messageId: string;
  /** The Message-ID that all mails about one matter answer to, or null. */
  readonly inReplyTo: string | null;
  /** Where answers go; not given: to the sender, who reads none. */
  readonly replyTo?: string;
  /** The envelope's sender, to whom bounces go; not given: the sender. */
  readonly returnPath?: string;
  readonly date: number;
};

export type Transport = {
  /** Hands the mail over and returns the server's reply. Throws what kept it from going out. `signal` cancels it. */
  readonly send: (mail: Outgoing, signal: AbortSignal) => Promise<string>;
  /** Connects and signs in, as a try. Throws where that fails. */
  readonly check: () => Promise<void>;
  readonly close: () => void;
};

/** Connections to the mail server at most; as many mails are under way at once. */
export const CONNECTIONS = 4;

/** `Name <address>` or a bare address, taken apart. */
export function senderOf(mailFrom: string): { readonly name: string; readonly address: string } {
  const [, name = '', address = mailFrom] = /^([^<]*)<([^>]*)>$/.exec(mailFrom) ?? [];
  return { name: name.trim(), address: address.trim() };
}
