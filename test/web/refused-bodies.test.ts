// What comes in another character set, or asks about no address, is refused in the words of a page or of the API.
import { once } from 'node:events';
import { connect } from 'node:net';
import ava from 'ava';
import { countOf, reporting } from '../support/reporting.ts';
import { createWorld, onBothEngines } from '../support/world.ts';

/** What comes back over a bare connection. */
async function raw(url: string, text: string): Promise<string> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  let answer = '';
  socket.on('data', (chunk: Buffer) => {
    answer += chunk;
  });
  socket.end(text);
  await once(socket, 'close');
  return answer;
}

ava('OPTIONS about the whole server is answered, and leaves no fault in the log', async (t) => {
  const world = await createWorld(t);
  const answer = await raw(world.url, 'OPTIONS * HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n');
  t.regex(answer, /^HTTP\/1\.1 204 /);
  t.regex(answer, /^Allow: GET, HEAD, POST$/im);
  t.false(world.logLines.some((line) => line.includes('request failed')));
});

onBothEngines('the API takes UTF-8 alone: the same bytes in UTF-7 or UTF-16 are refused', async (t, world) => {
  const { report } = await reporting(world);
  for (const charset of ['utf-7', 'UTF-16LE', '"utf-16"', 'iso-8859-1', 'shift_jis']) {
    const { status, json } = await report('a', [countOf(world)], {
      'content-type': `application/json; charset=${charset}`,
    });
    t.is(status, 415, charset);
    t.regex(json.error.message, /in UTF-8, with Content-Type: application\/json/);
  }
  t.is((await world.db('sending_counts')).length, 0);
  for (const charset of ['utf-8', 'UTF-8', '"utf-8"']) {
    const { status } = await report(charset, [countOf(world)], {
      'content-type': `application/json; charset=${charset}`,
    });
    t.is(status, 200, charset);
  }
});
