// Files that came with what somebody wrote: what they are called, how large they are, what they can be. Pure.
import type { AttachmentType } from '../policy/document/attachments.ts';
import type { Policy } from '../policy/document/policy.ts';
import { showsNothing } from '../visible.ts';
import { grouped } from '../wording.ts';

/** A file in the folder, which belongs to nothing yet. `key`: its name there. `bytes`: its size. */
export type NewFile = {
  readonly key: string;
  readonly name: string;
  readonly type: AttachmentType;
  readonly bytes: number;
  /** Of its content, in hexadecimal. */
  readonly sha256: string;
};

/** A file as a page lists it. */
export type Attached = Pick<NewFile, 'name' | 'type' | 'bytes'> & { readonly id: number };

/** What somebody wrote, with the files that came with it. */
export type Said = { readonly text: string; readonly files: readonly NewFile[] };

/** What was said, also where it came without files. */
export const saidOf = (said: string | Said): Said => (typeof said === 'string' ? { text: said, files: [] } : said);

/** The names of files as a mail tells them: nothing where there are none. */
export const namesOf = (files: readonly NewFile[]): { readonly files?: string[] } =>
  files.length === 0 ? {} : { files: files.map(({ name }) => name) };

type Kind = {
  /** As it is served, whatever its sender declared. */
  readonly mime: string;
  readonly words: string;
  /** What its name may end in; the first is added where it does not. */
  readonly endings: readonly [string, ...string[]];
};

/** A name ends in what its content is, so that no system opens it as a program, a page or a sheet with formulas. */
const KINDS: Readonly<Record<AttachmentType, Kind>> = {
  png: { mime: 'image/png', words: 'PNG picture', endings: ['png'] },
  jpeg: { mime: 'image/jpeg', words: 'JPEG picture', endings: ['jpg', 'jpeg'] },
  gif: { mime: 'image/gif', words: 'GIF picture', endings: ['gif'] },
  webp: { mime: 'image/webp', words: 'WebP picture', endings: ['webp'] },
  text: { mime: 'text/plain', words: 'plain text', endings: ['txt', 'log'] },
  pdf: { mime: 'application/pdf', words: 'PDF', endings: ['pdf'] },
};

export const mimeOf = (type: AttachmentType): string => KINDS[type].mime;
export const typeInWords = (type: AttachmentType): string => KINDS[type].words;

/** The type of this MIME type, if it is one that can be kept; an animated PNG is a PNG. */
export const typeOfMime = (mime: string): AttachmentType | null => {
  const plain = mime === 'image/apng' ? 'image/png' : mime;
  const found = Object.entries(KINDS).find(([, kind]) => kind.mime === plain);
  return found ? (found[0] as AttachmentType) : null;
};

const NAME_MAX = 100;
// What some file system does not take in a name, or a shell or a header reads as more than a name.
const UNSAFE = /[<>:"|?*%;'`$&\\/]/g;
const HIDDEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;
const RESERVED = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i;

/** A file's name as people and file systems can read it: one line, no path, and an ending that says what the file is. */
export function cleanName(given: string, type: AttachmentType): string {
  const { endings } = KINDS[type];
  const plain = shownName(given)
    .replace(UNSAFE, '_')
    .replace(/^[.\s]+|[.\s]+$/g, '');
  const at = plain.lastIndexOf('.');
  const ending = endings.find((one) => one === plain.slice(at + 1).toLowerCase() && at > 0);
  const stem = ending === undefined ? plain : plain.slice(0, at);
  const short = stem
    .slice(0, NAME_MAX)
    .toWellFormed()
    .replace(/\uFFFD$/, '')
    .trimEnd();
  const named = showsNothing(short) ? 'file' : short;
  return `${RESERVED.test(named) ? '_' : ''}${named}.${ending ?? endings[0]}`;
}

/** The name of any file as a sentence can have it: without its path, on one line. */
export function shownName(given: string): string {
  const name = (given.toWellFormed().normalize('NFC').split(/[\\/]/).at(-1) ?? '')
    .replace(HIDDEN, '')
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, NAME_MAX)
    .toWellFormed();
  return showsNothing(name) ? 'file' : name;
}

/** 1234567 → '1.2 MB'; decimal units, as file managers and policies have them. */
export function sizeInWords(bytes: number): string {
  if (bytes < 1000) return bytes === 1 ? '1 byte' : `${bytes} bytes`;
  const [unit, of] = bytes < 999_500 ? ['kB', 1000] : ['MB', 1_000_000];
  const value = bytes / Number(of);
  return `${grouped(value < 10 ? Math.round(value * 10) / 10 : Math.round(value))} ${unit}`;
}

/** What the policy lets people attach; `types` is never empty. */
export type Limits = {
  readonly types: readonly AttachmentType[];
  readonly maxBytes: number;
  readonly perMessage: number;
};

/** What may be attached under a policy; null: nothing. */
export const limitsOf = ({ attachments: { types, maxBytes, perMessage } }: Policy): Limits | null =>
  types.value.length === 0 ? null : { types: types.value, maxBytes: maxBytes.value, perMessage: perMessage.value };

/** All that an account's requests keep, and how many files it can attach within a day: far more than people need. */
export const ACCOUNT_MAX_BYTES = 500_000_000;
export const ACCOUNT_MAX_A_DAY = 100;

/** What is left of an account's limits. */
export type Room = { readonly bytes: number; readonly files: number };

/** A file that was written to the folder. */
export type Kept = Omit<NewFile, 'name' | 'type'> & {
  /** What its content shows it to be, whatever its name says; null: nothing that can be kept. */
  readonly type: AttachmentType | null;
};

/** A file that came in: what its sender called it, and what it turned out to be. */
export type Arrived = Kept & { readonly name: string; readonly isTooLarge: boolean };

/** The file as it is attached; undefined where it cannot be. */
export const newFileOf = ({ key, name, type, bytes, sha256 }: Arrived): NewFile | undefined =>
  type === null ? undefined : { key, name: cleanName(name, type), type, bytes, sha256 };

/** Why a file cannot be attached, as the end of a sentence that begins with its name; null: it can. */
export function whyNot(file: Omit<Arrived, 'key' | 'sha256'>, { types, maxBytes }: Limits): string | null {
  if (file.isTooLarge) return `is larger than ${sizeInWords(maxBytes)}`;
  if (file.bytes === 0) return 'is empty';
  return file.type === null || !types.includes(file.type) ? 'is of a type that cannot be attached' : null;
}

const PICTURES: Readonly<Partial<Record<AttachmentType, string>>> = {
  png: 'PNG',
  jpeg: 'JPEG',
  gif: 'GIF',
  webp: 'WebP',
};

/** What can be attached: 'PNG, JPEG, GIF or WebP pictures, or plain text'. */
export function typesInWords(types: readonly AttachmentType[]): string {
  const pictures = types.flatMap((type) => PICTURES[type] ?? []);
  const listed = pictures.join(', ').replace(/, ([^,]*)$/, ' or $1');
  const all = [
    ...(pictures.length > 0 ? [`${listed} pictures`] : []),
    ...(types.includes('pdf') ? ['PDF files'] : []),
    ...(types.includes('text') ? ['plain text'] : []),
  ];
  return all.length < 2 ? all.join('') : `${all.slice(0, -1).join(', ')}, or ${all.at(-1)}`;
}

/** What a browser offers to choose from. */
export const acceptOf = (types: readonly AttachmentType[]): string =>
  types.flatMap((type) => [KINDS[type].mime, ...KINDS[type].endings.map((one) => `.${one}`)]).join(',');
