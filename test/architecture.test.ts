// Keeps the layout true: who may import whom, where SQL and transactions stand, who reads the environment.
// A slice is the first folder below src; a file's role is its own name, however deep it lies.
import { globSync, readFileSync } from 'node:fs';
import { basename, dirname, join, normalize } from 'node:path';
import test from 'ava';
import { parseSync, Visitor } from 'oxc-parser';

/** Each slice may import from lower levels and from its own. Pages may show what any slice knows; types are free. */
const LEVEL: Readonly<Record<string, number>> = {
  dns: 1,
  audit: 1,
  notifications: 1,
  accounts: 2,
  domains: 3,
  policy: 3,
  pricing: 3,
  systems: 3,
  sending: 4,
  ips: 4,
  warmup: 5,
  routing: 6,
  requests: 6,
  setup: 7,
  imports: 7,
  invariants: 7,
  cli: 8,
};

// Within a slice a file imports files of its own rank and below.
const STORE = 1;
const WORLD = 1;
const ACT = 2;
const PAGE = 3;

/** The files that open a transaction or work inside one, by what they do. What else is called so is ranked so. */
const ACTS = new Set(
  'actions submit decide inquire fulfil transition notify background run send apply accept-batch ingest delivery lanes'
    .concat(' cap-leases count accept-reports requote')
    .split(' '),
);
/** The files that read several slices for one answer, without a transaction. */
const GATHERS = new Set('evidence dossier gather queue-page snapshot router answer sender'.split(' '));
/** The only other files that touch files, sockets, processes or the web: each a decision. */
const EXCEPTIONS: Readonly<Record<string, number>> = {
  'dns/resolver': WORLD,
  'policy/document/load': WORLD,
  'sending/directory': WORLD,
  'sending/feedback/mailbox': WORLD,
  'sending/feedback/parse': WORLD,
  'sending/logs/file': WORLD,
  'sending/logs/find': WORLD,
  'sending/logs/queue-memory': WORLD,
  'sending/upload/csv-stream': WORLD,
  'sending/upload/receive': WORLD,
  'sending/upload/spool': WORLD,
  'notifications/transport': WORLD,
  'notifications/render': WORLD,
  'imports/spool': WORLD,
  'accounts/session/session': PAGE,
  'accounts/too-many-tries': PAGE,
  'notifications/mailbox': PAGE,
  'requests/customer/new-form': PAGE,
  'systems/bearer': PAGE,
  'routing/servers/http': PAGE,
  'sending/feedback/listener': PAGE,
  'routing/servers/tcp': PAGE,
  'routing/postfix/policy-service': PAGE,
  'routing/postfix/socketmap': PAGE,
};
/** What a pure file may not import: a database, the web, files, the network. Hashes and address arithmetic are pure. */
const IMPURE = /^(knex|express|ejs|nodemailer|passport|pg|sqlite3|node:(fs|dns|http|child_process|timers))/;

const files = globSync('src/**/*.ts').map(normalize);
const sources = new Map(files.map((file) => [file, readFileSync(file, 'utf8')]));
const sliceOf = (file: string): string | undefined => /^src\/([^/]+)\//.exec(file)?.[1];
const stem = (file: string): string => basename(file, '.ts');
const isStore = (file: string): boolean => /^store(-|$)/.test(stem(file));

function rankOf(file: string): number {
  if (sliceOf(file) === 'cli') return PAGE;
  const exception = EXCEPTIONS[file.replace(/^src\/|\.ts$/g, '')];
  if (exception !== undefined) return exception;
  if (isStore(file)) return STORE;
  if (ACTS.has(stem(file)) || GATHERS.has(stem(file))) return ACT;
  return /^routes(-|$)/.test(stem(file)) ? PAGE : 0;
}

type Import = { readonly from: string; readonly names: readonly string[] };

/** Imports and re-exports of a file; without types unless they are asked for. */
function importsOf(file: string, types = false): Import[] {
  const found: Import[] = [];
  const statement = /^(?:import|export) (type )?([^;]*?) from '([^']+)'/gm;
  for (const [, type, clause = '', from = ''] of (sources.get(file) ?? '').matchAll(statement)) {
    const names = clause
      .replace(/[{}\n]/g, ' ')
      .split(',')
      .map((name) => name.trim())
      .filter((name) => name && (types || !(type || name.startsWith('type '))));
    if (names.length > 0)
      found.push({ from: from.startsWith('.') ? normalize(join(dirname(file), from)) : from, names });
  }
  return found;
}

const inSlices = files.filter((file) => sliceOf(file) && sliceOf(file) !== 'web');

test('every folder below src is a slice with a level', (t) => {
  for (const file of inSlices) t.true((sliceOf(file) ?? '') in LEVEL, file);
});

for (const file of inSlices) {
  test(`${file} imports only what lies below it`, (t) => {
    const rank = rankOf(file);
    const level = LEVEL[sliceOf(file) ?? ''] ?? 0;
    for (const { from, names } of importsOf(file)) {
      if (rank === 0) t.notRegex(from, IMPURE, `${file} is pure`);
      if (/^src\/(act|database)\.ts$/.test(from) && rank === 0) t.fail(`${file} is pure`);
      if (from.startsWith('src/web/')) t.true(rank >= 1 || /view-|router/.test(from), `${file} imports ${from}`);
      const other = sliceOf(from);
      if (!other || other === 'web') continue;
      if (rank < PAGE) t.true((LEVEL[other] ?? 0) <= level, `${file} lies below ${from}`);
      t.true(rankOf(from) <= rank, `${file} imports ${from}`);
      if (other === sliceOf(file) || !isStore(from)) continue;
      for (const name of names) t.true(isRead(name), `${file} reaches around the actions of ${other}: ${name}`);
    }
    t.pass();
  });
}

/** What another slice may take from a store: what finds, lists, counts or checks; constants, and rows made into things. */
const isRead = (name: string): boolean => /^(find|list|count|check)[A-Z]|^[A-Z]|^(domainFromRow|toPerson)$/.test(name);

test('what finds, lists, counts or checks writes nothing', (t) => {
  const writes = /\.(insert|update|delete|del|increment|merge)\(|\b(insert into|delete from|update \w+ set)\b/;
  for (const file of files.filter(isStore)) {
    for (const part of (sources.get(file) ?? '').split(/^(?=export )/m)) {
      const name = /^export (?:async )?(?:function|const) (\w+)/.exec(part)?.[1] ?? '';
      // What follows an exported function up to the next one may be a private helper of either.
      const body = part.split(/^\}/m)[0] ?? '';
      if (isRead(name) && /^[a-z]/.test(name)) t.notRegex(body, writes, `${file}: ${name}`);
    }
  }
});

test('SQL is written in stores only', (t) => {
  const sql = /\b(db|trx|this\.#db)(<[^>]*>)?(\(|\.(raw|from|into|with|queryBuilder|batchInsert)\()/;
  const engines = ['src/database.ts', 'src/dialect.ts'];
  for (const [file, source] of sources) {
    if (!isStore(file) && !engines.includes(file)) t.notRegex(source, sql, file);
    if (!engines.includes(file)) t.notRegex(source, /\bisPostgres\b/, `${file} asks which engine it is`);
  }
});

test('a transaction is opened by actions and their kin only', (t) => {
  for (const file of inSlices) {
    const opens = importsOf(file).some(({ from, names }) => from === 'src/act.ts' && names.includes('act'));
    if (opens) t.true(ACTS.has(stem(file)), file);
  }
});

test('no circle of files, types included', (t) => {
  const done = new Set<string>();
  const walk = (file: string, path: readonly string[]): void => {
    if (path.includes(file)) return t.fail([...path.slice(path.indexOf(file)), file].join(' → '));
    if (done.has(file)) return;
    for (const { from } of importsOf(file, true)) if (sources.has(from)) walk(from, [...path, file]);
    done.add(file);
  };
  for (const file of files) walk(file, []);
  t.pass();
});

test('what is named as an exception is there', (t) => {
  for (const name of Object.keys(EXCEPTIONS)) t.true(sources.has(`src/${name}.ts`), name);
  const stems = new Set(files.map(stem));
  for (const name of [...ACTS, ...GATHERS]) t.true(stems.has(name), name);
});

test('web knows no domain word but people and permissions', (t) => {
  for (const file of files.filter((one) => sliceOf(one) === 'web')) {
    for (const { from } of importsOf(file)) {
      const isDomain = sliceOf(from) !== undefined && sliceOf(from) !== 'web';
      t.true(!isDomain || /accounts\/(permissions|person)\.ts$/.test(from), `${file} imports ${from}`);
    }
  }
});

test('only main.ts and the commands read the environment', (t) => {
  for (const [file, source] of sources) {
    if (file !== 'src/main.ts' && sliceOf(file) !== 'cli') t.notRegex(source, /process\.env\b/, file);
  }
});

test('files are as long as CONTRIBUTING says', (t) => {
  const said = readFileSync('CONTRIBUTING.md', 'utf8');
  const [, half, most] = /fewer than\s+(\d+) lines; none has more than (\d+)\./.exec(said) ?? [];
  for (const [file, source] of sources) t.true(source.split('\n').length <= Number(most) + 1, file);
  const lengths = [...sources.values()].map((source) => source.split('\n').length - 1).toSorted((a, b) => a - b);
  t.true((lengths[Math.floor(lengths.length / 2)] ?? 0) < Number(half));
});

/** Functions with more parameters than four: of every form, named or not, in classes and types too. */
function wideFunctions(file: string, source: string): string[] {
  const found: string[] = [];
  const look = ({ params, start }: { params: unknown; start: number }): void => {
    const all = Array.isArray(params) ? params : [];
    if (all.length > 4) found.push(`${file}:${source.slice(0, start).split('\n').length}`);
  };
  const { program, errors } = parseSync(file, source);
  if (errors.length > 0) throw new Error(`${file} cannot be read`);
  new Visitor({
    FunctionDeclaration: look,
    FunctionExpression: look,
    ArrowFunctionExpression: look,
    TSDeclareFunction: look,
    TSEmptyBodyFunctionExpression: look,
    TSFunctionType: look,
    TSConstructorType: look,
    TSMethodSignature: look,
    TSCallSignatureDeclaration: look,
    TSConstructSignatureDeclaration: look,
  }).visit(program);
  return found;
}

test('no function has more than four parameters', (t) => {
  for (const [file, source] of sources) t.deepEqual(wideFunctions(file, source), [], file);
});

test('a function with five parameters is found in every form that it can take', (t) => {
  const five = 'a, b, { c } = {}, [d] = [], ...e';
  const typed = 'a: 1, b: 1, c: 1, d: 1, e: 1';
  const forms = [
    `function f(${five}) {}`,
    `export default async function* (${five}) {}`,
    `const f = (${five}) => 1;`,
    `const f = function (${five}) {};`,
    `call((${five}) => 1);`,
    `const o = { f(${five}) {}, g: 1 };`,
    `class A { constructor(${five}) {} }`,
    `class A { #f(${five}) {} }`,
    `class A { f = (${five}) => 1; }`,
    `abstract class A { abstract f(${typed}): void; }`,
    `declare function f(${typed}): void;`,
    `type F = (${typed}) => void;`,
    `type F = new (${typed}) => object;`,
    `type F = { f(${typed}): void };`,
    `interface F { (${typed}): void }`,
    `interface F { new (${typed}): object }`,
  ];
  for (const form of forms) t.deepEqual(wideFunctions('form.ts', `\n${form}`), ['form.ts:2'], form);
  t.deepEqual(wideFunctions('form.ts', 'const f = (a, b, c, d) => (e) => a;'), []);
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
