// A router that stops owes an answer for what was sent before anybody could know of it. Postfix takes a connection that is
// closed without one for a router that is away.
import { once } from 'node:events';
import { connect } from 'node:net';
import test, { type ExecutionContext } from 'ava';
import type { Log } from '../../src/log.ts';
import { listen, type Protocol } from '../../src/routing/servers/tcp.ts';

/** Lines, each answered with itself; one that says `wait` once `gate` opens. */
function lines(gate: Promise<void>): Protocol {
  return (buffer) => {
    let replies = '';
    let start = 0;
    for (let end = buffer.indexOf('\n'); end >= 0; end = buffer.indexOf('\n', start)) {
      const line = buffer.slice(start, end + 1);
      start = end + 1;
      if (line === 'wait\n') return { replies, rest: buffer.slice(start), later: gate.then(() => line) };
      replies += line;
    }
    return { replies, rest: buffer.slice(start) };
  };
}

async function connected(t: ExecutionContext) {
  const gate = Promise.withResolvers<void>();
  const log = { debug() {}, error() {} } as unknown as Log;
  const { port, stop } = await listen(lines(gate.promise), { host: '127.0.0.1', port: 0, log });
  const socket = connect({ port, host: '127.0.0.1' }).setEncoding('latin1');
  t.teardown(() => socket.destroy());
  let heard = '';
  socket.on('data', (chunk: string) => {
    heard += chunk;
  });
  socket.on('error', (error) => {
    heard += error.message;
  });
  const closed = new Promise<string>((done) => socket.on('close', () => done(heard)));
  await once(socket, 'connect');
  return { socket, closed, stop, answerNow: gate.resolve };
}

test('an answer that is under way is given, and what was sent behind it is answered too', async (t) => {
  const { socket, closed, stop, answerNow } = await connected(t);
  const first = once(socket, 'data');
  socket.write('one\nwait\ntwo\n');
  await first;
  const stopped = stop();
  // It waits for the answer, whatever else is over by then.
  t.is(await Promise.race([closed, new Promise((done) => setTimeout(done, 500, 'still open'))]), 'still open');
  answerNow();
  t.is(await closed, 'one\nwait\ntwo\n');
  await stopped;
});

test('what was sent before the stop and is not read yet is answered', async (t) => {
  const { socket, closed, stop } = await connected(t);
  socket.write('one\n');
  const stopped = stop();
  t.is(await closed, 'one\n');
  await stopped;
});

test('a connection that has its answers, or has only begun to ask, is ended', async (t) => {
  const { socket, closed, stop } = await connected(t);
  const first = once(socket, 'data');
  socket.write('one\nhalf');
  await first;
  await stop();
  t.is(await closed, 'one\n');
});
