// How long ago mail may have been sent.

/**
 * Nothing that Warmdesk counts was sent earlier: 2000-01-01, in UTC milliseconds, long before any plan that it could belong to.
 * An earlier time is a number that means something else, or the clock of a machine that was never set.
 */
export const FIRST_TIME = Date.UTC(2000, 0, 1);
