// The listener behind Postfix's sender_dependent_default_transport_maps: over what a sender's mail goes that is not for a
// warming IP. The split of a warm-up needs the message, which this lookup does not know: that is the policy service's.

import { fallbackAnswer } from '../route.ts';
import type { Router } from '../router.ts';
import type { Sender } from '../sending-domain.ts';
import type { Protocol } from '../servers/tcp.ts';
import { netstring, readNetstring } from './netstring.ts';
import { decoded, oneLine, transportOf } from './policy-protocol.ts';

const NOT_FOUND = netstring('NOTFOUND ');

/** Answers `name SPACE address`, whatever the name; an address that is not ours is not found. */
export function socketmap(router: Router): Protocol {
  // The same for all of a sender's addresses, as long as what is known of it stays.
  const known = new WeakMap<Sender, string>();
  const answerTo = (address: string): string => {
    const sender = router.senderOf(address);
    if (sender === undefined) return NOT_FOUND;
    const before = known.get(sender);
    if (before !== undefined) return before;
    const { answer, isForAll } = baseOf(router, sender, address);
    if (isForAll) known.set(sender, answer);
    return answer;
  };
  return (buffer) => {
    let replies = '';
    let start = 0;
    for (;;) {
      const request = readNetstring(buffer, start);
      if (request === undefined) return undefined;
      if (request === null) break;
      const space = request.text.indexOf(' ');
      if (space < 1) return undefined;
      replies += answerTo(decoded(request.text.slice(space + 1)));
      start = request.end;
    }
    return { replies, rest: start === 0 ? buffer : buffer.slice(start) };
  };
}

/** `isForAll`: it is the same for every address of the sender, not one of several IPs. */
function baseOf(router: Router, sender: Sender, address: string): { answer: string; isForAll: boolean } {
  const { refusal, fallback } = router.tabled(sender);
  if (refusal !== null) return { answer: netstring(`OK error:5.7.1 ${oneLine(refusal)}`), isForAll: true };
  const answer = fallbackAnswer(fallback, sender, address.toLowerCase(), { share: 1, why: 'shared-pool' });
  const isForAll = fallback.to !== 'ips' || fallback.ips.length === 1;
  if (answer.via === 'ip' || answer.via === 'pool') return { answer: netstring(`OK ${transportOf(answer)}`), isForAll };
  return { answer: netstring(`OK retry:4.7.1 ${oneLine(answer.sentence)}`), isForAll };
}
