// ZoneMTA: `… id=SESSION ID.SEQ ACCEPTED from=… to=… src=… mx=NAME[ADDRESS] message-id=… (…)` (lib/sender.js of 3.10.18). Pure.
import { domainOf } from '../domain-name.ts';
import { FIRST_TIME } from '../earliest.ts';
import type { DeliveryRecord, IsEgress, LogReader, NoRecord, QueueMemory } from './record.ts';
import { tryReader } from './tries.ts';

const OUTCOMES: Readonly<Record<string, 'delivered' | 'deferred' | 'bounced'>> = {
  ACCEPTED: 'delivered',
  DEFERRED: 'deferred',
  REJECTED: 'bounced',
};
const LINE =
  /\bid=\S* ([0-9a-f]{18})\.([0-9a-f]{3}) (ACCEPTED|DEFERRED|REJECTED)(?:\[([^\]]*)\])? from=(.*?) to=(.*?) src=(\S*) mx=(\S*) message-id=/;
/** Its processes write to one stream in several parts, so levels and names may come torn. */
const KNOWN = /info|verb|ERR!|warn|http|silly|(?:Sender|Queue|SMTP|Plugins|Process)\//;
const MARKS = [' from=', ' to=', ' src=', ' mx=', ' message-id='];
/** A message came in, with some of the same fields. */
const QUEUED = / [0-9a-f]{18} QUEUED \(/;

export function zonemtaReader(memory: QueueMemory, isEgress: IsEgress): LogReader {
  const readTry = tryReader(memory, isEgress);
  return {
    read(line): DeliveryRecord | NoRecord | null {
      const [, id = '', seq, word = '', category, from = '', to = '', source = '', mx = ''] = LINE.exec(line) ?? [];
      if (seq === undefined) {
        if (/ [0-9a-f]{18}\.[0-9a-f]{3} (?:ACCEPTED|DEFERRED|REJECTED)/.test(line)) return 'unreadable';
        if (MARKS.filter((mark) => line.includes(mark)).length >= 3 && !QUEUED.test(line)) return 'unreadable';
        return KNOWN.test(line) || line.trim() === '' ? null : 'foreign';
      }
      const outcome = OUTCOMES[word];
      const arrivedAt = arrivalOf(id);
      if (outcome === undefined || arrivedAt === undefined || !to.includes('@')) return 'unreadable';
      return readTry({
        message: id,
        recipient: seq,
        outcome,
        arrivedAt,
        via: source === '' ? [] : [source],
        from: senderOf(from),
        to: domainOf(to),
        mx: mx.replace(/\[.*$/, '') || null,
        // Warmdesk's own plugin said to wait or to refuse: nobody was asked.
        wasAsked: source !== '' && category !== 'policy',
      });
    },
  };
}

/** `<>`: a bounce; `first[envelope]` where a plugin changed the sender. */
function senderOf(written: string): string {
  const envelope = /^.*?@[^[\]]*\[(.*@.*)\]$/.exec(written)?.[1] ?? written;
  return envelope === '<>' ? '' : domainOf(envelope);
}

/** ZoneMTA's ids begin with the millisecond of their making, in hexadecimal digits. UTC milliseconds. */
function arrivalOf(id: string): number | undefined {
  const at = Number.parseInt(id.slice(0, 11), 16);
  return at >= FIRST_TIME && at < Date.UTC(2200, 0, 1) ? at : undefined;
}
