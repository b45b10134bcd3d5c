// A test runner for Stryker that runs AVA's tests in its own process, mutant after mutant: starting AVA for each of some
// thousand mutants would take hours. Only modules that a mutant changes while they load are loaded again for it.
import { registerHooks } from 'node:module';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { StrykerOptions } from '@stryker-mutator/api/core';
import { commonTokens, declareFactoryPlugin, PluginKind, tokens } from '@stryker-mutator/api/plugin';
import {
  type DryRunOptions,
  type DryRunResult,
  DryRunStatus,
  determineHitLimitReached,
  type MutantRunOptions,
  type MutantRunResult,
  type TestResult,
  type TestRunner,
  TestStatus,
  toMutantRunResult,
} from '@stryker-mutator/api/test-runner';
import fc from 'fast-check';

type Instrumented = {
  activeMutant?: string | undefined;
  currentTestId?: string | undefined;
  mutantCoverage?: { static: Record<string, number>; perTest: Record<string, Record<string, number>> } | undefined;
  hitCount?: number | undefined;
  hitLimit?: number | undefined;
};
const scope = globalThis as { __stryker__?: Instrumented; avaChain?: unknown };
scope.__stryker__ ??= {};
const instrumented = scope.__stryker__;

/** How long a test file without a database may take. */
const PATIENCE_MS = 10_000;

/** A test file is loaded for each run of it, all else of the project once for each generation. */
let [generation, run] = [0, 0];

type Options = StrykerOptions & {
  readonly ava: {
    readonly tests: readonly string[];
    readonly match: readonly string[];
    /** Those of the tests that may take as long as Stryker allows a mutant. */
    readonly slowTests: readonly string[];
  };
};
type Change = { readonly type: string; readonly title?: string; readonly err?: unknown };

class AvaInProcess implements TestRunner {
  readonly #options: Options['ava'];
  // biome-ignore lint/suspicious/noExplicitAny: AVA doesn't promise it, so it has no types and AVA's version is pinned.
  #Runner: any;
  #faults: string[] = [];

  constructor(options: Options) {
    this.#options = options.ava;
    // What fails outside a test has failed, too.
    const note = (error: unknown) => void this.#faults.push(String(error));
    process.on('uncaughtException', note).on('unhandledRejection', note);
  }

  async init(): Promise<void> {
    // What runs a file's tests inside AVA.
    this.#Runner = (await import(new URL('../lib/runner.js', import.meta.resolve('ava')).href)).default;
    // The same examples for every mutant, or one would survive by luck; and fewer, since each costs all mutants.
    fc.configureGlobal({ seed: 1, numRuns: 30 });
    hookModules();
  }

  capabilities() {
    return { reloadEnvironment: true };
  }

  async dryRun({ coverageAnalysis }: DryRunOptions): Promise<DryRunResult> {
    instrumented.mutantCoverage = { static: {}, perTest: {} };
    await this.#runFiles(this.#options.tests, false);
    // Twice: tests that pass only the first time would seem to kill every mutant.
    const result = await this.#runFiles(this.#options.tests, false);
    if (result.status !== DryRunStatus.Complete || coverageAnalysis === 'off') return result;
    return { ...result, mutantCoverage: instrumented.mutantCoverage };
  }

  async mutantRun(options: MutantRunOptions): Promise<MutantRunResult> {
    const { activeMutant, hitLimit, mutantActivation, reloadEnvironment, testFilter } = options;
    Object.assign(instrumented, {
      mutantCoverage: undefined,
      hitCount: hitLimit === undefined ? undefined : 0,
      hitLimit,
    });
    const isStatic = mutantActivation === 'static' || reloadEnvironment;
    if (isStatic) generation += 1;
    instrumented.activeMutant = activeMutant.id;
    const result = await this.#runFiles(testFilter ?? this.#options.tests, true);
    instrumented.activeMutant = undefined;
    if (isStatic) generation += 1;
    return toMutantRunResult(determineHitLimitReached(instrumented.hitCount, hitLimit) ?? result);
  }

  /** Runs test files in turn; with `bails`, up to the first with a failure. Each file is one test to Stryker. */
  async #runFiles(files: readonly string[], bails: boolean): Promise<DryRunResult> {
    const tests: TestResult[] = [];
    for (const file of files) {
      const begun = performance.now();
      this.#faults = [];
      await this.#runFile(file).catch((error: unknown) => this.#faults.push(String(error)));
      instrumented.currentTestId = undefined;
      const [failureMessage] = this.#faults;
      const test = { id: file, name: file, fileName: resolve(file), timeSpentMs: performance.now() - begun };
      if (failureMessage === undefined) tests.push({ ...test, status: TestStatus.Success });
      else tests.push({ ...test, status: TestStatus.Failed, failureMessage });
      if (bails && failureMessage !== undefined) break;
    }
    return { status: DryRunStatus.Complete, tests };
  }

  async #runFile(file: string): Promise<void> {
    const { match, slowTests } = this.#options;
    // A test that was given up may still fail, while another mutant is looked at.
    const faults = this.#faults;
    run += 1;
    const Runner = this.#Runner;
    const runner = new Runner({ file: resolve(file), projectDir: process.cwd(), match, failFast: true, serial: true });
    runner.on('stateChange', ({ data: { type, title, err } }: { data: Change }) => {
      if (/-failed$/.test(type)) faults.push(`${title}: ${JSON.stringify(err)}`);
    });
    const ended = Promise.race([runner.once('finish'), runner.once('error')]);
    scope.avaChain = runner.chain;
    await import(`${pathToFileURL(resolve(file)).href}?generation=${generation}&run=${run}`);
    instrumented.currentTestId = file;
    if (slowTests.includes(file)) await ended;
    else if (!(await isOver(ended, PATIENCE_MS))) faults.push(`${file} does not end`);
  }
}

/** Whether a promise is done within `ms`: a mutant that waits for ever costs no longer, and no new process. */
async function isOver(ended: Promise<unknown>, ms: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<false>((done) => {
    timer = setTimeout(done, ms, false);
  });
  const isDone = await Promise.race([ended.then(() => true), late]);
  clearTimeout(timer);
  return isDone;
}

/**
 * What stands for `ava`: the chain of the run at hand, looked up at each call. A module that is loaded once and declares
 * tests (`support/world.ts`) would declare them in the first run's chain for ever, which fails, and so kill every mutant.
 */
const CHAIN = `export default new Proxy(() => {}, {
  get: (_, name) => globalThis.avaChain[name],
  apply: (_, self, given) => globalThis.avaChain(...given),
});`;

/** Lets test files find that as `ava`, and each generation its own modules. */
function hookModules(): void {
  registerHooks({
    resolve(specifier, context, next) {
      if (specifier === 'ava') return { url: 'ava-chain:', format: 'module', shortCircuit: true };
      const found = next(specifier, context);
      const isOurs = found.url.startsWith('file:') && !found.url.includes('/node_modules/');
      return isOurs && !found.url.includes('?') ? { ...found, url: `${found.url}?generation=${generation}` } : found;
    },
    load(url, context, next) {
      if (!url.startsWith('ava-chain:')) return next(url, context);
      return { format: 'module', source: CHAIN, shortCircuit: true };
    },
  });
}

const make = (options: StrykerOptions) => new AvaInProcess(options as Options);
make.inject = tokens(commonTokens.options);

export const strykerPlugins = [declareFactoryPlugin(PluginKind.TestRunner, 'ava-in-process', make)];
