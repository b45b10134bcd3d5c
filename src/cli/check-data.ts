// `npm run check-data`: a line for each row that breaks an invariant, or whose file is missing or changed, and exit 1; silent and 0 where all hold.
// Where the database cannot be checked: one sentence, and exit 2.

import { gatherFaults } from '../attachments/gather.ts';
import { readConfig } from '../config.ts';
import { checkData } from '../invariants/store.ts';
import { openStarted } from '../started-database.ts';

try {
  process.exitCode = await check();
} catch (error) {
  process.stderr.write(`${(error as Error).message}\n`);
  process.exitCode = 2;
}

async function check(): Promise<number> {
  const { DATABASE_URL, ATTACHMENTS_DIR } = process.env;
  const config = readConfig({ DATABASE_URL, ATTACHMENTS_DIR });
  if (!config.ok) throw new Error(config.problem.join('\n'));
  const db = await openStarted(config.value.databaseUrl);
  try {
    const files = await gatherFaults(db, config.value.attachmentsDir);
    const lines = [...(await checkData(db, Date.now())), ...files];
    for (const line of lines) process.stdout.write(`${line}\n`);
    return lines.length > 0 ? 1 : 0;
  } finally {
    await db.destroy();
  }
}
