// Days on which a plan was on hold, among what happened to it. Pure.
import { dayLength, startOfDay } from '../../day.ts';
import { counted } from '../../wording.ts';
import type { WarmupEntry } from '../staff/wording.ts';
import type { Run } from './days.ts';

/** The story with an entry for each run of days on hold, newest first; said once the last of them was judged. */
export function withHolds(story: readonly WarmupEntry[], runs: readonly Run[]): WarmupEntry[] {
  const holds = runs
    .filter(({ mark }) => mark === 'on-hold' || mark === 'cut')
    .map(
      ({ mark, from, to, why }): WarmupEntry => ({
        who: null,
        what: `kept the stage on hold for ${counted(to - from + 1, 'day')}${mark === 'cut' ? ', with a part of its cap' : ''}`,
        at: startOfDay(to) + dayLength,
        body: why,
        tone: 'look',
      }),
    );
  return [...story, ...holds].toSorted((one, other) => other.at - one.at);
}
