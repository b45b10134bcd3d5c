// The site: fills databases of two sizes, measures Warmdesk and a bare server beside it, prints one table.
//   --size 1000000      the larger size (100,000)
//   --engine postgres   on a throw-away PostgreSQL instead of SQLite
//   --markdown          prints the table as Markdown
import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { openDatabase } from '../../src/database.ts';
import { startPostgres, type ThrowAwayServer } from '../support/postgres.ts';
import { startSink, stopAll } from './children.ts';
import { type Beside, measureActs, measurePages } from './measure.ts';
import { prepareSite, refuseWrongData, type Site } from './site.ts';
import { printed, tableOf } from './table.ts';

const SMALL = 10_000;
const begun = performance.now();
const tell = (what: string): void =>
  console.error(`${((performance.now() - begun) / 1000).toFixed(0).padStart(4)} s  ${what}`);

/** Prints the table of pages and acts. */
export async function run(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      size: { type: 'string', default: '100000' },
      engine: { type: 'string', default: 'sqlite' },
      markdown: { type: 'boolean', default: false },
    },
  });
  const folder = mkdtempSync(join(tmpdir(), 'warmdesk-bench-'));
  const postgres = values.engine === 'postgres' ? startPostgres() : null;
  try {
    await measureSites({ ...values, folder, postgres });
  } finally {
    await stopAll();
    postgres?.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

type Wanted = {
  readonly size: string;
  readonly engine: string;
  readonly markdown: boolean;
  readonly folder: string;
  readonly postgres: ThrowAwayServer | null;
};

async function measureSites(wanted: Wanted): Promise<void> {
  const sizes = [...new Set([SMALL, Number(wanted.size)])];
  if (sizes.some((size) => !Number.isInteger(size) || size < SMALL))
    throw new Error(`--size: a whole number from ${SMALL} on`);
  const sink = await startSink();
  const sites: Site[] = [];
  for (const size of sizes) sites.push(await prepareSite(await databaseOf(wanted, size), size, sink, tell));
  const beside: Beside[] = sites.map(() => ({ loadMb: 0, mailRates: [] }));
  const pages = await measurePages(sites, beside, tell);
  const acts = await measureActs(sites, beside, sink, tell);
  if (sites[0]) await refuseWrongData(sites[0].db);
  await Promise.all(sites.map(({ db }) => db.destroy()));
  tell('done');
  const [cpu] = cpus();
  console.log(
    `\n${new Date().toISOString().slice(0, 10)}, Node ${process.version}, ${wanted.engine}, ${cpus().length} x ${cpu?.model.trim()}`,
  );
  console.log(
    `Statements of each page: ${sites
      .at(-1)
      ?.pages.map(({ name, queries }) => `${name} ${queries}`)
      .join(', ')}\n`,
  );
  console.log(printed(tableOf([...acts, ...pages], sites, beside), wanted.markdown));
}

/** Where the requests of one size go. */
async function databaseOf({ folder, postgres }: Wanted, size: number): Promise<string> {
  if (!postgres) return join(folder, `${size}.sqlite`);
  const admin = await openDatabase(postgres.url);
  await admin.raw(`create database bench_${size}`);
  await admin.destroy();
  const url = new URL(postgres.url);
  url.pathname = `/bench_${size}`;
  return url.href;
}
