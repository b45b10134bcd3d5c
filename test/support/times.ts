// Spans of time for tests, in milliseconds. Apart from `world.ts`, which loads the whole application: mutation loads the tests of
// a pure rule some thousand times.
export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;
