// What people and programs meet while Warmdesk works: a large file of counts is stored, a day of many warm-ups is judged, the
// page of shared pools is opened over many counts; a router runs beside all of it. Of another build and of this one in turn.
//   --before FOLDER    the other build, with its node_modules; without it this build alone
//   --rows 1200000     lines of the file
//   --plans 100000     warm-ups, four days of each
//   --held 50000000    counts that are there before
//   --size 10000       requests
// A run that takes a minute: --rows 60000 --plans 4000 --held 200000. Linux and SQLite alone.
import { mkdtempSync, openAsBlob, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import type { Db } from '../../src/database.ts';
import type { Acts } from './acts.ts';
import { HERE, type Running, startServer, startSink, stopAll } from './children.ts';
import { countBehind, DOMAINS, DUE_DAYS, fillPressure, makeDue, PROVIDERS } from './fill-pressure.ts';
import type { Filling } from './filling.ts';
import { expecting, type Probe, type Probed, probedWhile } from './probes.ts';
import { memoryOf, startRouter } from './routers.ts';
import { printed } from './table.ts';
import { weightOf } from './weight.ts';

const DAY = 86_400_000;
const REST_MS = 5_000;
const POOLS = 20;
const COUNTS_TOGETHER = 500;
const PHASES = ['at rest', 'import', 'step', '/pools'] as const;
type Phase = (typeof PHASES)[number];

/** What a phase came to. `rate`: rows, plans or pages a second. */
type Figures = Watched & { readonly probed: Readonly<Record<string, Probed>>; readonly rate: number };
/** The longest transaction of the server and the longest block of its event loop, milliseconds. */
type Watched = { readonly transactionMs: number; readonly blockMs: number };

type Build = {
  readonly db: Db;
  readonly filling: Filling;
  readonly server: Running;
  readonly router: Awaited<ReturnType<typeof startRouter>>;
  readonly probes: readonly Probe[];
  readonly cookie: string;
  /** What the server's figures are in. */
  readonly watched: string;
  readonly idleMb: number;
};

type Sizes = { readonly size: number; readonly rows: number; readonly plans: number; readonly held: number };

/** Prints one table: each figure of each phase, what is wanted, and what it is in both builds. */
export async function run(args: string[]): Promise<void> {
  const number = (otherwise: string) => ({ type: 'string', default: otherwise }) as const;
  const { values } = parseArgs({
    args,
    options: {
      before: { type: 'string' },
      rows: number('1200000'),
      plans: number('100000'),
      held: number('50000000'),
      size: number('10000'),
      markdown: { type: 'boolean', default: false },
    },
  });
  const { before, markdown } = values;
  const sizes = { rows: +values.rows, plans: +values.plans, held: +values.held, size: +values.size };
  for (const [name, value] of Object.entries(sizes))
    if (!Number.isInteger(value) || value < 1) throw new Error(`--${name}: a whole number from 1 on`);
  const scratch = mkdtempSync(join(tmpdir(), 'warmdesk-pressure-'));
  const load = loadavg()[0]?.toFixed(1);
  const builds: Record<string, Build> = {};
  try {
    const { url } = await startSink();
    const folders = before === undefined ? { now: HERE } : { before: resolve(before), now: HERE };
    for (const [name, folder] of Object.entries(folders))
      builds[name] = await opened(folder, join(scratch, name), sizes, url);
    const lines = await measured(builds, sizes, join(scratch, 'counts.csv'));
    const day = new Date().toISOString().slice(0, 10);
    console.log(`${day}, Node ${process.version}, SQLite, ${cpus().length} × ${cpus()[0]?.model.trim()}, load ${load}`);
    console.log(
      Object.entries(sizes)
        .map(([name, value]) => `${name} ${value.toLocaleString('en-US')}`)
        .join(', '),
    );
    console.log(printed([['', 'wanted', ...Object.keys(builds)], ...lines], markdown));
  } finally {
    for (const { db, router } of Object.values(builds)) {
      router.stop();
      await router.ended;
      await db.destroy();
    }
    await stopAll();
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** Fills a database by the build's own means and starts the build and its router on it. */
async function opened(folder: string, file: string, sizes: Sizes, smtpUrl: string): Promise<Build> {
  console.error(`filling ${file}`);
  const of = (path: string) => import(pathToFileURL(join(folder, path)).href);
  const { migrate, openDatabase } = await of('src/database.ts');
  const db: Db = await openDatabase(`${file}.sqlite`);
  await migrate(db);
  const filling: Filling = await (await of('test/bench/fill.ts')).fill(db, sizes.size, Date.now());
  const cookie: string = await (await of('test/bench/people.ts')).signedIn(db, 'reviewer1@warmdesk.example');
  const acts: Acts = await (await of('test/bench/acts.ts')).actsOf(db, filling);
  const system = await (await of('src/systems/actions.ts')).addSystem(db, { person: null, at: Date.now() }, 'bench');
  if (!system.ok) throw new Error(system.problem);
  await fillPressure(db, filling, sizes);
  const watched = `${file}.watched`;
  const options = `--import ${fileURLToPath(new URL('./watch-server.ts', import.meta.url))}`;
  // The first start fills the cache of compiled modules, and does what the first of a day has to.
  await (await startServer(`${file}.sqlite`, smtpUrl, folder)).stop();
  const server = await startServer(`${file}.sqlite`, smtpUrl, folder, { options, WATCHED: watched });
  const router = await startRouter(`${file}.sqlite`, folder);
  await poolsDone(db, filling.today);
  const idleMb = memoryOf(server.pid, 'VmRSS');
  const probes = probesOf({
    db,
    filling,
    cookie,
    acts,
    url: server.url,
    router: router.ports.http,
    token: system.value.token,
  });
  return { db, filling, server, router, probes, cookie, watched, idleMb };
}

/** Waits until the sums that a page of pools shows are those of the day, where a build keeps some. */
async function poolsDone(db: Db, today: number): Promise<void> {
  await pause(2_000);
  if (!(await db.schema.hasTable('daily_progress'))) return;
  const last = Number((await db('domains').max({ last: 'id' }).first())?.['last']);
  const isDone = () =>
    db('daily_progress').where({ job: 'pool windows', day: today }).where('through_id', '>=', last).first('job');
  while (!(await isDone())) await pause(200);
}

type Asking = Pick<Build, 'db' | 'filling' | 'cookie'> & {
  readonly acts: Acts;
  readonly url: string;
  /** The router's port. */
  readonly router: number;
  readonly token: string;
};

function probesOf({ db, filling, cookie, acts, url, router, token }: Asking): Probe[] {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  const day = new Date(filling.today * DAY).toISOString().slice(0, 10);
  let no = 0;
  const counts = () => ({
    batch: `bench-${no++}`,
    counts: Array.from({ length: COUNTS_TOGETHER }, (_, nth) => ({
      ...{ day, domain: domainOf(nth), via: 'shared-us', provider: 'gmail', stream: 'marketing' },
      ...{ sent: 10, delivered: 10, deferred: 0, bounced: 0, complained: 0 },
    })),
  });
  const ask = (name: string, everyMs: number, asked: () => Promise<unknown>): Probe => ({ name, everyMs, ask: asked });
  return [
    ask('queue', 20, () => expecting(`${url}/review`, 200, { headers: { cookie } })),
    ask('sign-in', 250, () => {
      const [signIn] = acts.signIns(1);
      if (!signIn) throw new Error('nobody is left to sign in');
      return expecting(url + signIn.path, 303, { method: 'POST', headers: signIn.headers, body: signIn.body ?? '' });
    }),
    ask('counts API', 250, () =>
      expecting(`${url}/api/v1/sending-counts`, 200, { method: 'POST', headers, body: JSON.stringify(counts()) }),
    ),
    ask('/readyz', 50, () => expecting(`${url}/readyz`, 200)),
    ask('router', 10, () => {
      const query = `sender=a%40${domainOf(no++)}&recipient=b%40shop.example&message=${no}.${process.pid}`;
      return expecting(`http://127.0.0.1:${router}/api/v1/route?${query}`, 200, { headers });
    }),
    // As a router's lease or a run of `ingest` takes it, from another process.
    ask('foreign lock', 50, () => db.transaction(async () => {})),
  ];
}

const domainOf = (nth: number): string => `d${1 + (nth % DOMAINS)}.pressure.example`;

async function measured(builds: Readonly<Record<string, Build>>, sizes: Sizes, file: string): Promise<string[][]> {
  writeCounts(file, sizes.rows, Object.values(builds)[0]?.filling.today ?? 0);
  const work: Readonly<Record<Phase, (build: Build) => Promise<number>>> = {
    'at rest': async () => (await pause(REST_MS)) ?? 0,
    import: (build) => imported(build, file, sizes.rows),
    step: (build) => judged(build, sizes.plans),
    '/pools': async ({ server, cookie }) => {
      for (let nth = 0; nth < POOLS; nth += 1) await expecting(`${server.url}/pools`, 200, { headers: { cookie } });
      return POOLS;
    },
  };
  const lines: string[][] = [];
  for (const phase of PHASES) {
    const found: Figures[] = [];
    for (const [name, build] of Object.entries(builds)) {
      console.error(`${phase}, ${name}`);
      found.push(await measure(build, work[phase]));
    }
    lines.push(...linesOf(phase, found));
  }
  const all = Object.values(builds);
  const weights = await Promise.all(all.map(({ server, cookie }) => weightOf(server.url, '/review', cookie)));
  const size = ({ bytes }: { bytes: number }) => (bytes / 1000).toFixed(1);
  return [
    ...lines,
    ['memory idle, MB', '125', ...all.map(({ idleMb }) => idleMb.toFixed(0))],
    ['memory at most, MB', '260', ...all.map(({ server }) => memoryOf(server.pid, 'VmHWM').toFixed(0))],
    ['queue page, kB', '', ...weights.map(({ page: bytes }) => size({ bytes }))],
    ['first visit without the font, kB', '60', ...weights.map(({ all: bytes }) => size({ bytes }))],
  ];
}

async function measure(build: Build, work: (build: Build) => Promise<number>): Promise<Figures> {
  await watchedNow(build);
  let done = 0;
  const { probed, ms } = await probedWhile(build.probes, async () => {
    done = await work(build);
  });
  return { ...(await watchedNow(build)), probed, rate: (done * 1000) / ms };
}

/** What the server saw of itself since it was asked last. */
async function watchedNow({ server, watched }: Build): Promise<Watched> {
  rmSync(watched, { force: true });
  process.kill(server.pid, 'SIGUSR2');
  while (statSync(watched, { throwIfNoEntry: false }) === undefined) await pause(20);
  return JSON.parse(readFileSync(watched, 'utf8'));
}

/** Sends the file as a browser does and waits until all of it is stored. Returns the number of rows. */
async function imported({ server, cookie, db }: Build, file: string, rows: number): Promise<number> {
  const form = new FormData();
  form.append('file', await openAsBlob(file), 'counts.csv');
  await expecting(`${server.url}/sending/upload`, 303, { method: 'POST', headers: { cookie }, body: form });
  if (await db.schema.hasTable('sending_uploads'))
    while (await db('sending_uploads').whereNull('finished_at').first('id')) await pause(50);
  return rows;
}

/** Has the server judge the days of all plans, which it begins within half a minute. Returns the number of days. */
async function judged({ db, filling: { today } }: Build, plans: number): Promise<number> {
  await makeDue(db, today);
  while ((await countBehind(db, today)) > 0) await pause(100);
  return plans * DUE_DAYS;
}

/** A file of counts of ever older days, of a thousand domains after the other. */
function writeCounts(file: string, rows: number, today: number): void {
  const lines = ['day,domain,via,provider,stream,sent,delivered,deferred,bounced,complained'];
  for (let row = 0; row < rows; row += 1) {
    const [cell, provider] = [Math.floor(row / PROVIDERS.length), PROVIDERS[row % PROVIDERS.length]];
    const day = new Date((today - Math.floor(cell / 1000)) * DAY).toISOString().slice(0, 10);
    lines.push(`${day},${domainOf(cell % 1000)},shared-eu,${provider},marketing,${100 + (row % 900)},90,5,3,1`);
  }
  writeFileSync(file, `${lines.join('\n')}\n`);
}

/** What the issue wants of a phase, by probe: milliseconds. */
const WANTED: Readonly<Record<Phase, Readonly<Record<string, number>>>> = {
  'at rest': {},
  import: { queue: 50, 'sign-in': 300, 'counts API': 300, '/readyz': 100, transaction: 100 },
  step: { queue: 50, transaction: 100 },
  '/pools': {},
};
const RATES: Readonly<Record<Phase, string>> = {
  'at rest': '',
  import: 'rows a second',
  step: 'days of plans a second',
  '/pools': '',
};

function linesOf(phase: Phase, found: readonly Figures[]): string[][] {
  const line = (name: string, wanted: number | undefined, of: (figures: Figures) => number): string[] => [
    `${phase}: ${name}`,
    wanted === undefined ? '' : String(wanted),
    ...found.map((figures) => of(figures).toFixed(of(figures) < 10 ? 1 : 0)),
  ];
  const wanted = WANTED[phase];
  const names = Object.keys(found[0]?.probed ?? {});
  return [
    line('queue p50, ms', undefined, ({ probed }) => probed['queue']?.p50 ?? Number.NaN),
    ...names.map((name) => line(`${name} p99, ms`, wanted[name], ({ probed }) => probed[name]?.p99 ?? Number.NaN)),
    line('foreign lock at most, ms', undefined, ({ probed }) => probed['foreign lock']?.most ?? Number.NaN),
    line('asks that failed', 0, ({ probed }) => Object.values(probed).reduce((sum, { failed }) => sum + failed, 0)),
    line('longest transaction, ms', wanted['transaction'], ({ transactionMs }) => transactionMs),
    line('longest block of the loop, ms', undefined, ({ blockMs }) => blockMs),
    ...(phase === '/pools' ? [line('page, ms', 100, ({ rate }) => 1000 / rate)] : []),
    ...(RATES[phase] === '' ? [] : [line(RATES[phase], undefined, ({ rate }) => rate)]),
  ];
}
