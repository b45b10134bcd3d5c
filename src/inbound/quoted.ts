// What somebody wrote, apart from the mail that they answered and their mail program put below. Pure.

export type Parted = { readonly text: string; readonly quoted: string };

/** `On Monday, Ann <ann@example.com> wrote:`, in one line or parted in two or three, as many programs do; in French with a blank before the colon. */
const WROTE =
  /^(on|am|le|el|il|op|den|em) .{5,400}(wrote|schrieb.{0,200}|a écrit|escribió|ha scritto|schreef.{0,200}|skrev.{0,200}|escreveu)\s?:$/is;
const LINE_MOST = 700;
const DIVIDER =
  /^-{2,} ?(original message|forwarded message|ursprüngliche nachricht|message d'origine|mensaje original|messaggio originale) ?-{2,}$/i;
/** The header that Outlook puts above the mail that it answers. */
const FROM = /^\*?(from|von|de|da|van|från)\s?: ?\*?\s.+$/i;
const SENT = /^\*?(sent|date|to|gesendet|datum|an|envoyé|à|enviado|para|inviato|verzonden|skickat)\s?: ?\*?\s.+$/i;

const isQuote = (line: string | undefined): boolean => /^\s*>/.test(line ?? '');
const isEmpty = (line: string | undefined): boolean => (line ?? '').trim() === '';

/**
 * Parts a text (lines end with a line feed) at the mail that it answers. Where answers are between quoted lines nothing is
 * parted, as they could not be understood without them; where nothing would be left, neither.
 */
export function partQuoted(text: string): Parted {
  const lines = text.split('\n');
  const isFollowed = tailOf(lines);
  const at = lines.findIndex((line, index) => {
    const length = beginning(lines, index);
    return length > 0 ? isFollowed(index + length) : isQuote(line) && isFollowed(index);
  });
  const own = lines.slice(0, at).join('\n').trim();
  if (at === -1 || own === '') return { text, quoted: '' };
  return { text: own, quoted: lines.slice(at).join('\n').trim() };
}

/** How many lines a mail program wrote here to begin the mail that is answered; 0: none. */
function beginning(lines: readonly string[], at: number): number {
  const line = (lines[at] ?? '').trim();
  // Programs write short ones, and a pattern may not be tried on a line of megabytes.
  if (line.length > LINE_MOST || (lines[at + 1]?.length ?? 0) > LINE_MOST) return 0;
  if (DIVIDER.test(line)) return 1;
  if (FROM.test(line) && SENT.test((lines[at + 1] ?? '').trim())) return 1;
  if (/^_{20,}$/.test(line) && FROM.test((lines[at + 1] ?? '').trim())) return 1;
  for (const count of [1, 2, 3]) {
    const some = lines.slice(at, at + count);
    if (some.length < count || some.some((one) => isEmpty(one) || isQuote(one))) return 0;
    const joined = some.join(' ').trim();
    if (joined.length > LINE_MOST) return 0;
    // Without a date it may be a sentence of their own, unless quoted lines follow.
    if (WROTE.test(joined) && (/\d/.test(joined) || lines.slice(at + count, at + count + 2).some(isQuote)))
      return count;
  }
  return 0;
}

/** Whether from a line on nothing but the mail that is answered follows: quoted, or, as some programs leave it, without marks. */
function tailOf(lines: readonly string[]): (from: number) => boolean {
  const last = lines.findLastIndex(isQuote);
  let first = last;
  while (first > 0 && (isQuote(lines[first - 1]) || isEmpty(lines[first - 1]))) first -= 1;
  const after = lines.slice(last + 1).find((line) => !isEmpty(line));
  // A signature may follow, an answer may not.
  const isLast = after === undefined || /^-- ?$/.test(after);
  return (from) => from > last || (isLast && from >= first);
}
