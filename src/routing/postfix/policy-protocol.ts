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

/**
 * Reads one request, without its empty line: the part of `text` (latin1) from `from` to `to`. undefined: it is not a policy
 * request of Postfix.
 */
export function readRequest(text: string, from = 0, to = text.length): PolicyRequest | undefined {
  let isPolicy = false;
  let [sender, recipient, instance, count, state, context] = ['', '', '', '', '', ''];
  for (let start = from; start < to; ) {
    let end = text.indexOf('\n', start);
    if (end < 0 || end > to) end = to;
    const equals = text.indexOf('=', start);
    if (equals < 0 || equals > end) return undefined;
    // By its length first: most attributes of a request are of no use here, and their names are not even read.
    switch (equals - start) {
      case 6:
        if (text.startsWith('sender', start)) sender = text.slice(equals + 1, end);
        break;
      case 7:
        if (text.startsWith('request', start)) isPolicy = text.slice(equals + 1, end) === 'smtpd_access_policy';
        break;
      case 8:
        if (text.startsWith('instance', start)) instance = text.slice(equals + 1, end);
        break;
      case 9:
        if (text.startsWith('recipient', start)) recipient = text.slice(equals + 1, end);
        break;
      case 14:
        if (text.startsWith('protocol_state', start)) state = text.slice(equals + 1, end);
        else if (text.startsWith('policy_context', start)) context = text.slice(equals + 1, end);
        break;
      case 15:
        if (text.startsWith('recipient_count', start)) count = text.slice(equals + 1, end);
        break;
    }
    start = end + 1;
  }
  if (!isPolicy || text.slice(from, to).includes('\0')) return undefined;
  const recipientCount = countIn(count);
  return { sender: decoded(sender), recipient: decoded(recipient), instance, recipientCount, state, context };
}

/** A number of recipients; 0 where the text is something else. */
const countIn = (text: string): number => (/^[0-9]{1,9}$/.test(text) ? Number(text) : 0);

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
