// When DNS is asked again. Pure.

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
/** Minutes until the next look, by how many were in vain: often while somebody sits and waits, then once a day. */
const BACK_OFF = [1, 2, 5, 10, 15, 30, 60, 120, 240, 480, 1_440];
/** Own choice: after so long without its record a domain that waits for proof is not looked up by itself any more. */
const PROOF_WAITS_MS = 30 * DAY;

/** When to look again after `tries` looks in vain (0: this was the first). */
export const nextTry = (at: number, tries: number): number =>
  at + (BACK_OFF[Math.min(tries, BACK_OFF.length - 1)] ?? 1_440) * MINUTE;

/** When to look again at a domain of which all was found: a day later, spread by `id` so that not all come at once. */
export const nextDay = (at: number, id: number): number => at + DAY - (id % 60) * MINUTE;

/** When to look again for a proof that is not there yet; null: not by itself. */
export function nextProof(
  at: number,
  { tries, since }: { readonly tries: number; readonly since: number },
): number | null {
  const next = nextTry(at, tries);
  return next > since + PROOF_WAITS_MS ? null : next;
}
