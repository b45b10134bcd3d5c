// What each mail server that asks over HTTP has to do with the mail of four customers: the desk, its router, the inbox that
// takes the mail, and what holds while Warmdesk is there and while it is away.
import type { ExecutionContext } from 'ava';
import type { RouterProcess } from '../routing/mail-server.ts';
import { spentOf } from '../routing/scene.ts';
import { type Customers, customers, SHARED, WARM, WARMING } from './customers.ts';
import { startDns } from './dns.ts';
import { type HandedIn, handIn, over, retriesKeptTheirIp } from './sending.ts';
import { ownAddress } from './server.ts';
import { type Sink, startSink } from './sink.ts';

export type Desk = {
  readonly place: Customers;
  /** Messages that the warming IP may carry today. */
  readonly cap: number;
  /** The address of the name server that knows the inbox, and the inbox's own. */
  readonly dns: string;
  readonly inbox: string;
  readonly router: RouterProcess;
};

export type Split = Desk & {
  /** Where all mail ends; it defers every tenth message once. */
  readonly sink: Sink;
};

type Size = { readonly cap: number; readonly target: number };

/** The desk, its router over HTTP and the inbox; gone when the test ends. */
export async function startSplit(t: ExecutionContext, size: Size): Promise<Split> {
  const desk = await startDesk(t, size);
  const sink = await startSink(desk.inbox, { defers: (message) => message.endsWith('5'), port: 25 });
  // What is torn down first was set up last, so the mail server ends before these.
  t.teardown(sink.stop);
  return { ...desk, sink };
}

/** The same with nobody at the inbox, as when a receiver is away. */
export async function startDesk(t: ExecutionContext, size: Size): Promise<Desk> {
  const [inbox, dns] = [ownAddress(25), ownAddress(53)];
  const place = await customers(t, size);
  const names = await startDns(dns, {
    'inbox.example': { MX: ['mx.inbox.example'] },
    'mx.inbox.example': { A: [inbox] },
  });
  t.teardown(names.stop);
  return { place, cap: size.cap, dns, inbox, router: await place.startRouter('--http', '0') };
}

/** C-06: campaigns of the customer in the transactional pool are refused while their sender listens. */
export async function campaignsAreRefused(t: ExecutionContext, { place }: Split, port: number): Promise<void> {
  const { refused } = await handIn(port, place.from, { receipts: 3 });
  t.is(refused.length, 3, 'C-06: its campaigns were refused while their sender listened');
  t.regex(refused[0] ?? '', /^550 .*transactional/);
}

/** The warm and the shared customer's mail goes where it always went. */
export function othersKeptTheirWay(t: ExecutionContext, { place, sink }: Split): void {
  t.deepEqual(Object.keys(over(sink, place.from.warm)), [WARM], 'C-17: all of the warm domain’s mail');
  t.deepEqual(Object.keys(over(sink, place.from.shared)), [SHARED], 'C-01: the shared domain’s');
}

/**
 * Once all is delivered: mail went where it had to, deferred mail came again from the same address. Stops the router, which
 * has given back what it did not use. Returns how many recipients the warming IP had.
 */
export async function mailWasSplit(t: ExecutionContext, split: Split): Promise<number> {
  const { place, cap, sink, router } = split;
  const warming = over(sink, place.from.warming);
  t.deepEqual(Object.keys(warming).sort(), [WARMING, SHARED].sort(), 'C-15: side by side with the shared pool');
  const carried = warming[WARMING] ?? 0;
  t.true(carried <= cap && carried > cap / 2, `S-26, C-16: ${carried} of at most ${cap}`);
  othersKeptTheirWay(t, split);
  retriesKeptTheirIp(t, sink);
  t.is(sink.tries.find((one) => one.from === WARM)?.helo, 'ip-127-0-0-12.mta.example.net');
  router.child.kill('SIGTERM');
  await router.ended;
  t.is(await spentOf(place.world, place.ipId), carried, 'what was deferred and came again counts once');
  return carried;
}

/**
 * While the router is away the exported table says the way: campaigns are refused all the same, and nothing more goes over
 * a warming IP than the `carried` before. `delivered`: resolves once all that was taken has come.
 */
export async function tableIsFollowed(
  t: ExecutionContext,
  split: Split,
  { port, warming, carried }: { readonly port: number; readonly warming: number; readonly carried: number },
  delivered: () => Promise<void>,
): Promise<HandedIn> {
  const away = await handIn(port, split.place.from, { warming, warm: 3, shared: 3, receipts: 2 });
  t.is(away.refused.length, 2, 'C-06 holds while Warmdesk is away, by the exported table');
  await delivered();
  t.is(over(split.sink, split.place.from.warming)[WARMING], carried, 'nothing more over a warming IP meanwhile');
  othersKeptTheirWay(t, split);
  return away;
}

/** S-04: what nothing may carry is taken and stays in the queue, by the router's answer and by the table's line. */
export async function mailWaits(t: ExecutionContext, { place }: Split, port: number): Promise<HandedIn> {
  const handed = await handIn(port, place.from, { waiting: 2 });
  t.deepEqual(handed.refused, []);
  return handed;
}

/** It leaves as soon as something may carry it, and until then no receiver saw it from anywhere. `due`: once it came. */
export async function waitingEnds(
  t: ExecutionContext,
  { place, sink }: Split,
  { taken }: HandedIn,
  due: () => Promise<void>,
): Promise<void> {
  const seen = () => sink.tries.filter(({ message }) => taken.includes(message));
  t.deepEqual(seen(), [], 'nothing of it has left from any address');
  await place.release();
  await due();
  t.deepEqual(
    seen()
      .map(({ message, from }) => `${message} ${from}`)
      .sort(),
    taken.map((message) => `${message} ${SHARED}`).sort(),
  );
}

/** Each message that the mail server took has come. */
export function noneWasLost(t: ExecutionContext, { sink }: Split, ...rounds: readonly HandedIn[]): void {
  t.deepEqual([...sink.taken().keys()].sort(), rounds.flatMap(({ taken }) => taken).sort(), 'none was lost');
}
