// By when the last line of a log file was written, as far as the file itself says. Pure.
import { basename } from 'node:path';
import { dayLength } from '../../day.ts';

/** A name has the day of its rotation or, rotated weekly, that of its first line. */
const NAMED = 8 * dayLength;
const DATE = /(?<!\d)(20\d\d)-?(0[1-9]|1[0-2])-?(0[1-9]|[12]\d|3[01])(?=(?:[01]\d|2[0-3])?(?!\d))/g;

/**
 * The instant (UTC milliseconds) after which no line of a file can have been written, by the earliest of: when it was last
 * changed; what gzip noted of the file that it compressed; the date in its name (`mail.log-20261127.gz`). A copy has a
 * time of its own, but keeps the other two. `begins`: the first bytes of the file.
 */
export function writtenUntil(path: string, changedAt: number, begins: Buffer): number {
  const [, year, month, day] = [...basename(path).matchAll(DATE)].at(-1)?.map(Number) ?? [];
  const named =
    year === undefined || month === undefined || day === undefined
      ? Number.POSITIVE_INFINITY
      : Date.UTC(year, month - 1, day) + NAMED;
  return Math.min(changedAt, named, packed(begins));
}

/** RFC 1952: bytes 4 to 7 have the file's time in seconds; 0: it is not known. */
function packed(begins: Buffer): number {
  if (begins.length < 8 || begins.readUInt16BE(0) !== 0x1f_8b) return Number.POSITIVE_INFINITY;
  const seconds = begins.readUInt32LE(4);
  return seconds === 0 ? Number.POSITIVE_INFINITY : (seconds + 1) * 1000;
}
