// `npm run export -- KIND [--out FILE [--changed COMMAND]] [--helo DOMAIN] [--rollup PROVIDER=QUEUE …]`: writes what a mail server is configured with.
// The same state gives the same bytes; a file is replaced whole or not at all, and `--changed` runs where it is another one. Says
// nothing where all went well, so it can run from cron each minute.
import { spawnSync } from 'node:child_process';
import { closeSync, existsSync, fsyncSync, openSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { parseArgs } from 'node:util';
import { readConfig } from '../config.ts';
import { dayOf } from '../day.ts';
import { policyInForce } from '../installation.ts';
import type { Policy } from '../policy/document/policy.ts';
import { halon } from '../routing/export/halon.ts';
import { type Exported, exportedFrom, KINDS, type Kind } from '../routing/export/input.ts';
import { kumomta } from '../routing/export/kumomta.ts';
import { opensmtpd } from '../routing/export/opensmtpd.ts';
import { postfixRefusals, postfixSenders, postfixTransports } from '../routing/export/postfix.ts';
import { powermta } from '../routing/export/powermta.ts';
import { sources } from '../routing/export/sources.ts';
import { loadSenders } from '../routing/snapshot.ts';
import { openStarted } from '../started-database.ts';

const WRITERS: Readonly<Record<Kind, (exported: Exported) => string>> = {
  postfix: postfixTransports,
  'postfix-senders': postfixSenders,
  'postfix-refusals': postfixRefusals,
  sources,
  opensmtpd,
  kumomta,
  powermta,
  halon,
};

try {
  await write();
} catch (error) {
  process.stderr.write(`${(error as Error).message}\n`);
  process.exitCode = 1;
}

async function write(): Promise<void> {
  const { kind, out, changed, helo, rollup } = wishOf(process.argv.slice(2));
  const { DATABASE_URL, POLICY } = process.env;
  const config = readConfig({ DATABASE_URL, POLICY });
  if (!config.ok) throw new Error(config.problem.join('\n'));
  const db = await openStarted(config.value.databaseUrl);
  try {
    const policy = await policyInForce(db, config.value);
    const senders = await loadSenders(db);
    const today = dayOf(Date.now());
    const text = WRITERS[kind](
      exportedFrom(senders.values(), { policy, today, helo, rollups: rollupsOf(rollup, policy) }),
    );
    if (out === null) process.stdout.write(text);
    else if (changed === null) replace(out, text);
    else replaceThen(out, text, changed);
  } finally {
    await db.destroy();
  }
}

type Wish = {
  readonly kind: Kind;
  readonly out: string | null;
  /** A command of the shell, for when the file changed. */
  readonly changed: string | null;
  readonly helo: string | null;
  /** `PROVIDER=QUEUE`, as typed. */
  readonly rollup: readonly string[];
};

/** Throws where one is not of a mailbox provider that the policy knows. */
function rollupsOf(rollup: readonly string[], { providers }: Pick<Policy, 'providers'>): ReadonlyMap<string, string> {
  const keys = providers.value.map(({ key }) => key);
  return new Map(
    rollup.map((one) => {
      const [, key = '', queue = ''] = /^([^=]+)=([a-z0-9][a-z0-9.-]*)$/i.exec(one) ?? [];
      if (!keys.includes(key))
        throw new Error(`--rollup: ${one} is not PROVIDER=QUEUE. Providers are ${keys.join(', ')}.`);
      return [key, queue] as const;
    }),
  );
}

function wishOf(args: string[]): Wish {
  const text = { type: 'string' } as const;
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { out: text, changed: text, helo: text, rollup: { ...text, multiple: true } },
  });
  const kind = KINDS.find((one) => one === positionals[0]);
  if (kind === undefined || positionals.length > 1) throw new Error(`Say one of ${KINDS.join(', ')}.`);
  const { out = null, changed = null, helo = null, rollup = [] } = values;
  if (changed !== null && out === null) throw new Error('--changed needs --out: it runs where that file changed.');
  if (helo !== null && !/^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/i.test(helo))
    throw new Error(`--helo: ${helo} is not a domain name.`);
  if (kind === 'powermta' && helo === null)
    throw new Error('--helo DOMAIN is needed: PowerMTA wants a name for each IP, which is made below that domain.');
  if (rollup.length > 0 && kind !== 'powermta')
    throw new Error('--rollup is for powermta: it names PowerMTA’s rollup queues.');
  return { kind, out, changed, helo, rollup };
}

/**
 * Runs a command where the file changed. Where it fails the file is as before, so the next run tries again.
 */
function replaceThen(file: string, text: string, command: string): void {
  const before = existsSync(file) ? readFileSync(file, 'utf8') : null;
  if (before === text) return;
  replace(file, text);
  const { status, signal, error } = spawnSync(command, { shell: true, stdio: ['ignore', 'inherit', 'inherit'] });
  if (status === 0) return;
  if (before === null) rmSync(file);
  else replace(file, before);
  throw new Error(`${file} is as it was, because the command after it failed: ${error?.message ?? status ?? signal}.`);
}

/** A reader of the file sees the old one or the new one, whatever happens meanwhile. */
function replace(file: string, text: string): void {
  const fresh = `${file}.${process.pid}.new`;
  try {
    const open = openSync(fresh, 'w', 0o644);
    writeFileSync(open, text);
    fsyncSync(open);
    closeSync(open);
    renameSync(fresh, file);
  } catch (error) {
    rmSync(fresh, { force: true });
    throw error;
  }
  const folder = openSync(dirname(file), 'r');
  fsyncSync(folder);
  closeSync(folder);
}
