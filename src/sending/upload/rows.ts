// A CSV file of counts: its header, and one row of it. Pure.
import { parseDay } from '../../form.ts';
import { ok, type Result, refused } from '../../result.ts';
import { listed } from '../../wording.ts';
import { faultAt, MOST_COUNT } from '../counts.ts';
import { asciiName } from '../domain-name.ts';
import { engagementColumns, engagementOf } from '../engagement.ts';
import { type Reported, shown } from '../reported.ts';

const FIGURES = ['sent', 'delivered', 'deferred', 'bounced', 'complained'] as const;
const NEEDED = ['day', 'domain', 'via', 'provider', 'stream', ...FIGURES] as const;
export const COLUMNS = [...NEEDED, 'opened'] as const;
/** S-24: what a file may have beside them. */
export const MORE_COLUMNS = Object.values(engagementColumns);
const MAY_LACK: readonly string[] = ['opened', ...MORE_COLUMNS];
const ALL_COLUMNS = [...COLUMNS, ...MORE_COLUMNS] as const;
type Column = (typeof ALL_COLUMNS)[number];

/** The position of each column; opens and engagement may be left out. */
export type Header = Readonly<Partial<Record<Column, number>>>;

const SEPARATORS = [',', ';', '\t'];

/** What separates the columns of a file that begins so: what the header has most of. */
export function separatorOf(firstLine: string): string {
  const counts = SEPARATORS.map((one) => firstLine.split(one).length);
  return SEPARATORS[counts.indexOf(Math.max(...counts))] ?? ',';
}

/** Reads the header. Refused with one sentence about all that is wrong with it. */
export function readHeader(row: readonly string[]): Result<Header, string> {
  const cells = trimmedRow(row);
  const names = cells.map((cell) => cell.trim().toLowerCase());
  const missing = NEEDED.filter((column) => !names.includes(column));
  const unknown = cells.filter((_, index) => !(ALL_COLUMNS as readonly string[]).includes(names[index] ?? ''));
  const twice = ALL_COLUMNS.filter((column) => names.filter((name) => name === column).length > 1);
  const wrong = [
    missing.length > 0 && `The header lacks ${listed(missing)}.`,
    unknown.length > 0 &&
      `The header has ${listed(unknown.slice(0, 5).map(shown))}, which ${unknown.length === 1 ? 'is' : 'are'} not known here.`,
    twice.length > 0 && `The header has ${listed(twice)} twice.`,
  ].filter((sentence) => sentence !== false);
  if (wrong.length > 0)
    return refused(
      `${wrong.join(' ')} Its first line must be: ${COLUMNS.join(',')}. It may have these as well: ${MORE_COLUMNS.join(', ')}.`,
    );
  return ok(Object.fromEntries(names.map((name, index) => [name, index])));
}

// Most fields; the others are looked at more closely.
const PLAIN = /^[0-9a-z][0-9a-z.:-]*$/;
// What a spreadsheet would run instead of showing it. A number below zero is reported as such.
const FORMULA = /^\s*[=+@\t\r-]/;
const NEGATIVE = /^\s*-[0-9]+\s*$/;

/** Without the empty cells at its end, which spreadsheets write for columns that were once used. */
export function trimmedRow(cells: readonly string[]): readonly string[] {
  let end = cells.length;
  while (end > 0 && cells[end - 1]?.trim() === '') end -= 1;
  return end === cells.length ? cells : cells.slice(0, end);
}

/** With empty cells for the optional columns at the end of a header, which programs and spreadsheets leave off a row. */
function withEmptyEnd(header: Header, cells: readonly string[]): readonly string[] {
  // A header's names are in the order of its columns.
  const names = Object.keys(header);
  const missing = names.slice(cells.length);
  const isComplete = missing.length === 0 || !missing.every((name) => MAY_LACK.includes(name));
  return isComplete ? cells : [...cells, ...missing.map(() => '')];
}

/** Reads a row. Refused with a sentence for each field that cannot be. */
export function readRow(header: Header, row: readonly string[]): Result<Reported, string[]> {
  const columns = Object.keys(header).length;
  const cells = withEmptyEnd(header, row.length > columns ? trimmedRow(row) : row);
  if (cells.length !== columns) return refused([`It has ${cells.length} fields, and the header has ${columns}.`]);
  const wrong: string[] = [];
  const text = (column: Column): string => {
    const cell = cells[header[column] ?? -1] ?? '';
    if (PLAIN.test(cell)) return cell;
    if (NEGATIVE.test(cell) || !FORMULA.test(cell)) return cell.trim();
    wrong.push(`The field ${column} begins like a formula: ${shown(cell)}. Write the plain value.`);
    return '';
  };
  const figure = (column: Column): number => {
    const written = text(column);
    if (/^[0-9]{1,10}$/.test(written) && Number(written) <= MOST_COUNT) return Number(written);
    if (wrong.every((one) => !one.startsWith(`The field ${column} `))) wrong.push(problemOf(column, written));
    return 0;
  };
  const optional = (column: Column): number | null =>
    header[column] === undefined || text(column) === '' ? null : figure(column);
  const known = wrong.length;
  const day = dayIn(text('day'));
  if (day === undefined && wrong.length === known)
    wrong.push(`The field day must be a date like 2026-11-26, not ${shown(text('day'))}.`);
  const stream = text('stream').toLowerCase();
  if (stream !== 'marketing' && stream !== 'transactional')
    wrong.push(`The field stream must be marketing or transactional, not ${shown(stream)}.`);
  const count = {
    day: day ?? 0,
    domain: asciiName(text('domain')),
    via: text('via'),
    provider: text('provider').toLowerCase(),
    stream: stream === 'transactional' ? ('transactional' as const) : ('marketing' as const),
    sent: figure('sent'),
    delivered: figure('delivered'),
    deferred: figure('deferred'),
    bounced: figure('bounced'),
    complained: figure('complained'),
    opened: optional('opened'),
  };
  // Most files have no such column, and a file may have millions of rows.
  const isMore = columns > NEEDED.length + (header.opened === undefined ? 0 : 1);
  const engagement = isMore ? engagementOf((one) => optional(engagementColumns[one])) : undefined;
  const told = engagement ? { ...count, engagement } : count;
  const fault = wrong.length === 0 ? faultAt(told) : undefined;
  if (fault) wrong.push(fault.sentence);
  return wrong.length > 0 ? refused([...new Set(wrong)]) : ok(told);
}

// Rows of one day mostly follow each other.
let lastDay: { readonly text: string; readonly day: number | undefined } = { text: '', day: undefined };

function dayIn(text: string): number | undefined {
  // A spreadsheet writes a day as midnight of it.
  if (text !== lastDay.text) lastDay = { text, day: parseDay(text.replace(/[ T]00:00(?::00(?:\.0+)?)?$/, '')) };
  return lastDay.day;
}

function problemOf(column: Column, written: string): string {
  if (written === '') return `The field ${column} is empty. Write 0 where there was nothing.`;
  if (NEGATIVE.test(written)) return `The field ${column} is negative: ${shown(written)}.`;
  if (/^[0-9]+$/.test(written)) return `The field ${column} must be at most 2,000,000,000, not ${shown(written)}.`;
  return `The field ${column} must be a whole number in digits, not ${shown(written)}.`;
}
