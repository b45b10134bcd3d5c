/*
 * Microsoft's SNDS: the CSV of *View Data* and of its automated access, which are the same. It has no header and fourteen
 * fields: IP address, activity period (start, end), RCPT commands, DATA commands, message recipients, filter result,
 * complaint rate, trap message period (start, end), trap hits, sample HELO, JMR P1 sender, comments. It is about consumers'
 * mailboxes (Outlook.com, Hotmail) only. Pure.
 */
import { CsvError, parse } from 'csv-parse/sync';
import type { Day } from '../../day.ts';
import { dayOf } from '../../day.ts';
import { normalAddress } from '../../ips/address.ts';
import { MOST_COUNT } from '../counts.ts';
import { shown } from '../reported.ts';
import { type Fault, filterResults, type Read, type SndsDay } from './seen.ts';

const FIELDS = 14;

type Row = { readonly record: readonly string[]; readonly info: { readonly lines: number } };

/** Reads a file of it. */
export function readSnds(text: string): Read<SndsDay> {
  const days: SndsDay[] = [];
  const faults: Fault[] = [];
  let rows: readonly Row[];
  try {
    rows = parse(text, { bom: true, info: true, relax_column_count: true, skip_empty_lines: true }) as unknown as Row[];
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    const line = Number(error['lines']) || null;
    return { days, faults: [{ line, sentence: 'From here on this is not CSV.' }], without: 0 };
  }
  for (const { record, info } of rows) {
    const read = readRow(record.map((field) => field.trim()));
    if (typeof read === 'string') faults.push({ line: info.lines, sentence: read });
    else days.push(read);
  }
  if (rows.length === 0) faults.push({ line: null, sentence: 'The file is empty.' });
  return { days, faults, without: 0 };
}

/** A row, or what is wrong with it. */
function readRow(fields: readonly string[]): SndsDay | string {
  if (fields.length !== FIELDS)
    return `It has ${fields.length} fields, and a line of SNDS has ${FIELDS}: ${shown(fields.join(','))}.`;
  const [ip = '', , end = '', , , recipients = '', filter = '', complaints = '', , , traps = ''] = fields;
  const address = normalAddress(ip);
  if (address === undefined) return `${shown(ip)} is not an IP address.`;
  const day = dayIn(end);
  if (day === undefined) return `${shown(end)} is not a time like 12/31/2019 7:00 PM.`;
  const found = filterResults.find((one) => one === filter.toUpperCase());
  if (found === undefined) return `${shown(filter)} is not a filter result: GREEN, YELLOW or RED.`;
  if (!/^((<|>) ?)?[0-9]{1,3}(\.[0-9]+)?%$|^$/.test(complaints))
    return `${shown(complaints)} is not a complaint rate like < 0.1%.`;
  const counts = [recipients, traps === '' ? '0' : traps];
  const wrong = counts.find((one) => !/^[0-9]{1,10}$/.test(one) || Number(one) > MOST_COUNT);
  if (wrong !== undefined) return `${shown(wrong)} is not a number of messages.`;
  const [sent = 0, trapHits = 0] = counts.map(Number);
  return { address, day, recipients: sent, filter: found, complaints, trapHits };
}

const TIME = /^(\d{1,2})\/(\d{1,2})\/(\d{4}) (\d{1,2}):(\d{2}) (AM|PM)$/i;

/** The day on which an activity ended, as it is written; at midnight the one before. */
function dayIn(written: string): Day | undefined {
  const [, month, date, year, hour = '', minute = '', half = ''] = TIME.exec(written) ?? [];
  if (month === undefined || Number(hour) < 1 || Number(hour) > 12 || Number(minute) > 59) return undefined;
  const at = Date.UTC(Number(year), Number(month) - 1, Number(date));
  if (new Date(at).getUTCDate() !== Number(date) || new Date(at).getUTCMonth() !== Number(month) - 1) return undefined;
  const isMidnight = Number(hour) === 12 && Number(minute) === 0 && half.toUpperCase() === 'AM';
  return dayOf(at) - (isMidnight ? 1 : 0);
}
