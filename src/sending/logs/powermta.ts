// PowerMTA: accounting files, CSV whose first line names the columns. Pure.
import { domainOf } from '../domain-name.ts';
import { FIRST_TIME } from '../earliest.ts';
import { columnsOf, PowermtaRecord, timeOf } from './powermta-record.ts';
import {
  type DeliveryRecord,
  type IsEgress,
  type LogReader,
  NO_COMPLAINTS,
  type NoRecord,
  type QueueMemory,
} from './record.ts';
import { type Try, tryReader } from './tries.ts';

/** `header`: the file's first line, by which all others are read. A header within the file is taken from there on. */
export function powermtaReader(memory: QueueMemory, isEgress: IsEgress, header: string): LogReader {
  let columns = columnsOf(header);
  const readTry = tryReader(memory, isEgress);
  const readOne = (outcome: Try['outcome'], record: PowermtaRecord): DeliveryRecord | NoRecord => {
    const arrivedAt = timeOf(record.get('timeQueued')) ?? timeOf(record.get('timeLogged'));
    const [sender, recipient] = [record.get('orig'), record.get('rcpt')];
    if (arrivedAt === undefined || recipient === '') return 'unreadable';
    const names = ['vmta', 'vmtaPool', 'dlvSourceIp'].map((name) => record.get(name));
    return readTry({
      // No record has an id of its message.
      message: `${record.get('timeQueued')} ${sender} ${record.get('jobId')} ${record.get('envId')}`,
      recipient,
      outcome,
      arrivedAt,
      via: [...names, record.get('queue').replace(/^.*\//, '')].filter((name) => name !== ''),
      from: domainOf(sender),
      to: domainOf(recipient),
      mx: record.get('dsnMta').replace(/ ?\(.*$/, '') || null,
      wasAsked: true,
    });
  };
  return {
    read(line) {
      if (line.startsWith('type,') || line.startsWith('\ufefftype,')) {
        columns = columnsOf(line);
        return null;
      }
      if (line.trim() === '') return null;
      if (columns.count === 0) return 'foreign';
      const record = PowermtaRecord.of(line, columns);
      if (record === undefined) return 'unreadable';
      if (record.type === 'd') return readOne('delivered', record);
      if (record.type === 'b') return readOne('bounced', record);
      if (record.type === 't') return readOne('deferred', record);
      if (record.type === 'f') return readFeedback(record);
      // A bounce that came back later, as a mail of its own. The others say nothing of what became of a message.
      return record.type === 'rb' ? readReturned(record) : null;
    },
  };
}

const bare = (address: string): string => address.replace(/[<>]/g, '').trim();

/**
 * A report of a feedback loop. Which columns there are is a matter of settings. An address that the report names is one that
 * the message went over; one that PowerMTA had the report from need not be.
 */
function readFeedback(record: PowermtaRecord): DeliveryRecord | NoRecord | null {
  const type = record.get('feedbackType') || record.get('arf_Feedback-Type');
  if (type !== '' && type !== 'abuse') return NO_COMPLAINTS.has(type) ? null : 'unreadable';
  const arrivedAt = mailDate(record.get('arf_Arrival-Date')) ?? timeOf(record.get('timeLogged'));
  if (arrivedAt === undefined) return 'unreadable';
  const sender =
    bare(record.get('orig') || record.get('header_Return-Path') || record.get('arf_Original-Mail-From')) ||
    record.get('reportedDomain');
  const named = ['repSourceIp', 'arf_Source-IP'].map((name) => record.get(name)).filter((one) => one !== '');
  const maybe = ['rcvSourceIp', 'dlvSourceIp'].map((name) => record.get(name)).filter((one) => one !== '');
  return {
    outcome: 'complained',
    arrivedAt,
    first: false,
    via: named.length > 0 ? named : maybe,
    isGuess: named.length === 0,
    from: sender === '' ? null : domainOf(sender),
    to: domainOf(bare(record.get('rcpt') || record.get('arf_Original-Rcpt-To'))),
    mx: record.get('reportingMTA').replace(/^dns; ?/, '') || null,
  };
}

function readReturned(record: PowermtaRecord): DeliveryRecord | NoRecord {
  const arrivedAt = timeOf(record.get('timeLogged'));
  if (arrivedAt === undefined) return 'unreadable';
  const sender = bare(record.get('orig'));
  const from = sender === '' ? null : domainOf(sender);
  const to = domainOf(bare(record.get('rcpt')));
  return { outcome: 'returned', arrivedAt, first: false, via: [], from, to, mx: null };
}

/** A date as mails have it. */
function mailDate(text: string): number | undefined {
  const at = text === '' ? Number.NaN : Date.parse(text.replace(/ \(.*\)$/, ''));
  return at >= FIRST_TIME ? at : undefined;
}
