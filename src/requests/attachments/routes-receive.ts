// What somebody writes about a request, with files: these are written to the folder while the form comes in.
import type { Request } from 'express';
import { type Arrived, limitsOf, newFileOf, type Said } from '../../attachments/attachment.ts';
import { keepFile, removeFiles } from '../../attachments/folder.ts';
import { gatherRoom } from '../../attachments/gather.ts';
import type { Deps } from '../../deps.ts';
import type { FormResult } from '../../form.ts';
import { findPolicyVersion } from '../../policy/store.ts';
import { isMultipart, receiveForm } from '../../web/multipart.ts';
import { readText } from '../form.ts';
import type { IpRequest } from '../request.ts';
import { AGAIN, CUT_OFF, filesField, NONE, problemWith } from './chosen.ts';

/** A field for words, beside which files can be chosen. `isLimited`: by what the request's account may attach. */
type Asked = {
  readonly request: IpRequest;
  readonly field: string;
  readonly label: string;
  readonly isLimited: boolean;
};

/**
 * Reads a message with its files. Where it is not as it should be, nothing of its files is left; where the message is not
 * stored later, the caller discards them.
 */
export async function receiveSaid(deps: Deps, req: Request, asked: Asked): Promise<FormResult<Said>> {
  const { request, field, label } = asked;
  if (!isMultipart(req)) return readSaid(req.body, field, label);
  const folder = deps.config.attachmentsDir;
  const limits = limitsOf((await findPolicyVersion(deps.db, request.policyVersionId)).document);
  const { maxBytes, perMessage } = limits ?? { maxBytes: 0, perMessage: 0 };
  const keys: string[] = [];
  const keep = async (content: AsyncIterable<Buffer>) => {
    const made = await keepFile(folder, content);
    keys.push(made.key);
    return made;
  };
  const form = await receiveForm(req, { maxBytes, files: perMessage }, keep).catch(async (error: unknown) => {
    // A full disk, for example: what was written of the others is in its way.
    await removeFiles(folder, keys);
    throw error;
  });
  const files = form.files.map(({ name, made, isCut }): Arrived => ({ ...made, name, isTooLarge: isCut }));
  const room = asked.isLimited ? await gatherRoom(deps.db, request.account.id, deps.now()) : null;
  const problem = limits
    ? problemWith(files, { limits, room, isTooMany: form.isTooMany })
    : form.isTooMany
      ? NONE
      : null;
  const read = readText(form.body, field, label);
  const again = !read.ok && files.length > 0 ? AGAIN : null;
  const ofFiles = form.isCutOff ? null : (problem ?? again);
  const errors = {
    ...(read.ok ? {} : read.errors),
    ...(form.isCutOff ? { [field]: CUT_OFF } : {}),
    ...(ofFiles === null ? {} : { [filesField(field)]: ofFiles }),
  };
  const isWhole = read.ok && Object.keys(errors).length === 0;
  if (isWhole) {
    const said = { text: read.value, files: files.flatMap((file) => newFileOf(file) ?? []) };
    return { ok: true, value: said, typed: read.typed };
  }
  await removeFiles(
    folder,
    files.map(({ key }) => key),
  );
  return { ok: false, errors, typed: read.typed };
}

/** Reads a message without files. */
export function readSaid(body: unknown, field: string, label: string): FormResult<Said> {
  const read = readText(body, field, label);
  return read.ok ? { ...read, value: { text: read.value, files: [] } } : read;
}

/** Removes the files of a message that was not stored. */
export const discard = ({ config }: Deps, { files }: Said): Promise<void> =>
  removeFiles(
    config.attachmentsDir,
    files.map(({ key }) => key),
  );
