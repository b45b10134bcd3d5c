import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { dataFolder } from './data-folder.ts';

/** The secret that signs sessions where none is set: made once, kept beside the database, readable by this user alone. */
export function keptSecret(databaseUrl: string): string {
  const folder = dataFolder(databaseUrl);
  const file = join(folder, 'session-secret');
  mkdirSync(folder, { recursive: true });
  if (!existsSync(file)) writeFileSync(file, randomBytes(32).toString('hex'), { mode: 0o600 });
  return readFileSync(file, 'utf8').trim();
}
