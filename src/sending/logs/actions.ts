// Counts out of mail servers' logs, each line once, however often and whenever a log is read.
import { act, actingNow } from '../../act.ts';
import type { Db } from '../../database.ts';
import type { Policy } from '../../policy/document/policy.ts';
import { ok, type Result, refused } from '../../result.ts';
import { storeCounts } from '../actions.ts';
import { handOnNoted } from '../receivers/actions.ts';
import { loadReceivers } from '../receivers/gather.ts';
import { ProviderTable } from '../receivers/provider-table.ts';
import { Directory } from '../store-directory.ts';
import { countsOf, note, type Stored } from './count.ts';
import { type Beginning, beginningOf, type Chunk, chunksOf, UnreadableFile } from './file.ts';
import { filesOf, type LogFile } from './find.ts';
import { gatherDating, type Start } from './gather.ts';
import { KINDS, type Kind, type ReaderName } from './kinds.ts';
import { type HowToRead, linesOf, type ReadLines } from './lines.ts';
import { BoundedMemory } from './queue-memory.ts';
import {
  beginLog,
  deleteUnread,
  findLog,
  insertUnread,
  type KnownLog,
  listQueue,
  listUnread,
  markPacked,
  moveLog,
  storeQueue,
  type UnreadLine,
} from './store.ts';
import { emptyRun, exampleOf, type Ingested } from './summary.ts';
import { hasNoYear, marksAmong, type YearMark } from './years.ts';

/** More lines of a log than this that cannot be read: it is in a form that is not known here. */
const MOST_UNREAD = 1000;

/** A run that works on logs with one reader. */
type Run = {
  readonly db: Db;
  readonly reader: ReaderName;
  readonly directory: Directory;
  readonly providers: ProviderTable;
  memory: BoundedMemory;
  readonly now: number;
  /** When it began, of `performance.now()`: reading a large log takes a while, also past midnight. */
  readonly since: number;
  readonly year: number | null;
  readonly sum: Ingested;
};

type How = HowToRead & { readonly marks: readonly YearMark[] };
type OneLog = { readonly path: string; readonly log: KnownLog };

/** What is read: a path, and (of a log whose dates have no year) the year of the last date of each of its files; null: found out. */
export type What = { readonly reader: ReaderName; readonly path: string; readonly year?: number | null };

/** Another run is at work on the same log. */
class Overtaken extends Error {}

/**
 * Reads what is new in a log and counts it: also the rest of what it was called before it was rotated. `path`: a file, a
 * folder or a pattern of names. Each chunk of a log is counted in the transaction that notes how far it is read; what
 * cannot be read stays unread and is named in `unread`. `now`: UTC milliseconds. Refused where nothing can be read at all.
 */
export async function ingestLog(
  db: Db,
  policy: Policy,
  { reader, path, year = null }: What,
  now: number,
): Promise<Result<Ingested, string>> {
  const files = await filesOf(path);
  if (!files) return refused(`There is no file ${path}.`);
  const sum = emptyRun();
  const receivers = await loadReceivers(db);
  const run: Run = {
    db,
    reader,
    directory: new Directory(db, policy),
    providers: new ProviderTable(policy, receivers),
    memory: new BoundedMemory(await listQueue(db, reader)),
    now,
    since: performance.now(),
    year,
    sum,
  };
  let isReached = false;
  try {
    for (const file of files) isReached = (await readFile(run, file, isReached)) || isReached;
    await handOnNoted(db, receivers, now);
  } catch (error) {
    if (error instanceof Overtaken) return refused(error.message);
    throw error;
  }
  return ok(sum);
}

/**
 * Reads the rest of one file. True where it was begun before: of what was rotated, only such a file and newer ones are read,
 * because what is older was there before Warmdesk.
 */
async function readFile(run: Run, { path, isRotated }: LogFile, isReached: boolean): Promise<boolean> {
  const kind: Kind = KINDS[run.reader];
  try {
    const beginning = await beginningOf(path, kind.telling);
    if (!beginning) return false;
    const known = await findLog(run.db, run.reader, beginning.hash);
    if (isRotated && !known && !isReached) return false;
    await readRest(run, path, beginning, known);
    return known !== undefined;
  } catch (error) {
    if (!(error instanceof UnreadableFile)) throw error;
    run.sum.unread.push({ path, line: error.line, sentence: error.message });
    // What was remembered of lines that were not counted in the end must not last.
    run.memory = new BoundedMemory(await listQueue(run.db, run.reader));
    return false;
  }
}

async function readRest(run: Run, path: string, beginning: Beginning, known: KnownLog | undefined): Promise<void> {
  const { db, reader, sum } = run;
  if (known && beginning.size !== null && known.readTo > beginning.size)
    throw new UnreadableFile(
      'It is shorter than it was when it was read last, and begins the same. Nothing of it was read.',
    );
  const { memory, now } = run;
  const isEgress = (name: string) => run.directory.isEgress(name);
  const unread = known ? await listUnread(db, known.id) : [];
  const isNew = !known || !isReadToEnd(known, beginning);
  if (!isNew && unread.length === 0) return;
  const { open, isPure, title, mayLackYears } = KINDS[reader];
  const { firstLine, writtenUntil } = beginning;
  const until = Math.min(now, writtenUntil);
  const isYearless = mayLackYears && hasNoYear(firstLine);
  const { marks, latest } = isYearless
    ? await gatherDating(path, startOf(known, unread), { year: run.year, until, now })
    : { marks: [], latest: until };
  const how = { reader: open({ memory, isEgress, firstLine, now: latest }), isPure };
  if (known) await readAgain(run, { path, log: known }, { ...how, marks }, unread);
  if (!isNew) return;
  let log = known ?? { id: 0, readTo: 0, lines: 0, packedAs: null };
  if (log.lines === null) log = { ...log, lines: await linesBefore(path, log.readTo) };
  sum.files += 1;
  for await (const chunk of chunksOf(path, log.readTo)) {
    const read = linesOf(chunk.lines, { ...how, since: marksAmong(marks, chunk) }, run.providers);
    refuseForeign(read, chunk, log, title);
    if (log.id === 0) log = { ...log, id: (await beginLog(db, reader, beginning.hash, now)).id };
    log = await takeChunk(run, { path, log }, chunk, read);
  }
  if (beginning.packedAs !== null && log.id !== 0) await markPacked(db, log.id, beginning.packedAs);
}

/** Where reading begins: at the first line that was not read, or the first new one. */
const startOf = (known: KnownLog | undefined, [first]: readonly UnreadLine[]): Start =>
  first
    ? { from: first.at, linesBefore: first.line - 1 }
    : { from: known?.readTo ?? 0, linesBefore: known?.lines ?? 0 };

const isReadToEnd = (known: KnownLog, { size, packedAs }: Beginning): boolean =>
  size === null ? known.packedAs === packedAs : known.readTo >= size;

/** Counts lines of a log that an earlier release read without counting them. */
async function linesBefore(path: string, readTo: number): Promise<number> {
  let lines = 0;
  for await (const chunk of chunksOf(path, 0)) {
    if (chunk.readTo <= readTo) lines += chunk.lines.length;
    else lines += chunk.lines.findIndex((_, index) => chunk.at(index) >= readTo);
    if (chunk.readTo >= readTo) break;
  }
  return lines;
}

/** Throws where a chunk is not of this kind of log, or has far too much in it that cannot be read. */
function refuseForeign(read: ReadLines, chunk: Chunk, log: KnownLog, title: string): void {
  const line = (index: number): number => (log.lines ?? 0) + index + 1;
  const [first = -1] = read.foreign;
  if (first >= 0 && !read.isKnown)
    throw new UnreadableFile(
      `This is not ${title}, or it is in a form that is not known here. Nothing of it was counted. Line ${line(first)}: ${exampleOf(chunk.lines[first] ?? '')}`,
    );
  const [one = -1] = read.unreadable;
  if (read.unreadable.length > MOST_UNREAD)
    throw new UnreadableFile(
      `${read.unreadable.length} of ${chunk.lines.length} lines cannot be read: this is a form that is not known here. Nothing of them was counted. Line ${line(one)}: ${exampleOf(chunk.lines[one] ?? '')}`,
    );
}

/** Counts a chunk of a log. Returns how far it is read then. Throws where another run got on with the log. */
async function takeChunk(run: Run, { path, log }: OneLog, chunk: Chunk, read: ReadLines): Promise<KnownLog> {
  const { db, sum, now } = run;
  const before = log.lines ?? 0;
  const unread = read.unreadable.map((index) => ({ at: chunk.at(index), line: before + index + 1 }));
  const to = { readTo: chunk.readTo, lines: before + chunk.lines.length };
  const counted = await countsOf(run.directory, read.tally, now);
  const changes = run.memory.takeChanges();
  const actor = actingNow({ person: null, at: now }, run.since);
  const taken = await act<Stored, 'overtaken'>(db, actor, async (act) => {
    const { trx, refuse } = act;
    if (!(await moveLog(trx, log, to, now))) refuse('overtaken');
    await insertUnread(trx, log.id, unread, now);
    await storeQueue(trx, run.reader, changes, now);
    return storeCounts(act, counted);
  });
  if (!taken.ok) throw overtaken(path);
  sum.lines += chunk.lines.length;
  note(run.sum, counted, taken.value);
  for (const [index, { line }] of unread.entries())
    sum.unread.push(unreadLine(path, line, chunk.lines[read.unreadable[index] ?? 0] ?? ''));
  return { ...log, ...to };
}

const overtaken = (path: string): Overtaken =>
  new Overtaken(`Another run reads ${path} at this moment. This one stopped; nothing was counted twice.`);

const unreadLine = (path: string, line: number, text: string) => ({
  path,
  line,
  sentence: `It says what became of mail and cannot be read: ${exampleOf(text)}`,
});

/** Tries the lines again that could not be read before: another release may know them. */
async function readAgain(run: Run, { path, log }: OneLog, how: How, all: readonly UnreadLine[]): Promise<void> {
  for (const unread of all) {
    const text = await lineAt(path, unread.at);
    const since = marksAmong(how.marks, { lines: [text], at: () => unread.at });
    const read = linesOf([text], { ...how, since }, run.providers);
    if (read.unreadable.length > 0 || !read.isKnown) {
      run.sum.unread.push(unreadLine(path, unread.line, text));
      continue;
    }
    const counted = await countsOf(run.directory, read.tally, run.now);
    const changes = run.memory.takeChanges();
    const actor = actingNow({ person: null, at: run.now }, run.since);
    const taken = await act<Stored, 'overtaken'>(run.db, actor, async (act) => {
      const { trx, refuse } = act;
      if ((await deleteUnread(trx, log.id, [unread.at])) === 0) refuse('overtaken');
      await storeQueue(trx, run.reader, changes, run.now);
      return storeCounts(act, counted);
    });
    if (!taken.ok) throw overtaken(path);
    note(run.sum, counted, taken.value);
  }
}

async function lineAt(path: string, at: number): Promise<string> {
  for await (const chunk of chunksOf(path, at, 256 * 1024)) return chunk.lines[0] ?? '';
  return '';
}
