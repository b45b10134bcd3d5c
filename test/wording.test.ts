// The English of pages, mails, logs, documents and comments: what CONTRIBUTING says not to write is nowhere to be found, and
// comments take up as much of the code as it says.
import { globSync, readFileSync } from 'node:fs';
import test from 'ava';
import { parseSync } from 'oxc-parser';

const CONTRIBUTING = readFileSync('CONTRIBUTING.md', 'utf8');

/** What a native speaker would not write, by the phrase that CONTRIBUTING's table names it with. */
const BANNED: Readonly<Record<string, RegExp>> = {
  'put off': /\bput(?:s|ting)? (?:\w+ )?off\b/i,
  'none of': /\bnone of\b/i,
  'is no': /(?<!\bthere )\b(?:is|are|was|were) no (?!longer\b|more than\b|less than\b)/i,
  whoever: /\bwhoever\b/i,
  'for who': /\bfor who\b/i,
  anew: /\banew\b/i,
  'so many': /\bso many\b(?! \w+(?: \w+){0,5} that\b)/i,
  'what is there': /\bwhat (?:is|was) there\b/i,
  stands:
    /\bas (?:it|they|things) (?:stand|stood)s?\b|\bit stands\b(?! still)|\b(?:stand|stood)s? (?:in|at|on|below|above|beside|behind|before|first|second|last|here|there|under|outside)\b/i,
  Gives: /(?:\/\*\*|[.:]) Gives\b(?! up\b)(?![^.]* to )/,
};

const WRITTEN = [
  ...globSync([
    'src/**/*.ts',
    'views/**/*.ejs',
    'docs/*.md',
    'integrations/**/*',
    'scripts/*',
    'test/**/*.ts',
    'findings/*',
    'deploy/**/*',
    'seeds/**/*.{ts,md}',
    'public/*.js',
    '*.md',
  ]),
].filter(
  (file) =>
    // This file has to quote the phrases.
    file !== 'test/wording.test.ts' &&
    /(?:\.(?:ts|ejs|md|js|lua|sh|perl|conf|env|service|timer|target)|Containerfile|backup)$/.test(file),
);

/** A text without its line ends and the signs that begin a line of a comment, so that a wrapped phrase is found too. */
const unwrapped = (text: string): string => text.replace(/\s*\n\s*(?:\*(?!\/)|\/\/|#|--)?\s*/g, ' ');

/** The phrases in a text that are banned, each with what is around it. */
function found(text: string): string[] {
  const flat = unwrapped(text);
  return Object.values(BANNED).flatMap((pattern) =>
    [...flat.matchAll(new RegExp(pattern, `${pattern.flags}g`))].map(({ index, 0: phrase }) =>
      flat.slice(Math.max(0, index - 40), index + phrase.length + 40),
    ),
  );
}

/** The rows of the table of pairs: what it is called, what not to write, what to write instead. */
const PAIRS = [...CONTRIBUTING.matchAll(/^\| (\S[^|]*) \| “([^|]*)” \| “([^|]*)” \|$/gm)].map(
  ([row, name, bad, good]) => ({
    row,
    name: name ?? '',
    bad: bad ?? '',
    good: good ?? '',
  }),
);

for (const file of WRITTEN) {
  test(`${file} is written in plain English`, (t) => {
    const text = readFileSync(file, 'utf8');
    const own = file === 'CONTRIBUTING.md' ? PAIRS.reduce((rest, { row }) => rest.replace(row, ''), text) : text;
    t.deepEqual(found(own), []);
  });
}

test('each phrase has a pair in CONTRIBUTING, of which the bad one is found and the good one is not', (t) => {
  t.deepEqual(PAIRS.map(({ name }) => name).toSorted(), Object.keys(BANNED).toSorted());
  for (const { name, bad, good } of PAIRS) {
    t.regex(bad, BANNED[name] ?? /^$/, name);
    t.deepEqual(found(good), [], name);
  }
});

test('a phrase is found across the lines of a comment', (t) => {
  t.is(found('/**\n * Takes what is\n * there.\n */').length, 1);
  t.is(found('// It is none\n// of ours.').length, 1);
  t.deepEqual(found('// There\n// is no such page.'), []);
});

type Kind = 'blank' | 'code' | 'comment' | 'docstring';

/** Lines of a file that are code, comment, or the docstring of something that other files use. */
function linesOf(file: string): { code: number; comment: number; docstring: number } {
  const source = readFileSync(file, 'utf8');
  const { comments, errors } = parseSync(file, source);
  if (errors.length > 0) throw new Error(`${file} cannot be read`);
  const lineAt = (at: number): number => source.slice(0, at).split('\n').length - 1;
  const lines = source.split('\n');
  const kinds: Kind[] = lines.map((line) => (line.trim() === '' ? 'blank' : 'code'));
  for (const { type, start, end } of comments) {
    const [first, last] = [lineAt(start), lineAt(end)];
    if (lines[first]?.slice(0, start - source.lastIndexOf('\n', start - 1) - 1).trim() !== '') continue;
    const next = lines[last + 1] ?? '';
    const isDocstring =
      type === 'Block' && /^export (?:async )?(?:function|class|const)\b|^ {2}(?:async |get )?\w+\(/.test(next);
    kinds.fill(isDocstring ? 'docstring' : 'comment', first, last + 1);
  }
  const count = (kind: Kind): number => kinds.filter((one) => one === kind).length;
  return { code: count('code'), comment: count('comment'), docstring: count('docstring') };
}

test('comments are the part of the lines that CONTRIBUTING says, docstrings of what is public apart', (t) => {
  const said = /Comments are (\d+) to (\d+) % of the lines/.exec(CONTRIBUTING) ?? [];
  const all = globSync('src/**/*.ts').map(linesOf);
  const [code, comment] = (['code', 'comment'] as const).map((kind) => all.reduce((sum, one) => sum + one[kind], 0));
  const percent = (100 * (comment ?? 0)) / ((code ?? 0) + (comment ?? 0));
  t.true(percent >= Number(said[1]) && percent <= Number(said[2]), `${percent.toFixed(1)} %`);
});
