// What is said about files that somebody chose. Pure.
import {
  ACCOUNT_MAX_A_DAY,
  type Arrived,
  acceptOf,
  type Limits,
  type Room,
  shownName,
  sizeInWords,
  typesInWords,
  whyNot,
} from '../../attachments/attachment.ts';
import { capitalised, counted, inWords } from '../../wording.ts';

/** What a form says of the files that it takes; `accept`: what a browser offers to choose from. */
export type Attaching = { readonly accept: string; readonly hint: string };

/** For the form of a message; null: no files can be attached. */
export const attachingOf = (limits: Limits | null): Attaching | null =>
  limits && { accept: acceptOf(limits.types), hint: `${capitalised(hintOf(limits))}.` };

const hintOf = ({ types, maxBytes, perMessage }: Limits): string =>
  `${typesInWords(types)}; up to ${counted(perMessage, 'file')} of ${sizeInWords(maxBytes)}${perMessage === 1 ? '' : ' each'}`;

/** The name of the field for files beside a field for words. */
export const filesField = (field: string): string => `${field}Files`;

export const CUT_OFF = 'The form did not arrive complete, so nothing was stored. Send it again.';
export const NONE = 'No files can be attached to this request. Send the text alone.';
export const AGAIN = 'Choose the files again: browsers do not keep them.';

/** Why files cannot be attached, in sentences; null: they can. `room`: what is left of the account's limits; null: no limit. */
export function problemWith(
  files: readonly Arrived[],
  { limits, room, isTooMany }: { readonly limits: Limits; readonly room: Room | null; readonly isTooMany: boolean },
): string | null {
  if (isTooMany) return `A message can have up to ${counted(limits.perMessage, 'file')}. Choose fewer.`;
  const wrong = files.flatMap((file) => {
    const why = whyNot(file, limits);
    return why === null ? [] : [`“${shownName(file.name)}” ${why}.`];
  });
  if (wrong.length > 0) return `${wrong.join(' ')} You can attach: ${hintOf(limits)}.`;
  if (room === null || files.length === 0) return null;
  if (files.length > room.files)
    return `Your account can attach ${room.files <= 0 ? 'no more files' : `only ${inWords(room.files)} more`} now: it can attach ${ACCOUNT_MAX_A_DAY} files in 24 hours. Try again later.`;
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
  return bytes > room.bytes
    ? 'The files of your account’s requests take up all the space they may. Send the text without files.'
    : null;
}
