// Postfix's policy protocol: lines `name=value`, closed by an empty line; the answer is `action=…` and an empty line. Pure.
import type { RouteDecision } from '../question.ts';
import { nameOfIp } from '../transport-name.ts';

/** Longer requests than this are not Postfix's. */
export const LONGEST_REQUEST = 16_384;

/** What is taken from a request; an attribute that is not there is empty. */
export type PolicyRequest = {
  readonly sender: string;
  readonly recipient: string;
  readonly instance: string;
  readonly recipientCount: number;
  readonly state: string;
  readonly context: string;
};

/** Reads one request, without its empty line. undefined: it is not a policy request of Postfix. `text` is latin1. */
export function readRequest(text: string): PolicyRequest | undefined {
  let isPolicy = false;
  let [sender, recipient, instance, count, state, context] = ['', '', '', '', '', ''];
  for (let start = 0; start < text.length; ) {
    let end = text.indexOf('\n', start);
    if (end < 0) end = text.length;
    const equals = text.indexOf('=', start);
    if (equals < 0 || equals > end) return undefined;
    const value = text.slice(equals + 1, end);
    switch (text.slice(start, equals)) {
      case 'request':
        isPolicy = value === 'smtpd_access_policy';
        break;
      case 'sender':
        sender = value;
        break;
      case 'recipient':
        recipient = value;
        break;
      case 'instance':
        instance = value;
        break;
      case 'recipient_count':
        count = value;
        break;
      case 'protocol_state':
        state = value;
        break;
      case 'policy_context':
        context = value;
        break;
    }
    start = end + 1;
  }
  if (!isPolicy || text.includes('\0')) return undefined;
  const recipientCount = /^[0-9]{1,9}$/.test(count) ? Number(count) : 0;
  return { sender: decoded(sender), recipient: decoded(recipient), instance, recipientCount, state, context };
}

/** What Postfix wrote, of which each character is one byte here, as the UTF-8 that it is. */
export function decoded(bytes: string): string {
  return BEYOND_ASCII.test(bytes) ? Buffer.from(bytes, 'latin1').toString() : bytes;
}

const BEYOND_ASCII = /[\x80-\xff]/;

export const DUNNO = 'action=DUNNO\n\n';

/**
 * The answer to Postfix. `namesFallback`: name the transport also where the mail goes where all of its sender's mail
 * goes, because nothing else does.
 */
export function replyTo(answer: RouteDecision, namesFallback: boolean): string {
  switch (answer.via) {
    case 'refusal':
      return rejectReply(answer.sentence);
    case 'wait':
      return `action=DEFER 4.7.1 ${oneLine(answer.sentence)}\n\n`;
    default:
      // The last FILTER holds for the whole message, so one that was given before has to be taken back by name.
      return answer.isFallback && !answer.moved && !namesFallback ? DUNNO : `action=FILTER ${transportOf(answer)}\n\n`;
  }
}

/** C-06: the answer for what is not sent at all. */
export const rejectReply = (sentence: string): string => `action=REJECT 5.7.1 ${oneLine(sentence)}\n\n`;

/** The transport with an empty next hop: the recipient's own mail servers. */
export const transportOf = (answer: { via: 'ip'; ip: { address: string } } | { via: 'pool'; pool: { key: string } }) =>
  `${answer.via === 'ip' ? nameOfIp(answer.ip.address) : answer.pool.key}:`;

/** Postfix's lines are ASCII. */
export const oneLine = (sentence: string): string => sentence.replaceAll('’', "'").replaceAll(/[^\x20-\x7e]+/g, ' ');
