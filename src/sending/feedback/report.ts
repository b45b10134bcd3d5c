// What a report says: a complaint (RFC 5965) or a bounce that came back as a mail (RFC 3464). Pure.
import { isDomainName } from '../../domains/name.ts';
import { asciiName } from '../domain-name.ts';
import { FIRST_TIME } from '../earliest.ts';
import { addressIn as egressIn } from '../egress-name.ts';
import { type DeliveryRecord, NO_COMPLAINTS } from '../logs/record.ts';
import { addressIn, type Fields, fieldsOf, first, groupsOf } from './fields.ts';
import type { Mail } from './parse.ts';

/** `own`: names of the provider's own mail servers. What they could not deliver is in their logs already. */
export type Reading = { readonly now: number; readonly own: readonly string[] };

/** Records of a mail; or that it is not a report, or reports no complaint. */
export type Read = readonly DeliveryRecord[] | 'no report' | 'nothing to count';

/** Reads a mail that came to the address of a feedback loop or of bounces. */
export function readReport(mail: Mail, reading: Reading): Read {
  const part = (...types: readonly string[]) => mail.parts.find(({ type }) => types.includes(type))?.text;
  const original = fieldsOf(
    part('message/rfc822', 'text/rfc822-headers', 'message/rfc822-headers', 'message/global') ?? '',
  );
  const feedback = part('message/feedback-report');
  if (feedback !== undefined) return readComplaint(mail, fieldsOf(feedback), original, reading);
  const status = part('message/delivery-status', 'message/global-delivery-status');
  return status === undefined ? 'no report' : readStatus(mail, groupsOf(status), original, reading);
}

/**
 * A complaint. Many receivers leave out the recipient, some the sender too: whose mail it was is told by what the message
 * itself carried, and its day and address by the report, or by the message.
 */
function readComplaint(mail: Mail, report: Fields, original: Fields, { now }: Reading): Read {
  const type = first(report, 'feedback-type').toLowerCase();
  if (type === '') return 'no report';
  if (type !== 'abuse') return NO_COMPLAINTS.has(type) ? 'nothing to count' : 'no report';
  const sourceIp = first(report, 'source-ip').replace(/^\[|\]$/g, '');
  const token = tokenOf(original, first(original, 'cfbl-feedback-id'), first(original, 'feedback-id'));
  const from = [
    token.domain,
    ...namesIn(first(original, 'cfbl-feedback-id'), first(report, 'cfbl-feedback-id')),
    ...namesIn(plusPart(first(original, 'cfbl-address'))),
    ...namesIn(first(original, 'feedback-id'), first(report, 'feedback-id')),
    domainIn(first(report, 'original-mail-from')),
    domainIn(first(original, 'return-path')),
    ...(report.get('reported-domain') ?? []),
    domainIn(first(original, 'from')),
  ];
  const via = sourceIp !== '' ? [sourceIp] : token.via !== '' ? [token.via] : receivedFrom(original);
  const times = [
    token.day,
    first(report, 'arrival-date', 'received-date'),
    first(original, 'date'),
    first(mail.headers, 'date'),
  ];
  const record = lateRecord('complained', from, timeOf(times, now));
  if (record === undefined) return 'no report';
  const recipient = addressIn(first(report, 'original-rcpt-to', 'removal-recipient'));
  return [
    {
      ...record,
      via,
      isGuess: sourceIp === '',
      to: domainIn(recipient),
      reporter: domainIn(first(mail.headers, 'from')),
      mx: first(report, 'reporting-mta').replace(/^dns; ?/i, '') || null,
    },
  ];
}

/** Bounces that came back as a mail, one for each recipient that failed for good. */
function readStatus(mail: Mail, [message, ...recipients]: readonly Fields[], original: Fields, reading: Reading): Read {
  if (message === undefined || recipients.length === 0) return 'no report';
  const server = first(message, 'reporting-mta')
    .replace(/^dns; ?/i, '')
    .toLowerCase();
  if (reading.own.some((one) => server === one.toLowerCase())) return 'nothing to count';
  const token = tokenOf(original, first(message, 'original-envelope-id'), first(original, 'feedback-id'));
  const verp = [
    ...mail.recipients,
    ...['delivered-to', 'x-original-to', 'to'].flatMap((name) => mail.headers.get(name) ?? []),
  ];
  const from = [
    token.domain,
    ...namesIn(first(message, 'original-envelope-id')),
    ...verp.map(domainIn),
    domainIn(first(original, 'return-path')),
    domainIn(first(original, 'from')),
  ];
  const times = [token.day, first(original, 'date'), first(message, 'arrival-date'), first(mail.headers, 'date')];
  const record = lateRecord('returned', from, timeOf(times, reading.now));
  if (record === undefined) return 'no report';
  const failed = recipients.filter(
    (one) => first(one, 'action').toLowerCase() === 'failed' && first(one, 'status').startsWith('5'),
  );
  if (failed.length === 0) return 'nothing to count';
  const via = token.via !== '' ? [token.via] : receivedFrom(original);
  return failed.map((one) => ({
    ...record,
    via,
    isGuess: true,
    to: domainIn(addressIn(first(one, 'original-recipient', 'final-recipient'))) || verpDomain(verp),
    mx: first(one, 'remote-mta').replace(/^dns; ?/i, '') || server || null,
  }));
}

const lateRecord = (outcome: 'complained' | 'returned', from: readonly string[], arrivedAt: number) => {
  const names = [...new Set(from.map(asciiName).filter(isDomainName))];
  return names.length === 0 ? undefined : { outcome, first: false, from: names.join(' '), arrivedAt };
};

/**
 * What a mail system wrote for Warmdesk: `X-Warmdesk: domain=…; via=ip-192-0-2-1; day=2026-11-28`, or the same among the
 * parts of an identifier that it gave the message (`shop.acme.example/ip-192-0-2-1/2026-11-28`).
 */
function tokenOf(original: Fields, ...identifiers: readonly string[]): { domain: string; via: string; day: string } {
  const written = first(original, 'x-warmdesk');
  const value = (name: string) => new RegExp(`(?:^|;)\\s*${name}=([^;\\s]*)`, 'i').exec(written)?.[1] ?? '';
  const parts = identifiers.flatMap(partsOf);
  return {
    domain: value('domain'),
    via: value('via') || (parts.find((part) => egressIn(part) !== undefined) ?? ''),
    day: value('day') || (parts.find((part) => /^\d{4}-\d\d-\d\d$/.test(part)) ?? ''),
  };
}

const partsOf = (identifier: string): string[] => identifier.split(/[\s:;,|/]+/);

/** Domain names among the parts of an identifier, as `Feedback-ID: campaign:shop.acme.example:bulk:provider` has them. */
const namesIn = (...identifiers: readonly string[]): string[] =>
  identifiers.flatMap(partsOf).filter((part) => isDomainName(asciiName(part)));

/** `fbl+shop.acme.example@fbl.provider.example` → `shop.acme.example`. */
const plusPart = (address: string): string => /\+([^@]+)@/.exec(address)?.[1] ?? '';

const domainIn = (address: string): string => addressIn(address).replace(/^.*@/, '');

/** The recipient's domain in a VERP address: `bounces+ann=gmail.com@bounce.shop.acme.example`. */
const verpDomain = (addresses: readonly string[]): string =>
  addresses.map((one) => /[+-][^@=]*=([^@=]+)@/.exec(one)?.[1] ?? '').find((name) => name !== '') ?? '';

/** Addresses from which servers on the way took the message, the last of them first: one of them may be ours. */
const receivedFrom = (original: Fields): string[] =>
  (original.get('received') ?? []).flatMap((line) => {
    const [from = ''] = line.split(/\sby\s/i);
    return Array.from(from.matchAll(/\[(?:IPv6:)?([0-9a-f.:]+)\]/gi), ([, address = '']) => address);
  });

/** The first of these dates that is one, and not in the future. */
function timeOf(texts: readonly string[], now: number): number {
  for (const text of texts) {
    const at = text === '' ? Number.NaN : Date.parse(text.replace(/\s*\(.*\)\s*$/, ''));
    if (at > FIRST_TIME && at <= now) return at;
  }
  return now;
}
