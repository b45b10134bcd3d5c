// `npm run ingest -- postfix /var/log/mail.log`: counts what is new in a mail server's log, prints one line and ends.
// Exit 0 where all of it was read, 1 where something was not (it is said, and read again next time), 2 where it cannot run.
import { readConfig } from '../config.ts';
import { loadPolicy, policyPath } from '../policy/document/load.ts';
import { ingestLog } from '../sending/logs/ingest.ts';
import { readerNames } from '../sending/logs/kinds.ts';
import { summaryOf, unreadOf } from '../sending/logs/summary.ts';
import { openStarted } from '../started-database.ts';

const USAGE = `Say which mail server wrote it and where it is: npm run ingest -- ${readerNames.join('|')} FILE`;

try {
  await ingest(process.argv.slice(2));
} catch (error) {
  process.stderr.write(`${(error as Error).message}\n`);
  process.exitCode = 2;
}

async function ingest([name, ...paths]: readonly string[]): Promise<void> {
  const reader = readerNames.find((one) => one === name);
  if (!reader || paths.length === 0) throw new Error(USAGE);
  const config = readConfig({ DATABASE_URL: process.env.DATABASE_URL, POLICY: process.env.POLICY });
  if (!config.ok) throw new Error(config.problem.join('\n'));
  const policy = loadPolicy(policyPath(config.value.policy));
  if (!policy.ok) throw new Error(['The policy cannot be used:', ...policy.problem].join('\n'));
  const db = await openStarted(config.value.databaseUrl);
  try {
    for (const path of paths) {
      const run = await ingestLog(db, policy.value, { reader, path }, Date.now());
      if (!run.ok) throw new Error(run.problem);
      process.stdout.write(`${summaryOf(reader, path, run.value)}\n`);
      if (run.value.unread.length === 0) continue;
      process.stderr.write(`${unreadOf(run.value)}\n`);
      process.exitCode = 1;
    }
  } finally {
    await db.destroy();
  }
}
