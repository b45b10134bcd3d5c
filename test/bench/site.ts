// One size under measurement: its database, Warmdesk on it, and a bare server beside it.

import { type Db, migrate, openDatabase } from '../../src/database.ts';
import { checkData } from '../../src/invariants/store.ts';
import { type Acts, actsOf, watchActs } from './acts.ts';
import { type BarePage, barePage, watchedApp } from './capture.ts';
import { type Running, type Sink, startBare, startServer } from './children.ts';
import { fill } from './fill.ts';
import type { Filling } from './filling.ts';
import { median } from './load.ts';
import { type Page, pagesOf } from './pages.ts';

export type Site = {
  readonly db: Db;
  readonly filling: Filling;
  readonly pages: readonly (Page & { readonly queries: number })[];
  readonly acts: Acts;
  readonly server: Running;
  readonly bareUrl: string;
  readonly startMs: number;
  readonly idleMb: number;
};

const STARTS = 3;

/** Fills a database at `url` and starts everything on it. `tell` is told what goes on. */
export async function prepareSite(url: string, size: number, sink: Sink, tell: (what: string) => void): Promise<Site> {
  tell(`filling ${size.toLocaleString('en-US')} requests`);
  const db = await openDatabase(url);
  await migrate(db);
  const filling = await fill(db, size, Date.now());
  if (size <= 10_000) await refuseWrongData(db);
  const pages = await pagesOf(db, filling);
  const app = await watchedApp(db);
  const bare: (BarePage & { readonly queries: number })[] = [];
  for (const page of pages) bare.push(await barePage(app, db, page));
  const acts = await actsOf(db, filling);
  const writes = await watchActs(app, acts);
  app.close();
  tell('starting');
  const { server, startMs } = await startOften(url, sink);
  const { url: bareUrl } = await startBare({
    databaseUrl: url,
    scratchUrl: url.startsWith('postgres') ? url : `${url}-scratch`,
    pages: bare,
    writes,
    passwordHash: filling.passwordHash,
  });
  await new Promise((done) => setTimeout(done, 1_500));
  return {
    db,
    filling,
    pages: pages.map((page, index) => ({ ...page, queries: bare[index]?.queries ?? 0 })),
    acts,
    server,
    bareUrl,
    startMs,
    idleMb: server.memory(),
  };
}

/** What was filled in, and what was done meanwhile, keeps to all invariants. */
export async function refuseWrongData(db: Db): Promise<void> {
  const wrong = await checkData(db, Date.now());
  if (wrong.length > 0) throw new Error(['The filled database breaks invariants:', ...wrong.slice(0, 5)].join('\n'));
}

async function startOften(url: string, sink: Sink): Promise<{ server: Running; startMs: number }> {
  const times: number[] = [];
  let server = await startServer(url, sink.url);
  for (times.push(server.startedIn); times.length < STARTS; times.push(server.startedIn)) {
    await server.stop();
    server = await startServer(url, sink.url);
  }
  return { server, startMs: median(times) };
}
