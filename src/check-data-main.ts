// `npm run check-data`: a line for each row that breaks an invariant, and exit 1; silent and 0 where all hold.
// Where the database cannot be checked: one sentence, and exit 2.
import { existsSync } from 'node:fs';
import { checkData } from './check-data.ts';
import { readConfig } from './config.ts';
import { isPostgresUrl, openDatabase, pendingMigrations, sqliteFile } from './database.ts';

try {
  process.exitCode = await check();
} catch (error) {
  process.stderr.write(`${(error as Error).message}\n`);
  process.exitCode = 2;
}

async function check(): Promise<number> {
  const config = readConfig({ DATABASE_URL: process.env.DATABASE_URL });
  if (!config.ok) throw new Error(config.problem.join('\n'));
  const { databaseUrl: url } = config.value;
  // Opening a file that is not there would make an empty one.
  if (!isPostgresUrl(url) && !existsSync(sqliteFile(url))) throw new Error(`There is no database ${sqliteFile(url)}.`);
  const db = await openDatabase(url);
  try {
    const pending = await pendingMigrations(db);
    if (pending.length > 0) throw new Error(`The database lacks ${pending.join(', ')}: start Warmdesk on it once.`);
    const lines = await checkData(db, Date.now());
    for (const line of lines) process.stdout.write(`${line}\n`);
    return lines.length > 0 ? 1 : 0;
  } finally {
    await db.destroy();
  }
}
