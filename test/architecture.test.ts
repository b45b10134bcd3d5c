// Keeps the layout true: who may import whom, who reads the environment, where SQL stands.
import { globSync, readFileSync } from 'node:fs';
import { basename, dirname, join, normalize } from 'node:path';
import test from 'ava';

// Within a slice a file may import files of its own rank and below. What is not named is pure.
const RANK: Readonly<Record<string, number>> = {
  'store.ts': 1,
  'load.ts': 1,
  'actions.ts': 2,
  'routes.ts': 3,
};
/** Files that are named for what they hold instead of for their role. A new one is a decision. */
const NAMED: Readonly<Record<string, number>> = {
  'accounts/password.ts': 1,
  'accounts/reset.ts': 1,
  'accounts/session-store.ts': 1,
  'accounts/session.ts': 3,
  'accounts/throttle.ts': 3,
  'accounts/waiting.ts': 1,
  'ips/address.ts': 1,
  'ips/address-list.ts': 1,
  'notifications/claims.ts': 1,
  'notifications/mailbox.ts': 3,
  'notifications/transport.ts': 1,
  'notifications/render.ts': 1,
  'notifications/delivery.ts': 2,
  'notifications/lanes.ts': 2,
  'notifications/sender.ts': 3,
  'sending/directory.ts': 1,
  'sending/csv-stream.ts': 1,
  'sending/ingest.ts': 2,
  'sending/log-file.ts': 1,
  'sending/queue-memory.ts': 1,
  'sending/receive.ts': 1,
  'sending/spool.ts': 1,
  'sending/take-batch.ts': 2,
  'sending/upload.ts': 2,
  'systems/token.ts': 1,
  'systems/bearer.ts': 3,
  'warmup/tell.ts': 2,
  'warmup/take.ts': 2,
  'warmup/staff.ts': 2,
  'warmup/run.ts': 2,
  'warmup/weekly.ts': 2,
  'warmup/dossier.ts': 2,
  'routing/leases.ts': 2,
  'routing/state.ts': 2,
  'routing/router.ts': 2,
  'routing/answering.ts': 2,
  'routing/http-service.ts': 3,
  'routing/listener.ts': 3,
  'routing/policy-service.ts': 3,
  'routing/socketmap.ts': 3,
  'requests/evidence.ts': 1,
  'requests/dossier.ts': 2,
  'requests/tell.ts': 2,
  'requests/step.ts': 2,
  'requests/grant.ts': 2,
  'requests/submit.ts': 2,
  'requests/decide.ts': 2,
  'requests/ask.ts': 2,
  'requests/waiting.ts': 2,
};
// Each slice may import from those of its own level and below; its pages may show what any other slice knows.
const LEVEL: Readonly<Record<string, number>> = {
  audit: 1,
  notifications: 1,
  accounts: 2,
  domains: 3,
  policy: 3,
  pricing: 3,
  // Counts are told by IPs.
  sending: 4,
  systems: 3,
  ips: 4,
  warmup: 5,
  routing: 6,
  requests: 6,
};
const OUTSIDE = /^(knex|express|ejs|nodemailer|passport|pg|sqlite3|node:(fs|net|dns|http|crypto))/;

const files = globSync('src/**/*.ts').map(normalize);
const sources = new Map(files.map((file) => [file, readFileSync(file, 'utf8')]));
const sliceOf = (file: string): string | undefined => {
  const slice = dirname(file).replace(/^src\/?/, '');
  return slice in LEVEL ? slice : undefined;
};

function rankOf(file: string): number {
  const name = basename(file);
  const named = NAMED[`${sliceOf(file)}/${name}`];
  if (named !== undefined) return named;
  const role = /(store|actions|routes)(-[a-z-]+)?\.ts$/.exec(name)?.[1] ?? /^(store|actions|routes)-/.exec(name)?.[1];
  return RANK[name] ?? (role ? (RANK[`${role}.ts`] ?? 0) : 0);
}

type Import = { readonly from: string; readonly names: readonly string[] };

/** Imports that exist when the program runs; types alone are free. */
function importsOf(file: string): Import[] {
  const found: Import[] = [];
  for (const [, clause = '', from = ''] of (sources.get(file) ?? '').matchAll(
    /^import (?!type\b)([^;]*?) from '([^']+)'/gm,
  )) {
    const names = clause
      .replace(/[{}\n]/g, ' ')
      .split(',')
      .map((name) => name.trim())
      .filter((name) => name && !name.startsWith('type '));
    if (names.length > 0)
      found.push({ from: from.startsWith('.') ? normalize(join(dirname(file), from)) : from, names });
  }
  return found;
}

for (const file of files.filter((one) => sliceOf(one))) {
  test(`${file} imports only what lies below it`, (t) => {
    const slice = sliceOf(file) as string;
    for (const { from, names } of importsOf(file)) {
      if (rankOf(file) === 0) t.notRegex(from, OUTSIDE, `${file} is pure`);
      if (!from.startsWith('src/')) continue;
      const other = sliceOf(from);
      if (from.startsWith('src/web/'))
        t.true(rankOf(file) >= 1 || /view-|router/.test(from), `${file} imports ${from}`);
      if (!other) continue;
      if (rankOf(file) < 3)
        t.true((LEVEL[other] ?? 0) <= (LEVEL[slice] ?? 0), `${slice} lies below ${other}: ${file} imports ${from}`);
      t.true(rankOf(from) <= rankOf(file), `${file} imports ${from}`);
      if (other !== slice && rankOf(from) === 1 && basename(from) === 'store.ts') {
        for (const name of names)
          t.regex(name, /^(find|list|count|[A-Z]|domainFromRow|toPerson)/, `${file} writes through ${from}`);
      }
    }
    t.pass();
  });
}

test('web knows no domain word but people and permissions', (t) => {
  for (const file of files.filter((one) => one.startsWith('src/web/'))) {
    for (const { from } of importsOf(file)) {
      t.true(!sliceOf(from) || /accounts\/(permissions|person)\.ts$/.test(from), `${file} imports ${from}`);
    }
  }
});

test('only main.ts reads the environment and starts things', (t) => {
  for (const [file, source] of sources) {
    if (/src\/(main|[a-z-]+-main)\.ts$/.test(file)) continue;
    t.notRegex(source, /process\.env\b/, file);
  }
});

test('SQL stands in stores only', (t) => {
  for (const [file, source] of sources) {
    if (
      /(store|claims|evidence|database|check-data|throttle)[a-z-]*\.ts$/.test(file) ||
      /store-|check/.test(basename(file))
    )
      continue;
    t.notRegex(source, /\b(db|trx)(\(|\.raw\()\s*['"`]/, file);
  }
});

test('no file is longer than 250 lines', (t) => {
  for (const [file, source] of sources) t.true(source.split('\n').length <= 251, file);
});

test('migrations are numbered without a gap and import nothing of ours', (t) => {
  const migrations = globSync('migrations/*.ts')
    .map((file) => basename(file))
    .sort();
  migrations.forEach((name, index) => {
    t.regex(name, new RegExp(`^${String(index + 1).padStart(4, '0')}_[a-z_]+\\.ts$`));
    t.notRegex(readFileSync(join('migrations', name), 'utf8'), /from '\.\.?\//, name);
  });
});
