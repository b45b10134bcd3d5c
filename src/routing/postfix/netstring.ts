// Netstrings, as Postfix's socketmap speaks them: `5:hello,`. Pure.

/** Longer ones than this are not Postfix's. */
export const LONGEST = 10_000;

export type Netstring = { readonly text: string; readonly end: number };

/** The netstring that begins at `start` and where it ends; null: more has to come; undefined: it is none. */
export function readNetstring(buffer: string, start: number): Netstring | null | undefined {
  let length = 0;
  let at = start;
  for (; at < buffer.length; at += 1) {
    const code = buffer.charCodeAt(at);
    if (code === 58) break;
    if (code < 48 || code > 57 || at - start >= 5) return undefined;
    length = length * 10 + code - 48;
  }
  if (at === buffer.length) return null;
  if (at === start || length > LONGEST) return undefined;
  const end = at + 1 + length;
  if (buffer.length <= end) return null;
  return buffer[end] === ',' ? { text: buffer.slice(at + 1, end), end: end + 1 } : undefined;
}

/** `text` as a netstring; it has to be ASCII. */
export const netstring = (text: string): string => `${text.length}:${text},`;
