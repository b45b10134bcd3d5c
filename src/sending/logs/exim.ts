// Exim: its main log. Exim's own lines do not say which address a message left from, so docs/exim.md lets it write one
// before each try: `ID warmdesk address=[192.0.2.1] to=<ann@example.com>`. Pure.
import { domainOf } from '../domain-name.ts';
import { FIRST_TIME } from '../earliest.ts';
import { Clock } from './clock.ts';
import type { IsEgress, LogReader, NoRecord, QueueMemory } from './record.ts';
import { SyslogLine } from './syslog.ts';
import { type Try, tryReader } from './tries.ts';

const ID = /^[0-9A-Za-z]{6}-(?:[0-9A-Za-z]{6}-[0-9A-Za-z]{2}|[0-9A-Za-z]{11}-[0-9A-Za-z]{4}) /;
const STAMP = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d+)?(?: [+-]\d{4})? (?:\[\d+\] )?/;
const OUTCOMES: Readonly<Record<string, Try['outcome'] | undefined>> = {
  '=>': 'delivered',
  '->': 'delivered',
  '>>': 'delivered',
  '**': 'bounced',
  '==': 'deferred',
};
/** `R=router T=transport`, behind the address, its original form and the sender. */
const RECIPIENT =
  /^(.+?)(?: <.*?>)?(?: \(.*?\))?(?: F=<.*?>)?(?: P=<.*?>)?(?: R=[^\s:]+(?: T=([^\s:]+))?(?=[ :]|$)|: (?=\S))/;
/** Exim's own codes for an address whose time to be tried again has not come. */
const HELD_BACK = / defer \(-5[1-4]\)/;
const MARKS = [' R=', ' T=', ' H=', ' F=<', ' C="'];
const DIGITS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/** `now`: UTC milliseconds. */
export function eximReader(memory: QueueMemory, isEgress: IsEgress, now: number): LogReader {
  const readTry = tryReader(memory, isEgress, true);
  const head = new SyslogLine();
  const clock = new Clock(now);
  /** The text behind the time and the process: of Exim's own log, or of the system log. */
  const textOf = (line: string): string | undefined => {
    const stamp = STAMP.exec(line)?.[0];
    if (stamp !== undefined) return line.slice(stamp.length);
    if (!head.read(line) || clock.read(head.time) === undefined) return undefined;
    if (!head.program.startsWith('exim')) return '';
    const text = line.slice(head.textAt);
    return text.slice(STAMP.exec(text)?.[0].length ?? 0);
  };
  return {
    read(line) {
      const text = textOf(line);
      if (text === undefined) return line.trim() === '' ? null : looksLikeOutcome(line) ? 'unreadable' : 'foreign';
      const id = ID.exec(text)?.[0].trimEnd();
      if (id === undefined) return looksLikeOutcome(text) ? 'unreadable' : null;
      const rest = text.slice(id.length + 1);
      if (rest.startsWith('<= ')) return readArrival(memory, id, rest);
      if (rest.startsWith('warmdesk ')) return readEgress(memory, id, rest);
      if (rest === 'Completed' || rest.startsWith('Completed ')) {
        memory.forget(id);
        return null;
      }
      const outcome = rest.charCodeAt(2) === 32 ? OUTCOMES[rest.slice(0, 2)] : undefined;
      if (outcome === undefined) return /^[=*>-]* ?$/.test(rest) || looksLikeOutcome(rest) ? 'unreadable' : null;
      if (outcome === 'deferred' && HELD_BACK.test(rest)) return null;
      const [, recipient, transport] = RECIPIENT.exec(rest.slice(3)) ?? [];
      const arrivedAt = arrivalOf(id);
      if (recipient === undefined || arrivedAt === undefined) return 'unreadable';
      const to = domainOf(recipient);
      // Several recipients in one connection have no name of their own in the line.
      const egress = memory.over(id, recipient.toLowerCase()) ?? memory.over(id, `@${to}`) ?? [];
      return readTry({
        message: id,
        recipient: recipient.toLowerCase(),
        outcome,
        arrivedAt,
        via: [...egress, ...(transport === undefined ? [] : [transport])],
        from: memory.sender(id) ?? null,
        to,
        mx: / H=(\S+)/.exec(rest)?.[1] ?? null,
        // Without a transport the address was not routed, or the router said to wait.
        wasAsked: transport !== undefined,
      });
    },
  };
}

const looksLikeOutcome = (text: string): boolean =>
  / (?:=>|->|>>|\*\*|==) (?:\S+@|.* R=\S)/.test(text) || MARKS.filter((mark) => text.includes(mark)).length >= 3;

/** `<= sender …`: a message came in. */
function readArrival(memory: QueueMemory, id: string, rest: string): NoRecord | null {
  // A quoted local part may have blanks in it.
  const [sender = ''] = /^(?:"(?:[^"\\]|\\.)*"@)?\S*/.exec(rest.slice(3)) ?? [];
  memory.setSender(id, sender === '<>' ? '' : domainOf(sender));
  return null;
}

/** What Exim wrote on Warmdesk's behalf before it connected: over which address this recipient is tried. */
function readEgress(memory: QueueMemory, id: string, rest: string): NoRecord | null {
  const [, address, recipient] = /^warmdesk address=\[([^\]]*)\] to=<(.*)>$/.exec(rest) ?? [];
  if (address === undefined || recipient === undefined) return 'unreadable';
  const via = address.split(/[ ;,<]+/).filter((one) => one !== '');
  memory.setOver(id, recipient.toLowerCase(), via);
  return null;
}

/** Exim's ids begin with the second of the message's arrival, in base 62. UTC milliseconds. */
function arrivalOf(id: string): number | undefined {
  let seconds = 0;
  for (const digit of id.slice(0, 6)) seconds = seconds * 62 + DIGITS.indexOf(digit);
  const at = seconds * 1000;
  return at > FIRST_TIME && at < Date.UTC(2200, 0, 1) ? at : undefined;
}
