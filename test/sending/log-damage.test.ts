// Whatever happens to a line of a log: it is read, or it is told. Never is it passed over.
import { readdirSync, readFileSync } from 'node:fs';
import ava from 'ava';
import fc from 'fast-check';
import { KINDS, type ReaderName } from '../../src/sending/logs/kinds.ts';
import { BoundedMemory } from '../../src/sending/logs/queue-memory.ts';
import type { LogReader } from '../../src/sending/logs/record.ts';
import { damage, damaged } from './damage.ts';

const folder = new URL('cases/', import.meta.url);
const written = new URL('logs/', import.meta.url);
const logs: readonly (readonly [ReaderName, URL])[] = [
  ...readdirSync(folder)
    .filter((file) => /postfix|journal|syslog|solaris|prefix/.test(file))
    .map((file) => ['postfix', new URL(file, folder)] as const),
  ['postfix', new URL('postfix-3.7.log', written)],
  ['postfix', new URL('postfix-3.7-hard.log', written)],
  ['exim', new URL('exim-4.96.log', written)],
  ['haraka', new URL('haraka-3.3.4.log', written)],
  ['zonemta', new URL('zonemta-3.11.0.log', written)],
  ...readdirSync(folder)
    .filter((file) => /kumo/.test(file))
    .map((file) => ['kumomta', new URL(file, folder)] as const),
  ...readdirSync(folder)
    .filter((file) => /powermta/.test(file))
    .map((file) => ['powermta', new URL(file, folder)] as const),
];

const NOW = Date.UTC(2026, 10, 29);
const open = (name: ReaderName, firstLine: string): LogReader =>
  KINDS[name].open({ memory: new BoundedMemory([]), isEgress: () => true, firstLine, now: NOW });

/** Reads a log; which of its lines say something, and what became of line `damaged`. */
function readAll(name: ReaderName, lines: readonly string[]): boolean[] {
  const reader = open(name, lines[0] ?? '');
  return lines.map((line) => {
    const read = reader.read(line);
    return read !== null && !(Array.isArray(read) && read.length === 0);
  });
}

for (const [name, file] of logs) {
  ava(`${name}: a damaged line of ${file.pathname.replace(/^.*\//, '')} is read or told`, (t) => {
    const lines = readFileSync(file, 'utf8').split(/\r?\n/).slice(0, -1);
    const outcomes = readAll(name, lines).flatMap((says, index) => (says ? [index] : []));
    t.true(outcomes.length > 0);
    fc.assert(
      fc.property(fc.constantFrom(...outcomes), damage, (index, how) => {
        const line = lines[index] ?? '';
        const broken = damaged(line, how);
        if (/^\s*$/.test(broken)) return true;
        return readAll(name, lines.with(index, broken))[index] === true;
      }),
      { numRuns: 400 },
    );
  });
}
