// `npm run feedback -- --lmtp 10044 [--smtp 10045] [--host 127.0.0.1] [--own mta1.example.net,mta2.example.net]`: takes
// the reports of feedback loops, and bounces that came back as mails, from the mail server in front, and counts them.
import { parseArgs } from 'node:util';
import { readConfig } from '../config.ts';
import { policyInForce } from '../installation.ts';
import { createLog } from '../log.ts';
import type { Listening } from '../mail-listener.ts';
import { Reports } from '../sending/feedback/actions.ts';
import { listenForReports } from '../sending/feedback/listener.ts';
import { onSignal } from '../signals.ts';
import { openStarted } from '../started-database.ts';
import { portOf } from './port.ts';

const USAGE =
  'Say --lmtp PORT or --smtp PORT, or both; --host ADDRESS if not 127.0.0.1; --own NAMES of your own mail servers, with commas between, whose bounces are in their logs.';

try {
  await start();
} catch (error) {
  process.stderr.write(`${(error as Error).message}\n`);
  process.exit(1);
}

async function start(): Promise<void> {
  const { lmtp, smtp, host, own } = options(process.argv.slice(2));
  const config = readConfig({
    DATABASE_URL: process.env.DATABASE_URL,
    POLICY: process.env.POLICY,
    LOG_LEVEL: process.env.LOG_LEVEL,
  });
  if (!config.ok) throw new Error(config.problem.join('\n'));
  const db = await openStarted(config.value.databaseUrl);
  const log = createLog(config.value.logLevel);
  const reports = new Reports(db, await policyInForce(db, config.value), own);
  const listening: Listening[] = [];
  onSignal(async (signal) => {
    log.info({ signal }, 'stopping');
    await Promise.all(listening.map((one) => one.stop()));
    await db.destroy();
    log.info({}, 'stopped');
  });
  for (const [isLmtp, port] of [[true, lmtp] as const, [false, smtp] as const]) {
    if (port === undefined) continue;
    const one = await listenForReports({ lmtp: isLmtp, host, port, reports, log, now: Date.now });
    listening.push(one);
    log.info({ protocol: isLmtp ? 'LMTP' : 'SMTP', host, port: one.port }, 'listening for reports');
  }
}

function options(args: string[]) {
  const text = { type: 'string' } as const;
  let values: Partial<Record<'lmtp' | 'smtp' | 'host' | 'own', string>>;
  try {
    values = parseArgs({ args, options: { lmtp: text, smtp: text, host: text, own: text } }).values;
  } catch {
    throw new Error(USAGE);
  }
  const [lmtp, smtp] = [values.lmtp, values.smtp].map((port) => (port === undefined ? undefined : portOf(port)));
  if (lmtp === undefined && smtp === undefined) throw new Error(USAGE);
  return { lmtp, smtp, host: values.host ?? '127.0.0.1', own: namesOf(values.own) };
}

const namesOf = (written = ''): string[] =>
  written
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
