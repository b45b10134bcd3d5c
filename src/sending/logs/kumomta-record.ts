// One record of KumoMTA's log, as JSON. Pure.
import { FIRST_TIME } from '../earliest.ts';

export type KumoRecord = {
  readonly type: string;
  readonly id: string;
  readonly sender: string;
  readonly recipients: readonly string[];
  /** When the message was received, and when the record was made (UTC milliseconds). */
  readonly arrivedAt: number;
  readonly timestamp: number;
  /** The egress source; null: nobody was asked. */
  readonly source: string | null;
  /** Names of what it went over: source, pool, source address. */
  readonly via: readonly string[];
  readonly mx: string | null;
  readonly feedback: KumoFeedback | null;
};

export type KumoFeedback = {
  readonly type: string;
  readonly arrivedAt: number | null;
  readonly sourceIp: string | null;
  readonly sender: string | null;
  readonly recipient: string;
  /** The mail server that reports. */
  readonly reportedBy: string | null;
};

type Fields = Readonly<Record<string, unknown>>;

const PLAIN = /^\{"type":"([A-Za-z]+)","id":"([^"\\]+)","sender":"([^"\\]*)","recipient":"([^"\\]+)","queue":"/;
const QUIET = /^\{"type":"(?:Reception|Rejection|Delayed)",/;

/** Reads a line that begins with `{`. */
export function parseKumo(line: string): KumoRecord | 'unreadable' | 'foreign' {
  const plain = parsePlain(line);
  if (plain) return plain;
  let json: unknown;
  try {
    json = JSON.parse(line);
  } catch {
    return 'unreadable';
  }
  return fromJson(object(json));
}

/**
 * Most records, without parsing all of them: their fields come in the order of KumoMTA's own type. A quotation mark within a
 * text is escaped, so a name that is looked for cannot be inside one. Undefined where anything is not as usual.
 */
function parsePlain(line: string): KumoRecord | undefined {
  if (!line.endsWith('}')) return undefined;
  if (QUIET.test(line)) return { ...NOTHING, type: 'Reception' };
  const [head, type = '', id = '', sender = '', recipient = ''] = PLAIN.exec(line) ?? [];
  if (head === undefined || type === 'Feedback') return undefined;
  const peerAt = line.indexOf(',"peer_address":', head.length);
  const timestampAt = line.indexOf(',"timestamp":', peerAt);
  const createdAt = line.indexOf(',"created":', timestampAt);
  const poolAt = line.indexOf(',"egress_pool":', createdAt);
  if (peerAt < 0 || timestampAt < 0 || createdAt < 0 || poolAt < 0) return undefined;
  const timestamp = secondsAt(line, timestampAt + 13);
  const arrivedAt = secondsAt(line, createdAt + 11);
  EGRESS.lastIndex = poolAt;
  const [egress, pool, source, address] = EGRESS.exec(line) ?? [];
  PEER.lastIndex = peerAt;
  const [peer, mx = null] = PEER.exec(line) ?? [];
  if (egress === undefined || peer === undefined || timestamp === undefined || arrivedAt === undefined)
    return undefined;
  const via = [source, pool, addressOf(address)].filter(isText);
  const feedback = null;
  return { type, id, sender, recipients: [recipient], arrivedAt, timestamp, source: source ?? null, via, mx, feedback };
}

const EGRESS =
  /,"egress_pool":(?:null|"([^"\\]*)"),"egress_source":(?:null|"([^"\\]*)"),"source_address":(?:null|\{"address":"([^"\\]*)")/y;
const PEER = /,"peer_address":(?:null|\{"name":"([^"\\]*)",)/y;
const NOTHING: KumoRecord = {
  type: '',
  id: '',
  sender: '',
  recipients: [],
  arrivedAt: 0,
  timestamp: 0,
  source: null,
  via: [],
  mx: null,
  feedback: null,
};

function secondsAt(line: string, at: number): number | undefined {
  const end = line.indexOf(',', at);
  const text = line.slice(at, end);
  return /^\d{9,11}$/.test(text) ? Number(text) * 1000 : undefined;
}

function fromJson(json: Fields): KumoRecord | 'unreadable' | 'foreign' {
  const { type, id, sender } = json;
  if (typeof type !== 'string' || !('nodeid' in json || 'num_attempts' in json))
    return 'recipient' in json && 'sender' in json ? 'unreadable' : 'foreign';
  const recipients = [json['recipient']].flat().filter(isText);
  const timestamp = milliseconds(json['timestamp']);
  const arrivedAt = json['created'] === undefined ? timestamp : milliseconds(json['created']);
  if (typeof id !== 'string' || typeof sender !== 'string' || arrivedAt === undefined || timestamp === undefined)
    return 'unreadable';
  const mx = object(json['peer_address'])['name'];
  const source = json['egress_source'];
  const feedback = type === 'Feedback' ? feedbackFrom(json['feedback_report']) : null;
  if (recipients.length === 0 && type !== 'Feedback' && type !== 'Rejection') return 'unreadable';
  return {
    type,
    id,
    sender,
    recipients,
    arrivedAt,
    timestamp,
    source: isText(source) ? source : null,
    via: [source, json['egress_pool'], addressOf(object(json['source_address'])['address'])].filter(isText),
    mx: isText(mx) ? mx : null,
    feedback,
  };
}

/**
 * The report itself: its misspelt `original_rcpto_to` is how KumoMTA calls the field. Receivers leave out what identifies the
 * recipient, often also the sender: then the reported domain or the first message's headers tell.
 */
function feedbackFrom(value: unknown): KumoFeedback | null {
  const report = object(value);
  const type = report['feedback_type'];
  if (typeof type !== 'string') return null;
  const arrival = Date.parse(firstText(report['arrival_date']));
  const trace = object(report['supplemental_trace']);
  const headers = firstText(report['original_message']);
  const sender =
    bare(firstText(report['original_mail_from'])) ||
    bare(/^Return-Path:\s*<([^>]+)>/im.exec(headers)?.[1] ?? '') ||
    firstText(trace['sender']) ||
    firstText(report['reported_domain']);
  const sourceIp = firstText(report['source_ip']);
  return {
    type,
    arrivedAt: Number.isNaN(arrival) ? null : arrival,
    sourceIp: sourceIp === '' ? null : sourceIp,
    sender: sender === '' ? null : sender,
    recipient: bare(firstText(report['original_rcpto_to'])) || firstText(trace['recipient']),
    reportedBy: firstText(object(report['reporting_mta'])['name']) || null,
  };
}

const bare = (address: string): string => address.replace(/[<>]/g, '').trim();

function milliseconds(seconds: unknown): number | undefined {
  const at = typeof seconds === 'number' ? seconds * 1000 : Number.NaN;
  return at >= FIRST_TIME && at < Date.UTC(2200, 0, 1) ? at : undefined;
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
