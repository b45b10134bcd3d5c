// Which words a text has. The databases only compare them, so that both engines find the same. Pure.

/** Scripts that write no spaces between words: each of their characters counts as a word. */
const UNSPACED = /[\p{scx=Han}\p{scx=Hiragana}\p{scx=Katakana}\p{scx=Thai}\p{scx=Lao}\p{scx=Khmer}\p{scx=Myanmar}]/gu;
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

/** Letters that Unicode does not take apart, as people write them without. */
const LETTERS: Readonly<Record<string, string>> = {
  ...{ ß: 'ss', æ: 'ae', œ: 'oe', þ: 'th' },
  ...{ ø: 'o', đ: 'd', ð: 'd', ħ: 'h', ł: 'l', ı: 'i' },
};
const SPECIAL = new RegExp(`[${Object.keys(LETTERS).join('')}]`, 'gu');

/** Lower case without accents: `Österreich` and `osterreich` are one word, and so are `Straße` and `Strasse`. */
const folded = (text: string): string =>
  text
    .toLowerCase()
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .normalize('NFC')
    .toLowerCase()
    .replace(SPECIAL, (one) => LETTERS[one] ?? one);

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

/** Whether a text has all of these words. */
export function hasWords(text: string, words: readonly SearchedWord[]): boolean {
  const plain = folded(text);
  // To part a text takes long, and few have what is looked for.
  if (!words.every(({ word }) => plain.includes(word))) return false;
  const own = wordsOf(text);
  return words.every((one) => has(own, [one]));
}

/** A piece of a text around a word that was looked for. */
export type Excerpt = { readonly before: string; readonly word: string; readonly after: string };

/** How much of a text is shown before and after the word. */
const AROUND = 60;
/** The runs of a text as it was written. */
const READ_RUN = new RegExp(
  `${UNSPACED.source}\\p{M}*|(?:(?!${UNSPACED.source})[\\p{L}\\p{N}\\p{M}])+(?:[.@_:-](?:(?!${UNSPACED.source})[\\p{L}\\p{N}\\p{M}])+)*`,
  'gu',
);

/** An excerpt of a text around what was looked for; null where the text lacks it. */
export function excerptOf(text: string, words: readonly SearchedWord[]): Excerpt | null {
  const plain = text.replace(/\s+/g, ' ').trim();
  const { from, to } = foundIn(plain, words) ?? {};
  if (from === undefined || to === undefined) return null;
  const before = plain.slice(Math.max(0, from - AROUND), from).replace(from > AROUND ? /^\S*\s/ : /^/, '');
  const after = plain.slice(to, to + AROUND).replace(to + AROUND < plain.length ? /\s\S*$/ : /$/, '');
  return {
    before: (from > AROUND ? '… ' : '') + before,
    word: plain.slice(from, to),
    after: after + (to + AROUND < plain.length ? ' …' : ''),
  };
}

type Place = { readonly from: number; readonly to: number };

/** Where the first of the words is; in a script without spaces, where most of its characters follow each other. */
function foundIn(plain: string, words: readonly SearchedWord[]): Place | undefined {
  // The characters of a text without spaces come again and again.
  const known = new Map<string, boolean>();
  const fits = (run: string): boolean => {
    const found = known.get(run) ?? has(wordsOf(run), words);
    known.set(run, found);
    return found;
  };
  let last: Place = { from: 0, to: 0 };
  let longest: Place | undefined;
  for (const { index, 0: run } of plain.matchAll(READ_RUN)) {
    if (!fits(run)) continue;
    const goesOn = last.to === index && index - last.from < LENGTH;
    last = { from: goesOn ? last.from : index, to: index + run.length };
    if (!longest || last.to - last.from > longest.to - longest.from) longest = last;
    if (run.search(UNSPACED) < 0) break;
  }
  return longest;
}

const has = (own: readonly string[], words: readonly SearchedWord[]): boolean =>
  words.some(({ word, isBeginning }) => own.some((one) => (isBeginning ? one.startsWith(word) : one === word)));
