// PowerMTA: accounting files, CSV whose first line names the columns (User's Guide 5.0, chapter 11). Pure.
import { domainOf } from '../domain-name.ts';
import { FIRST_TIME } from '../earliest.ts';
import {
  type DeliveryRecord,
  type IsEgress,
  type LogReader,
  NO_COMPLAINTS,
  type NoRecord,
  type QueueMemory,
} from './record.ts';
import { type Try, tryReader } from './tries.ts';

const OUTCOMES: Readonly<Record<string, DeliveryRecord['outcome'] | 'nothing' | undefined>> = {
  d: 'delivered',
  b: 'bounced',
  t: 'deferred',
  f: 'complained',
  // A bounce that came back later, as a mail of its own.
  rb: 'returned',
  rs: 'nothing',
  r: 'nothing',
  tq: 'nothing',
};

type Get = (name: string) => string;

/** `header`: the file's first line, by which all others are read. A header within the file is taken from there on. */
export function powermtaReader(memory: QueueMemory, isEgress: IsEgress, header: string): LogReader {
  let columns = columnsOf(header);
  const readTry = tryReader(memory, isEgress);
  const readOne = (outcome: Try['outcome'], get: Get): DeliveryRecord | NoRecord => {
    const arrivedAt = timeOf(get('timeQueued')) ?? timeOf(get('timeLogged'));
    const recipient = get('rcpt');
    if (arrivedAt === undefined || recipient === '') return 'unreadable';
    const sender = get('orig');
    const names = [get('vmta'), get('vmtaPool'), get('dlvSourceIp'), get('queue').replace(/^.*\//, '')];
    return readTry({
      // No record has an id of its message.
      message: `${get('timeQueued')} ${sender} ${get('jobId')} ${get('envId')}`,
      recipient,
      outcome,
      arrivedAt,
      via: names.filter((name) => name !== ''),
      from: domainOf(sender),
      to: domainOf(recipient),
      mx: get('dsnMta').replace(/ ?\(.*$/, '') || null,
      wasAsked: true,
    });
  };
  return {
    read(line) {
      const comma = line.indexOf(',');
      const type = comma < 0 ? line : line.slice(0, comma);
      const isHeader = type === 'type' || type === '\ufefftype';
      if (isHeader) {
        columns = columnsOf(line);
        return null;
      }
      if (!columns.has('type')) return line.trim() === '' ? null : 'foreign';
      const outcome = OUTCOMES[type];
      if (outcome === 'nothing' || line === '') return null;
      const fields = fieldsOf(line);
      if (outcome === undefined || fields === undefined || fields.length !== columns.size) return 'unreadable';
      const get: Get = (name) => fields[columns.get(name) ?? -1] ?? '';
      if (outcome === 'complained') return readFeedback(get);
      return outcome === 'returned' ? readReturned(get) : readOne(outcome, get);
    },
  };
}

const bare = (address: string): string => address.replace(/[<>]/g, '').trim();

/** A report of a feedback loop. Which columns there are is a matter of settings. */
function readFeedback(get: Get): DeliveryRecord | NoRecord | null {
  const type = get('feedbackType') || get('arf_Feedback-Type');
  if (type !== '' && type !== 'abuse') return NO_COMPLAINTS.has(type) ? null : 'unreadable';
  const arrived = get('arf_Arrival-Date');
  const arrivedAt = mailDate(arrived) ?? timeOf(get('timeLogged'));
  if (arrivedAt === undefined) return 'unreadable';
  const sender =
    bare(get('orig') || get('header_Return-Path') || get('arf_Original-Mail-From')) || get('reportedDomain');
  return {
    outcome: 'complained',
    arrivedAt,
    first: false,
    via: [get('repSourceIp'), get('rcvSourceIp'), get('dlvSourceIp'), get('arf_Source-IP')].filter(
      (name) => name !== '',
    ),
    from: sender === '' ? null : domainOf(sender),
    to: domainOf(bare(get('rcpt') || get('arf_Original-Rcpt-To'))),
    mx: get('reportingMTA').replace(/^dns; ?/, '') || null,
  };
}

function readReturned(get: Get): DeliveryRecord | NoRecord {
  const arrivedAt = timeOf(get('timeLogged'));
  if (arrivedAt === undefined) return 'unreadable';
  const sender = bare(get('orig'));
  const from = sender === '' ? null : domainOf(sender);
  return { outcome: 'returned', arrivedAt, first: false, via: [], from, to: domainOf(bare(get('rcpt'))), mx: null };
}

/** Seconds since 1970, or `2026-11-26 10:00:00+0100`; a time without its zone is of UTC. */
function timeOf(text: string): number | undefined {
  if (/^\d{9,11}$/.test(text)) return Number(text) * 1000;
  const [, date, time, zone = 'Z'] = /^(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d:\d\d)(Z|[+-]\d\d:?\d\d)?$/.exec(text) ?? [];
  const at = Date.parse(`${date}T${time}${zone}`);
  return at >= FIRST_TIME ? at : undefined;
}

/** A date as mails have it. */
function mailDate(text: string): number | undefined {
  const at = text === '' ? Number.NaN : Date.parse(text.replace(/ \(.*\)$/, ''));
  return at >= FIRST_TIME ? at : undefined;
}

function columnsOf(header: string): ReadonlyMap<string, number> {
  const names = fieldsOf(header.replace(/^\ufeff/, '').replace(/\r$/, '')) ?? [];
  return new Map(names[0] === 'type' ? names.map((name, index) => [name, index]) : []);
}

/** The fields of one line of CSV; undefined where a quotation mark is not closed or not allowed. */
function fieldsOf(line: string): string[] | undefined {
  if (!line.includes('"')) return line.split(',');
  const fields: string[] = [];
  for (let at = 0; ; ) {
    if (line.charCodeAt(at) === 34) {
      let end = at + 1;
      for (end = line.indexOf('"', end); line.charCodeAt(end + 1) === 34; end = line.indexOf('"', end + 2));
      if (end < 0) return undefined;
      fields.push(line.slice(at + 1, end).replaceAll('""', '"'));
      at = end + 1;
    } else {
      const end = line.indexOf(',', at);
      const field = line.slice(at, end < 0 ? undefined : end);
      fields.push(field);
      at += field.length;
    }
    if (at >= line.length) return fields;
    if (line.charCodeAt(at) !== 44) return undefined;
    at += 1;
  }
}
