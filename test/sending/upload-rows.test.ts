// A row of a file of counts that leaves off what is empty at its end.
import test from 'ava';
import { COLUMNS, type Header, readHeader, readRow } from '../../src/sending/upload/rows.ts';

const FIRST = ['2026-11-01', 'shop.example', 'shared-us', 'gmail', 'marketing', '100', '98', '1', '1', '0'];

function headerOf(...more: string[]): Header {
  const read = readHeader([...COLUMNS, ...more]);
  if (!read.ok) throw new Error(read.problem);
  return read.value;
}

test('S-24: a row may leave off optional columns at its end, also where a spreadsheet added an empty one', (t) => {
  const plain = headerOf('clicked', 'bounced_other');
  const wider = headerOf('clicked', 'bounced_other', '');
  for (const header of [plain, wider])
    for (const rest of [[], ['3'], ['3', ''], ['3', '', ''], ['3', '', '', '']])
      t.true(readRow(header, [...FIRST, ...rest]).ok, `${rest.length} more`);
});

test('S-24: a row that lacks more than optional columns is refused', (t) => {
  const short = readRow(headerOf('clicked'), FIRST.slice(0, 9));
  t.like(short, { ok: false, problem: ['It has 9 fields, and the header has 12.'] });
});

test('S-24: a header that lacks columns is told which it needs, and which it may have', (t) => {
  const read = readHeader(['day', 'domain']);
  t.regex(read.ok ? '' : read.problem, /must be: day,.*,opened\. It may have these as well: .*clicked/);
});
