// What a browser loads on its first visit to a page.
import { request } from 'node:http';
import { buffer } from 'node:stream/consumers';

/** Bytes as they are sent, without typefaces: of the page, and of it with every file that it names. */
export async function weightOf(url: string, path: string, cookie: string): Promise<{ page: number; all: number }> {
  const page = await sent(new URL(path, url), { cookie });
  const html = (await (await fetch(new URL(path, url), { headers: { cookie } })).text()) ?? '';
  const files = new Set([...html.matchAll(/(?:href|src)="(\/assets\/[^"]+)"/g)].map(([, file = '']) => file));
  let all = page;
  for (const file of files) if (!/\.(woff2?|ttf)/.test(file)) all += await sent(new URL(file, url), {});
  return { page, all };
}

const sent = (url: URL, headers: Record<string, string>): Promise<number> =>
  new Promise((done, fail) => {
    const asked = request(url, { headers: { ...headers, 'accept-encoding': 'gzip, br' } }, (answer) => {
      buffer(answer).then(({ length }) => done(length), fail);
    });
    asked.on('error', fail).end();
  });
