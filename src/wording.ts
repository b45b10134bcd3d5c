/** How numbers are said in sentences, the same in every slice, page and mail. */

const cardinals = 'no one two three four five six seven eight nine ten eleven twelve'.split(' ');
const ordinals = 'zeroth first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth'.split(' ');

// Making a NumberFormat takes far longer than using it.
const figures = new Intl.NumberFormat('en-US', { maximumFractionDigits: 6 });
const shares = [1, 2, 3, 4].map((maximumFractionDigits) => new Intl.NumberFormat('en-US', { maximumFractionDigits }));

/** 173400 → '173,400'. Whole numbers, which most are, without Intl: that is four times as fast. */
export const grouped = (n: number): string =>
  Number.isSafeInteger(n) ? String(n).replace(/\B(?=(\d{3})+$)/g, ',') : figures.format(n);

/** 2 → 'two'; figures from thirteen on. */
export const inWords = (n: number): string => cardinals[n] ?? grouped(n);

/** 3 → 'third'; '13th', '21st', '22nd' from thirteen on. */
export const ordinal = (n: number): string => ordinals[n] ?? `${grouped(n)}${ordinalEnding(n)}`;

/** (2, 'IP') → 'two IPs'. */
export const counted = (n: number, noun: string): string => `${inWords(n)} ${n === 1 ? noun : `${noun}s`}`;

/** ['SPF', 'DKIM', 'DMARC'] → 'SPF, DKIM and DMARC'. */
export const listed = (items: string[]): string =>
  items.length < 2 ? items.join('') : `${items.slice(0, -1).join(', ')} and ${items.at(-1)}`;

/** 'one IP' → 'One IP'. */
export const capitalised = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** 0.013 → '1.3 %'; one decimal from 1 % up, two below, or as many as `decimals` says; no trailing zeros. */
export const percent = (rate: number, decimals = rate < 0.01 ? 2 : 1): string =>
  `${(shares[decimals - 1] ?? figures).format(rate * 100)} %`;

const ordinalEnding = (n: number): string => {
  if (n % 100 >= 11 && n % 100 <= 13) return 'th';
  return { 1: 'st', 2: 'nd', 3: 'rd' }[n % 10] ?? 'th';
};
