// A receiver is away while two customers' mail for it, and a warming one's, is handed in. Then it is there: a mail server that
// sends one waiting message after the other down the same connection has to open one for each IP.
import type { ExecutionContext } from 'ava';
import { spentOf } from '../routing/scene.ts';
import { WARMING } from './customers.ts';
import { logTells, type Read } from './read-back.ts';
import { handIn, over } from './sending.ts';
import { type Sink, startSink } from './sink.ts';
import { type Desk, noneWasLost, othersKeptTheirWay } from './split.ts';

export type Waiting = {
  /** The port at which mail is handed in. */
  readonly port: number;
  /** Its log, once that tells of this number of delivered recipients. */
  readonly tells: (delivered: number) => Promise<Read>;
  /** Resolves once it has tried this recipient in vain. */
  readonly deferred: (recipient: string) => Promise<void>;
  /** Has it try all of its mail again now. */
  readonly hurry: () => void;
};

const EACH = { warm: 6, shared: 6, warming: 12 } as const;
const ALL = 24;

/** C-07, C-15: each message leaves over the IP that it was told, and the log that is read back says so. */
export async function waitingMailKeepsItsIp(
  t: ExecutionContext,
  desk: Desk,
  start: () => Promise<Waiting>,
): Promise<void> {
  const { place, router } = desk;
  let sink: Sink | undefined;
  // Before the mail server is started, so that it ends first.
  t.teardown(() => sink?.stop());
  const server = await start();
  const handed = [];
  for (const [who, many] of Object.entries(EACH)) {
    const to = (index: number) => `${who}${index}@inbox.example`;
    handed.push(await handIn(server.port, place.from, { [who]: many }, (index) => [to(index)]));
    for (let index = 0; index < many; index += 1) await server.deferred(to(index));
  }
  sink = await startSink(desk.inbox, { port: 25 });
  server.hurry();
  await sink.delivered(ALL);
  const split = { ...desk, sink };
  noneWasLost(t, split, ...handed);
  othersKeptTheirWay(t, split);
  router.child.kill('SIGTERM');
  await router.ended;
  const warming = over(sink, place.from.warming);
  t.is(warming[WARMING] ?? 0, await spentOf(place.world, place.ipId), 'S-26: the warming IP carried what was granted');
  await logTells(t, place, sink, { ...(await server.tells(ALL)), hadNoReceiver: true });
}
