// Routing: answers a second over each interface beside a bare server that always says the same, and how late they are at
// 5,000 a second, with 100,000 domains and 10,000 warm-ups.
//   -- --part routing --engine postgres
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { migrate, openDatabase } from '../../src/database.ts';
import { addSystem } from '../../src/systems/actions.ts';
import { mapRequest, policyRequest } from '../routing/mail-server.ts';
import { startPostgres } from '../support/postgres.ts';
import { startServer, stopAll } from './children.ts';
import { fillRouting } from './fill-routing.ts';
import { asFastAsItCan, atARate, type Talk } from './lines-load.ts';
import { load, type Measured, median } from './load.ts';
import { type Ports, startRouter } from './routers.ts';
import { printed } from './table.ts';

const [DOMAINS, WARMING] = [100_000, 10_000];
const [CONNECTIONS, RATE, SECONDS, ROUNDS] = [50, 5_000, 4, 3];

/** Measures and prints the table. */
export async function run(args: string[]): Promise<void> {
  const engine = { type: 'string', default: 'sqlite' } as const;
  const { values } = parseArgs({ args, options: { engine, markdown: { type: 'boolean', default: false } } });
  const folder = mkdtempSync(join(tmpdir(), 'warmdesk-bench-'));
  const postgres = values.engine === 'postgres' ? startPostgres() : null;
  const url = postgres?.url ?? join(folder, 'routing.sqlite');
  try {
    console.log(printed(await measure(url), values.markdown));
  } finally {
    await stopAll();
    postgres?.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function measure(url: string): Promise<string[][]> {
  const db = await openDatabase(url);
  await migrate(db);
  await fillRouting(db, DOMAINS, WARMING, Date.now());
  const system = await addSystem(db, { person: null, at: Date.now() }, 'bench');
  if (!system.ok) throw new Error(system.problem);
  await db.destroy();
  const router = await startRouter(url);
  const bare = await startBare();
  const lines = [
    ['', 'a second', 'p50 ms', 'p99 ms', 'of bare', 'CPU, us each', 'bare', `p99 at ${RATE} a second, ms`, 'bare'],
  ];
  const talks: [string, (ports: Ports) => Talk][] = [
    ['policy service', ({ policy }) => ({ port: policy, request: policyAsk, end: '\n\n' })],
    ['socketmap', ({ socketmap }) => ({ port: socketmap, request: (no) => mapRequest(senderOf(no)), end: ',' })],
  ];
  for (const [name, talk] of talks) {
    const [ours, theirs] = [talk(router.ports), talk(bare.ports)];
    const fast = await rounds(
      () => asFastAsItCan(ours, CONNECTIONS, SECONDS),
      () => asFastAsItCan(theirs, CONNECTIONS, SECONDS),
      [router.pid, bare.pid],
    );
    const paced = await rounds(
      () => atARate(ours, RATE, CONNECTIONS, SECONDS),
      () => atARate(theirs, RATE, CONNECTIONS, SECONDS),
    );
    lines.push(lineOf(name, fast, paced));
    console.error(lines.at(-1)?.join('  '));
  }
  const headers = { authorization: `Bearer ${system.value.token}` };
  const each = (amount: number) =>
    Array.from({ length: amount }, (_, no) => ({
      method: 'GET' as const,
      path: `/api/v1/route?sender=${senderOf(no)}&recipient=b%40shop.example&message=${no}.${performance.now()}`,
      headers,
    }));
  const bareHttp = () => load(`http://127.0.0.1:${bare.ports.http}`, CONNECTIONS, { each: each(20_000) }, 200);
  const own = `http://127.0.0.1:${router.ports.http}`;
  const ownHttp = () => load(own, CONNECTIONS, { each: each(20_000) }, 200);
  lines.push(lineOf('HTTP, router', await rounds(ownHttp, bareHttp, [router.pid, bare.pid]), null));
  router.stop();
  await router.ended;
  const web = await startServer(url, 'smtp://127.0.0.1:9');
  const desk = () => load(web.url, CONNECTIONS, { each: each(4_000) }, 200);
  lines.push(lineOf('HTTP, desk', await rounds(desk, bareHttp), null));
  lines.push(
    [`read at start: ${router.read} ms`, '', '', '', '', '', '', '', ''],
    [`memory: ${router.memory} MB`, '', '', '', '', '', '', '', ''],
  );
  bare.stop();
  return lines;
}

const senderOf = (no: number): string => `news@d${(Math.imul(no, 7919) >>> 0) % DOMAINS}.example`;
const RUN = process.pid;
const policyAsk = (no: number): string =>
  policyRequest({
    sender: senderOf(no),
    recipient: 'somebody@gmail.com',
    instance: `${RUN}.${no}`,
    queue_id: '',
    size: 0,
  });

type Pair = { readonly ours: Measured[]; readonly theirs: Measured[]; readonly cpu: readonly [number, number] | null };
type Pids = readonly [number | undefined, number | undefined];

/** `pids`: of both servers. What each answer costs them is the same on a busy machine as on an idle one. */
async function rounds(
  ours: () => Promise<Measured>,
  theirs: () => Promise<Measured>,
  pids: Pids | null = null,
): Promise<Pair> {
  const pair = { ours: [] as Measured[], theirs: [] as Measured[] };
  let before: number[] = [];
  // The first is for warming up the machine.
  for (let round = 0; round <= ROUNDS; round += 1) {
    if (round === 1) before = (pids ?? []).map(cpuOf);
    const [one, other] = [await ours(), await theirs()];
    if (round === 0) continue;
    pair.ours.push(one);
    pair.theirs.push(other);
  }
  const [own = 0, bare = 0] = (pids ?? []).map((pid, i) => cpuOf(pid) - (before[i] ?? 0));
  const answers = (all: readonly Measured[]) => all.reduce((sum, one) => sum + one.count, 0);
  return { ...pair, cpu: pids && [own / answers(pair.ours), bare / answers(pair.theirs)] };
}

/** CPU time that a process has used, microseconds. */
function cpuOf(pid: number | undefined): number {
  const [user = 0, system = 0] = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /, '')
    .split(' ')
    .slice(11, 13)
    .map(Number);
  return (user + system) * 10_000;
}

function lineOf(name: string, { ours, theirs, cpu }: Pair, paced: Pair | null): string[] {
  const digits = (value: number) => value.toFixed(value < 10 ? 2 : 0);
  const middle = (all: readonly Measured[], of: keyof Measured) => median(all.map((one) => one[of]));
  const share = median(ours.map((one, i) => one.rate / (theirs[i]?.rate ?? Number.NaN)));
  const p99 = (all: Measured[] | undefined) => (all ? digits(middle(all, 'p99')) : '');
  return [
    name,
    ...(['rate', 'p50', 'p99'] as const).map((of) => digits(middle(ours, of))),
    digits(share),
    cpu ? digits(cpu[0]) : '',
    cpu ? digits(cpu[1]) : '',
    p99(paced?.ours),
    p99(paced?.theirs),
  ];
}

async function startBare() {
  const child = fork(fileURLToPath(new URL('./bare-routing.ts', import.meta.url)));
  process.on('exit', () => child.kill('SIGKILL'));
  const [ports] = (await once(child, 'message')) as [Ports];
  return { ports, pid: child.pid, stop: () => child.kill('SIGTERM') };
}
