// PowerMTA: accounting files, CSV whose first line names the columns; records d, b, t and f. Pure.
import { type DeliveryRecord, domainOf, type LogReader } from './record.ts';

const OUTCOMES: Readonly<Record<string, DeliveryRecord['outcome']>> = {
  d: 'delivered',
  b: 'bounced',
  t: 'deferred',
  f: 'complained',
};

/** What was queued longer ago was tried before: PowerMTA waits ten minutes between tries unless told otherwise. */
const LONGEST_BEFORE_FIRST_TRY_MS = 200_000;

/** `header`: the file's first line, by which all others are read. A header within the file is taken from there on. */
export function powermtaReader(header: string): LogReader {
  let columns = fieldsOf(header);
  return {
    read(line) {
      if (line.startsWith('type,')) columns = fieldsOf(line);
      const outcome = OUTCOMES[line.slice(0, line.indexOf(','))];
      if (outcome === undefined) return null;
      const fields = fieldsOf(line);
      const get = (name: string): string => fields[columns.indexOf(name)] ?? '';
      const logged = timeOf(get('timeLogged'));
      const queued = timeOf(get(outcome === 'complained' ? 'arrivalDate' : 'timeQueued')) ?? logged;
      if (logged === undefined || queued === undefined) return null;
      const from = get('orig') || get('header_Return-Path');
      return {
        outcome,
        arrivedAt: queued,
        first: outcome !== 'complained' && logged - queued < LONGEST_BEFORE_FIRST_TRY_MS,
        via: [get('vmta'), get('vmtaPool'), get('dlvSourceIp'), get('rcvSourceIp')].filter((name) => name !== ''),
        from: domainOf(from.replace(/[<>]/g, '')),
        to: domainOf(get('rcpt')),
        mx: get('dsnMta').replace(/ ?\(.*$/, '') || null,
      };
    },
  };
}

/** Seconds since 1970, or `2026-11-26 10:00:00+0100`; a time without its zone is of UTC. */
function timeOf(text: string): number | undefined {
  if (/^\d{9,11}$/.test(text)) return Number(text) * 1000;
  const [, date, time, zone = 'Z'] = /^(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d:\d\d)(Z|[+-]\d\d:?\d\d)?$/.exec(text) ?? [];
  const at = Date.parse(`${date}T${time}${zone}`);
  return Number.isNaN(at) ? undefined : at;
}

/** The fields of one line of CSV, which has none over several lines. */
function fieldsOf(line: string): string[] {
  const plain = line.replace(/\r$/, '');
  if (!plain.includes('"')) return plain.split(',');
  return Array.from(plain.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g), ([, quoted, bare]) =>
    quoted === undefined ? (bare ?? '') : quoted.replaceAll('""', '"'),
  );
}
