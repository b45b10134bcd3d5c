// The measuring itself: everything in turn on every site, Warmdesk and the bare server one after the other.
import type { Sink } from './children.ts';
import { type Asked, load, type Measured } from './load.ts';
import type { Site } from './site.ts';

export type Row = {
  readonly name: string;
  readonly connections: number;
  /** For each site, round by round. */
  readonly sites: { readonly warmdesk: Measured[]; readonly bare: Measured[] }[];
};

const ROUNDS = 3;
/** Once a run has taken so long, everything is measured once only: a busy machine must not make it endless. */
const LATE_MS = 300_000;
const SECONDS = 1;
const CONNECTIONS = [1, 16] as const;
const LONGEST_DRAIN_MS = 120_000;
const SIGN_INS = { 1: 10, 16: 48 } as const;
const ACTS = { 1: 16, 16: 64 } as const;

const isRoundLeft = (round: number): boolean => round === 0 || (round < ROUNDS && performance.now() < LATE_MS);

/** What was measured beside the rates, for each site. */
export type Beside = { loadMb: number; readonly mailRates: number[] };

/** Measures the pages. `tell` is told what goes on. */
export async function measurePages(sites: readonly Site[], beside: Beside[], tell: Tell): Promise<Row[]> {
  const rows: Row[] = [];
  for (const [no, { name }] of (sites[0]?.pages ?? []).entries()) {
    for (const connections of CONNECTIONS) {
      tell(`${name}, ${connections} at once`);
      const row = emptyRow(name, connections, sites);
      for (let round = 0; isRoundLeft(round); round += 1) {
        for (const [index, site] of sites.entries()) {
          const page = site.pages[no];
          if (!page) continue;
          const again: Asked = { path: page.path, headers: { cookie: page.cookie } };
          row.sites[index]?.warmdesk.push(await forAWhile(site.server.url, connections, again));
          noteMemory(site, beside[index]);
          row.sites[index]?.bare.push(await forAWhile(site.bareUrl, connections, again));
        }
      }
      rows.push(row);
    }
  }
  return rows;
}

/** Asks the same for about a second, in whole: nothing is left under way that would disturb what is measured next. */
async function forAWhile(url: string, connections: number, again: Asked): Promise<Measured> {
  const few = connections * 2;
  const { rate } = await load(url, connections, { again, amount: few }, 200);
  return load(url, connections, { again, amount: Math.max(few, Math.round(rate * SECONDS)) }, 200);
}

type Tell = (what: string) => void;

const emptyRow = (name: string, connections: number, sites: readonly Site[]): Row => ({
  name,
  connections,
  sites: sites.map(() => ({ warmdesk: [], bare: [] })),
});

function noteMemory(site: Site, beside: Beside | undefined): void {
  if (beside) beside.loadMb = Math.max(beside.loadMb, site.server.memory());
}

/** Measures signing in, sending and approving, and how fast the mails that come of it leave. */
export async function measureActs(sites: readonly Site[], beside: Beside[], sink: Sink, tell: Tell): Promise<Row[]> {
  const rows: Row[] = [];
  for (const connections of CONNECTIONS) {
    const [signIn, submit, approve] = ['sign-in', 'submit', 'approve'].map((name) =>
      emptyRow(name, connections, sites),
    );
    if (!signIn || !submit || !approve) continue;
    for (let round = 0; isRoundLeft(round); round += 1) {
      tell(`sign-in, submit, approve, ${connections} at once, round ${round + 1}`);
      for (const [index, site] of sites.entries()) {
        const run = { site, index, connections };
        await both(run, signIn, site.acts.signIns(SIGN_INS[connections]));
        await both(run, submit, site.acts.submits(ACTS[connections]), () => drain(site, sink, beside[index]));
        await both(run, approve, await site.acts.approvals(site.server.url), () => drain(site, sink));
        noteMemory(site, beside[index]);
      }
    }
    rows.push(signIn, submit, approve);
  }
  return rows;
}

type Run = { readonly site: Site; readonly index: number; readonly connections: number };

/** Does each of the acts, then lets the bare server commit as often. */
async function both({ site, index, connections }: Run, row: Row, each: readonly Asked[], settle?: () => Promise<void>) {
  const of = row.sites[index];
  of?.warmdesk.push(await load(site.server.url, connections, { each }, 303));
  await settle?.();
  const bare = each.map((asked) => ({ ...asked, path: `/${row.name}` }));
  of?.bare.push(await load(site.bareUrl, connections, { each: bare }, 303));
}

/** Waits until no mail is left to be sent; where there were enough, notes how many left in a second. */
async function drain({ db }: Site, sink: Sink, beside?: Beside): Promise<void> {
  const begun = performance.now();
  const before = await sink.taken();
  const isLeft = () => db('outbox').whereIn('status', ['waiting', 'sending']).first('id');
  while (await isLeft()) {
    if (performance.now() - begun > LONGEST_DRAIN_MS) throw new Error('the mails do not leave');
    await new Promise((done) => setTimeout(done, 10));
  }
  const sent = (await sink.taken()) - before;
  if (sent >= 100) beside?.mailRates.push((sent * 1000) / (performance.now() - begun));
}
