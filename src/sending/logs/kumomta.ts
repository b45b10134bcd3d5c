// KumoMTA: log records as lines of JSON, with the fields of kumo-log-types (release 2026.06.23). Pure.
import { domainOf } from '../domain-name.ts';
import { type KumoRecord, parseKumo } from './kumomta-record.ts';
import {
  type DeliveryRecord,
  type IsEgress,
  type LogReader,
  NO_COMPLAINTS,
  type NoRecord,
  type QueueMemory,
} from './record.ts';
import { type Try, tryReader } from './tries.ts';

const OUTCOMES: Readonly<Record<string, DeliveryRecord['outcome'] | undefined>> = {
  Delivery: 'delivered',
  TransientFailure: 'deferred',
  Bounce: 'bounced',
  // These two name no source: what was deferred over one leaves the queue undelivered.
  Expiration: 'bounced',
  AdminBounce: 'bounced',
  OOB: 'returned',
  Feedback: 'complained',
};
/** Records that say nothing of what became of a message. */
const SILENT = new Set([
  'Reception',
  'Rejection',
  'AdminRebind',
  'DeferredInjectionRebind',
  'Delayed',
  'XferOut',
  'XferIn',
]);

/**
 * `num_attempts` does not identify a first try: KumoMTA counts what it held back by itself, and infers the number after a
 * restart. So recipients that were deferred are remembered, by the message's id.
 */
export function kumomtaReader(memory: QueueMemory, isEgress: IsEgress): LogReader {
  const readTry = tryReader(memory, isEgress);
  const readRecipient = (record: KumoRecord, outcome: Try['outcome'], recipient: string): DeliveryRecord =>
    readTry({
      message: record.id,
      recipient,
      outcome,
      arrivedAt: record.arrivedAt,
      via: record.via,
      from: domainOf(record.sender),
      to: domainOf(recipient),
      mx: record.mx,
      // Without a source nobody was asked: the queue is suspended, nothing may carry the message, or it is given up.
      wasAsked: record.source !== null,
    });
  return {
    read(line) {
      if (line.charCodeAt(0) !== 123) return line.trim() === '' ? null : 'foreign';
      const record = parseKumo(line);
      if (record === 'unreadable' || record === 'foreign') return record;
      if (SILENT.has(record.type)) return null;
      const outcome = OUTCOMES[record.type];
      if (outcome === undefined) return 'unreadable';
      if (outcome === 'complained') return readFeedback(record);
      if (outcome === 'returned') return record.recipients.map((recipient) => returned(record, recipient));
      const [one = '', ...more] = record.recipients;
      if (more.length === 0) return readRecipient(record, outcome, one);
      return record.recipients.map((recipient) => readRecipient(record, outcome, recipient));
    },
  };
}

/** A bounce that came back later, as a mail of its own: its sender and its recipient are those of the first message. */
const returned = ({ sender, arrivedAt }: KumoRecord, recipient: string): DeliveryRecord => ({
  outcome: 'returned',
  arrivedAt,
  first: false,
  via: [],
  from: domainOf(sender),
  to: domainOf(recipient),
  mx: null,
});

/** Somebody reported a message as spam. Without the day of its arrival it counts for the day of the report. */
function readFeedback({ feedback, timestamp }: KumoRecord): DeliveryRecord | NoRecord | null {
  if (feedback === null) return 'unreadable';
  if (feedback.type !== 'abuse') return NO_COMPLAINTS.has(feedback.type) ? null : 'unreadable';
  const arrivedAt = feedback.arrivedAt ?? timestamp;
  return {
    outcome: 'complained',
    arrivedAt,
    first: false,
    via: feedback.sourceIp === null ? [] : [feedback.sourceIp],
    from: feedback.sender === null ? null : domainOf(feedback.sender),
    to: domainOf(feedback.recipient),
    mx: feedback.reportedBy,
  };
}
