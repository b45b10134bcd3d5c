// What a question to DNS came to. Only `found`, `no-such-name` and `no-such-record` say something about the name.

export type Answer<T> =
  | { readonly outcome: 'found'; readonly records: readonly T[] }
  /** The name does not exist, with any record (NXDOMAIN). */
  | { readonly outcome: 'no-such-name' }
  /** The name exists, with no record of this type. */
  | { readonly outcome: 'no-such-record' }
  /** The resolver answered that it could not find out; `code` is c-ares's: ESERVFAIL, EREFUSED, EBADRESP … */
  | { readonly outcome: 'server-failed'; readonly code: string }
  | { readonly outcome: 'timed-out' }
  /** No resolver takes questions: nothing listens at its address, or it cannot be reached. */
  | { readonly outcome: 'away' };

export type Outcome = Answer<never>['outcome'];

/** Whether the answer says what DNS holds; otherwise whatever was known before still holds. */
export const isCertain = ({ outcome }: { readonly outcome: Outcome }): boolean =>
  outcome === 'found' || outcome === 'no-such-name' || outcome === 'no-such-record';

/** The records of an answer; none where there are none or none could be had. */
export const recordsOf = <T>(answer: Answer<T>): readonly T[] => (answer.outcome === 'found' ? answer.records : []);

const NO_SUCH_NAME = new Set(['ENOTFOUND', 'ENONAME']);
const NO_SUCH_RECORD = 'ENODATA';
const TIMED_OUT = new Set(['ETIMEOUT', 'ECANCELLED']);
const AWAY = new Set(['ECONNREFUSED', 'ENETUNREACH', 'EHOSTUNREACH', 'ENOSERVER', 'ELOADIPHLPAPI']);

/** The outcome behind an error code of `node:dns`. */
export function outcomeOf(code: string): Answer<never> {
  if (NO_SUCH_NAME.has(code)) return { outcome: 'no-such-name' };
  if (code === NO_SUCH_RECORD) return { outcome: 'no-such-record' };
  if (TIMED_OUT.has(code)) return { outcome: 'timed-out' };
  if (AWAY.has(code)) return { outcome: 'away' };
  return { outcome: 'server-failed', code };
}
