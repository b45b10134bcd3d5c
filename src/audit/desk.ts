// What is recorded about the desk itself and what Warmdesk leaves to it, and how the history tells it. Pure.
import { counted, listed } from '../wording.ts';

export type DeskFacts = {
  /** It could have been approved automatically, and was not; `why`: a sentence each. */
  'request.leftToReviewers': { why: string[] };
  /** Items of the reviewers' checklist, by their texts. */
  'request.checked': { ticked: string[]; unticked: string[] };
  /** `filter`: as the queue's address had it. */
  'queue.exported': { requests: number; filter: string };
  /** A view of the queue that all reviewers see from now on, or no longer. `view`: its name. */
  'view.shared': { view: string };
  'view.unshared': { view: string };
  /** A text that reviewers use in the form `purpose`; `text`: its name. */
  'canned.added': { text: string; purpose: string };
  'canned.changed': { text: string; purpose: string };
  'canned.removed': { text: string; purpose: string };
};

/** `ticked “A”; unticked “B”`. */
export function checkedInWords(ticked: readonly string[], unticked: readonly string[]): string {
  const quoted = (verb: string, items: readonly string[]): string[] =>
    items.length === 0 ? [] : [`${verb} ${listed(items.map((item) => `“${item}”`))}`];
  return [...quoted('ticked', ticked), ...quoted('unticked', unticked)].join('; ');
}

export const deskSentences: {
  readonly [Name in keyof DeskFacts]: (facts: DeskFacts[Name], about: { readonly reference: string }) => string;
} = {
  'request.leftToReviewers': ({ why }, { reference }) => `left ${reference} to the reviewers: ${why.join(' ')}`,
  'request.checked': ({ ticked, unticked }, { reference }) =>
    `went through the checklist of ${reference}: ${checkedInWords(ticked, unticked)}`,
  'queue.exported': ({ requests }) => `exported ${counted(requests, 'request')} from the queue as a file`,
  'view.shared': ({ view }) => `shared the view “${view}” of the queue with all reviewers`,
  'view.unshared': ({ view }) => `no longer shares the view “${view}” of the queue`,
  'canned.added': ({ text }) => `added the canned answer “${text}”`,
  'canned.changed': ({ text }) => `changed the canned answer “${text}”`,
  'canned.removed': ({ text }) => `deleted the canned answer “${text}”`,
};
