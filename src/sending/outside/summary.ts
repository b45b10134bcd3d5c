// What a run took of a mailbox provider's report, in lines for a terminal. Pure.
import { exampleOf, unreadOf } from '../logs/summary.ts';
import type { Fault } from './seen.ts';

type Taken = {
  readonly stored: number;
  readonly unknown: number;
  readonly without: number;
  readonly faults: readonly Fault[];
};

const SUBJECTS = { postmaster: 'domain', snds: 'IP' } as const;

/** The run in a line. */
export function outsideSummaryOf(
  source: keyof typeof SUBJECTS,
  path: string,
  { stored, unknown, without }: Taken,
): string {
  const days = `${stored} ${stored === 1 ? 'day' : 'days'} of ${SUBJECTS[source]}s stored`;
  const skipped = [
    unknown > 0 && `${unknown} of ${SUBJECTS[source]}s that are not here`,
    without > 0 && `${without} without a value`,
  ].filter((one) => one !== false);
  return `${source} ${path}: ${days}; ${skipped.length === 0 ? 'nothing skipped' : `skipped ${skipped.join(', ')}`}.`;
}

/** What could not be read. */
export const outsideFaultsOf = (path: string, { faults }: Taken): string =>
  unreadOf({ unread: faults.map(({ line, sentence }) => ({ path, line, sentence: exampleOf(sentence) })) });
