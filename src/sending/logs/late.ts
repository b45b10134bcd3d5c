// What becomes known of mail that was counted before: complaints, and bounces that came back as mails of their own. Pure.
import { type MailStream, NOTHING, type Via } from '../counts.ts';
import type { Resolved } from '../reported.ts';

export type LateOutcome = 'complained' | 'returned';

/** Some late outcomes of one kind. `via` null: the report does not say what the message went over. */
export type Late = {
  readonly domainId: number;
  readonly day: number;
  readonly provider: string;
  readonly stream: MailStream;
  readonly via: Via | null;
  readonly outcome: LateOutcome;
  readonly count: number;
};

/** A report may tell the day of the message wrongly, or only its own: it is about mail of at most this many days before. */
export const LATE_DAYS = 7;

/** What is left of a count's mail that could have such an outcome. */
const roomFor = (outcome: LateOutcome, count: Resolved): number =>
  outcome === 'complained' ? count.sent - count.complained : count.delivered;

const isAbout = (late: Late, count: Resolved): boolean =>
  count.domainId === late.domainId &&
  count.day <= late.day &&
  count.day >= late.day - LATE_DAYS &&
  (late.provider === 'other' || count.provider === late.provider) &&
  (late.via === null || (count.ipId === late.via.ipId && count.pool === late.via.pool));

/** The nearest first: of the same provider and stream, of the latest day, with the most mail. */
const nearer = (late: Late) => (one: Resolved, other: Resolved) =>
  Number(other.provider === late.provider) - Number(one.provider === late.provider) ||
  other.day - one.day ||
  Number(other.stream === late.stream) - Number(one.stream === late.stream) ||
  other.delivered - one.delivered ||
  one.ipId - other.ipId;

/**
 * Lays late outcomes on counts that are there (of these domains and days): what to add to which, and how many found no mail
 * that they could be about. A bounce that came back turns a delivery into a bounce.
 */
export function placeLate(all: readonly Late[], there: readonly Resolved[]): { add: Resolved[]; homeless: number } {
  const counts: { -readonly [Name in keyof Resolved]: Resolved[Name] }[] = there.map((one) => ({ ...one }));
  const add: Resolved[] = [];
  let homeless = 0;
  for (const late of all) {
    let left = late.count;
    for (const count of counts.filter((one) => isAbout(late, one)).sort(nearer(late))) {
      const some = Math.min(left, roomFor(late.outcome, count));
      if (some <= 0) continue;
      left -= some;
      const { domainId, day, ipId, pool, provider, stream } = count;
      const key = { domainId, day, ipId, pool, provider, stream, opened: null };
      if (late.outcome === 'complained') {
        count.complained += some;
        add.push({ ...NOTHING, ...key, complained: some });
      } else {
        count.delivered -= some;
        add.push({ ...NOTHING, ...key, delivered: -some, bounced: some });
      }
    }
    homeless += left;
  }
  return { add, homeless };
}
