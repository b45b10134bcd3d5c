// What lines of a log say, added up, and which of them could not be read. Pure.
import type { ProviderTable } from '../receivers/provider-table.ts';
import type { LogReader } from './record.ts';
import { Tally } from './tally.ts';

export type ReadLines = {
  readonly tally: Tally;
  /** Indexes of the lines that look like an outcome and cannot be read. */
  readonly unreadable: readonly number[];
  /** Indexes of the first lines that are not of this kind of log. */
  readonly foreign: readonly number[];
  /** Whether any line was of this kind of log. */
  readonly isKnown: boolean;
};

/** `since`: before which lines the reader has to be told of the time from which on lines are. */
export type HowToRead = {
  readonly reader: LogReader;
  readonly isPure: boolean;
  readonly since?: readonly { readonly index: number; readonly at: number }[];
};

/**
 * Reads lines in their order. In some logs (`isPure`) every line is a record: then one that is something else was damaged. A
 * system log has lines of whatever else runs on the machine.
 */
export function linesOf(
  lines: readonly string[],
  { reader, isPure, since = [] }: HowToRead,
  providers: ProviderTable,
): ReadLines {
  const tally = new Tally(providers);
  const unreadable: number[] = [];
  const foreign: number[] = [];
  let isKnown = false;
  let mark = 0;
  for (let index = 0; index < lines.length; index += 1) {
    for (; since[mark]?.index === index; mark += 1) reader.since?.(since[mark]?.at ?? 0);
    const line = lines[index] ?? '';
    const read = reader.read(line);
    if (read === 'foreign') {
      if (isPure || foreign.length === 0) foreign.push(index);
      continue;
    }
    if (read === 'unreadable') {
      unreadable.push(index);
      continue;
    }
    if (read !== null || line !== '') isKnown = true;
    if (read === null) continue;
    if (read === 'own fault') tally.ownFault += 1;
    else if (Array.isArray(read)) for (const one of read) tally.add(one);
    else tally.add(read as Exclude<typeof read, readonly unknown[]>);
  }
  if (isPure && isKnown) unreadable.push(...foreign.splice(0));
  return { tally, unreadable: unreadable.sort((one, other) => one - other), foreign, isKnown };
}
