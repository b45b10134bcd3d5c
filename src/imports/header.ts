// The header of a CSV file that is imported, and the cells of its lines. Pure.
import { ok, type Result, refused } from '../result.ts';
import { listed } from '../wording.ts';

/** The position of each column that the file has. */
export type Header<Column extends string> = Readonly<Partial<Record<Column, number>>>;

/** Reads the header. Refused with one sentence about all that is wrong with it. `needed`: columns that no file may leave out. */
export function readHeader<Column extends string>(
  cells: readonly string[],
  columns: readonly Column[],
  needed: readonly Column[],
): Result<Header<Column>, string> {
  const names = cells.map((cell) => cell.trim().toLowerCase());
  const missing = needed.filter((column) => !names.includes(column));
  const unknown = names.filter((name) => !(columns as readonly string[]).includes(name));
  const twice = columns.filter((column) => names.filter((name) => name === column).length > 1);
  const wrong = [
    missing.length > 0 && `The header lacks ${listed(missing)}.`,
    unknown.length > 0 && `The header has ${listed(unknown.slice(0, 5).map(shown))}, which is not known here.`,
    twice.length > 0 && `The header has ${listed(twice)} twice.`,
  ].filter((sentence) => sentence !== false);
  if (wrong.length > 0) return refused(`${wrong.join(' ')} Its columns can be: ${columns.join(',')}`);
  return ok(Object.fromEntries(names.map((name, index) => [name, index])) as Header<Column>);
}

/** What a line has in a column, without the spaces around it; empty where the file has no such column. */
export type Cells<Column extends string> = (column: Column) => string;

export function cellsOf<Column extends string>(
  header: Header<Column>,
  cells: readonly string[],
): Result<Cells<Column>, string> {
  const columns = Object.keys(header).length;
  if (cells.length !== columns) return refused(`It has ${cells.length} fields, and the header has ${columns}.`);
  return ok((column) => (cells[header[column] ?? -1] ?? '').trim());
}

// What a spreadsheet would run instead of showing it.
const FORMULA = /^\s*[=+@\t\r-]/;

/** A sentence for each field that begins like a formula. */
export const formulasIn = <Column extends string>(columns: readonly Column[], raw: Cells<Column>): string[] =>
  columns.flatMap((column) =>
    FORMULA.test(raw(column)) ? [`The field ${column} begins like a formula: ${shown(raw(column))}.`] : [],
  );

/** What a file has, as a sentence shows it. */
export const shown = (text: string): string => `“${text.slice(0, 40)}”`;
