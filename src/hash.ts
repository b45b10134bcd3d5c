// A hash that is the same everywhere and always, so that a message that is asked about twice keeps its side; and one of this
// process alone, to know texts again by.
import { randomInt } from 'node:crypto';

// Drawn at the start, so that nobody can make up two texts with one mark.
const SEEDS = [randomInt(2 ** 32), randomInt(2 ** 32)] as const;

/** A number from 0 up to, not including, 1: the same for the same text, evenly spread over texts. */
export function partOf(text: string): number {
  return hashOf(text) / 2 ** 32;
}

/**
 * One of `items` by the highest of each one's hash with `key`: when an item leaves, only what it had moves. Each is chosen for
 * a part of all keys: an even one, or that of its `weight` (1 where it has none) in the sum of all.
 */
export function pick<T extends { readonly id: number; readonly weight?: number }>(
  items: readonly T[],
  key: string,
): T | undefined {
  if (items.length < 2) return items[0];
  const seed = hashOf(key);
  const isWeighted = items.some(({ weight }) => weight !== undefined);
  let best: T | undefined;
  let highest = Number.NEGATIVE_INFINITY;
  for (const item of items) {
    const hash = mixed(seed ^ Math.imul(item.id, 0x9e3779b1));
    // The largest of u^(1/weight), with u even between 0 and 1, is each item's as often as its weight says.
    const score = isWeighted ? Math.log((hash + 0.5) / 2 ** 32) / (item.weight ?? 1) : hash;
    if (score > highest) {
      highest = score;
      best = item;
    }
  }
  return best;
}

/**
 * A whole number from 1 to 2 ** 52: the same for the same text, and for two others with a chance of one in 2 ** 52. It takes the
 * text's place where very many are remembered only to be known again.
 */
export function markOf(text: string): number {
  let [low, high] = SEEDS;
  for (let i = 0; i < text.length; i += 1) {
    const code = text.charCodeAt(i);
    low = Math.imul(low ^ code, 0x01000193);
    high = Math.imul(high ^ code, 0x85ebca6b);
  }
  return (mixed(high ^ text.length) >>> 12) * 2 ** 32 + mixed(low) + 1;
}

/** FNV-1a over the text's code units, then mixed: FNV alone leaves the upper bits of similar texts alike. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i += 1) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return mixed(hash);
}

function mixed(hash: number): number {
  let h = hash;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}
