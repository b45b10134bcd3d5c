// Forms with files, as streams: nothing of a file is held in memory, and the words of the form are kept whatever the files are.
import { pipeline } from 'node:stream/promises';
import { Busboy, type BusboyFileStream, type BusboyHeaders } from '@fastify/busboy';
import type { Request } from 'express';
import type { Typed } from '../form.ts';

/** A file that came in, and what was made of it. `isCut`: it was larger than it may be, and the rest was dropped. */
export type Received<T> = { readonly name: string; readonly made: T; readonly isCut: boolean };

export type ReceivedForm<T> = {
  readonly body: Typed;
  readonly files: readonly Received<T>[];
  /** There were more files than are taken; the others were dropped. */
  readonly isTooMany: boolean;
  /** The connection ended within the form, or it cannot be read as one. */
  readonly isCutOff: boolean;
};

export type FormLimits = { readonly maxBytes: number; readonly files: number };

/** Words of a whole form, as in forms without files. */
const WORDS_MAX = 256 * 1024;

export const isMultipart = (req: Request): boolean => /^multipart\/form-data\s*;/i.test(req.get('content-type') ?? '');

/**
 * Reads a form with files. Each file is handed to `take` while it comes in, at most `files` of them and `maxBytes` of each.
 * What was made of them is the caller's, whatever became of the form.
 */
export async function receiveForm<T>(
  req: Request,
  limits: FormLimits,
  take: (content: AsyncIterable<Buffer>) => Promise<T>,
): Promise<ReceivedForm<T>> {
  const form = openForm(req, limits);
  if (!form) return { body: {}, files: [], isTooMany: false, isCutOff: true };
  const body: Record<string, string[]> = {};
  const taking: Promise<Received<T>>[] = [];
  const open = new Set<BusboyFileStream>();
  let isTooMany = false;
  let isCutOff = false;
  let words = 0;
  form.on('field', (name, value) => {
    words += value.length;
    if (words > WORDS_MAX) return;
    if (Object.hasOwn(body, name)) body[name]?.push(value);
    else Object.defineProperty(body, name, { value: [value], enumerable: true });
  });
  form.on('file', (_field, file, name) => {
    // Also where nobody reads it: an error that nothing listens for would end the process.
    file.on('error', (error) => file.destroy(error));
    // A field in which no file was chosen comes as one without a name.
    if (!name) return void file.resume();
    if (taking.length >= limits.files) {
      isTooMany = true;
      return void file.resume();
    }
    open.add(file);
    file.on('close', () => open.delete(file));
    const taken = take(file.iterator({ destroyOnReturn: false }))
      .then((made) => ({ name, made, isCut: file.truncated === true }))
      .finally(() => {
        // A reader that gave up within the file would keep the rest of the form from coming in.
        file.removeAllListeners('readable');
        file.resume();
      });
    // It is awaited below; until then it must not be reported as unhandled.
    taken.catch(() => {});
    taking.push(taken);
  });
  try {
    await pipeline(req, form);
  } catch {
    isCutOff = true;
    for (const file of open) file.destroy(new Error('cut off'));
  }
  const taken = await Promise.allSettled(taking);
  const failed = taken.find(({ status }) => status === 'rejected');
  if (failed?.status === 'rejected' && !isCutOff) throw failed.reason;
  const files = taken.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
  return { body: typed(body), files, isTooMany, isCutOff };
}

/** The words of a form with files; its files are dropped. */
export const wordsOf = async (req: Request): Promise<Typed> =>
  (await receiveForm(req, { maxBytes: 1, files: 0 }, async () => {})).body;

const typed = (body: Readonly<Record<string, readonly string[]>>): Typed =>
  Object.fromEntries(
    Object.entries(body).map(([name, values]) => [name, values.length === 1 ? (values[0] ?? '') : values]),
  );

function openForm(req: Request, { maxBytes }: FormLimits) {
  try {
    const limits = { fileSize: maxBytes, files: 100, fields: 100, fieldSize: WORDS_MAX, parts: 200, headerPairs: 20 };
    return new Busboy({ headers: req.headers as BusboyHeaders, limits });
  } catch {
    return undefined;
  }
}
