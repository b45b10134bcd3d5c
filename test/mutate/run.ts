// Changes one fact of the code at a time and tells which changes no test notices: `npm run mutate`, all targets, or
// `npm run mutate -- quote checks`. A target of which nothing changed since the last run is not run again.
import { createHash } from 'node:crypto';
import { existsSync, globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Stryker } from '@stryker-mutator/core';
import { accepted } from './accepted.ts';
import { type Target, targets } from './targets.ts';

type Survivor = { readonly file: string; readonly at: number; readonly line: string; readonly change: string };
type Outcome = { readonly hash: string; readonly mutants: number; readonly survivors: readonly Survivor[] };

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const CACHE = join(ROOT, 'node_modules/.cache/mutate');

process.chdir(ROOT);
process.exitCode = await main(process.argv.slice(2));

async function main(names: readonly string[]): Promise<number> {
  const unknown = names.filter((name) => !targets.some((target) => target.name === name));
  if (unknown.length > 0) {
    console.error(`No target ${unknown.join(', ')}. There are: ${targets.map(({ name }) => name).join(', ')}.`);
    return 2;
  }
  let faults = 0;
  for (const target of targets) {
    if (names.length > 0 && !names.includes(target.name)) continue;
    faults += report(target, await outcomeOf(target));
  }
  return faults === 0 ? 0 : 1;
}

/** Prints what survived without a reason, and reasons for what did not survive. Returns how many there are. */
function report({ name, files }: Target, { mutants, survivors }: Outcome): number {
  const reasons = accepted.filter(({ file }) => globSync([...files]).includes(file));
  const isOf =
    ({ file, line, change }: Survivor) =>
    (reason: (typeof accepted)[number]) =>
      reason.file === file && line.startsWith(reason.line) && (reason.change === undefined || reason.change === change);
  const bare = survivors.filter((one) => !reasons.some(isOf(one)));
  const idle = reasons.filter((reason) => !survivors.some((one) => isOf(one)(reason)));
  const fine = `${survivors.length - bare.length} survived with a reason`;
  console.log(`${name}: ${mutants} changes, ${fine}, ${bare.length} without`);
  for (const { file, at, line, change } of bare) console.log(`  ${file}:${at}  ${line}\n    survives as  ${change}`);
  for (const { file, line, why } of idle)
    console.log(`  ${file}  ${line}\n    is noticed, so strike the reason: ${why}`);
  return bare.length + idle.length;
}

async function outcomeOf(target: Target): Promise<Outcome> {
  const kept = join(CACHE, `${target.name.replaceAll(' ', '-')}.json`);
  const hash = hashOf(target);
  if (existsSync(kept)) {
    const before: Outcome = JSON.parse(readFileSync(kept, 'utf8'));
    if (before.hash === hash) return before;
  }
  const outcome = { hash, ...(await mutate(target)) };
  mkdirSync(CACHE, { recursive: true });
  writeFileSync(kept, JSON.stringify(outcome));
  return outcome;
}

async function mutate({ files, tests, slowTests = [], match = [] }: Target): Promise<Omit<Outcome, 'hash'>> {
  const options = {
    mutate: [...files],
    testRunner: 'ava-in-process',
    plugins: [fileURLToPath(new URL('./ava-in-process.ts', import.meta.url))],
    ava: { tests: [...tests, ...slowTests], slowTests, match },
    coverageAnalysis: 'perTest',
    concurrency: 2,
    maxTestRunnerReuse: 200,
    timeoutMS: 30_000,
    reporters: [],
    logLevel: 'error',
    // Node strips no types below node_modules, so the copy stands elsewhere; TypeScript 7 has nothing for Stryker to call.
    tempDirName: join(tmpdir(), 'warmdesk-mutate'),
    tsconfigFile: 'none',
    warnings: false,
  };
  const results = await new Stryker(options as ConstructorParameters<typeof Stryker>[0]).runMutationTest();
  const survivors = results.flatMap(({ status, fileName, location, replacement }): Survivor[] => {
    if (status === 'Killed' || status === 'Timeout' || status === 'Ignored') return [];
    const at = location.start.line;
    const line = readFileSync(fileName, 'utf8').split('\n')[at - 1]?.trim() ?? '';
    return [{ file: relative(ROOT, fileName), at, line, change: replacement ?? '' }];
  });
  return { mutants: results.length, survivors: survivors.toSorted((a, b) => a.at - b.at) };
}

/** Of the mutated files, their tests, all that these import, and the policies that they read. */
function hashOf({ files, tests, slowTests = [], match }: Target): string {
  const found = new Set<string>();
  const queue = [
    ...globSync([...files]),
    ...tests,
    ...slowTests,
    ...globSync(['seeds/policies/*.json', 'test/**/golden/*']),
  ];
  for (let file = queue.shift(); file !== undefined; file = queue.shift()) {
    if (found.has(file)) continue;
    found.add(file);
    if (!file.endsWith('.ts')) continue;
    for (const [, path = ''] of readFileSync(file, 'utf8').matchAll(/from '(\.[^']+)'/g))
      queue.push(relative(ROOT, resolve(dirname(file), path)));
  }
  const hash = createHash('sha256').update(JSON.stringify(match ?? []));
  for (const file of [...found].sort()) hash.update(file).update(readFileSync(file));
  return hash.digest('hex');
}
