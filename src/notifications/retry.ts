// When a mail that did not go out is tried again. Pure.
const MINUTE = 60_000;
const LONGEST = 4 * 60 * MINUTE;

/** This many tries fill two days; then a person has to look. */
export const MOST_TRIES = 20;

/** How long to wait after the `tries`-th try: one minute, doubled each time up to four hours. null: no further try. */
export const waitAfter = (tries: number): number | null =>
  tries >= MOST_TRIES ? null : Math.min(MINUTE * 2 ** (tries - 1), LONGEST);

/**
 * Whether a failed try is final. Only a refusal of this very mail is (5xx to its addresses or its text, or a text that
 * cannot be sent); trouble with the connection, sign-in or TLS concerns the server, and the mail waits.
 */
export function isRefusal(error: unknown): boolean {
  const { code, responseCode } = error as { code?: unknown; responseCode?: unknown };
  if (code !== 'EENVELOPE' && code !== 'EMESSAGE') return false;
  return typeof responseCode !== 'number' || responseCode >= 500;
}

/** What went wrong, in one line for staff: the server's own words where there are any. */
export function complaintOf(error: unknown): string {
  const { response, message } = error as { response?: unknown; message?: unknown };
  const words = typeof response === 'string' && response !== '' ? response : String(message ?? error);
  return oneLine(words);
}

/** A server's words as one line that any database can keep. */
export const oneLine = (words: string): string =>
  words
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .trim()
    .slice(0, 500);
