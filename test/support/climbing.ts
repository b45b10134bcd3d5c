// What a plan has beside its stage, for tests that make one by hand.
import { evenPattern } from '../../src/sending/pattern.ts';
import type { PlanState } from '../../src/warmup/state.ts';

/** A plan whose sender mails `perDay` messages each day, and whose IP has carried enough for every stage. */
export const climbing = (perDay: number, startsOn: number) => ({
  pattern: evenPattern(7 * perDay, 'measured') as PlanState['pattern'],
  progress: 0,
  carried: perDay,
  stageSince: startsOn,
  limitedOn: startsOn - 1,
  warmedTo: null as number | null,
  isAgain: false as boolean,
  remadeOn: 0,
});
