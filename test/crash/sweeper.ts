// Removing old rows in a process of its own: `node sweeper.ts DATABASE_URL NOW`. Says a word before each statement that removes some.
import { readConfig } from '../../src/config.ts';
import { openDatabase } from '../../src/database.ts';
import { createLog } from '../../src/log.ts';
import { removeOldRows } from '../../src/old-rows.ts';

const [url = '', now = ''] = process.argv.slice(2);
const config = readConfig({ DATABASE_URL: url, KEEP_COUNTS_DAYS: '200', KEEP_MAILS_DAYS: '120' });
if (!config.ok) throw new Error(config.problem.join('\n'));
const db = await openDatabase(url);
db.on('query', ({ sql }: { sql: string }) => {
  if (sql.startsWith('delete')) console.log('removing');
});
await removeOldRows({ db, config: config.value, log: createLog('silent'), now: () => Number(now) });
console.log('removed');
await db.destroy();
