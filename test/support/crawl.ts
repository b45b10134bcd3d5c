// Every page that somebody can reach by links.
import type { Answer, Visitor } from './visitor.ts';

const MOST = 200;

/** Follows each link from the home page on. Returns what each address answered; throws where there are more than `most`. */
export async function crawl(visitor: Visitor, start = '/', most = MOST): Promise<Map<string, Answer>> {
  const pages = new Map<string, Answer>();
  const ahead = [start];
  for (let path = ahead.shift(); path !== undefined; path = ahead.shift()) {
    if (pages.has(path)) continue;
    if (pages.size >= most) throw new Error(`more than ${most} pages, the last ${path}`);
    const answer = await visitor.get(path);
    pages.set(path, answer);
    ahead.push(...linksIn(answer));
  }
  return pages;
}

function linksIn({ html, location }: Answer): string[] {
  const links = [...html.matchAll(/<a\b[^>]* href="(\/[^"#]*)/g)].map(([, path = '']) => path.replaceAll('&amp;', '&'));
  return (location === null ? links : [location]).filter((path) => !path.startsWith('/assets/'));
}
