// What a reader can see of a text. Pure.

// The braille blank and the interlinear marks are letters by their properties, and show nothing either.
const UNSEEN = /[\p{White_Space}\p{Default_Ignorable_Code_Point}\p{Cc}\u2800\ufff9-\ufffb]/gu;

/** True where `text` shows nothing to a reader: empty, spaces of any kind, zero-width and other invisible characters. */
export const showsNothing = (text: string): boolean => text.replace(UNSEEN, '') === '';

/** True where a character of `text` changes the direction of what is written after it. */
export const turnsText = (text: string): boolean => /\p{Bidi_Control}/u.test(text);

/** Every character that shows nothing and can be stored, in one text: for comparing in SQL. */
export function unseenCharacters(): string {
  const planes = [
    [9, 0xffff],
    [0x1_0000, 0x1_ffff],
    [0xe_0000, 0xe_0fff],
  ] as const;
  const all = planes.flatMap(([from, to]) =>
    Array.from({ length: to - from + 1 }, (_, nth) => String.fromCodePoint(from + nth)),
  );
  return all.filter((one) => one.isWellFormed() && showsNothing(one)).join('');
}
