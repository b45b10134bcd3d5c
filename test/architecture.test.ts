// Keeps the layout true: who may import whom, where SQL and transactions stand, who reads the environment.
// A slice is the first folder below src; a file's role is its own name, however deep it lies.
import { globSync, readFileSync } from 'node:fs';
import { basename, join, normalize } from 'node:path';
import test from 'ava';
import {
  COMPUTED,
  type Import,
  importsIn,
  queriesIn,
  transactionsIn,
  wideFunctions,
  writersIn,
} from './support/source-tree.ts';

/** Each slice may import from lower levels and from its own. Pages may show what any slice knows; types are free. */
const LEVEL: Readonly<Record<string, number>> = {
  retention: 1,
  dns: 1,
  audit: 1,
  notifications: 1,
  accounts: 2,
  calendar: 2,
  domains: 3,
  policy: 3,
  attachments: 4,
  pricing: 3,
  systems: 3,
  rejected: 1,
  sending: 4,
  ips: 4,
  warmup: 5,
  charges: 5,
  reputation: 5,
  routing: 6,
  release: 6,
  subusers: 6,
  pools: 6,
  requests: 6,
  setup: 7,
  imports: 7,
  inbound: 7,
  invariants: 7,
  cli: 8,
};

// Within a slice a file imports files of its own rank and below.
const STORE = 1;
const WORLD = 1;
const ACT = 2;
const PAGE = 3;

/** The roles whose files open a transaction. */
const OPENERS = new Set(['actions', 'background']);
/** The roles whose files work inside a transaction, or read several slices for one answer. */
const INSIDE = new Set(['transition', 'notify', 'gather']);

/** What a file of no role may do: open a transaction, work with a database, touch files, sockets or processes, serve the web. */
type Exception = 'opens' | 'works' | 'world' | 'page';
/** Each a decision, by path; DECISIONS has the reasons. */
const EXCEPTIONS: Readonly<Record<string, Exception>> = {
  'requests/review/decide': 'opens',
  'routing/cap-leases': 'opens',
  'warmup/daily/run': 'opens',
  'routing/snapshot': 'works',
  'dns/resolver': 'world',
  'policy/document/load': 'world',
  'attachments/folder': 'world',
  'sending/logs/file': 'world',
  'sending/logs/find': 'world',
  'sending/upload/spool': 'world',
  'notifications/transport': 'world',
  'imports/spool': 'world',
  'requests/chat/post': 'world',
  'accounts/openid/provider': 'world',
  'accounts/session/session': 'page',
  'accounts/session/sign-in': 'page',
  'requests/customer/new-form': 'page',
  'systems/bearer': 'page',
  'routing/servers/http': 'page',
  'routing/servers/tcp': 'page',
  'inbound/listener': 'page',
};
const RANK: Readonly<Record<Exception, number>> = { opens: ACT, works: ACT, world: WORLD, page: PAGE };
/** What a pure file may not import: a database, the web, files, the network. Hashes and address arithmetic are pure. */
const IMPURE =
  /^(knex|express|ejs|nodemailer|smtp-server|openid-client|passport|pg|sqlite3|node:(fs|dns|https?|net|tls|dgram|child_process|worker_threads|timers))/;
const ARITHMETIC = /^(isIP(v4|v6)?|BlockList|SocketAddress)$/;
const isImpure = ({ from, names }: Import): boolean =>
  from === 'node:net' ? !names.every((name) => ARITHMETIC.test(name)) : IMPURE.test(from);

const files = globSync('src/**/*.ts').map(normalize);
const sources = new Map(files.map((file) => [file, readFileSync(file, 'utf8')]));
const sliceOf = (file: string): string | undefined => /^src\/([^/]+)\//.exec(file)?.[1];
const stem = (file: string): string => basename(file, '.ts');
const isStore = (file: string): boolean => /^store(-|$)/.test(stem(file));

const pathOf = (file: string): string => file.replace(/^src\/|\.ts$/g, '');

function rankOf(file: string, exceptions = EXCEPTIONS): number {
  if (sliceOf(file) === 'cli') return PAGE;
  const exception = exceptions[pathOf(file)];
  if (exception !== undefined) return RANK[exception];
  if (isStore(file)) return STORE;
  if (OPENERS.has(stem(file)) || INSIDE.has(stem(file))) return ACT;
  return /^routes(-|$)/.test(stem(file)) ? PAGE : 0;
}

const read = new Map<string, Import[]>();
function importsOf(file: string, types = false): Import[] {
  const key = `${file} ${types}`;
  const found = read.get(key) ?? importsIn(file, sources.get(file) ?? '', types);
  read.set(key, found);
  return found;
}

/** The files of slices that a file below src itself hands on: what it imports, and what others such import for it. */
function behind(file: string, seen = new Set<string>()): string[] {
  if (!sources.has(file) || seen.has(file)) return [];
  if (sliceOf(file)) return [file];
  seen.add(file);
  return importsOf(file).flatMap(({ from }) => behind(from, seen));
}

// What pages are made with, and the engine below database.ts.
const NO_SLICES: ReadonlySet<string | undefined> = new Set([undefined, 'web', 'sqlite']);
const inSlices = files.filter((file) => !NO_SLICES.has(sliceOf(file)));

test('every folder below src is a slice with a level', (t) => {
  for (const file of inSlices) t.true((sliceOf(file) ?? '') in LEVEL, file);
});

/** What a file imports although its rank, or the level of its slice, does not let it. */
function wrongImports(file: string, exceptions = EXCEPTIONS): string[] {
  const wrong: string[] = [];
  const rank = rankOf(file, exceptions);
  const level = LEVEL[sliceOf(file) ?? ''] ?? 0;
  for (const found of importsOf(file)) {
    const { from, names } = found;
    if (rank === 0 && (isImpure(found) || /^src\/(act|database)\.ts$/.test(from))) wrong.push(`pure, and has ${from}`);
    if (from.startsWith('src/web/') && rank === 0 && !/view-|router/.test(from)) wrong.push(`no page, and has ${from}`);
    for (const one of behind(from)) {
      const other = sliceOf(one);
      if (!other || other === 'web') continue;
      if (rank < PAGE && (LEVEL[other] ?? 0) > level) wrong.push(`below ${one}`);
    }
    if (!sliceOf(from) || sliceOf(from) === 'web') continue;
    if (rankOf(from, exceptions) > rank) wrong.push(`of a lower rank than ${from}`);
    if (sliceOf(from) !== sliceOf(file)) wrong.push(...writesOf(from, names));
  }
  return wrong;
}

/** What another slice may take from a store: what finds, lists, counts or checks; constants, and rows made into things. */
const isRead = (name: string): boolean =>
  /^(find|list|count|check)[A-Z]|^[A-Z]|^(domainFromRow|toPerson|personColumns)$/.test(name);

/** Of the names taken from a file, those that only the actions of its slice may use. */
const writesOf = (from: string, names: readonly string[]): string[] =>
  isStore(from) ? names.filter((name) => !isRead(name)).map((name) => `around the actions of ${from}: ${name}`) : [];

for (const file of inSlices) {
  test(`${file} imports only what lies below it`, (t) => t.deepEqual(wrongImports(file), []));
}

test('the files below src itself write nothing of a slice but by its actions', (t) => {
  for (const file of files.filter((one) => !sliceOf(one))) {
    for (const { from, names } of importsOf(file)) t.deepEqual(writesOf(from, names), [], file);
  }
});

test('what a store writes is handed on by actions, not exported again', (t) => {
  for (const file of files) {
    const again = importsOf(file).filter(({ how }) => how === 're-export');
    for (const { from, names } of again) t.deepEqual(writesOf(from, names), [], file);
  }
});

test('import() names a file, so that the rules hold for it too', (t) => {
  for (const file of files)
    t.false(
      importsOf(file).some(({ from }) => from === COMPUTED),
      file,
    );
});

test('what finds, lists, counts or checks writes nothing, nor calls what writes', (t) => {
  const known = new Map<string, Set<string>>();
  const writers = (file: string): Set<string> => {
    const found = known.get(file) ?? new Set<string>();
    if (known.has(file)) return found;
    known.set(file, found);
    const ofOthers = ({ from, names }: Import) =>
      isStore(from) ? names.filter((name) => writers(from).has(name)) : [];
    const all = writersIn(file, sources.get(file) ?? '', ofOthers);
    known.set(file, all);
    return all;
  };
  for (const file of files.filter(isStore)) {
    const wrong = [...writers(file)].filter((name) => isRead(name) && /^[a-z]/.test(name));
    t.deepEqual(wrong, [], file);
  }
});

const ENGINES = ['database.ts', 'dialect.ts', 'sqlite/client.ts', 'sqlite/readers.ts', 'sqlite/at-once.ts'].map(
  (file) => `src/${file}`,
);

test('SQL is written in stores only', (t) => {
  for (const [file, source] of sources) {
    if (!isStore(file) && ![...ENGINES, 'src/act.ts'].includes(file)) t.deepEqual(queriesIn(file, source), []);
    if (ENGINES.includes(file)) continue;
    t.notRegex(source, /\bisPostgres(Url)?\b/, `${file} asks which engine it is`);
    const drivers = importsOf(file).filter(({ from }) => /^(knex|pg|sqlite3|node:sqlite)(\/|$)/.test(from));
    t.deepEqual(drivers, [], file);
  }
});

test('SQLite is known to database.ts alone', (t) => {
  for (const file of files.filter((one) => sliceOf(one) !== 'sqlite' && one !== 'src/database.ts'))
    t.deepEqual(
      importsOf(file).filter(({ from }) => from.startsWith('src/sqlite/')),
      [],
      file,
    );
});

test('SQL is found in every form that it can take outside a store', (t) => {
  const forms = [
    `act.trx.table('requests').update({ status: 'approved' });`,
    `act.trx.select('*').from('requests');`,
    `act.trx.insert({}).into('requests');`,
    `act.trx('requests').del();`,
    `db('requests');`,
    `this.#db('requests');`,
    `this.#db.raw('select 1');`,
    `deps.db?.('requests');`,
    `(act.trx as Db)('requests');`,
    `act.trx!.raw('select 1');`,
    `act['trx']('requests');`,
    `db['raw']('select 1');`,
    `const { raw } = db;`,
    `const run = db.raw;`,
    `const other = act.trx;`,
    `const { trx: other } = act;`,
    `work(({ trx: other }: Act) => other);`,
    `function work(other: Db) {}`,
    `let other; other = trx;`,
  ];
  for (const form of forms) t.regex(queriesIn('form.ts', `\n${form}`)[0] ?? '', /^form\.ts:2 /, form);
  const open = `const { trx } = act; db.on('query-error', hear); await db.destroy();`;
  t.deepEqual(queriesIn('form.ts', open), []);
});

test('an import is found in every form that it can take', (t) => {
  const store = 'src/warmup/store.ts';
  const forms: [string, string][] = [
    [`import { moveWarmup } from './warmup/store.ts';`, 'moveWarmup'],
    [`import { moveWarmup as findWarmup } from './warmup/store.ts';`, 'moveWarmup'],
    [`import * as store from './warmup/store.ts';`, '*'],
    [`import './warmup/store.ts';`, '*'],
    [`const store = await import('./warmup/store.ts');`, '*'],
    [`export * from './warmup/store.ts';`, '*'],
    [`export { moveWarmup as findWarmup } from './warmup/store.ts';`, 'moveWarmup'],
  ];
  for (const [form, name] of forms) t.like(importsIn('src/one.ts', form), [{ from: store, names: [name] }], form);
  const twice = `import { moveWarmup as move } from './warmup/store.ts'; export { move };`;
  t.like(importsIn('src/one.ts', twice)[1], { from: store, names: ['moveWarmup'], how: 're-export' });
  t.like(importsIn('src/one.ts', `await import('./warmup/' + 'store.ts');`), [{ from: COMPUTED }]);
  t.deepEqual(importsIn('src/one.ts', `import type { Warmup } from './warmup/store.ts';`), []);
});

test('a transaction is opened by actions and their kin only', (t) => {
  for (const file of inSlices) {
    if (opens(file)) t.true(OPENERS.has(stem(file)) || EXCEPTIONS[pathOf(file)] === 'opens', file);
  }
});

test('a transaction is begun by act() and by the migrations alone, whatever the database is called', (t) => {
  const begun = [...sources].flatMap(([file, source]) => transactionsIn(file, source));
  t.deepEqual([...new Set(begun.map((line) => line.replace(/:\d+$/, '')))].sort(), ['src/act.ts', 'src/database.ts']);
  const forms = [
    `deps.db.transaction((trx) => store(trx));`,
    `any.transaction();`,
    `this.#other['transaction']();`,
    `const { transaction } = db;`,
    `work(({ transaction: begin }) => begin());`,
    `const begin = db?.transaction;`,
  ];
  for (const form of forms) t.deepEqual(transactionsIn('form.ts', `\n${form}`), ['form.ts:2'], form);
});

const opens = (file: string): boolean =>
  importsOf(file).some(({ from, names }) => from === 'src/act.ts' && names.some((name) => /^(act|\*)$/.test(name)));

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

test('each exception is needed', (t) => {
  for (const [name, exception] of Object.entries(EXCEPTIONS)) {
    const file = `src/${name}.ts`;
    t.true(sources.has(file), name);
    const { [name]: _, ...others } = EXCEPTIONS;
    const isNeeded = exception === 'opens' ? opens(file) : inSlices.some((one) => wrongImports(one, others).length > 0);
    t.true(isNeeded, `${name} needs no exception`);
  }
  const stems = new Set(files.map(stem));
  for (const role of [...OPENERS, ...INSIDE]) t.true(stems.has(role), role);
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
