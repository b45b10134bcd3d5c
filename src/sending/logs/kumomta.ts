// KumoMTA: log records as lines of JSON. Pure.
import { type DeliveryRecord, domainOf, type LogReader } from './record.ts';

const OUTCOMES: Readonly<Record<string, DeliveryRecord['outcome']>> = {
  Delivery: 'delivered',
  TransientFailure: 'deferred',
  Bounce: 'bounced',
  Expiration: 'bounced',
  AdminBounce: 'bounced',
};

type Fields = Readonly<Record<string, unknown>>;

/** Needs no memory: each record says the sender, and how often was tried before. */
export const kumomtaReader = (): LogReader => ({
  read(line) {
    const record = parsed(line);
    if (!record) return null;
    if (record['type'] === 'Feedback') return readFeedback(record);
    const outcome = OUTCOMES[String(record['type'])];
    const arrivedAt = Number(record['created'] ?? record['timestamp']) * 1000;
    if (outcome === undefined || !Number.isFinite(arrivedAt)) return null;
    const mx = object(record['peer_address'])['name'];
    return {
      outcome,
      arrivedAt,
      first: record['num_attempts'] === 0,
      via: [
        record['egress_source'],
        record['egress_pool'],
        addressOf(object(record['source_address'])['address']),
      ].filter(isText),
      from: isText(record['sender']) ? domainOf(record['sender']) : '',
      to: domainOf(firstText(record['recipient'])),
      mx: isText(mx) ? mx : null,
    };
  },
});

/** Somebody reported a message as spam. Without the day of its arrival it counts for the day of the report. */
function readFeedback(record: Fields): DeliveryRecord | null {
  const report = object(record['feedback_report']);
  if (report['feedback_type'] !== undefined && report['feedback_type'] !== 'abuse') return null;
  const arrival = Date.parse(firstText(report['arrival_date']));
  const arrivedAt = Number.isNaN(arrival) ? Number(record['timestamp']) * 1000 : arrival;
  if (!Number.isFinite(arrivedAt)) return null;
  const from = firstText(report['original_mail_from']).replace(/[<>]/g, '');
  return {
    outcome: 'complained',
    arrivedAt,
    first: false,
    via: [report['source_ip']].filter(isText),
    from: from === '' ? null : domainOf(from),
    to: domainOf(firstText(report['original_rcpt_to']).replace(/[<>]/g, '')),
    mx: null,
  };
}

function parsed(line: string): Fields | null {
  if (!line.startsWith('{')) return null;
  try {
    return object(JSON.parse(line));
  } catch {
    return null;
  }
}

const isText = (value: unknown): value is string => typeof value === 'string' && value !== '';
const object = (value: unknown): Fields => (typeof value === 'object' && value !== null ? (value as Fields) : {});
const firstText = (value: unknown): string => {
  const first = Array.isArray(value) ? value[0] : value;
  return typeof first === 'string' ? first : '';
};
/** `192.0.2.1:25000`, `[2001:db8::1]:25000` → the address. */
const addressOf = (value: unknown): string | undefined =>
  isText(value) ? (/^\[(.*)\]:\d+$/.exec(value)?.[1] ?? value.replace(/:\d+$/, '')) : undefined;
