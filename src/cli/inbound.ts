// `npm run inbound -- --lmtp 10046 [--smtp 10047] [--host 127.0.0.1]`: takes what people reply to mails about requests, and
// mails of ours that came back, from the mail server in front.
import { parseArgs } from 'node:util';
import { readConfig } from '../config.ts';
import { openResolver } from '../dns/resolver.ts';
import { type Taking, takeLeft } from '../inbound/actions.ts';
import { listenForReplies } from '../inbound/listener.ts';
import { createLog } from '../log.ts';
import type { Listening } from '../mail-listener.ts';
import { keptSecret } from '../secret.ts';
import { onSignal } from '../signals.ts';
import { openStarted } from '../started-database.ts';
import { portOf } from './port.ts';

const USAGE = 'Say --lmtp PORT or --smtp PORT, or both; --host ADDRESS if not 127.0.0.1.';
const LEFT_EVERY_MS = 10 * 60_000;

try {
  await start();
} catch (error) {
  process.stderr.write(`${(error as Error).message}\n`);
  process.exit(1);
}

async function start(): Promise<void> {
  const { lmtp, smtp, host } = options(process.argv.slice(2));
  const { ATTACHMENTS_DIR, DATABASE_URL, SESSION_SECRET, INBOUND_DOMAIN, INBOUND_AUTHSERV_ID, DNS_SERVERS, LOG_LEVEL } =
    process.env;
  const read = readConfig({
    ATTACHMENTS_DIR,
    DATABASE_URL,
    SESSION_SECRET,
    INBOUND_DOMAIN,
    INBOUND_AUTHSERV_ID,
    DNS_SERVERS,
    LOG_LEVEL,
  });
  if (!read.ok) throw new Error(read.problem.join('\n'));
  const {
    attachmentsDir: folder,
    inboundDomain: domain,
    inboundAuthservId: authservId,
    databaseUrl,
    dnsServers,
    logLevel,
  } = read.value;
  if (domain === null)
    throw new Error('INBOUND_DOMAIN: is required, and has to be the one that Warmdesk is started with.');
  const db = await openStarted(databaseUrl);
  const log = createLog(logLevel);
  const secret = read.value.sessionSecret ?? keptSecret(databaseUrl);
  const taking: Taking = { db, folder, dns: openResolver(dnsServers), secret, domain, authservId, log, now: Date.now };
  const listening: Listening[] = [];
  const left = () =>
    takeLeft(taking).catch((err: unknown) => log.error({ err }, 'mails that were left could not be read'));
  const timer = setInterval(left, LEFT_EVERY_MS);
  onSignal(async (signal) => {
    log.info({ signal }, 'stopping');
    clearInterval(timer);
    await Promise.all(listening.map((one) => one.stop()));
    await db.destroy();
    log.info({}, 'stopped');
  });
  for (const [isLmtp, port] of [[true, lmtp] as const, [false, smtp] as const]) {
    if (port === undefined) continue;
    const one = await listenForReplies(taking, { lmtp: isLmtp, host, port });
    listening.push(one);
    log.info({ protocol: isLmtp ? 'LMTP' : 'SMTP', host, port: one.port, domain }, 'listening for replies');
  }
  await left();
}

function options(args: string[]) {
  const text = { type: 'string' } as const;
  let values: Partial<Record<'lmtp' | 'smtp' | 'host', string>>;
  try {
    values = parseArgs({ args, options: { lmtp: text, smtp: text, host: text } }).values;
  } catch {
    throw new Error(USAGE);
  }
  const [lmtp, smtp] = [values.lmtp, values.smtp].map((port) => (port === undefined ? undefined : portOf(port)));
  if (lmtp === undefined && smtp === undefined) throw new Error(USAGE);
  return { lmtp, smtp, host: values.host ?? '127.0.0.1' };
}
