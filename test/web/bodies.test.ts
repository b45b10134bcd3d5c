import { gzipSync } from 'node:zlib';
import ava from 'ava';
import { createWorld } from '../support/world.ts';

const post = (url: string, init: RequestInit) => fetch(`${url}/sign-in`, { method: 'POST', ...init });
const FORM = { 'content-type': 'application/x-www-form-urlencoded' };

ava('a compressed body is refused before anything unpacks it', async (t) => {
  const world = await createWorld(t);
  for (const encoding of ['gzip', 'br', 'deflate', 'zstd', 'identity, gzip']) {
    const body = gzipSync('email=a&password=b');
    const answer = await post(world.url, { body, headers: { ...FORM, 'content-encoding': encoding } });
    t.is(answer.status, 415, encoding);
    t.true((await answer.text()).includes('We cannot take that form'));
  }
});

ava('a body that is too large is refused', async (t) => {
  const world = await createWorld(t);
  const large = await post(world.url, { body: `email=${'x'.repeat(300_000)}`, headers: FORM });
  t.is(large.status, 413);
  t.true((await large.text()).includes('That is too much at once'));
  t.is((await post(world.url, { body: 'a=1&'.repeat(20_001), headers: FORM })).status, 413);
});

ava('a body that isn’t a form is read as an empty one', async (t) => {
  const world = await createWorld(t);
  for (const type of ['application/json', 'text/plain', 'multipart/form-data; boundary=x']) {
    t.is((await post(world.url, { body: '{"email":{"a":1}}', headers: { 'content-type': type } })).status, 422, type);
  }
});
