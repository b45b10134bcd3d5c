// The listener behind Postfix's check_policy_service: which transport carries this message?

import type { Log } from '../../log.ts';
import { streamOf } from '../question.ts';
import type { Router } from '../router.ts';
import type { Protocol } from '../servers/tcp.ts';
import { DUNNO, LONGEST_REQUEST, type PolicyRequest, readRequest, rejectReply, replyTo } from './policy-protocol.ts';

/** Postfix's states in which all recipients of the message are known. */
const OF_ALL: ReadonlySet<string> = new Set(['DATA', 'BDAT', 'END-OF-MESSAGE']);

/** An answer waits no longer than this for a block of a cap: Postfix waits for it for five seconds (docs/postfix.md). */
const PATIENCE_MS = 3_000;

/** Recipients named without one question about a whole message: then nobody asks it. */
const MANY_NAMED = 10_000;

type Parts = {
  readonly router: Router;
  /** See `replyTo`. */
  readonly namesFallback: boolean;
  readonly log: Log;
  /** Milliseconds that an answer waits for blocks of a cap at most. */
  readonly patience?: number;
};

/**
 * Answers policy requests. A message is one decision, taken when all of its recipients are known; before that they are
 * noted, or refused (C-06). Mail that is not ours is left alone.
 */
export function policyService(parts: Parts): Protocol {
  let named = 0;
  const answer = (request: PolicyRequest): string | Promise<string> => {
    if (OF_ALL.has(request.state)) named = Number.NaN;
    else if (++named === MANY_NAMED)
      parts.log.warn({}, 'Postfix names recipients, but asks about no message: see smtpd_end_of_data_restrictions');
    return answerTo(parts, request);
  };
  return (buffer) => {
    let replies = '';
    let start = 0;
    for (;;) {
      const end = buffer.indexOf('\n\n', start);
      if (end < 0) break;
      const request = end - start > LONGEST_REQUEST ? undefined : readRequest(buffer, start, end);
      if (request === undefined) return undefined;
      start = end + 2;
      const reply = answer(request);
      if (typeof reply !== 'string') return { replies, rest: buffer.slice(start), later: reply };
      replies += reply;
    }
    if (buffer.length - start > LONGEST_REQUEST) return undefined;
    return { replies, rest: start === 0 ? buffer : buffer.slice(start) };
  };
}

function answerTo(
  { router, namesFallback, patience = PATIENCE_MS }: Parts,
  request: PolicyRequest,
): string | Promise<string> {
  const sender = router.senderOf(request.sender);
  if (sender === undefined) return DUNNO;
  const { state, instance: message, recipient, recipientCount } = request;
  const stream = streamOf(request.context, sender);
  const recipients = recipient === '' ? [] : [recipient];
  if (!OF_ALL.has(state)) {
    const refusal = router.note({ sender, stream, message, recipients });
    return refusal === null ? DUNNO : rejectReply(refusal);
  }
  const question = { sender, stream, message, recipients, count: Math.max(1, recipientCount) };
  const isNamed = namesFallback || !router.isTabled(sender, request.sender, stream);
  // Without its name a message cannot be kept on one side, so it goes where all others go.
  const answer =
    message === ''
      ? { ...router.preview(question, () => 0), isFallback: true, moved: false }
      : router.decide(question, patience);
  return answer instanceof Promise ? answer.then((one) => replyTo(one, isNamed)) : replyTo(answer, isNamed);
}
