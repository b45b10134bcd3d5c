import type { Day } from '../../day.ts';
import type { Counts } from '../../sending/counts.ts';
import type { DayWhole } from '../climb.ts';

/** What was counted over the IP, by mailbox provider: on the day itself, and over the days that rates are of. */
export type DayFacts = {
  readonly day: Day;
  readonly counts: Readonly<Record<string, Counts>>;
  /** The day and those before it, no further back than the policy's window and the state's `judgedFrom`. */
  readonly window: Readonly<Record<string, Counts>>;
  /**
   * The day and those before it beside what the IP's domains sent over whatever, this IP's part: for plans that
   * `asksForWhole`, as far back as it says. Not given: not asked for.
   */
  readonly whole?: readonly DayWhole[];
  /**
   * Messages that the IP's domains sent on the day to each mailbox provider over whatever, this IP's part: for plans that
   * `asksForProviders`. Not given: not asked for.
   */
  readonly sentTo?: Readonly<Record<string, number>>;
  /** False where there is no shared pool in the region that the account's mail has to leave from. Not given: there is. */
  readonly hasPool?: false;
};
