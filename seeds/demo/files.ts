// Files that customers of the demo attach.
import { Readable } from 'node:stream';
import { type NewFile, newFileOf } from '../../src/attachments/attachment.ts';
import { keepFile } from '../../src/attachments/folder.ts';

export const OPT_IN_LOG = 'paperkite-opt-in.log';

const TEXTS: Readonly<Record<string, string>> = {
  [OPT_IN_LOG]: [
    '2026-03-02T08:14:07Z signup address=m****@birkenfeld.example source=footer',
    '2026-03-02T08:14:08Z mailed confirmation id=81f3',
    '2026-03-02T08:21:40Z confirmed id=81f3 from=203.0.113.18',
    '2026-03-02T09:02:55Z signup address=h.o****@fjordmail.example source=checkout',
    '2026-03-02T09:02:55Z mailed confirmation id=81f4',
    '2026-03-04T09:02:56Z dropped id=81f4 reason=not-confirmed',
    '',
  ].join('\n'),
};

/** Writes them to the folder. Returns each by its name. */
export async function keepFiles(folder: string): Promise<ReadonlyMap<string, NewFile>> {
  const kept = new Map<string, NewFile>();
  for (const [name, text] of Object.entries(TEXTS)) {
    const made = { ...(await keepFile(folder, Readable.from([Buffer.from(text)]))), name, isTooLarge: false };
    const file = newFileOf(made);
    if (file) kept.set(name, file);
  }
  return kept;
}
