// A file that a form sends, as a stream.
import { pipeline } from 'node:stream/promises';
import { Busboy, type BusboyFileStream, type BusboyHeaders } from '@fastify/busboy';
import type { Request } from 'express';
import { ok, type Result, refused } from '../../result.ts';

export type NotReceived = 'no form' | 'no file' | 'too large' | 'cut off';

/**
 * Hands the form's first file that has a name to `read` while it comes in, and waits for both. Refused where there is
 * none, where it is larger than `mostBytes`, or where the connection ended within it; what `read` made of a part of the
 * file then goes to `drop`.
 */
export async function receiveFile<T>(
  req: Request,
  mostBytes: number,
  read: (file: AsyncIterable<Buffer>, name: string) => Promise<T>,
  drop: (made: T) => Promise<void>,
): Promise<Result<T, NotReceived>> {
  if (Number(req.get('content-length') ?? 0) > mostBytes + FORM_BYTES) return refused('too large');
  if (!/^multipart\/form-data\s*;/i.test(req.get('content-type') ?? '')) return refused('no form');
  const form = openForm(req, mostBytes);
  if (!form) return refused('no form');
  const found: { file?: BusboyFileStream; made?: Promise<T> } = {};
  let isWhole = true;
  form.on('file', (_field, file, name) => {
    // Also where nobody reads it: an error that nothing listens for would end the process.
    file.on('error', (error) => {
      isWhole = false;
      file.destroy(error);
    });
    if (!name || found.file) return void file.resume();
    found.file = file;
    // A reader that stops early must not end the stream: the form behind it still comes in.
    const bytes = file.iterator({ destroyOnReturn: false });
    found.made = read(bytes, name).finally(() => {
      // A reader that stopped within the file is still listening, and would keep the rest from passing by.
      file.removeAllListeners('readable');
      file.resume();
    });
    // It is awaited below; until then it must not be reported as unhandled.
    found.made.catch(() => {});
  });
  try {
    await pipeline(req, form);
  } catch {
    isWhole = false;
    found.file?.destroy(new Error('cut off'));
  }
  if (!found.made) return refused(isWhole ? 'no file' : 'cut off');
  const made = await found.made.catch((error: unknown) => {
    if (isWhole) throw error;
  });
  if (isWhole && !found.file?.truncated) return ok(made as T);
  if (made !== undefined) await drop(made);
  return refused(isWhole ? 'too large' : 'cut off');
}

/** What surrounds the file in a form. */
const FORM_BYTES = 16 * 1024;

function openForm(req: Request, fileSize: number) {
  try {
    return new Busboy({
      headers: req.headers as BusboyHeaders,
      limits: { fileSize, files: 1, fields: 5, fieldSize: 1000, parts: 6, headerPairs: 20 },
    });
  } catch {
    return undefined;
  }
}
