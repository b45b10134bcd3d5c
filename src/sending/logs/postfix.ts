// Postfix: `DATE HOST postfix/TRANSPORT/smtp[PID]: QUEUEID: to=<…>, relay=…, delay=…, delays=…, dsn=…, status=…`. Pure.
import { type DeliveryRecord, domainOf, type LogReader, type PutOff, type QueueMemory } from './record.ts';

const LINE =
  /^(\d{4}-\d\d-\d\dT\S+|[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d) (\S+) (\S+?)\/([a-z]+)\[\d+\]: ([0-9A-Za-z]{6,}): (.*)$/;
const TRY =
  /^to=<([^>]*)>,(?: orig_to=<[^>]*>,)? relay=([^,]+),.*? delay=([\d.]+), delays=([\d.]+)\/[^,]*, dsn=[\d.]+, status=(sent|deferred|bounced)\b/;
const FROM = /^from=<([^>]*)>, size=/;
/** It lay in the queue for too long: all who were put off get it no more. */
const EXPIRED = /^from=<[^>]*>, status=(?:force-)?expired\b/;

/** Seconds before the queue manager had it: more is a message that waited for another try (Postfix waits 300 at the least). */
const LONGEST_BEFORE_FIRST_TRY = 200;

/** `now` (UTC milliseconds): dates of the older form have no year, and are taken to be of the year before it. */
export function postfixReader(memory: QueueMemory, now: number): LogReader {
  const timeOf = clock(now);
  return {
    read(line) {
      // Most lines of a mail log are about other things, and this is far faster than the pattern.
      if (!line.includes(': to=<') && !line.includes('qmgr[')) return null;
      const [, time, host, tag, program, queueId, rest] = LINE.exec(line) ?? [];
      if (!time || !tag || !rest) return null;
      const message = `${host} ${queueId}`;
      if (program === 'qmgr') return readQueue(memory, message, rest);
      const at = timeOf(time);
      return at === undefined ? null : readTry(memory, { message, at, tag, rest });
    },
  };
}

function readQueue(memory: QueueMemory, message: string, rest: string): readonly DeliveryRecord[] | null {
  if (EXPIRED.test(rest)) return expired(memory, message);
  if (rest === 'removed') memory.forget(message);
  const from = FROM.exec(rest)?.[1];
  if (from !== undefined) memory.setSender(message, domainOf(from));
  return null;
}

function expired(memory: QueueMemory, message: string): DeliveryRecord[] {
  const from = memory.sender(message) ?? null;
  return memory.open(message).map((put) => ({ ...put, outcome: 'bounced', first: false, from }));
}

/** A line about a message; `tag`: the name under which the program logs. */
type Line = { readonly message: string; readonly at: number; readonly tag: string; readonly rest: string };

function readTry(memory: QueueMemory, { message, at, tag, rest }: Line): DeliveryRecord | null {
  const [, to = '', relay = '', delay, before, status] = TRY.exec(rest) ?? [];
  if (status === undefined) return null;
  const tried = memory.wasTried(message, to);
  const put: PutOff = {
    arrivedAt: at - Number(delay) * 1000,
    // `postfix/ip-192-0-2-1/smtp`: the name of the transport stands between the two.
    via: [tag.replace(/^postfix[^/]*\//, '')],
    to: domainOf(to),
    mx: relay === 'none' ? null : relay.replace(/\[.*$/, ''),
  };
  if (status !== 'deferred') memory.settle(message, to);
  else if (!tried) memory.setTried(message, to, put);
  return {
    ...put,
    outcome: status === 'sent' ? 'delivered' : status === 'deferred' ? 'deferred' : 'bounced',
    first: !tried && Number(before) < LONGEST_BEFORE_FIRST_TRY,
    from: memory.sender(message) ?? null,
  };
}

const MONTHS = 'JanFebMarAprMayJunJulAugSepOctNovDec';
const DAY = 86_400_000;

/** Reads times of log lines; the same one again costs nothing. The older form is in the time zone of the process. */
function clock(now: number): (text: string) => number | undefined {
  let lastText = '';
  let lastTime: number | undefined;
  return (text) => {
    if (text === lastText) return lastTime;
    lastText = text;
    lastTime = /^\d/.test(text) ? Date.parse(text) : yearless(text, now);
    if (Number.isNaN(lastTime)) lastTime = undefined;
    return lastTime;
  };
}

function yearless(text: string, now: number): number | undefined {
  const month = MONTHS.indexOf(text.slice(0, 3)) / 3;
  if (!Number.isInteger(month) || month < 0) return undefined;
  const [hours = 0, minutes = 0, seconds = 0] = text.slice(7).split(':').map(Number);
  const inYear = (year: number) => new Date(year, month, Number(text.slice(4, 6)), hours, minutes, seconds).getTime();
  const year = new Date(now).getFullYear();
  const at = inYear(year);
  return at > now + DAY ? inYear(year - 1) : at;
}
