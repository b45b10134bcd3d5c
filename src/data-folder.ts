// Where files are kept that Warmdesk writes beside its database.
import { dirname, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { sqliteFile } from './database.ts';

/** The folder of the SQLite file at `url`; with PostgreSQL, `data` where Warmdesk was started. */
export function dataFolder(url: string): string {
  const file = sqliteFile(url);
  return file === null ? resolve('data') : dirname(file);
}

const WEB_ROOT = fileURLToPath(new URL('../public', import.meta.url));

/** Whether everybody could read a folder: it is the web root, or below it. */
export const isPublic = (folder: string): boolean => !/^\.\.(\/|$)/.test(relative(WEB_ROOT, resolve(folder)));
