// `npm run ingest -- postfix /var/log/mail.log`: counts what is new in a mail server's log, prints one line and ends.
// Exit 0 where it was read, 2 with a sentence where not.
import { existsSync } from 'node:fs';
import { readConfig } from '../config.ts';
import { loadPolicy, policyPath } from '../policy/document/load.ts';
import { ingestLog, type ReaderName, readerNames, summaryOf } from '../sending/logs/ingest.ts';
import { openStarted } from '../started-database.ts';

const USAGE = `Say which mail server wrote it and where it is: npm run ingest -- ${readerNames.join('|')} FILE`;

try {
  await ingest(process.argv.slice(2));
} catch (error) {
  process.stderr.write(`${(error as Error).message}\n`);
  process.exitCode = 2;
}

async function ingest([name, path, ...more]: readonly string[]): Promise<void> {
  const reader = readerNames.find((one) => one === name);
  if (!reader || path === undefined || more.length > 0) throw new Error(USAGE);
  if (!existsSync(path)) throw new Error(`There is no file ${path}.`);
  const config = readConfig({ DATABASE_URL: process.env.DATABASE_URL, POLICY: process.env.POLICY });
  if (!config.ok) throw new Error(config.problem.join('\n'));
  const policy = loadPolicy(policyPath(config.value.policy));
  if (!policy.ok) throw new Error(['The policy cannot be used:', ...policy.problem].join('\n'));
  const db = await openStarted(config.value.databaseUrl);
  try {
    const run = await ingestLog(db, policy.value, { reader: reader satisfies ReaderName, path }, Date.now());
    if (!run.ok) throw new Error(run.problem);
    process.stdout.write(`${summaryOf(reader, path, run.value)}\n`);
  } finally {
    await db.destroy();
  }
}
