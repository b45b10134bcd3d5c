// Which files a path on the command line means: a log with what was rotated away, a folder, or a pattern of names.
import { glob, readdir, stat } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';

/** A file to read. `isRotated`: it was the log, so it is read where the log was read before, or is newer than what was. */
export type LogFile = { readonly path: string; readonly isRotated: boolean };

const MOST_ROTATED = 50;
const STAMP = /^[._-]?\d{1,4}([._-]?\d+)*$/;

/**
 * The files of a log, the oldest first, the log itself last. A folder means all files in it, a pattern (`*`, `?`, `[…]`)
 * for those with such a name. Undefined where there is none.
 */
export async function filesOf(path: string): Promise<LogFile[] | undefined> {
  const found = await stat(path).catch(() => undefined);
  if (found?.isDirectory()) return inOrder(await inFolder(path), false);
  const rotated = await inOrder(await rotatedOf(path), found !== undefined);
  if (found) return [...rotated.slice(-MOST_ROTATED), { path, isRotated: false }];
  // PowerMTA never writes the name that its settings say: it puts the date into it.
  if (rotated.length > 0) return rotated;
  if (!/[*?[]/.test(path)) return undefined;
  const names: string[] = [];
  for await (const one of glob(path)) names.push(one);
  const files = await inOrder(names, false);
  return files.length > 0 ? files : undefined;
}

/** The files in a folder, as a log writes them: none that are hidden. */
async function inFolder(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  return entries.filter((one) => one.isFile() && !one.name.startsWith('.')).map(({ name }) => join(folder, name));
}

/** What a log is called after rotation: `mail.log.1`, `mail.log-20261127.gz`, `acct-2026-11-27-0000.csv` of `acct.csv`. */
async function rotatedOf(path: string): Promise<string[]> {
  const name = basename(path);
  const extension = extname(name);
  const stem = name.slice(0, name.length - extension.length);
  const beside = await readdir(dirname(path)).catch(() => []);
  const isRotated = (one: string): boolean => {
    const plain = one.replace(/\.(?:gz|zst)$/, '');
    if (one !== name && plain === name) return true;
    if (plain.startsWith(name) && STAMP.test(plain.slice(name.length))) return true;
    const isStamped = extension !== '' && plain.startsWith(stem) && plain.endsWith(extension);
    return isStamped && STAMP.test(plain.slice(stem.length, plain.length - extension.length));
  };
  return beside.filter(isRotated).map((one) => join(dirname(path), one));
}

async function inOrder(paths: readonly string[], isRotated: boolean): Promise<LogFile[]> {
  const found = await Promise.all(
    paths.map(async (path) => {
      const at = await stat(path).catch(() => undefined);
      return { path, isRotated, at: at?.mtimeMs ?? 0, isFile: at?.isFile() ?? false };
    }),
  );
  return found
    .filter(({ isFile }) => isFile)
    .toSorted((one, other) => one.at - other.at || (one.path < other.path ? -1 : 1))
    .map(({ path }) => ({ path, isRotated }));
}
