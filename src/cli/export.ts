// `npm run export -- KIND [--out FILE] [--helo DOMAIN]`: writes what a mail server is configured with. The same state
// gives the same bytes; a file is replaced whole or not at all.
import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { parseArgs } from 'node:util';
import { readConfig } from '../config.ts';
import { dayOf } from '../day.ts';
import { loadPolicy, policyPath } from '../policy/document/load.ts';
import { halon } from '../routing/export/halon.ts';
import { type Exported, exportedFrom, KINDS, type Kind } from '../routing/export/input.ts';
import { kumomta } from '../routing/export/kumomta.ts';
import { postfixSenders, postfixTransports } from '../routing/export/postfix.ts';
import { powermta } from '../routing/export/powermta.ts';
import { sources } from '../routing/export/sources.ts';
import { loadSenders } from '../routing/snapshot.ts';
import { openStarted } from '../started-database.ts';

const WRITERS: Readonly<Record<Kind, (exported: Exported) => string>> = {
  postfix: postfixTransports,
  'postfix-senders': postfixSenders,
  sources,
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
  const { kind, out, helo } = wishOf(process.argv.slice(2));
  const { DATABASE_URL, POLICY } = process.env;
  const config = readConfig({ DATABASE_URL, POLICY });
  if (!config.ok) throw new Error(config.problem.join('\n'));
  const policy = loadPolicy(policyPath(config.value.policy));
  if (!policy.ok) throw new Error(policy.problem.join('\n'));
  const db = await openStarted(config.value.databaseUrl);
  try {
    const senders = await loadSenders(db);
    const today = dayOf(Date.now());
    const text = WRITERS[kind](exportedFrom(senders.values(), { policy: policy.value, today, helo }));
    if (out === null) process.stdout.write(text);
    else replace(out, text);
  } finally {
    await db.destroy();
  }
}

function wishOf(args: string[]): { readonly kind: Kind; readonly out: string | null; readonly helo: string | null } {
  const text = { type: 'string' } as const;
  const { values, positionals } = parseArgs({ args, allowPositionals: true, options: { out: text, helo: text } });
  const kind = KINDS.find((one) => one === positionals[0]);
  if (kind === undefined || positionals.length > 1) throw new Error(`Say one of ${KINDS.join(', ')}.`);
  const { out = null, helo = null } = values;
  if (helo !== null && !/^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/i.test(helo))
    throw new Error(`--helo: ${helo} is not a domain name.`);
  if (kind === 'powermta' && helo === null)
    throw new Error('--helo DOMAIN is needed: PowerMTA wants a name for each IP, which is made below that domain.');
  return { kind, out, helo };
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
