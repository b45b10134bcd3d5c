// The reviewers' checklist of a request: what the policy names, and who ticked it, as its history says. Pure.
import type { Policy } from '../../../policy/document/policy.ts';
import { capitalised, counted, listed } from '../../../wording.ts';
import type { HistoryEntry } from '../../history.ts';
import type { Kind } from '../../request.ts';

export type ChecklistItem = {
  readonly text: string;
  /** Who ticked it and when (UTC milliseconds); null: it is open. */
  readonly ticked: { readonly by: string; readonly at: number; readonly isBeforeChange: boolean } | null;
};

/** The items with their ticks, by the history of the request, oldest first. */
export function checklistOf(items: readonly string[], history: readonly HistoryEntry[]): ChecklistItem[] {
  const steps = history.filter(({ name }) => name === 'request.checked');
  const changedAt = history.findLastIndex(({ name }) => name === 'request.edited');
  return items.map((text) => {
    const last = steps.findLast(({ facts }) => of(facts.ticked, text) || of(facts.unticked, text));
    if (last === undefined || !of(last.facts.ticked, text)) return { text, ticked: null };
    const isBeforeChange = history.indexOf(last) < changedAt;
    return { text, ticked: { by: last.actor ?? 'Warmdesk', at: last.at, isBeforeChange } };
  });
}

const of = (list: unknown, text: string): boolean => Array.isArray(list) && list.includes(text);

export type Ticks = { readonly ticked: readonly string[]; readonly unticked: readonly string[] };

/**
 * What a form changes that shows `shown` as ticked and is sent with `chosen`, where `now` are ticked by now: what a colleague
 * did in between stays.
 */
export function ticksOf(
  items: readonly string[],
  { shown, chosen, now }: Readonly<Record<'shown' | 'chosen' | 'now', readonly string[]>>,
): Ticks {
  return {
    ticked: items.filter((text) => chosen.includes(text) && !shown.includes(text) && !now.includes(text)),
    unticked: items.filter((text) => !chosen.includes(text) && shown.includes(text) && now.includes(text)),
  };
}

/** Whether the policy has a checklist for such requests that holds up an approval. */
export const isRequired = ({ checklist: { value } }: Pick<Policy, 'checklist'>, kind: Kind): boolean =>
  value.required === true && value[kind].length > 0;

/** Why an approval is held up, as its form says it. `items`: what is not ticked. */
export const untickedSentence = (items: readonly string[]): string =>
  `${capitalised(counted(items.length, 'item'))} of the checklist ${items.length === 1 ? 'is' : 'are'} not ticked: ${listed(items.map((item) => `“${item}”`))}. Tick ${items.length === 1 ? 'it' : 'them'}, or write why you approve without.`;
