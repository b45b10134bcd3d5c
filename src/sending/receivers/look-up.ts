// What an answer of DNS about a domain's mail servers comes to, and when to ask again. Pure.
import { type Answer, isCertain, recordsOf } from '../../dns/outcome.ts';
import type { Mx } from '../../dns/resolver.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** Companies move to another provider seldom, and a week later is soon enough. */
const FOUND_MS = 7 * DAY;
/** A domain that is not there may be registered, or have been mistyped. */
const MISSING_MS = DAY;
const FIRST_RETRY_MS = 10 * 60_000;

/** `failed`: questions in a row that DNS did not answer. `dueAt`: UTC milliseconds. */
export type Lookup = { readonly mx: string | null; readonly failed: number; readonly dueAt: number };

/**
 * What to remember of a domain after an answer. Where DNS could not say, what was known stays, and the question is asked
 * again after ten minutes, then twice as long each time, a day at most. `at`: UTC milliseconds.
 */
export function afterAnswer(before: Pick<Lookup, 'mx' | 'failed'>, answer: Answer<Mx>, at: number): Lookup {
  if (!isCertain(answer)) {
    const wait = Math.min(DAY, FIRST_RETRY_MS * 2 ** before.failed);
    return { mx: before.mx, failed: before.failed + 1, dueAt: at + wait };
  }
  const mx = bestOf(recordsOf(answer));
  return { mx, failed: 0, dueAt: at + (mx === null ? MISSING_MS : FOUND_MS) };
}

/** The server with the lowest preference, by name where several have it; null where the domain takes no mail (RFC 7505). */
function bestOf(records: readonly Mx[]): string | null {
  const named = records
    .map(({ exchange, priority }) => ({ exchange: exchange.toLowerCase().replace(/\.$/, ''), priority }))
    .filter(({ exchange }) => exchange !== '')
    .sort((a, b) => a.priority - b.priority || (a.exchange < b.exchange ? -1 : 1));
  return named[0]?.exchange ?? null;
}
