// Pages and acts of another build and of this one, both alive, in turn: what disturbs the machine disturbs both.
//   --before FOLDER     the other build, with its node_modules
//   --rounds 12         how often each is measured; at most 12 of acts
//   --size 10000        the requests
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import type { Db } from '../../src/database.ts';
import type { Acts } from './acts.ts';
import { HERE, type Running, startServer, startSink, stopAll } from './children.ts';
import { type Asked, load, median, type Work } from './load.ts';
import type { Page } from './pages.ts';
import { processorMs } from './processor.ts';
import { printed } from './table.ts';

const CONNECTIONS = [1, 16] as const;
const PAGES = { 1: 30, 16: 96 } as const;
const SIGN_INS = { 1: 4, 16: 16 } as const;
// Every request that is sent is another account's, and 330 of them can send one.
const SUBMITS = { 1: 6, 16: 16 } as const;
const MOST_ACT_ROUNDS = 12;
const IDLE_MS = 2_000;

/** A build on a database of its own. */
type Build = {
  readonly db: Db;
  readonly pages: readonly Page[];
  readonly acts: Acts;
  readonly server: Running;
  readonly idleMb: number;
};
/** What is asked of a build in a round: the status of its answers, and whether mails come of it. */
type Ask = (build: Build) => Promise<{ readonly work: Work; readonly status: number; readonly connections: number }>;

/** Answers a second, and milliseconds of processor time for each with the mails that came of it. */
type Figures = { readonly rate: number; readonly cpu: number };
type Row = { readonly name: string; readonly before: Figures[]; readonly now: Figures[] };

/** Prints one table: each row's rate and processor time in both builds with their ratios, and the means of those. */
export async function run(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      before: { type: 'string' },
      rounds: { type: 'string', default: '12' },
      size: { type: 'string', default: '10000' },
    },
  });
  if (values.before === undefined) throw new Error('--before: the folder of the build to compare with');
  const scratch = mkdtempSync(join(tmpdir(), 'warmdesk-builds-'));
  try {
    const { url } = await startSink();
    const open = (folder: string, name: string) => opened(folder, join(scratch, name), Number(values.size), url);
    const builds = [await open(resolve(values.before), 'before.sqlite'), await open(HERE, 'now.sqlite')] as const;
    const rows = await measureAll(builds, Number(values.rounds));
    const idle = builds.map(({ idleMb }) => idleMb.toFixed(0));
    console.log(`${printed([...table(rows), ['memory idle, MB', ...idle]], true)}\n\n${means(rows)}`);
    for (const { db } of builds) await db.destroy();
  } finally {
    await stopAll();
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** Fills a database by the build's own means and starts the build on it. */
async function opened(folder: string, file: string, size: number, smtpUrl: string): Promise<Build> {
  console.error(`filling ${file}`);
  const of = (path: string) => import(pathToFileURL(join(folder, path)).href);
  const { migrate, openDatabase } = await of('src/database.ts');
  const db: Db = await openDatabase(file);
  await migrate(db);
  const filling = await (await of('test/bench/fill.ts')).fill(db, size, Date.now());
  const pages = await (await of('test/bench/pages.ts')).pagesOf(db, filling);
  const acts = await (await of('test/bench/acts.ts')).actsOf(db, filling);
  // The first start fills the cache of compiled modules.
  await (await startServer(file, smtpUrl, folder)).stop();
  const server = await startServer(file, smtpUrl, folder);
  await new Promise((done) => setTimeout(done, IDLE_MS));
  return { db, pages, acts, server, idleMb: server.memory() };
}

async function measureAll(builds: readonly [Build, Build], rounds: number): Promise<Row[]> {
  const rows: Row[] = [];
  const note = (name: string): Row => {
    console.error(name);
    const row: Row = { name, before: [], now: [] };
    rows.push(row);
    return row;
  };
  const [before, now] = builds;
  const names = now.pages.map(({ name }) => name).filter((name) => before.pages.some((one) => one.name === name));
  for (const connections of CONNECTIONS) {
    for (const name of names) {
      const row = note(`${name} (${connections})`);
      const ask: Ask = async ({ pages }) => {
        const page = pages.find((one) => one.name === name);
        if (!page) throw new Error(`a build has no page ${name}`);
        const again: Asked = { path: page.path, headers: { cookie: page.cookie } };
        return { work: { again, amount: PAGES[connections] }, status: 200, connections };
      };
      for (let round = -1; round < rounds; round += 1) await measure(row, builds, round, ask);
    }
    const list: Readonly<Record<string, (build: Build) => Promise<Asked[]> | Asked[]>> = {
      'sign-in': ({ acts }) => acts.signIns(SIGN_INS[connections]),
      submit: ({ acts }) => acts.submits(SUBMITS[connections]),
      approve: ({ acts, server }) => acts.approvals(server.url),
    };
    const acts = Object.entries(list).map(([name, each]) => ({ row: note(`${name} (${connections})`), each }));
    for (let round = 0; round < Math.min(rounds, MOST_ACT_ROUNDS); round += 1) {
      for (const { row, each } of acts)
        await measure(row, builds, round, async (build) => ({
          work: { each: await each(build) },
          status: 303,
          connections,
        }));
    }
  }
  return rows;
}

/** One round: asks both, each time the other one first. Nothing is noted of a round before the first. */
async function measure(row: Row, [before, now]: readonly [Build, Build], round: number, ask: Ask): Promise<void> {
  const turns = [
    { build: before, into: row.before },
    { build: now, into: row.now },
  ];
  for (const { build, into } of round % 2 === 0 ? turns : turns.toReversed()) {
    const { work, status, connections } = await ask(build);
    const begun = processorMs(build.server.pid);
    const { rate, count } = await load(build.server.url, connections, work, status);
    await mailsLeft(build);
    if (round >= 0) into.push({ rate, cpu: (processorMs(build.server.pid) - begun) / count });
  }
}

async function mailsLeft({ db }: Build): Promise<void> {
  const isLeft = () => db('outbox').whereIn('status', ['waiting', 'sending']).first('id');
  while (await isLeft()) await new Promise((done) => setTimeout(done, 10));
}

const middle = (figures: readonly Figures[], of: keyof Figures): number => median(figures.map((one) => one[of]));
/** The median of what a figure is now for 1 before, round by round. */
const ratio = ({ before, now }: Row, of: keyof Figures): number =>
  median(now.map((one, round) => one[of] / (before[round]?.[of] ?? Number.NaN)));

const table = (rows: readonly Row[]): string[][] => [
  ['', 'before, a second', 'now', 'ratio', 'before, processor ms', 'now', 'ratio'],
  ...rows.map((row) => [
    row.name,
    middle(row.before, 'rate').toFixed(1),
    middle(row.now, 'rate').toFixed(1),
    ratio(row, 'rate').toFixed(2),
    middle(row.before, 'cpu').toFixed(2),
    middle(row.now, 'cpu').toFixed(2),
    ratio(row, 'cpu').toFixed(2),
  ]),
];

function means(rows: readonly Row[]): string {
  const all = (of: keyof Figures) => rows.map((row) => ratio(row, of));
  const mean = (of: keyof Figures) => Math.exp(all(of).reduce((sum, one) => sum + Math.log(one), 0) / rows.length);
  return [
    `Geometric mean of ${rows.length} rates: ${mean('rate').toFixed(3)}, the least ${Math.min(...all('rate')).toFixed(2)};`,
    `of their processor time: ${mean('cpu').toFixed(3)}, the most ${Math.max(...all('cpu')).toFixed(2)}.`,
  ].join(' ');
}
