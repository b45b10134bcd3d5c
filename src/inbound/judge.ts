// What becomes of a reply that came in. Everything that is not certain goes to people.

import type { Refusal } from '../mail-listener.ts';
import { isPlainAddress } from '../notifications/mail.ts';
import { showsNothing } from '../visible.ts';
import { automaticBecause } from './automatic.ts';
import { type Message, valuesOf } from './message.ts';
import { type Parted, partQuoted } from './quoted.ts';
import { findTrusted } from './trusted-results.ts';

/** About what a page takes five times over: mails have greetings, and a signature that nobody can part for certain. */
const TEXT_MAX = 10_000;
const QUOTED_MAX = 50_000;
/** Each signature can have the whole mail read once more; mails have one to three. */
const MOST_SIGNATURES = 10;

export type Verdict =
  | ({ readonly is: 'file' } & Parted)
  | ({ readonly is: 'quarantine'; readonly why: string } & Parted)
  | { readonly is: 'ignore'; readonly why: string }
  | { readonly is: 'refuse'; readonly refusal: Refusal };

/** A reply, and what is known of where it came to. */
export type Reply = {
  readonly message: Message;
  readonly envelopeFrom: string;
  /** The address to which it came. */
  readonly to: string;
  /** The address of the person who may write there. */
  readonly writer: string;
  /** Whether its Message-ID is that of a mail of ours. */
  readonly isOurs: boolean;
  /** Whether the person's account lets people in from some addresses only. */
  readonly isLimited: boolean;
};

export type Trust = {
  /** The name that the mail server in front gives its results (RFC 8601); null: they are not heeded. */
  readonly authservId: string | null;
  /** Whether the mail bears a signature of the domain. */
  readonly isSignedBy: (domain: string) => Promise<boolean>;
};

/** Judges a reply. Asks DNS only where all else is right. */
export async function judge(reply: Reply, trust: Trust): Promise<Verdict> {
  const { message } = reply;
  const automatic = automaticBecause(message, reply.envelopeFrom, reply.isOurs);
  if (automatic !== null) return { is: 'ignore', why: `It is not answered, because ${automatic}.` };
  const { text, quoted } = partQuoted(message.text);
  const parted = { text, quoted: quoted.slice(0, QUOTED_MAX).toWellFormed() };
  const why = doubtOf(reply) ?? (await unproven(reply, trust));
  // Only a sender who is certain is told no: the answer to a forged one would reach somebody else.
  if (why !== null) return { is: 'quarantine', why, ...parted, text: shortened(text) };
  if (showsNothing(text)) return refuse(554, '5.6.0 The mail has no text. Write a few words, or open the page.');
  if (text.length > TEXT_MAX)
    return refuse(552, '5.3.4 The text is too long for a comment. Write it in several mails.');
  return { is: 'file', ...parted };
}

const shortened = (text: string): string =>
  text.length > TEXT_MAX ? `${text.slice(0, TEXT_MAX).toWellFormed()} […]` : text;

const refuse = (code: number, sentence: string): Verdict => ({ is: 'refuse', refusal: { code, sentence } });

/** What makes it doubtful without DNS, as a sentence; null: nothing does. */
function doubtOf({ message, to, writer, isLimited }: Reply): string | null {
  const [from = '', ...others] = message.from;
  if (others.length > 0) return 'It names several senders.';
  if (!isPlainAddress(from)) return 'Its sender is not one plain address.';
  if (from !== writer.toLowerCase()) return `It is from ${from}, but this reply address was made for ${writer}.`;
  // A mail that was signed for somebody else could be sent on to us by its recipient, with a second To field or a Cc field
  // put on top: signatures say nothing about fields that were not there.
  if (!message.to.includes(to.toLowerCase())) return 'Its To field does not name this reply address.';
  if (isLimited)
    return 'The customer lets its people in from certain IP addresses only, and a mail cannot show where it was written.';
  return null;
}

async function unproven({ message, writer }: Reply, { authservId, isSignedBy }: Trust): Promise<string | null> {
  const domain = writer.slice(writer.lastIndexOf('@') + 1).toLowerCase();
  const found = authservId === null ? 'unknown' : findTrusted(message, authservId, domain);
  if (found === 'verified') return null;
  if (found === 'refuted') return `Our mail server says that ${domain} did not send it (DMARC).`;
  if (valuesOf(message, 'dkim-signature').length > MOST_SIGNATURES) return 'It has more DKIM signatures than we check.';
  if (await isSignedBy(domain)) return null;
  return `Nothing proves that ${domain} sent it: it has no valid DKIM signature of that domain.`;
}
