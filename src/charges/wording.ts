// Words of the pages about charges. Pure.
import type { ClosingProblem } from './actions.ts';
import type { Month } from './ledger.ts';

const NAMES = [
  ...['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August'],
  ...['September', 'October', 'November', 'December'],
];

/** A month as people say it: `November 2026`. */
export const monthName = (month: Month): string => `${NAMES[month % 12]} ${Math.floor(month / 12)}`;

export const CLOSING_PROBLEMS: Readonly<Record<ClosingProblem, string>> = {
  'not-over': 'This month has not ended yet (UTC). It can be closed once it has.',
  'not-next': 'Months are closed one after the other: an earlier one is still open. Close that one first.',
};
