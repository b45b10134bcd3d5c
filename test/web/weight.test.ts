// What a browser loads on its first visit: the page and every file that it names.
import { get, type IncomingMessage } from 'node:http';
import { buffer } from 'node:stream/consumers';
import * as make from '../support/make.ts';
import { onBothEngines, type World } from '../support/world.ts';

/** Typefaces apart, which browsers load while text is shown in another. */
const MOST_BYTES = 60_000;

const fetched = (world: World, path: string, headers: Record<string, string>): Promise<IncomingMessage> =>
  new Promise((resolve, reject) => get(new URL(path, world.url), { headers }, resolve).on('error', reject));

onBothEngines('the queue and all of its files are light, and files come compressed', async (t, world) => {
  const { reviewer } = await make.staff(world);
  const acme = await make.account(world);
  await make.request(world, acme.admin);
  const visitor = await world.signedIn(reviewer.email);
  const headers = { cookie: visitor.cookie, 'accept-encoding': 'gzip, br' };
  const page = await buffer(await fetched(world, '/review', headers));
  const files = [...page.toString().matchAll(/(?:href|src)="(\/assets\/[^"]+)"/g)].map(([, path = '']) => path);
  t.true(files.length > 5);
  let bytes = page.length;
  for (const path of new Set(files)) {
    const file = await fetched(world, path, headers);
    t.is(file.statusCode, 200, path);
    if (path.includes('tabler.css')) t.regex(file.headers['content-encoding'] ?? '', /^(br|gzip)$/);
    t.regex(file.headers['cache-control'] ?? '', /max-age=2592000/, path);
    bytes += (await buffer(file)).length;
  }
  t.log(`${bytes} bytes in ${files.length} files and the page`);
  t.true(bytes <= MOST_BYTES, `${bytes} bytes`);
});
