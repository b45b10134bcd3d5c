// Counts out of mail servers' logs, each line once, however often and whenever a log is read.
import { act } from '../../act.ts';
import type { Db } from '../../database.ts';
import { dayOf } from '../../day.ts';
import type { Policy } from '../../policy/document/policy.ts';
import { ok, type Result, refused } from '../../result.ts';
import { NOTHING } from '../counts.ts';
import { Directory } from '../directory.ts';
import { added, type Resolved, summed } from '../reported.ts';
import { holdTotals, replaceCounts } from '../store-bulk.ts';
import { type Beginning, beginningOf, type Piece, piecesOf, rotatedOf } from './file.ts';
import { kumomtaReader } from './kumomta.ts';
import { postfixReader } from './postfix.ts';
import { powermtaReader } from './powermta.ts';
import { BoundedMemory } from './queue-memory.ts';
import { type LogReader, ProviderTable, type QueueMemory } from './record.ts';
import { beginLog, findLog, type KnownLog, listQueue, moveLog, storeQueue } from './store.ts';
import { type NotOurs, raised, resolveTallied, Tally } from './tally.ts';

type Kind = {
  /** How many lines tell a log from all others: the first one of an accounting file is the same in each. */
  readonly tellingLines: number;
  readonly open: (memory: QueueMemory, beginning: Beginning, now: number) => LogReader;
};

const KINDS = {
  postfix: { tellingLines: 1, open: (memory, _beginning, now) => postfixReader(memory, now) },
  kumomta: { tellingLines: 1, open: () => kumomtaReader() },
  powermta: { tellingLines: 2, open: (_memory, { firstLine }) => powermtaReader(firstLine) },
} as const satisfies Record<string, Kind>;
export type ReaderName = keyof typeof KINDS;
export const readerNames = Object.keys(KINDS) as ReaderName[];

/** What a run read. `records`: lines that say what became of a message. */
export type Ingested = {
  files: number;
  lines: number;
  records: number;
  sent: number;
  delivered: number;
  deferred: number;
  bounced: number;
  complained: number;
  skipped: Record<NotOurs | 'unknown sender', number>;
};

/** A run that works on one log with one reader. */
type Run = {
  readonly db: Db;
  readonly reader: ReaderName;
  readonly directory: Directory;
  readonly providers: ProviderTable;
  readonly memory: BoundedMemory;
  readonly now: number;
  readonly sum: Ingested;
};

/**
 * Reads what is new in a log and counts it: also the rest of what it was called before it was rotated. Each piece of the
 * log is counted in the transaction that notes how far it is read. `now`: UTC milliseconds.
 */
export async function ingestLog(
  db: Db,
  policy: Policy,
  { reader, path }: { readonly reader: ReaderName; readonly path: string },
  now: number,
): Promise<Result<Ingested, string>> {
  const memory = new BoundedMemory(await listQueue(db, reader));
  const skipped = {
    'not ours': 0,
    'no sender': 0,
    'unknown domain': 0,
    'another account’s IP': 0,
    future: 0,
    'unknown sender': 0,
  };
  const sum: Ingested = { files: 0, lines: 0, records: 0, ...NOTHING, skipped };
  const run: Run = {
    db,
    reader,
    directory: new Directory(db, policy),
    providers: new ProviderTable(policy),
    memory,
    now,
    sum,
  };
  for (const rotated of await rotatedOf(path)) {
    const problem = await readFile(run, rotated, true);
    if (problem) return refused(problem);
  }
  const problem = await readFile(run, path, false);
  return problem ? refused(problem) : ok(sum);
}

/** Reads the rest of one file. Gives a sentence where it cannot. One that was rotated is read only if it was begun before. */
async function readFile(run: Run, path: string, onlyKnown: boolean): Promise<string | undefined> {
  const { db, reader, now } = run;
  const kind: Kind = KINDS[reader];
  const beginning = await beginningOf(path, kind.tellingLines);
  if (!beginning) return undefined;
  const known = await findLog(db, reader, beginning.hash);
  if (onlyKnown && (!known || known.readTo >= beginning.size)) return undefined;
  let log = known ?? (await beginLog(db, reader, beginning.hash, now));
  if (log.readTo > beginning.size)
    return `${path} is shorter than it was when it was read last, and begins the same. Nothing of it was read.`;
  run.sum.files += 1;
  const lineReader = kind.open(run.memory, beginning, now);
  for await (const piece of piecesOf(path, log.readTo)) {
    if (!(await takePiece(run, log, piece, lineReader)))
      return `Another run reads ${path} at this moment. This one stopped; nothing was counted twice.`;
    log = { ...log, readTo: piece.readTo };
  }
  return undefined;
}

/** Counts a piece of a log. False where another run got on with the log, and nothing was counted. */
async function takePiece(run: Run, log: KnownLog, { lines, readTo }: Piece, reader: LogReader): Promise<boolean> {
  const { db, directory, now, sum } = run;
  const tally = new Tally(run.providers);
  for (const line of lines) {
    const record = reader.read(line);
    if (record) for (const one of [record].flat()) tally.add(one);
  }
  await directory.learn(tally.names());
  const counts: Resolved[] = [];
  const skipped = { ...sum.skipped };
  let records = tally.unknownSender;
  skipped['unknown sender'] += tally.unknownSender;
  for (const one of tally.all) {
    records += one.records;
    const resolved = resolveTallied(one, directory, dayOf(now));
    if (typeof resolved === 'string') skipped[resolved] += one.records;
    else counts.push(resolved);
  }
  const changes = run.memory.takeChanges();
  const taken = await act<void, 'overtaken'>(db, { person: null, at: now }, async ({ trx, refuse }) => {
    if (!(await moveLog(trx, log, readTo, now))) refuse('overtaken');
    await storeQueue(trx, run.reader, changes, now);
    await addCounts(trx, counts, now);
  });
  if (!taken.ok) return false;
  sum.lines += lines.length;
  sum.records += records;
  sum.skipped = skipped;
  for (const count of counts)
    for (const name of ['sent', 'delivered', 'deferred', 'bounced', 'complained'] as const) sum[name] += count[name];
  return true;
}

async function addCounts(trx: Db, counts: readonly Resolved[], at: number): Promise<void> {
  if (counts.length === 0) return;
  const sums = summed(counts);
  const there = await holdTotals(trx, sums.values(), at);
  const totals = Array.from(sums, ([key, sum]) => raised(added(there.get(key) ?? { ...NOTHING, opened: null }, sum)));
  await replaceCounts(trx, totals, at);
}

const of = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;

/** The run in a line, for a terminal. */
export function summaryOf(reader: ReaderName, path: string, run: Ingested): string {
  const skipped = Object.entries(run.skipped).filter(([, count]) => count > 0);
  const left =
    skipped.length === 0 ? 'nothing skipped' : `skipped ${skipped.map(([why, count]) => `${count} ${why}`).join(', ')}`;
  const { files, lines, records, sent, delivered, deferred, bounced, complained } = run;
  const counted = `${sent} sent, ${delivered} delivered, ${deferred} deferred, ${bounced} bounced, ${complained} complained`;
  return `${reader} ${path}: ${of(lines, 'new line')} in ${of(files, 'file')}, ${of(records, 'record')}: ${counted}; ${left}.`;
}
