// A CSV file as a stream of records, of whatever separator; never more of it in memory than a few records.
import { CsvError, parse } from 'csv-parse';
import { grouped } from '../../wording.ts';
import { separatorOf } from './rows.ts';

/** What the rest of the file cannot be read for. `line` as people count; null: it is about the whole file. */
export class Unreadable extends Error {
  readonly line: number | null;
  constructor(line: number | null, sentence: string) {
    super(sentence);
    this.line = line;
  }
}

export type CsvRecord = { readonly line: number; readonly cells: readonly string[] };

const LONGEST_HEADER = 64 * 1024;
const LONGEST_RECORD = 4096;
const TOGETHER = 2000;

/** Reads records, the header among them, some thousands at a time. Throws `Unreadable` where it cannot go on. */
export async function* readCsv(bytes: AsyncIterable<Buffer>): AsyncGenerator<CsvRecord[]> {
  const iterator = bytes[Symbol.asyncIterator]();
  const { delimiter, fromLine, all } = await begun(iterator);
  let records: CsvRecord[] = [];
  const parser = parse({
    delimiter,
    bom: true,
    relax_column_count: true,
    skip_empty_lines: true,
    from_line: fromLine,
    max_record_size: LONGEST_RECORD,
    record_delimiter: ['\r\n', '\n', '\r'],
    // Taken here and not from the stream, which is a turn of the event loop for each.
    on_record: (cells: string[], { lines }) => {
      records.push({ line: lines, cells });
      return null;
    },
  });
  // What cannot be read is told by the call that brought it.
  parser.on('error', () => {}).resume();
  try {
    for await (const chunk of all) {
      await settled((done) => parser.write(chunk, done));
      if (records.length < TOGETHER) continue;
      yield records;
      records = [];
    }
    await settled((done) => parser.end(done));
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    if (records.length > 0) yield records;
    throw new Unreadable(Number(error['lines']), SENTENCES[error.code] ?? SENTENCES['CSV_QUOTE_NOT_CLOSED'] ?? '');
  } finally {
    // Who stops reading lets go of the file, so that the rest of it can come in and the answer go out.
    parser.destroy();
    await iterator.return?.();
  }
  if (records.length > 0) yield records;
}

type Done = (error?: Error | null) => void;

const settled = (give: (done: Done) => void): Promise<void> =>
  new Promise((resolve, reject) => give((error) => (error ? reject(error) : resolve())));

const SENTENCES: Readonly<Record<string, string>> = {
  CSV_MAX_RECORD_SIZE: `It is longer than ${grouped(LONGEST_RECORD)} characters, or a quotation mark above it is not closed. What follows was not read.`,
  CSV_QUOTE_NOT_CLOSED: 'A quotation mark is not closed. What follows was not read.',
  INVALID_OPENING_QUOTE:
    'There is a quotation mark within a field. Put the whole field in quotation marks and double the one inside. What follows was not read.',
  CSV_INVALID_CLOSING_QUOTE:
    'Something follows a closing quotation mark. Double the quotation marks within a field. What follows was not read.',
};

/** Looks at the beginning of the file: its separator, and all of its bytes again. */
async function begun(bytes: AsyncIterator<Buffer>) {
  let head = Buffer.alloc(0);
  let isWhole = false;
  while (head.length < LONGEST_HEADER && linesOf(head).length <= 2) {
    const { value, done } = await bytes.next();
    isWhole = done ?? false;
    if (isWhole) break;
    head = Buffer.concat([head, value]);
  }
  if (head.length === 0) throw new Unreadable(null, 'The file is empty. Choose one with a header and rows.');
  const isWide = (head[0] === 0xff && head[1] === 0xfe) || (head[0] === 0xfe && head[1] === 0xff);
  if (isWide || head.subarray(0, 1024).includes(0))
    throw new Unreadable(null, 'The file is not CSV in UTF-8. Save it as “CSV UTF-8” and choose it again.');
  const lines = linesOf(head);
  const first = lines.findIndex((line) => line.trim() !== '');
  // Excel's own line before the header, which says the separator.
  const said = /^\ufeff?"?sep=(.)"?$/i.exec(lines[first]?.trim() ?? '')?.[1];
  const header = said === undefined ? (lines[first] ?? '') : (lines[first + 1] ?? '');
  return {
    delimiter: said ?? separatorOf(header),
    fromLine: said === undefined ? 1 : first + 2,
    all: isWhole ? rest(head, undefined) : rest(head, bytes),
  };
}

/** The lines of what was read of a file; the last of them may go on. */
const linesOf = (head: Buffer): string[] => head.toString('utf8').split(/\r\n|\n|\r/);

async function* rest(head: Buffer, bytes: AsyncIterator<Buffer> | undefined): AsyncGenerator<Buffer> {
  yield head;
  if (bytes === undefined) return;
  for (let next = await bytes.next(); !next.done; next = await bytes.next()) yield next.value;
}
