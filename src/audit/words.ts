// Which words a text has. The databases only compare them, so that both engines find the same. Pure.

/** Scripts that write no spaces between words: each of their characters counts as a word. */
const UNSPACED = /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Thai}\p{sc=Lao}\p{sc=Khmer}\p{sc=Myanmar}]/gu;
/** Letters and digits, and what joins them in names, addresses and numbers: `jun@kitebox.example` is one run. */
const RUN = /[\p{L}\p{N}]+(?:[.@_:-][\p{L}\p{N}]+)*/gu;
/** A longer run, as in a link, is taken apart into pieces of this many parts. */
const PARTS = 8;
/** Longer words are known by their beginning. */
const LENGTH = 64;
/** Words of fewer letters are found only as they are: too many others begin so. */
const SHORTEST_BEGINNING = 3;
/** More words in one search narrow it no further. */
const MOST_WORDS = 12;

/** Lower case without accents: `Österreich` and `osterreich` are one word. */
const folded = (text: string): string =>
  text.toLowerCase().normalize('NFKD').replace(/\p{M}/gu, '').normalize('NFC').toLowerCase();

/** The runs of a text, each as its parts with what joins them. */
const runsOf = (text: string): string[][] =>
  (folded(text).replace(UNSPACED, ' $& ').match(RUN) ?? []).flatMap((run) => {
    const parts = run.split(/(?<=[.@_:-])/u);
    return Array.from({ length: Math.ceil(parts.length / PARTS) }, (_, nth) =>
      parts.slice(nth * PARTS, (nth + 1) * PARTS),
    );
  });

const joined = (parts: readonly string[]): string =>
  Array.from(parts.join('').replace(/[.@_:-]$/u, ''))
    .slice(0, LENGTH)
    .join('');

/**
 * The words by which a text is found, each once: whole runs, what follows each joint of one, and each part, so that
 * `jun@kitebox.example` is found by `kitebox.example` and by `kitebox` too.
 */
export function wordsOf(text: string): string[] {
  const words = runsOf(text).flatMap((parts) =>
    parts.flatMap((part, index) => [joined(parts.slice(index)), joined([part])]),
  );
  return [...new Set(words)];
}

/** A word that is looked for: `isBeginning` where longer words that begin so are found as well. */
export type SearchedWord = { readonly word: string; readonly isBeginning: boolean };

/** What somebody typed, as words that a text must all have. Signs mean nothing: a text of signs alone has no words. */
export function searchedWords(typed: string): SearchedWord[] {
  const words = new Set(runsOf(typed).map(joined));
  return [...words].slice(0, MOST_WORDS).map((word) => ({
    word,
    isBeginning: Array.from(word).length >= SHORTEST_BEGINNING,
  }));
}

/** A piece of a text around the first word that was looked for; null where the text lacks them. */
export type Excerpt = { readonly before: string; readonly word: string; readonly after: string };

/** How much of a text is shown before and after the word. */
const AROUND = 60;
const READ_RUN = /[\p{L}\p{N}\p{M}]+(?:[.@_:-][\p{L}\p{N}\p{M}]+)*/gu;

export function excerptOf(text: string, words: readonly SearchedWord[]): Excerpt | null {
  const plain = text.replace(/\s+/g, ' ').trim();
  const fits = (own: readonly string[]) =>
    words.some(({ word, isBeginning }) => own.some((one) => (isBeginning ? one.startsWith(word) : one === word)));
  for (const { index, 0: run } of plain.matchAll(READ_RUN)) {
    if (!fits(wordsOf(run))) continue;
    const end = index + run.length;
    const before = plain.slice(Math.max(0, index - AROUND), index).replace(index > AROUND ? /^\S*\s/ : /^/, '');
    const after = plain.slice(end, end + AROUND).replace(end + AROUND < plain.length ? /\s\S*$/ : /$/, '');
    return {
      before: (index > AROUND ? '… ' : '') + before,
      word: run,
      after: after + (end + AROUND < plain.length ? ' …' : ''),
    };
  }
  return null;
}
