// Mails in files: one a file, a folder of them (also a Maildir), or many in one file (mbox).
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { RawMail } from '../sending/feedback/actions.ts';

const TOGETHER = 300;

/** The mails at a path, some hundreds at a time; nothing where there is no such path. */
export async function* mailsAt(path: string): AsyncGenerator<RawMail[]> {
  let some: RawMail[] = [];
  for await (const file of filesAt(path)) {
    const content = await readFile(file);
    for (const raw of mailsIn(content)) {
      some.push({ name: file, raw, recipients: [] });
      if (some.length < TOGETHER) continue;
      yield some;
      some = [];
    }
  }
  if (some.length > 0) yield some;
}

async function* filesAt(path: string): AsyncGenerator<string> {
  const found = await stat(path).catch(() => undefined);
  if (found?.isFile()) yield path;
  if (!found?.isDirectory()) return;
  const entries = await readdir(path, { withFileTypes: true });
  const names = entries.map(({ name }) => name);
  const isMaildir = names.includes('new') && names.includes('cur');
  for (const one of entries.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
    if (one.name.startsWith('.')) continue;
    if (isMaildir && (one.name === 'new' || one.name === 'cur')) yield* filesAt(join(path, one.name));
    else if (!isMaildir && one.isFile()) yield join(path, one.name);
  }
}

/** An mbox begins with `From ` at the start of a line before each mail. */
function mailsIn(content: Buffer): Buffer[] {
  if (!content.subarray(0, 5).equals(Buffer.from('From '))) return [content];
  return content
    .toString('latin1')
    .split(/^From [^\n]*\n/m)
    .filter((mail) => mail.trim() !== '')
    .map((mail) => Buffer.from(mail.replace(/^>(>*From )/gm, '$1'), 'latin1'));
}
