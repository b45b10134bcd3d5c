// Files of a mail that is filed: those that could be attached on the page as well are kept, the others are told by name.
import { Readable } from 'node:stream';
import { type Limits, limitsOf, type NewFile, newFileOf, shownName, whyNot } from '../../attachments/attachment.ts';
import { keepFile, removeFiles } from '../../attachments/folder.ts';
import { gatherRoom } from '../../attachments/gather.ts';
import { type Db, isAway } from '../../database.ts';
import { findPolicyVersion } from '../../policy/store.ts';
import type { IpRequest } from '../../requests/request.ts';
import { counted } from '../../wording.ts';
import type { MailFile } from '../message.ts';
import type { LeftOut } from '../store.ts';

/** As many as any policy lets a message have; the history counts the others. A mail can bring thousands. */
const MOST_LOOKED_AT = 20;

/** Where files are kept, and where is known what may be. */
export type Keeping = { readonly db: Db; readonly folder: string };

export type KeptFiles = { readonly files: readonly NewFile[]; readonly leftOut: readonly LeftOut[] };

/**
 * Writes the files of a mail about a request to the folder at the instant `at` (UTC milliseconds), as far as the request's
 * policy and its account's limits let them be attached. The caller attaches them, or drops them.
 */
export async function keepAttached(
  { db, folder }: Keeping,
  request: IpRequest,
  mailed: readonly MailFile[],
  at: number,
): Promise<KeptFiles> {
  const files: NewFile[] = [];
  const leftOut: LeftOut[] = [];
  if (mailed.length === 0) return { files, leftOut };
  const limits = limitsOf((await findPolicyVersion(db, request.policyVersionId)).document);
  const room = await gatherRoom(db, request.account.id, at);
  let bytes = 0;
  for (const { name, content } of mailed.slice(0, MOST_LOOKED_AT)) {
    const isFull = files.length >= room.files || bytes + content.length > room.bytes;
    const why = isFull ? 'is more than the account can attach' : tooMuch(content, files.length, limits);
    const kept = why === null && limits ? await keepOne(folder, { name, content }, limits) : why;
    if (kept === null || typeof kept === 'string') leftOut.push({ name: shownName(name), why: kept ?? UNTYPED });
    else {
      files.push(kept);
      bytes += kept.bytes;
    }
  }
  return { files, leftOut };
}

const UNTYPED = 'is of a type that cannot be attached';

/** What can be said of a file without writing it. */
function tooMuch(content: Uint8Array, before: number, limits: Limits | null): string | null {
  if (limits === null) return UNTYPED;
  if (before >= limits.perMessage)
    return `comes after the ${counted(limits.perMessage, 'file')} that a message can have`;
  const file = { name: '', bytes: content.length, type: limits.types[0] ?? null };
  return whyNot({ ...file, isTooLarge: content.length > limits.maxBytes }, limits);
}

/** Returns the file, or why it is left out. */
async function keepOne(folder: string, { name, content }: MailFile, limits: Limits): Promise<NewFile | string> {
  const file = { ...(await keepFile(folder, Readable.from([content]))), name, isTooLarge: false };
  const why = whyNot(file, limits);
  if (why === null) return newFileOf(file) ?? UNTYPED;
  await removeFiles(folder, [file.key]);
  return why;
}

/** Removes files of a mail that was not filed after all. */
export const dropAttached = ({ folder }: Keeping, { files }: KeptFiles): Promise<void> =>
  removeFiles(
    folder,
    files.map(({ key }) => key),
  );

/**
 * The same where the transaction failed with an error, which is thrown on. While the database is away it may have stored the mail
 * all the same, so its files are left to the night.
 */
export async function dropUnlessAway(keeping: Keeping, kept: KeptFiles, error: unknown): Promise<never> {
  if (!isAway(error)) await dropAttached(keeping, kept);
  throw error;
}
