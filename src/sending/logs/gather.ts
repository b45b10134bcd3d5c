// A log whose dates have no year: which years its lines are of, before any of them is counted.
import { chunksOf, UnreadableFile } from './file.ts';
import { doubtOf, endOfYear, type YearMark, Years } from './years.ts';

/** `from`: the byte at which reading begins, `linesBefore`: how many lines come before it. */
export type Start = { readonly from: number; readonly linesBefore: number };

/** The times of a log's lines: where which time begins, and the latest that there can be (UTC milliseconds). */
export type Dating = { readonly marks: readonly YearMark[]; readonly latest: number };

/**
 * Reads which years the lines of a log are of. `year`: as somebody said, of its last date; null: nobody did. `until`: when
 * its last line had been written. Throws `UnreadableFile` where that cannot be told.
 */
export async function gatherDating(
  path: string,
  { from, linesBefore }: Start,
  known: { readonly year: number | null; readonly until: number; readonly now: number },
): Promise<Dating> {
  const { year, until, now } = known;
  const years = new Years();
  for await (const chunk of chunksOf(path, from)) years.add(chunk);
  const last = years.last(year === null ? until : endOfYear(year));
  const doubt = last && doubtOf(last, known);
  if (doubt) throw new UnreadableFile(doubt, linesBefore + last.line + 1);
  const marks = years.marks(last);
  if (!marks)
    throw new UnreadableFile(
      'Its dates have no year, and for months it has no lines, so we cannot tell which years it covers. Nothing in it was counted. Let the system log write the year, or read a log that begins later.',
    );
  // The file's time counts where nothing else said the year.
  return { marks, latest: last?.isTold || year !== null ? now : until };
}
