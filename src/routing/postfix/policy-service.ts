// The listener behind Postfix's check_policy_service: which transport carries this message?

import { type Router, streamOf } from '../router.ts';
import type { Protocol } from '../servers/tcp.ts';
import { DUNNO, LONGEST_REQUEST, type PolicyRequest, readRequest, replyTo } from './policy-protocol.ts';

/** Postfix's states in which the request is about all recipients of a message. */
const OF_ALL: ReadonlySet<string> = new Set(['DATA', 'END-OF-MESSAGE']);

/** Answers policy requests. `namesBase`: see `replyTo`. Mail that is not ours is left alone. */
export const policyService =
  (router: Router, namesBase: boolean): Protocol =>
  (buffer) => {
    let replies = '';
    let start = 0;
    for (;;) {
      const end = buffer.indexOf('\n\n', start);
      if (end < 0) break;
      const request = end - start > LONGEST_REQUEST ? undefined : readRequest(buffer.slice(start, end));
      if (request === undefined) return undefined;
      replies += answerTo(router, request, namesBase);
      start = end + 2;
    }
    if (buffer.length - start > LONGEST_REQUEST) return undefined;
    return { replies, rest: start === 0 ? buffer : buffer.slice(start) };
  };

function answerTo(router: Router, request: PolicyRequest, namesBase: boolean): string {
  const sender = router.senderOf(request.sender);
  if (sender === undefined) return DUNNO;
  const isWhole = OF_ALL.has(request.state);
  const question = {
    sender,
    recipient: request.recipient,
    stream: streamOf(request.context, sender),
    message: request.instance,
    count: isWhole ? Math.max(1, request.recipientCount) : 1,
    isWhole,
  };
  // Without its name a message cannot be kept on one side, so it goes where all others go.
  const told =
    request.instance === ''
      ? { ...router.preview(question, () => 0), isBase: true, isNews: false }
      : router.answer(question);
  return replyTo(told, namesBase || !router.isTabled(sender, request.sender, question.stream));
}
