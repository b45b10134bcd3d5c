// How long decisions on requests like one's own took lately. Pure.
import { dayLength } from '../../day.ts';

/** Decisions of this long ago count (milliseconds). */
export const LATELY_MS = 60 * dayLength;
/** With fewer decisions a median says nothing, and might tell of somebody else's request. Own choice. */
const LEAST = 10;
/** The newest of them; more change the median by nothing that anybody would notice. Own choice. */
export const MOST = 100;

/** `half`: half of them took at most this long (milliseconds); `of`: how many they are. */
export type UsualTime = { readonly half: number; readonly of: number };

/** The median of how long decisions took (milliseconds each); null where they are too few. */
export function usualTime(took: readonly number[]): UsualTime | null {
  const sorted = took.toSorted((one, other) => one - other);
  const half = sorted[Math.ceil(sorted.length / 2) - 1];
  return half === undefined || sorted.length < LEAST ? null : { half, of: sorted.length };
}
