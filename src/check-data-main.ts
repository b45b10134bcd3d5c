// `npm run check-data`: a line for each row that breaks an invariant, and exit 1; silent and 0 where all hold.
import { checkData } from './check-data.ts';
import { readConfig } from './config.ts';
import { openDatabase } from './database.ts';

const config = readConfig({ DATABASE_URL: process.env.DATABASE_URL });
if (!config.ok) throw new Error(config.problem.join('\n'));
const db = await openDatabase(config.value.databaseUrl);
const lines = await checkData(db, Date.now());
await db.destroy();
for (const line of lines) process.stdout.write(`${line}\n`);
process.exitCode = lines.length > 0 ? 1 : 0;
