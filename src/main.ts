import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { dirname, join, resolve } from 'node:path';
import { createApp } from './app.ts';
import { type Config, readConfig } from './config.ts';
import { type Db, isDiskFault, isPostgresUrl, migrate, openDatabase, withoutPassword } from './database.ts';
import { createLog } from './log.ts';

const stopWith = (sentences: readonly string[]): never => {
  for (const sentence of sentences) process.stderr.write(`${sentence}\n`);
  process.exit(1);
};
const orStop = <T>(work: Promise<T>): Promise<T> => work.catch((error: Error) => stopWith([error.message]));

const read = readConfig(process.env);
const config: Config = read.ok ? read.value : stopWith(['Warmdesk cannot start. Settings:', ...read.problem]);
const log = createLog(config.logLevel);
const db: Db = await orStop(openDatabase(config.databaseUrl));
const ran = await orStop(migrate(db));

/** A secret of our own is made once and kept beside the database, readable by this user only. */
function keptSecret(): string {
  const folder = isPostgresUrl(config.databaseUrl) ? 'data' : dirname(resolve(config.databaseUrl));
  const file = join(folder, 'session-secret');
  if (!existsSync(file)) writeFileSync(file, randomBytes(32).toString('hex'), { mode: 0o600 });
  return readFileSync(file, 'utf8').trim();
}

db.on('query-error', (error: unknown) => {
  if (!isDiskFault(error)) return;
  log.fatal(
    { err: error },
    'the disk failed under the database; ending before anything is acknowledged that is not stored',
  );
  process.exit(1);
});
