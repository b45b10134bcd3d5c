import type { Outcome } from '../../dns/outcome.ts';
import type { RecordKind } from './setting.ts';

/** What DNS says about a record for certain: `says` is the difference in words, or what it comes to. */
export type Verdict = {
  readonly state: 'found' | 'wrong' | 'missing';
  /** What is published there, fit to be shown. */
  readonly found: readonly string[];
  readonly says: string;
};
/** What a look came to: a verdict, or why nothing was found out. */
export type Look = Verdict | { readonly trouble: Outcome };

/** A record as it was last seen. `state` null: not looked at yet, or never with success. */
export type SeenRecord = Omit<Verdict, 'state'> & {
  readonly kind: RecordKind;
  readonly at: string;
  readonly state: Verdict['state'] | null;
  /** When DNS last said something certain, and when it was last asked (UTC milliseconds). */
  readonly seenAt: number | null;
  readonly triedAt: number;
  readonly trouble: Outcome | null;
};

export const isTrouble = (look: Look): look is { readonly trouble: Outcome } => 'trouble' in look;
