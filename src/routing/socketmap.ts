// The listener behind Postfix's sender_dependent_default_transport_maps: over what a sender's mail goes that is not for a
// warming IP. The split of a warm-up needs the message, which this lookup does not know: that is the policy service's.
import type { Protocol } from './listener.ts';
import { netstring, readNetstring } from './netstring.ts';
import { oneLine, transportOf } from './policy-protocol.ts';
import type { Router } from './router.ts';
import { usualStream } from './sender.ts';

const NOT_FOUND = netstring('NOTFOUND ');

/** Answers `name SPACE address`, whatever the name; an address that is not ours is not found. */
export const socketmap =
  (router: Router): Protocol =>
  (buffer) => {
    let replies = '';
    let start = 0;
    for (;;) {
      const request = readNetstring(buffer, start);
      if (request === undefined) return undefined;
      if (request === null) break;
      const space = request.text.indexOf(' ');
      if (space < 1) return undefined;
      replies += baseOf(router, request.text.slice(space + 1));
      start = request.end;
    }
    return { replies, rest: start === 0 ? buffer : buffer.slice(start) };
  };

function baseOf(router: Router, address: string): string {
  const sender = router.senderOf(address);
  if (sender === undefined) return NOT_FOUND;
  const base = router.base(sender, usualStream(sender), address.toLowerCase());
  // Whether campaigns are refused is the policy service's to say, so a refusal has the way of what is not refused.
  const told = base.via === 'refusal' ? router.base(sender, 'transactional', address.toLowerCase()) : base;
  if (told.via === 'ip' || told.via === 'pool') return netstring(`OK ${transportOf(told)}`);
  return netstring(`OK retry:4.7.1 ${oneLine(told.sentence)}`);
}
