// `npm run ingest -- postfix /var/log/mail.log`: counts what is new in a mail server's log, prints one line and ends; what
// mailbox providers report of our mail (`postmaster`, `snds`) is stored beside it.
// Exit 0 where all of it was read, 1 where something was not (it is said, and read again next time), 2 where it cannot run.
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { readConfig } from '../config.ts';
import type { Db } from '../database.ts';
import { policyInForce } from '../installation.ts';
import { ok, type Result, refused } from '../result.ts';
import { Reports } from '../sending/feedback/actions.ts';
import { ingestLog } from '../sending/logs/actions.ts';
import { KINDS, readerNames } from '../sending/logs/kinds.ts';
import { addRun, emptyRun, type Ingested, summaryOf, unreadOf } from '../sending/logs/summary.ts';
import { type OutsideSource, outsideSources, takeOutside } from '../sending/outside/actions.ts';
import { outsideFaultsOf, outsideSummaryOf } from '../sending/outside/summary.ts';
import { openStarted } from '../started-database.ts';
import { mailsAt } from './mail-files.ts';

const USAGE = `Say which mail server wrote it and where it is: npm run ingest -- ${[...readerNames, 'arf', ...outsideSources].join('|')} FILE`;

/** A job that nobody watches is better late than not done. */
const CONNECT_MS = 60_000;

/** No report of a mailbox provider is larger. */
const MOST_BYTES = 64 * 1024 * 1024;

try {
  await ingest(process.argv.slice(2));
} catch (error) {
  process.stderr.write(`${(error as Error).message}\n`);
  process.exitCode = 2;
}

async function ingest([name, ...args]: readonly string[]): Promise<void> {
  const { own, year, paths } = argumentsOf(args);
  const reader = readerNames.find((one) => one === name);
  const source = outsideSources.find((one) => one === name);
  if ((!reader && !source && name !== 'arf') || paths.length === 0) throw new Error(USAGE);
  if (year !== null && !(reader && KINDS[reader].mayLackYears))
    throw new Error('--year is for postfix: other logs say the year.');
  const config = readConfig({ DATABASE_URL: process.env.DATABASE_URL, POLICY: process.env.POLICY });
  if (!config.ok) throw new Error(config.problem.join('\n'));
  const db = await openStarted(config.value.databaseUrl, CONNECT_MS);
  try {
    if (source) return void (await ingestOutside(db, source, paths));
    const policy = await policyInForce(db, config.value);
    const reports = new Reports(db, policy, own);
    for (const path of paths) {
      const run = reader
        ? await ingestLog(db, policy, { reader, path, year }, Date.now())
        : await ingestMails(reports, path);
      if (!run.ok) throw new Error(run.problem);
      process.stdout.write(`${summaryOf(reader ?? 'arf', path, run.value)}\n`);
      if (run.value.unread.length === 0) continue;
      process.stderr.write(`${unreadOf(run.value)}\n`);
      process.exitCode = 1;
    }
  } finally {
    await db.destroy();
  }
}

/** Stores what a mailbox provider reports. Throws where a file is not there, or too large to be a report. */
async function ingestOutside(db: Db, source: OutsideSource, paths: readonly string[]): Promise<void> {
  for (const path of paths) {
    if (!existsSync(path)) throw new Error(`There is no file ${path}.`);
    const bytes = await readFile(path);
    if (bytes.length > MOST_BYTES) throw new Error(`${path} has more than 64 MB: that is not a report of ${source}.`);
    const taken = await takeOutside(db, source, bytes.toString('utf8'), Date.now());
    process.stdout.write(`${outsideSummaryOf(source, path, taken)}\n`);
    if (taken.faults.length === 0) continue;
    process.stderr.write(`${outsideFaultsOf(path, taken)}\n`);
    process.exitCode = 1;
  }
}

type Arguments = { readonly own: string[]; readonly year: number | null; readonly paths: readonly string[] };

/**
 * `--own NAMES` for `arf`: the provider's own mail servers, whose bounces are in their logs. `--year YEAR` for a log whose
 * dates have no year: that of its last one. Throws where that is not a year.
 */
function argumentsOf(args: readonly string[]): Arguments {
  const [flag, value = '', ...paths] = args;
  if (flag === '--own') return { own: value.split(','), year: null, paths };
  if (flag !== '--year') return { own: [], year: null, paths: args };
  if (!/^20\d\d$/.test(value)) throw new Error(`--year: ${value} is not a year, as in --year 2026.`);
  return { own: [], year: Number(value), paths };
}

/** Counts the mails at a path. Refused where there is none. */
async function ingestMails(reports: Reports, path: string): Promise<Result<Ingested, string>> {
  if (!existsSync(path)) return refused(`There is no file ${path}.`);
  const sum = emptyRun();
  for await (const mails of mailsAt(path)) addRun(sum, await reports.take(mails, Date.now()));
  return ok(sum);
}
