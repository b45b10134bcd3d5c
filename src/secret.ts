import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { sqliteFile } from './database.ts';

/** The secret that signs sessions where none is set: made once, kept beside the database, readable by this user alone. */
export function keptSecret(databaseUrl: string): string {
  const database = sqliteFile(databaseUrl);
  const folder = database === null ? resolve('data') : dirname(database);
  const file = join(folder, 'session-secret');
  mkdirSync(folder, { recursive: true });
  if (!existsSync(file)) writeFileSync(file, randomBytes(32).toString('hex'), { mode: 0o600 });
  return readFileSync(file, 'utf8').trim();
}
