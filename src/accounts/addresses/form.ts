import { type FormResult, readForm } from '../../form.ts';
import { isWithin, type Ranges, readRanges } from './ranges.ts';

/** A list as it is to be, and as the page showed it. */
export type ListChange = { readonly ranges: Ranges; readonly seen: string };

/**
 * Reads one list. `here` is the address of the person who sends it, where the list is to hold for them too: a list that
 * would lock them out is rejected (S-27).
 */
export function readList(body: unknown, here: string | null | undefined): FormResult<ListChange> {
  const form = readForm(body);
  const text = form.text('ranges', { label: 'Allowed addresses', max: 6000, required: false });
  const seen = form.text('seen', { label: 'The page', max: 6000, required: false });
  const read = readRanges(text);
  if (!read.ok) form.fail('ranges', read.problem);
  const ranges = read.ok ? read.value : [];
  const isLockout = here !== undefined && ranges.length > 0 && !isWithin([ranges], here ?? undefined);
  if (isLockout)
    form.fail(
      'ranges',
      `This list would lock you out: you are at ${here ?? 'an unknown address'}. Add that address, or a range with it.`,
    );
  return form.result(() => ({ ranges, seen }));
}
